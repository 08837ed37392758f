//! `funfair serve`, the release binary, as its own process.

use crate::{measure::Used, place::At};
use anyhow::{Context, Result, bail};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// A running server. It ends with its owner.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// Starts one on a free port, with what the run sets beside the defaults.
    pub fn start(at: &At, settings: &[(&str, &str)]) -> Result<Self> {
        let mut child = Command::new(binary()?)
            .arg("serve")
            .env("FUNFAIR_DATABASE", at.setting())
            .env("FUNFAIR_LISTEN", "127.0.0.1:0")
            // Where it listens, and no line for each request: this process would have to read them.
            .env("FUNFAIR_LOG", "warn,funfair::cli=info")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("funfair does not start")?;
        let lines = BufReader::new(child.stdout.take().context("a pipe")?).lines();
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // Nobody listens any more once the port is known; the pipe has to be emptied still.
                let _ = tell.send(line);
            }
        });
        let mut said = Vec::new();
        while let Ok(line) = told.recv_timeout(Duration::from_secs(30)) {
            if let Some(address) = address_in(&line) {
                return Ok(Self { address, child });
            }
            said.push(line);
        }
        // Neither is left behind: what does not listen is of no use.
        let _ = child.kill();
        let _ = child.wait();
        bail!("funfair never said where it listens: {}", said.join("\n"))
    }

    /// What it has used so far.
    pub fn used(&self) -> Result<Used> {
        Used::by(&self.child.id().to_string())
    }

    /// Its process' id, for a profiler.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as an operator does, and waits until it has ended well.
    pub fn stop(mut self) -> Result<()> {
        // The standard library sends no signal but KILL.
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().context("the command kill")?;
        let ended = self.child.wait()?;
        anyhow::ensure!(ended.success(), "funfair ended with {ended}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already where it was stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Beside this program.
fn binary() -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("funfair");
    if !path.exists() {
        bail!("{} is missing: cargo build --release -p funfair-server", path.display());
    }
    Ok(path)
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let at = line.find("127.0.0.1:")?;
    let text: String =
        line[at..].chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
    text.parse().ok().filter(|address: &SocketAddr| address.port() != 0)
}
