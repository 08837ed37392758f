//! A wire between the store and its database that counts round trips and can be cut.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// The wire. Every answer takes as long as from another building, so that whoever waits for one
/// before the next question is seen to.
pub struct Wire {
    port: u16,
    state: Arc<State>,
}

/// Where a wire breaks, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Before the COMMIT reaches the database.
    BeforeCommit,
    /// After the database has committed, before its answer arrives.
    AfterCommit,
}

#[derive(Default)]
struct State {
    turns: AtomicUsize,
    cut: Mutex<Option<Cut>>,
}

impl State {
    /// Whether the wire is to break here, once.
    fn takes(&self, at: Cut) -> bool {
        self.cut.lock().unwrap().take_if(|cut| *cut == at).is_some()
    }
}

const LATENCY: Duration = Duration::from_millis(100);

impl Wire {
    /// A wire to the server of a URL.
    pub fn to(url: &str) -> Self {
        let (_, rest) = url.split_once('@').unwrap();
        let address = rest.split(['/', '?']).next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let wire = Self { port, state: Arc::clone(&state) };
        // It ends with the test's process.
        thread::spawn(move || {
            for client in listener.incoming() {
                let (client, database) = (client.unwrap(), TcpStream::connect(&address).unwrap());
                client.set_nodelay(true).unwrap();
                database.set_nodelay(true).unwrap();
                join(client, database, &state);
            }
        });
        wire
    }

    /// The URL of the same database by way of the wire, in plain text: what is encrypted cannot be
    /// counted.
    pub fn url(&self, url: &str) -> String {
        let (before, rest) = url.split_once('@').unwrap();
        let after = rest.find(['/', '?']).map_or("", |at| &rest[at..]);
        let more = if after.contains('?') { '&' } else { '?' };
        format!("{before}@127.0.0.1:{}{after}{more}sslmode=disable", self.port)
    }

    /// How many round trips `run` takes.
    pub fn turns(&self, run: impl FnOnce()) -> usize {
        let before = self.state.turns.load(Ordering::SeqCst);
        run();
        self.state.turns.load(Ordering::SeqCst) - before
    }

    /// Breaks the connection of the next commit.
    pub fn cut(&self, at: Cut) {
        *self.state.cut.lock().unwrap() = Some(at);
    }
}

/// How many answers one connection still owes.
type Owed = Arc<AtomicUsize>;

fn join(client: TcpStream, database: TcpStream, state: &Arc<State>) {
    let owed = Owed::default();
    let ends = [client.try_clone().unwrap(), database.try_clone().unwrap()];
    let (there, asked) = (Arc::clone(state), Arc::clone(&owed));
    let [from, to] = [client.try_clone().unwrap(), database.try_clone().unwrap()];
    thread::spawn(move || {
        let _ = questions(from, to, &there, &asked);
        close(&ends);
    });
    let state = Arc::clone(state);
    thread::spawn(move || {
        let ends = [client.try_clone().unwrap(), database.try_clone().unwrap()];
        let _ = answers(database, client, &state, &owed);
        close(&ends);
    });
}

fn close(ends: &[TcpStream]) {
    for end in ends {
        let _ = end.shutdown(Shutdown::Both);
    }
}

/// Passes the store's messages on. A round trip begins with a message while no answer is owed.
fn questions(
    mut from: TcpStream,
    mut to: TcpStream,
    state: &State,
    owed: &AtomicUsize,
) -> std::io::Result<()> {
    // What begins a session has no letter before its length.
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut rest = vec![0; u32::from_be_bytes(length) as usize - 4];
    from.read_exact(&mut rest)?;
    to.write_all(&[&length[..], &rest].concat())?;
    let mut commit = Vec::new();
    loop {
        let (letter, message) = message(&mut from)?;
        match letter {
            // Parse: which prepared statement is the COMMIT.
            b'P' if message.windows(8).any(|text| text == b"\0COMMIT\0") => {
                let name = message[5..].split(|byte| *byte == 0).next().unwrap_or_default();
                commit = name.to_vec();
            }
            // Bind: a portal, then the statement's name.
            b'B' if !commit.is_empty()
                && message[6..].starts_with(&[&commit[..], b"\0"].concat())
                && state.takes(Cut::BeforeCommit) =>
            {
                return Ok(());
            }
            // Sync, Query: each is answered with one ReadyForQuery.
            b'S' | b'Q' if owed.fetch_add(1, Ordering::SeqCst) == 0 => {
                state.turns.fetch_add(1, Ordering::SeqCst);
            }
            _ => {}
        }
        to.write_all(&message)?;
    }
}

fn answers(
    mut from: TcpStream,
    mut to: TcpStream,
    state: &State,
    owed: &AtomicUsize,
) -> std::io::Result<()> {
    loop {
        let (letter, message) = message(&mut from)?;
        if letter == b'C' && message.ends_with(b"COMMIT\0") && state.takes(Cut::AfterCommit) {
            return Ok(());
        }
        // ReadyForQuery; the first belongs to the session's beginning.
        if letter == b'Z' {
            let last = owed.load(Ordering::SeqCst) <= 1;
            if last {
                thread::sleep(LATENCY);
            }
            let _ = owed.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |owed| {
                Some(owed.saturating_sub(1))
            });
        }
        to.write_all(&message)?;
    }
}

/// One message: its letter, and all of its bytes.
fn message(from: &mut TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    let mut message = head.to_vec();
    message.resize(length + 1, 0);
    from.read_exact(&mut message[5..])?;
    Ok((head[0], message))
}
