//! A store with its database, its activities and its server, which may die.

use funfair_cluster::Cluster;
use funfair_tests::{Key, PATIENCE, Running, binary, run, until};
use rusqlite::{Connection, OpenFlags};
use std::{fs, path::PathBuf, process::Command, time::Instant};
use tempfile::TempDir;

/// The store's id.
pub const STORE: &str = "acme";

/// Where a shop's rows are.
pub enum Rows {
    /// In a folder of its own.
    Sqlite(TempDir),
    /// In a database of a cluster, at this address.
    Postgres(String),
}

/// A store. Its server ends with it.
pub struct Shop {
    pub rows: Rows,
    pub key: Key,
    /// How many activities there are, and so the name of the next.
    opened: usize,
    server: Option<Running>,
    pub base: String,
}

/// One activity: a wheel that gives cameras until they are gone, and points.
#[derive(Clone, Debug)]
pub struct Wheel {
    pub id: String,
    pub stock: usize,
}

impl Shop {
    /// A store in an SQLite file.
    pub fn sqlite() -> Self {
        Self::on(Rows::Sqlite(tempfile::tempdir().expect("a folder")))
    }

    /// A store in a database of a cluster.
    pub fn postgres(cluster: &Cluster) -> Self {
        Self::on(Rows::Postgres(cluster.create(&crate::crowd::name())))
    }

    fn on(rows: Rows) -> Self {
        let key = Key::eddsa("main", 7);
        let shop = Self { rows, key, opened: 0, server: None, base: String::new() };
        shop.command("funfair", &["store", "add", STORE, "--zone", "Asia/Shanghai"]).ok();
        let public = tempfile::NamedTempFile::new().expect("a file");
        fs::write(public.path(), shop.key.registered()).expect("a file");
        let add = ["store", "key", STORE, "add", "--kid", "main", "--alg", "EdDSA", "--public-key"];
        let mut add = shop.command("funfair", &add);
        add.0.arg(public.path());
        add.ok();
        shop
    }

    /// The same store on another SQLite file, which lies in this folder.
    pub fn copied(&self, folder: TempDir) -> Self {
        let key = self.key.clone();
        Self {
            rows: Rows::Sqlite(folder),
            key,
            opened: self.opened,
            server: None,
            base: String::new(),
        }
    }

    /// The same store and database, for another server.
    pub fn beside(&self) -> Self {
        let Rows::Postgres(address) = &self.rows else { panic!("a file has one server") };
        let (rows, key) = (Rows::Postgres(address.clone()), self.key.clone());
        Self { rows, key, opened: self.opened, server: None, base: String::new() }
    }

    /// What the setting `database` is.
    pub fn location(&self) -> String {
        match &self.rows {
            Rows::Sqlite(folder) => folder.path().join("funfair.db").display().to_string(),
            Rows::Postgres(address) => address.clone(),
        }
    }

    /// A program of the server on this database.
    pub fn command(&self, program: &str, arguments: &[&str]) -> Asked {
        let mut command = Command::new(binary(program));
        command.args(arguments).env("FUNFAIR_DATABASE", self.location());
        Asked(command)
    }

    /// Opens wheels with so much stock each.
    pub fn opens(&mut self, stocks: impl IntoIterator<Item = usize>) -> Vec<Wheel> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut wheels = Vec::new();
        for stock in stocks {
            let id = format!("wheel-{}", self.opened);
            self.opened += 1;
            let text = include_str!("wheel.toml").replace("\"STOCK\"", &stock.to_string());
            fs::write(folder.path().join(format!("{id}.toml")), text).expect("a file");
            wheels.push(Wheel { id, stock });
        }
        let mut apply = self.command("funfair", &["apply", "--store", STORE]);
        apply.0.arg(folder.path());
        apply.ok();
        for wheel in &wheels {
            self.command("funfair", &["activity", STORE, &wheel.id, "live"]).ok();
        }
        wheels
    }

    /// Opens an activity of another kind.
    pub fn opens_file(&mut self, id: &str, text: &str) -> Wheel {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(format!("{id}.toml")), text).expect("a file");
        let mut apply = self.command("funfair", &["apply", "--store", STORE]);
        apply.0.arg(folder.path());
        apply.ok();
        self.command("funfair", &["activity", STORE, id, "live"]).ok();
        Wheel { id: id.into(), stock: 0 }
    }

    /// Starts the server, and waits until it is well.
    pub async fn starts(&mut self) {
        self.starts_as("funfair", &[]).await;
    }

    /// Starts a program with further variables as the server.
    pub async fn starts_as(&mut self, program: &str, environment: &[(&str, String)]) {
        let mut command = self.command(program, &["serve"]).0;
        command
            .env("FUNFAIR_LISTEN", "127.0.0.1:0")
            .env("FUNFAIR_LOG", "warn,funfair=info,funfair_faulty=info");
        for (name, value) in environment {
            command.env(name, value);
        }
        let mut server = Running::start(&mut command);
        let port = server.says("its port", funfair_tests::port_in).await;
        self.base = format!("http://127.0.0.1:{port}");
        self.server = Some(server);
        let client = reqwest::Client::new();
        let well = || async {
            let answer = client.get(format!("{}/healthz", self.base)).send().await.ok()?;
            answer.status().is_success().then_some(())
        };
        until("a healthy server", well).await;
    }

    /// The running server.
    pub fn server(&mut self) -> &mut Running {
        self.server.as_mut().expect("a running server")
    }

    /// Kills the server at once, by its own handle; what it logged.
    pub fn kill(&mut self) -> String {
        let server = self.server.take().expect("a running server");
        let log = server.log();
        drop(server);
        log
    }

    /// Pairs of texts that SQL gives.
    pub fn pairs(&self, sql: &str) -> Vec<(String, String)> {
        match &self.rows {
            Rows::Sqlite(_) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
                let db = Connection::open_with_flags(self.location(), flags).expect("the database");
                db.busy_timeout(PATIENCE).expect("a time");
                let mut statement = db.prepare(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
                let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                let rows = statement.query_map([], pair).expect("rows");
                rows.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{sql}: {error}"))
            }
            Rows::Postgres(address) => {
                let text = Cluster::at(address).sql(None, sql);
                let pair = |line: &str| line.split_once('|').map(|(a, b)| (a.into(), b.into()));
                text.lines().filter_map(pair).collect()
            }
        }
    }

    /// The folder of an SQLite file.
    pub fn folder(&self) -> PathBuf {
        match &self.rows {
            Rows::Sqlite(folder) => folder.path().into(),
            Rows::Postgres(_) => panic!("a database in a cluster has no folder"),
        }
    }

    /// Waits for the server's own end.
    pub async fn dies(&mut self) -> std::process::ExitStatus {
        let start = Instant::now();
        let status = self.server().ended().await;
        assert!(start.elapsed() < PATIENCE, "the server outlived its end");
        self.server = None;
        status
    }
}

/// A command to be run to its end.
pub struct Asked(pub Command);

impl Asked {
    /// Runs it; it has to end well. What it printed.
    #[track_caller]
    pub fn ok(mut self) -> String {
        run(&mut self.0).unwrap_or_else(|said| panic!("{:?}: {said}", self.0))
    }

    /// Runs it; what it printed, or why it failed.
    pub fn result(mut self) -> Result<String, String> {
        run(&mut self.0)
    }
}
