//! Programs that xtask starts: told to the reader, checked for success.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

/// How long a server may take to answer its first request.
const PATIENCE: Duration = Duration::from_secs(30);

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

/// A server on this machine that ends with its owner, whatever happens to the owner.
pub struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    /// A port that is free now; whoever takes it in between makes a check fail, not lie.
    pub fn free_address() -> Result<SocketAddr> {
        Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
    }

    /// Starts the program that will listen there, and waits until it says that it is well.
    pub fn start(command: &mut Command, address: SocketAddr) -> Result<Self> {
        let child = command.stdin(Stdio::null()).spawn().with_context(|| not_started(command))?;
        let mut this = Self { child, address };
        let start = Instant::now();
        while this.get("/healthz").is_err() {
            if let Some(status) = this.child.try_wait()? {
                bail!("{status}: {}", line_of(command));
            }
            ensure!(start.elapsed() < PATIENCE, "no answer from {}", line_of(command));
            thread::sleep(Duration::from_millis(50));
        }
        Ok(this)
    }

    /// The body of an answer 200.
    pub fn get(&self, path: &str) -> Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end =
            answer.windows(4).position(|window| window == b"\r\n\r\n").context("no answer")?;
        let head = String::from_utf8_lossy(&answer[..end]);
        ensure!(head.starts_with("HTTP/1.1 200"), "{head}");
        Ok(answer.split_off(end + 4))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn not_started(command: &Command) -> String {
    format!("could not start {}", command.get_program().to_string_lossy())
}
