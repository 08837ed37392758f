//! One server process and its folder.

use std::{
    env, fs, io,
    net::{Ipv4Addr, TcpListener},
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::{cluster::Options, programs::Programs, watcher::Watcher};

/// How long a start may take; a recovery after a crash is a start, too.
const PATIENCE: Duration = Duration::from_mins(1);

const LOOK: Duration = Duration::from_millis(10);

/// PostgreSQL refuses to run as root; then it runs as Debian's `nobody`.
const NOBODY: u32 = 65534;

/// How often a port is tried: between the choice and the server's start somebody may take it.
const PORTS: u32 = 5;

#[derive(Debug)]
pub struct Server {
    programs: Programs,
    options: Options,
    folder: PathBuf,
    pub port: u16,
    running: Option<Child>,
    watcher: Watcher,
}

impl Server {
    pub fn start(options: &Options) -> Self {
        let programs = Programs::find().unwrap_or_else(|missing| panic!("{missing}"));
        let folder = folder();
        let watcher = Watcher::over(&folder);
        let options = options.clone();
        let mut server = Self { programs, options, folder, port: 0, running: None, watcher };
        server.init();
        for left in (0..PORTS).rev() {
            server.port = free_port();
            match server.run() {
                Ok(()) => return server,
                Err(log) => assert!(left > 0, "PostgreSQL does not start:\n{log}"),
            }
        }
        unreachable!("the last try either starts or fails");
    }

    pub fn id(&self) -> u32 {
        self.running.as_ref().expect("a server that runs").id()
    }

    /// Starts it again, on its port and its data.
    pub fn start_again(&mut self) {
        assert!(self.running.is_none(), "it runs");
        self.run().unwrap_or_else(|log| panic!("PostgreSQL does not start again:\n{log}"));
    }

    /// Sends the server a signal and waits until it has ended.
    pub fn end(&mut self, signal: &str) {
        let mut running = self.running.take().expect("a server that runs");
        assert!(send(signal, running.id()), "the server was gone before it was told to end");
        running.wait().expect("its end");
        self.watcher.forget();
    }

    /// Sends a signal to the server, which begins no backend then, and to each of its backends.
    pub fn signal_all(&self, signal: &str) {
        let id = self.id();
        assert!(send(signal, id), "the server was gone");
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        for child in children.expect("the server's backends").split_whitespace() {
            // A backend may have ended by itself meanwhile.
            send(signal, child.parse().expect("a number"));
        }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    fn init(&self) {
        let mut command = self.unprivileged("initdb", &[]);
        command.arg("--pgdata").arg(self.data());
        // Words sort as a shop's database sorts them, not by bytes: nothing here may count on bytes.
        command.args(["--encoding=UTF8", "--locale=C.UTF-8"]);
        command.args(["--locale-provider=icu", "--icu-locale=en-US"]);
        command.args(["--username=funfair", "--auth=trust", "--no-instructions"]);
        if !self.options.fsync {
            command.arg("--no-sync");
        }
        let done = command.output().expect("initdb");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "initdb: {}\n{said}", done.status);
        if let Some((certificate, key)) = &self.options.tls {
            for (name, text) in [("server.crt", certificate), ("server.key", key)] {
                let path = self.data().join(name);
                fs::write(&path, text).expect("a file");
                // PostgreSQL reads no key that others could read.
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a mode");
                if root() {
                    chown(&path, Some(NOBODY), Some(NOBODY)).expect("a file to give away");
                }
            }
        }
    }

    fn run(&mut self) -> Result<(), String> {
        let log = fs::File::create(self.folder.join("log")).expect("a file for the log");
        let mut command = self.unprivileged("postgres", &self.options.environment);
        command.arg("-D").arg(self.data());
        command.arg("-p").arg(self.port.to_string());
        for (name, value) in self.settings() {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        command.stdout(log.try_clone().expect("the log")).stderr(log).process_group(0);
        let child = command.spawn().expect("postgres");
        self.watcher.watch(child.id());
        let child = self.running.insert(child);
        let start = Instant::now();
        let status = self.folder.join("data/postmaster.pid");
        while start.elapsed() < PATIENCE {
            let said = fs::read_to_string(&status).unwrap_or_default();
            // The last line says how it is; a file left by a crash names another process.
            if said.lines().next() == Some(&child.id().to_string())
                && said.lines().nth(7).is_some_and(|line| line.trim() == "ready")
            {
                return Ok(());
            }
            if child.try_wait().expect("a child's status").is_some() {
                break;
            }
            thread::sleep(LOOK);
        }
        let mut child = self.running.take().expect("it was started");
        // It has ended by itself, or has to now.
        let _ = child.kill();
        let _ = child.wait();
        self.watcher.forget();
        Err(self.log())
    }

    fn settings(&self) -> Vec<(String, String)> {
        let mut all = vec![
            ("listen_addresses", "127.0.0.1"),
            ("unix_socket_directories", ""),
            ("max_connections", "300"),
            ("shared_buffers", "128MB"),
            // Files of a gigabyte for a test of seconds would be written for nothing.
            ("max_wal_size", "256MB"),
            ("min_wal_size", "64MB"),
            // A hundred microseconds of planning in the middle of a test's race help nobody.
            ("jit", "off"),
        ];
        if !self.options.fsync {
            all.extend([
                ("fsync", "off"),
                ("synchronous_commit", "off"),
                ("full_page_writes", "off"),
            ]);
        }
        if self.options.tls.is_some() {
            all.push(("ssl", "on"));
        }
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        // The last of two counts, so that a test's own setting wins.
        all.into_iter().map(own).chain(self.options.settings.iter().cloned()).collect()
    }

    /// A program of PostgreSQL that runs as somebody it accepts, in an environment that holds no
    /// setting of another PostgreSQL.
    fn unprivileged(&self, program: &str, environment: &[(String, String)]) -> Command {
        let mut words = Vec::new();
        if root() {
            let id = NOBODY.to_string();
            words.extend([
                "setpriv".to_owned(),
                format!("--reuid={id}"),
                format!("--regid={id}"),
                "--clear-groups".to_owned(),
            ]);
        }
        words.push("env".to_owned());
        words.extend(environment.iter().map(|(name, value)| format!("{name}={value}")));
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg(self.programs.path(program)).current_dir(&self.folder);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG"))
        {
            command.env_remove(name);
        }
        command.stdin(Stdio::null());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.watcher.release();
        if let Some(mut running) = self.running.take() {
            // One that is frozen hears nothing.
            send("CONT", running.id());
            // The watcher has told it to end.
            let _ = running.wait();
        }
        self.watcher.wait();
    }
}

/// Whether there was such a process.
fn send(signal: &str, id: u32) -> bool {
    let sent = format!("kill -{signal} {id} 2>/dev/null");
    Command::new("sh").args(["-c", &sent]).status().expect("sh").success()
}

/// A new folder that the server may write in, whoever it runs as.
fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = env::temp_dir().join(format!("funfair-cluster-{}-{count}", process::id()));
    // A process of this number that was killed long ago, together with its watcher.
    if let Err(error) = fs::remove_dir_all(&folder) {
        assert_eq!(error.kind(), io::ErrorKind::NotFound, "{}: {error}", folder.display());
    }
    fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    if root() {
        chown(&folder, Some(NOBODY), Some(NOBODY)).expect("a folder that root may give away");
    }
    folder
}

/// Whether this process is root's: what it makes is.
fn root() -> bool {
    use std::os::unix::fs::MetadataExt;
    // The standard library tells nobody who he is, but the kernel tells it to all who look.
    fs::metadata(Path::new("/proc/self")).is_ok_and(|own| own.uid() == 0)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
