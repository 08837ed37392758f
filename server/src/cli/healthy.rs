use funfair_server::Config;
use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

/// How long a server may take to say that it is well.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks the server of these settings whether it is well, so that an image needs no other program
/// for its health check.
pub fn ask(config: &Config) -> anyhow::Result<()> {
    let address = reachable(config.listen);
    let said = answer(address).map_err(|error| {
        anyhow::anyhow!("{address} does not answer: {error}; is `funfair serve` running there?")
    })?;
    let status = said.lines().next().unwrap_or_default();
    anyhow::ensure!(status.contains(" 200"), "{address} is not well: {status}");
    Ok(())
}

fn answer(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut said = String::new();
    stream.read_to_string(&mut said)?;
    Ok(said)
}

/// A server that listens everywhere is asked on this machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let here = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(here, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{BufRead, BufReader},
        net::TcpListener,
        thread,
    };

    fn saying(status: &str) -> anyhow::Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let status = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // To the end of its head: what is left unread would end the connection too early.
            let asked = BufReader::new(&stream).lines().map(Result::unwrap);
            assert!(asked.take_while(|line| !line.is_empty()).count() > 0);
            stream.write_all(status.as_bytes()).unwrap();
        });
        let listen = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port);
        let said = ask(&Config { listen, ..Config::default() });
        server.join().unwrap();
        said
    }

    #[test]
    fn only_200_is_well() {
        saying("200 OK").unwrap();
        assert!(saying("503 Service Unavailable").unwrap_err().to_string().contains("not well"));
    }

    #[test]
    fn a_server_that_is_not_there_is_named() {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = ask(&Config { listen: gone, ..Config::default() }).unwrap_err().to_string();
        assert!(error.contains(&gone.to_string()) && error.contains("funfair serve"), "{error}");
    }
}
