use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

/// How long anything that a test waits for may take before the test fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long to leave the processor to others between two looks at a condition.
const LOOK: Duration = Duration::from_millis(25);

/// A process that this suite started. It ends with its owner, by its own handle.
#[derive(Debug)]
pub struct Running {
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Running {
    /// Starts `command` and gathers what it prints.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let log = Arc::new(Mutex::new(String::new()));
        gather(child.stdout.take().expect("a pipe"), &log);
        gather(child.stderr.take().expect("a pipe"), &log);
        Self { child, log }
    }

    /// All that it has printed so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("the log").clone()
    }

    /// What the operating system knows it by.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, as an operator does.
    pub fn terminate(&self) {
        // The standard library sends no signal but KILL, and this crate has no unsafe code.
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().expect("the command kill");
        assert!(sent.success(), "process {id} was gone before it was asked to end");
    }

    /// Asks it to end and waits until it has, well; what it printed.
    pub async fn stopped(mut self) -> String {
        self.terminate();
        let status = self.ended().await;
        assert!(status.success(), "it ended with {status}:\n{}", self.log());
        self.log()
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child's status") {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "it did not end:\n{}", self.log());
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until it has printed a line for which `find` has an answer.
    pub async fn says<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = self.log().lines().find_map(&find) {
                return found;
            }
            let over = self.child.try_wait().expect("a child's status");
            assert!(over.is_none(), "it ended ({over:?}) without {what}:\n{}", self.log());
            assert!(start.elapsed() < PATIENCE, "it never printed {what}:\n{}", self.log());
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until `look` has an answer; fails with `what` when it never has.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, look: impl FnMut() -> F) -> T {
    within(PATIENCE, look).await.unwrap_or_else(|| panic!("never came: {what}"))
}

/// Waits this long at most until `look` has an answer.
pub async fn within<T, F: Future<Output = Option<T>>>(
    time: Duration,
    mut look: impl FnMut() -> F,
) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return Some(found);
        }
        if start.elapsed() > time {
            return None;
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn gather(pipe: impl Read + Send + 'static, log: &Arc<Mutex<String>>) {
    let log = Arc::clone(log);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut log = log.lock().expect("the log");
            log.push_str(&line);
            log.push('\n');
        }
    });
}
