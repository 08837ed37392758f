//! Programs that xtask starts: told to the reader, checked for success.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Runs a program to its end; its output goes where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", line_of(command));
    let status = command.status().with_context(|| not_started(command))?;
    if !status.success() {
        bail!("{status}: {}", line_of(command));
    }
    Ok(())
}

/// Runs a program to its end and returns what it printed; its errors go where ours go.
pub fn output(command: &mut Command) -> Result<String> {
    let done = command.stderr(Stdio::inherit()).output().with_context(|| not_started(command))?;
    if !done.status.success() {
        bail!("{}: {}", done.status, line_of(command));
    }
    String::from_utf8(done.stdout).with_context(|| format!("the output of {}", line_of(command)))
}

/// Whether a program of this name can be started at all.
pub fn exists(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

pub fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn not_started(command: &Command) -> String {
    format!("could not start {}", command.get_program().to_string_lossy())
}
