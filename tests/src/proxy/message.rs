use crate::{Exchange, exchange::Headers, exchange::header};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// An HTTP/1.1 message: as much of it as a proxy between a browser and our server needs.
pub struct Message {
    start: String,
    headers: Headers,
    body: Vec<u8>,
}

impl Message {
    /// Reads a request; `None` where the connection ends before it does.
    pub async fn read_request(stream: &mut TcpStream) -> Option<Self> {
        let mut read = Vec::new();
        let (mut message, mut body) = loop {
            if let Some(found) = Self::parse(&read) {
                break found;
            }
            if stream.read_buf(&mut read).await.ok()? == 0 {
                return None;
            }
        };
        let length = header(&message.headers, "content-length").unwrap_or("0").parse().ok()?;
        while body.len() < length {
            if stream.read_buf(&mut body).await.ok()? == 0 {
                return None;
            }
        }
        message.body = body;
        Some(message)
    }

    /// The request's method.
    pub fn method(&self) -> &str {
        self.start.split(' ').next().unwrap_or_default()
    }

    /// The request's path with its query.
    fn path(&self) -> &str {
        self.start.split(' ').nth(1).unwrap_or_default()
    }

    /// The request's path without its query.
    pub fn route(&self) -> &str {
        self.path().split('?').next().unwrap_or_default()
    }

    /// The first line and the headers, and what stands after them; `None` where they have not come
    /// wholly.
    fn parse(bytes: &[u8]) -> Option<(Self, Vec<u8>)> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n").map(String::from);
        let start = lines.next()?;
        let named = |line: String| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_lowercase(), value.trim().into()))
        };
        let headers = lines.filter_map(named).collect();
        Some((Self { start, headers, body: Vec::new() }, bytes[end + 4..].into()))
    }
}

/// Sends the request on and reads the whole answer: its bytes, and the exchange. `None` where the
/// server is not there.
pub async fn relay(upstream: u16, request: &Message) -> Option<(Vec<u8>, Exchange)> {
    let mut server = TcpStream::connect(("127.0.0.1", upstream)).await.ok()?;
    let mut head = format!("{}\r\n", request.start);
    for (name, value) in &request.headers {
        if name != "connection" {
            head.extend([name, ": ", value, "\r\n"]);
        }
    }
    head.push_str("connection: close\r\n\r\n");
    server.write_all(head.as_bytes()).await.ok()?;
    server.write_all(&request.body).await.ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await.ok()?;
    let (message, body) = Message::parse(&answer)?;
    let exchange = Exchange {
        method: request.method().into(),
        path: request.path().into(),
        headers: request.headers.clone(),
        body: request.body.clone(),
        status: message.start.split(' ').nth(1)?.parse().ok()?,
        answer: unchunked(&message.headers, body),
        answer_headers: message.headers,
    };
    Some((answer, exchange))
}

/// An answer of the proxy's own.
pub fn page(status: u16, html: String) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} From the proxy\r\ncontent-type: text/html; charset=utf-8\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        html.len()
    );
    [head.into_bytes(), html.into_bytes()].concat()
}

/// The problem `busy`, to be asked again after so many seconds.
pub fn busy(seconds: u32) -> Vec<u8> {
    let body = r#"{"type":"/problems/busy","code":"busy"}"#;
    format!(
        "HTTP/1.1 503 From the proxy\r\ncontent-type: application/problem+json\r\n\
         retry-after: {seconds}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A compressed file that any page may load and none may keep.
pub fn file(kind: &str, brotli: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 From the proxy\r\ncontent-type: {kind}\r\ncontent-encoding: br\r\n\
         cache-control: no-store\r\naccess-control-allow-origin: *\r\n\
         timing-allow-origin: *\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        brotli.len()
    );
    [head.as_bytes(), brotli].concat()
}

/// A page's answer with this policy and no other; what is no page stays as it is.
pub fn under(policy: &str, answer: &[u8]) -> Vec<u8> {
    const NAME: &str = "content-security-policy";
    let Some((message, body)) = Message::parse(answer) else { return answer.into() };
    if !header(&message.headers, "content-type").is_some_and(|it| it.starts_with("text/html")) {
        return answer.into();
    }
    let mut head = format!("{}\r\n{NAME}: {policy}\r\n", message.start);
    for (name, value) in message.headers.iter().filter(|(name, _)| name != NAME) {
        head.extend([name, ": ", value, "\r\n"]);
    }
    [head.as_bytes(), b"\r\n", &body].concat()
}

fn unchunked(headers: &Headers, body: Vec<u8>) -> Vec<u8> {
    if header(headers, "transfer-encoding") != Some("chunked") {
        return body;
    }
    let mut whole = Vec::new();
    let mut rest = body.as_slice();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).ok();
        let size = size.and_then(|hex| usize::from_str_radix(hex.trim(), 16).ok()).unwrap_or(0);
        if size == 0 {
            break;
        }
        whole.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 2 + size + 2..];
    }
    whole
}
