//! Which database a test runs on: that of `FUNFAIR_TEST_DATABASE`, SQLite where it says nothing.
#![allow(dead_code, reason = "each file of tests uses some of it")]

use funfair_cluster::{Cluster, Database as Rows};
use funfair_server::{
    Config,
    database::{self, Database, Location},
    sqlite::Durability,
};
use std::{
    env,
    path::Path,
    sync::{Arc, OnceLock},
};
use tempfile::TempDir;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
    /// Partitioned, serializable, and told to start again.
    Distributed,
}

/// A database of a test's own, and a folder for its files; both go with it.
pub struct Place {
    engine: Engine,
    rows: Option<Rows<'static>>,
    // Last, so that nobody writes in it any more when it goes.
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self::on(chosen())
    }

    /// A folder alone, whatever is chosen: what is asked of the settings, not of a database.
    pub fn of_files() -> Self {
        Self::on(Engine::Sqlite)
    }

    /// With no table in it yet.
    pub fn blank() -> Self {
        let engine = if chosen() == Engine::Sqlite { Engine::Sqlite } else { Engine::Postgres };
        let rows = (engine != Engine::Sqlite).then(|| Cluster::shared().fresh(None));
        Self { engine, rows, folder: tempfile::tempdir().unwrap() }
    }

    /// Whatever is chosen.
    pub fn distributed() -> Self {
        Self::on(Engine::Distributed)
    }

    /// How many transactions were told to start again.
    pub fn told_to_start_again(&self) -> u64 {
        self.rows.as_ref().map_or(0, Rows::told_to_start_again)
    }

    fn on(engine: Engine) -> Self {
        let fresh = || Cluster::shared().fresh(Some(template(engine).name()));
        let rows = (engine != Engine::Sqlite).then(fresh);
        Self { engine, rows, folder: tempfile::tempdir().unwrap() }
    }

    pub fn is_sqlite(&self) -> bool {
        self.engine == Engine::Sqlite
    }

    /// A folder of the test's own.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// What the setting `database` says.
    pub fn text(&self) -> String {
        match &self.rows {
            Some(rows) if self.engine == Engine::Distributed => rows.serializable_url(),
            Some(rows) => rows.url(),
            None => self.path().join("funfair.db").display().to_string(),
        }
    }

    pub fn location(&self) -> Location {
        Location::from(self.text().as_str())
    }

    /// As one more process opens it.
    pub fn open(&self) -> Arc<dyn Database> {
        let durability = Durability::Normal;
        let config = Config { database: self.location(), durability, ..Config::default() };
        database::open(&config, 2).unwrap()
    }

    /// Changes rows as no server does.
    pub fn write(&self, sql: &str) {
        if let Some(rows) = &self.rows {
            rows.sql(sql);
            return;
        }
        rusqlite::Connection::open(self.text()).unwrap().execute_batch(sql).unwrap();
    }

    /// A number that a question is answered with.
    pub fn number(&self, sql: &str) -> i64 {
        if let Some(rows) = &self.rows {
            return rows.sql(sql).parse().unwrap();
        }
        let connection = rusqlite::Connection::open(self.text()).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// One more with the same rows. Nobody may use this one meanwhile.
    pub fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rows = self.rows.as_ref().map(|rows| Cluster::shared().fresh(Some(rows.name())));
        if rows.is_none() {
            let path = folder.path().join("funfair.db");
            let from = rusqlite::Connection::open(self.text()).unwrap();
            from.execute("VACUUM INTO ?1", [path.to_str().unwrap()]).unwrap();
        }
        Self { engine: self.engine, rows, folder }
    }
}

/// Runs what waits for a database beside a test's async thread, which must not.
pub fn aside<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(run).join()).unwrap_or_else(|panic| {
        std::panic::resume_unwind(panic);
    })
}

fn chosen() -> Engine {
    match env::var("FUNFAIR_TEST_DATABASE").as_deref() {
        Err(_) | Ok("sqlite") => Engine::Sqlite,
        Ok("postgres") => Engine::Postgres,
        Ok("distributed") => Engine::Distributed,
        Ok(other) => panic!("FUNFAIR_TEST_DATABASE={other}: sqlite, postgres or distributed"),
    }
}

/// The schema, made once for the process.
fn template(engine: Engine) -> &'static Rows<'static> {
    static PLAIN: OnceLock<Rows<'static>> = OnceLock::new();
    static SPREAD: OnceLock<Rows<'static>> = OnceLock::new();
    let made = if engine == Engine::Distributed { &SPREAD } else { &PLAIN };
    made.get_or_init(|| {
        let rows = Cluster::shared().fresh(None);
        aside(|| database::migrate(&Location::from(rows.url().as_str()))).unwrap();
        if engine == Engine::Distributed {
            rows.spread();
        }
        rows
    })
}
