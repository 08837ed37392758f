//! A cluster, and the databases in it.

use std::{
    env,
    path::PathBuf,
    process::{self, Command},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    SHARED, address::with_database, distributed::START_AGAIN, programs::Programs, server::Server,
};

/// How a cluster of one's own is started. The default forgets all when the power goes, and is fast.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether what is committed is on the disk.
    pub fsync: bool,
    /// Further settings, as in postgresql.conf: `("deadlock_timeout", "50ms")`.
    pub settings: Vec<(String, String)>,
    /// Variables of the server's process alone, as `LD_PRELOAD`.
    pub environment: Vec<(String, String)>,
    /// A certificate and its key in PEM, where the server is to speak TLS.
    pub tls: Option<(String, String)>,
}

/// A PostgreSQL server: one of this process's own, or one that is shared by its address.
#[derive(Debug)]
pub struct Cluster {
    /// Of the database from which others are made.
    address: String,
    server: Option<Server>,
}

/// A database that is dropped with its owner.
#[derive(Debug)]
pub struct Database<'a> {
    cluster: &'a Cluster,
    name: String,
}

impl Cluster {
    /// A fresh server. It ends, and its folder goes, with this value or with this process.
    pub fn start(options: &Options) -> Self {
        let server = Server::start(options);
        let address = format!("postgres://funfair@127.0.0.1:{}/postgres", server.port);
        Self { address, server: Some(server) }
    }

    /// The server whose address [`SHARED`] holds, else one that all of this process shares.
    pub fn shared() -> &'static Self {
        static ALL: OnceLock<Cluster> = OnceLock::new();
        ALL.get_or_init(|| match env::var(SHARED) {
            Ok(address) => Self::at(&address),
            Err(_) => Self::start(&Options::default()),
        })
    }

    /// A server that somebody else runs. Its user has to be allowed to create databases.
    pub fn at(address: &str) -> Self {
        Self { address: address.to_owned(), server: None }
    }

    /// The address of the database from which others are made.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        with_database(&self.address, database)
    }

    /// Creates an empty database; its address.
    pub fn create(&self, database: &str) -> String {
        self.sql(None, &format!("CREATE DATABASE \"{database}\""));
        self.url(database)
    }

    /// Creates a database with all that `template` holds, to which nobody may be connected; its
    /// address.
    pub fn create_from(&self, template: &str, database: &str) -> String {
        self.sql(None, &format!("CREATE DATABASE \"{database}\" TEMPLATE \"{template}\""));
        self.url(database)
    }

    /// A database of a name that nobody else has, empty or as `template`; it goes with its owner.
    pub fn fresh(&self, template: Option<&str>) -> Database<'_> {
        let name = fresh_name();
        match template {
            Some(template) => self.create_from(template, &name),
            None => self.create(&name),
        };
        Database { cluster: self, name }
    }

    /// Drops a database, whoever is connected to it.
    pub fn drop(&self, database: &str) {
        self.sql(None, &format!("DROP DATABASE IF EXISTS \"{database}\" WITH (FORCE)"));
    }

    /// Drops what [`Self::fresh`] has made since a time, in whatever process.
    pub fn sweep(&self, since: SystemTime) {
        let names =
            self.sql(None, "SELECT datname FROM pg_database WHERE datname LIKE 'funfair_%'");
        for name in names.lines().filter(|name| made(name).is_some_and(|at| at >= micros(since))) {
            self.drop(name);
        }
    }

    /// Runs SQL in a database (without one: in that from which others are made); what it answers,
    /// a row a line, columns between `|`. Panics with what `psql` says.
    pub fn sql(&self, database: Option<&str>, text: &str) -> String {
        let address = database.map_or_else(|| self.address.clone(), |name| self.url(name));
        sql(&address, text).unwrap_or_else(|said| panic!("{said}\n{text}"))
    }

    /// The process that the operating system knows the server by.
    pub fn pid(&self) -> u32 {
        self.own().id()
    }

    /// What the server has logged since its last start.
    pub fn log(&self) -> String {
        self.own().log()
    }

    /// Where the server keeps its data.
    pub fn data(&self) -> PathBuf {
        self.own().data()
    }

    /// PostgreSQL's programs, as `pgbench`.
    pub fn programs(&self) -> &Programs {
        self.own().programs()
    }

    /// Ends the server as a crash does: no connection is told, and the next start recovers from the
    /// log of writes.
    pub fn stop_immediately(&mut self) {
        self.server_mut().end("QUIT");
    }

    /// Ends the server in order: transactions are rolled back, all is written.
    pub fn stop(&mut self) {
        self.server_mut().end("INT");
    }

    /// Starts a server that was stopped, on its port and data.
    pub fn start_again(&mut self) {
        self.server_mut().start_again();
    }

    /// Crashes the server and starts it again.
    pub fn restart(&mut self) {
        self.stop_immediately();
        self.start_again();
    }

    /// Stops the server and its backends where they are, as a machine that hangs: connections stay,
    /// and nobody answers.
    pub fn freeze(&self) {
        self.own().signal_all("STOP");
    }

    /// Lets a frozen server go on.
    pub fn thaw(&self) {
        self.own().signal_all("CONT");
    }

    fn own(&self) -> &Server {
        self.server.as_ref().expect("a server of this process's own")
    }

    fn server_mut(&mut self) -> &mut Server {
        self.server.as_mut().expect("a server of this process's own")
    }
}

impl Database<'_> {
    /// Its address.
    pub fn url(&self) -> String {
        self.cluster.url(&self.name)
    }

    /// Its name in the cluster.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs SQL in it, as [`Cluster::sql`]; again where it is told to start again.
    pub fn sql(&self, text: &str) -> String {
        loop {
            match sql(&self.url(), text) {
                Ok(answer) => return answer,
                Err(said) => assert!(said.contains(START_AGAIN), "{said}\n{text}"),
            }
        }
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // A test that has failed says why; that its database is gone already is no better reason.
        let gone = format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name);
        let _ = sql(&self.cluster.address, &gone);
    }
}

/// `psql` speaks to every server there is, with every way to prove who one is.
fn sql(address: &str, text: &str) -> Result<String, String> {
    let programs = Programs::find().map_err(|missing| missing.to_string())?;
    let mut command = Command::new(programs.path("psql"));
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--no-password"]);
    command.args(["--set=ON_ERROR_STOP=1", "--dbname", address, "--command", text]);
    let done = command.output().map_err(|error| format!("psql: {error}"))?;
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned())
}

/// Unlike any other, also of another process or of a run that was cut short.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("funfair_{}_{}_{count}", micros(SystemTime::now()), process::id())
}

/// When a fresh database was made.
fn made(name: &str) -> Option<u128> {
    name.strip_prefix("funfair_")?.split('_').next()?.parse().ok()
}

fn micros(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_micros())
}
