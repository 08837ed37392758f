//! HTTP/1.1 as a load needs it: one connection kept alive, one request after another, and of an
//! answer no more than its status and its body. Whatever it saves is left for the server to use.

use anyhow::{Context, Result, bail, ensure};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// One connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Where the last answer's body lies in the buffer.
    body: (usize, usize),
}

impl Wire {
    /// Connects.
    pub async fn to(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await.context("no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096), body: (0, 0) })
    }

    /// Sends a request and reads its answer's status.
    pub async fn ask(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request).await?;
        self.answer().await
    }

    /// The same before a load begins, when whoever only looks comes back until it is answered.
    pub async fn ask_patiently(&mut self, request: &[u8]) -> Result<()> {
        let mut status = self.ask(request).await?;
        while matches!(status, 429 | 503) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            status = self.ask(request).await?;
        }
        ensure!(status == 200, "{status}: {}", String::from_utf8_lossy(self.body()));
        Ok(())
    }

    async fn answer(&mut self) -> Result<u16> {
        self.buffer.clear();
        let head = loop {
            self.more().await?;
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let status = self.buffer.get(9..12).context("a status")?;
        let status = str::from_utf8(status)?.parse()?;
        self.body = (head, head);
        let length: usize = self.header("content-length").context("no length")?.parse()?;
        while self.buffer.len() < head + length {
            self.more().await?;
        }
        ensure!(self.buffer.len() == head + length, "more than one answer");
        self.body = (head, head + length);
        Ok(status)
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }

    /// A header of the last answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = str::from_utf8(self.buffer.get(..self.body.0)?).ok()?;
        let named = |line: &&str| {
            let (before, _) = line.split_once(':').unwrap_or_default();
            before.eq_ignore_ascii_case(name)
        };
        Some(head.split("\r\n").find(named)?.split_once(':')?.1.trim())
    }

    /// The last answer's body.
    pub fn body(&self) -> &[u8] {
        &self.buffer[self.body.0..self.body.1]
    }

    /// The last string of this name in the last answer: of a play's answer that is what stands now,
    /// after what the receipt tells of before.
    pub fn last(&self, name: &str) -> Option<&str> {
        let body = str::from_utf8(self.body()).ok()?;
        let (_, after) = body.rsplit_once(&format!("\"{name}\":\""))?;
        Some(after.split_once('"')?.0)
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
