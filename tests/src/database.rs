//! Which database the suite runs on, and a fresh one for each test.

use crate::{Ledger, Program, files::Files};
use funfair_cluster::{Cluster, Database};
use std::{env, ffi::OsString, path::PathBuf};
use tempfile::TempDir;

/// The variable that says which.
const VARIABLE: &str = "FUNFAIR_TEST_DATABASE";

/// What a server of the suite keeps its rows in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A PostgreSQL as it comes.
    Postgres,
    /// A PostgreSQL that is as near to a distributed engine as one machine gets: every table of a
    /// programme hash-partitioned by it, every transaction serializable, and now and then one that
    /// is told to start again.
    Distributed,
}

/// A database of a test's own; it goes with its owner.
pub enum Rows {
    /// The folder of a file.
    File(TempDir),
    /// In the cluster that all tests share.
    Server(Database<'static>, Engine),
}

/// What takes long to make is made once and copied.
pub enum Template {
    File(Files),
    Server(Database<'static>, Engine),
}

impl Engine {
    /// What the environment asks for; SQLite where it says nothing.
    pub fn chosen() -> Self {
        match env::var(VARIABLE).as_deref() {
            Err(_) | Ok("sqlite") => Self::Sqlite,
            Ok("postgres") => Self::Postgres,
            Ok("distributed") => Self::Distributed,
            Ok(other) => panic!("{VARIABLE}={other}: sqlite, postgres or distributed"),
        }
    }
}

impl Rows {
    /// A database with nothing in it but, for the distributed one, its tables.
    pub fn empty(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::File(tempfile::tempdir().expect("a folder")),
            _ => Self::empty_in(Cluster::shared(), engine),
        }
    }

    /// The same in a cluster of a test's own.
    pub fn empty_in(cluster: &'static Cluster, engine: Engine) -> Self {
        let rows = Self::Server(cluster.fresh(None), engine);
        if let (Self::Server(database, _), Engine::Distributed) = (&rows, engine) {
            let migrated = crate::run(&mut rows.program().command(&["migrate"]));
            migrated.expect("the schema");
            database.spread();
        }
        rows
    }

    /// The database of a PostgreSQL server.
    pub fn server(&self) -> &Database<'static> {
        match self {
            Self::Server(database, _) => database,
            Self::File(_) => panic!("a file has no server"),
        }
    }

    /// What the setting `database` says.
    pub fn location(&self) -> OsString {
        match self {
            Self::File(folder) => file(folder).into(),
            Self::Server(database, Engine::Distributed) => database.serializable_url().into(),
            Self::Server(database, _) => database.url().into(),
        }
    }

    /// The command `funfair` on it.
    pub fn program(&self) -> Program {
        Program::on(&self.location())
    }

    /// Its rows, read by the suite itself.
    pub fn ledger(&self) -> Ledger {
        match self {
            Self::File(folder) => Ledger::open(&file(folder)),
            Self::Server(database, _) => Ledger::of(&database.url()),
        }
    }

    /// Changes rows as no server does. Only while none runs on it, where it is a file.
    pub fn write(&self, sql: &str) {
        match self {
            Self::File(folder) => {
                let connection = rusqlite::Connection::open(file(folder)).expect("the database");
                connection.busy_timeout(crate::PATIENCE).expect("a time-out");
                connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            }
            Self::Server(database, _) => drop(database.sql(sql)),
        }
    }

    /// Copies of this from now on. Nobody may be connected to it any more.
    pub fn into_template(self) -> Template {
        match self {
            Self::File(folder) => Template::File(Files::of(folder.path())),
            Self::Server(database, engine) => Template::Server(database, engine),
        }
    }
}

impl Template {
    pub fn copy(&self) -> Rows {
        match self {
            Self::File(files) => Rows::File(files.copy()),
            Self::Server(database, engine) => {
                Rows::Server(Cluster::shared().fresh(Some(database.name())), *engine)
            }
        }
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("funfair.db")
}
