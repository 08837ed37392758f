use async_trait::async_trait;
use axum::http::{Request, Response, header};
use bytes::Bytes;
use opentelemetry_http::{HttpClient, HttpError};
use std::{
    io::{Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

/// Posts to a collector over plain HTTP, one connection each: a batch of spans goes out every few
/// seconds, on a thread that does nothing else and so may block.
#[derive(Debug)]
pub struct Post(pub Duration);

/// The most that is read of an answer.
const ANSWER: u64 = 64 * 1024;

#[async_trait]
impl HttpClient for Post {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let host = match (parts.uri.scheme_str(), parts.uri.authority()) {
            (Some("http"), Some(host)) => host.as_str(),
            _ => return Err("only http:// is spoken: put a collector beside the server".into()),
        };
        let port = parts.uri.port_u16().unwrap_or(80);
        let name = parts.uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let address =
            (name, port).to_socket_addrs()?.next().ok_or("the collector has no address")?;
        let mut stream = TcpStream::connect_timeout(&address, self.0)?;
        stream.set_read_timeout(Some(self.0))?;
        stream.set_write_timeout(Some(self.0))?;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut wire = Vec::with_capacity(body.len() + 512);
        write!(wire, "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n")?;
        for (name, value) in parts.headers.iter().filter(|(name, _)| {
            ![header::HOST, header::CONNECTION, header::CONTENT_LENGTH].contains(name)
        }) {
            write!(wire, "{name}: {}\r\n", value.to_str()?)?;
        }
        write!(wire, "content-length: {}\r\n\r\n", body.len())?;
        wire.extend_from_slice(&body);
        stream.write_all(&wire)?;
        let mut said = Vec::new();
        stream.take(ANSWER).read_to_end(&mut said)?;
        // What a collector says beside its status is not needed.
        let status = said.get(9..12).and_then(|digits| str::from_utf8(digits).ok());
        let status = status.ok_or("the collector speaks no HTTP")?.parse::<u16>()?;
        Ok(Response::builder().status(status).body(Bytes::new())?)
    }
}
