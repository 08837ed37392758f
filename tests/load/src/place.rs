//! Where databases lie: files beside the build, or a PostgreSQL server of the run's own.

use anyhow::{Context, Result};
use funfair_cluster::{Cluster, Options};
use funfair_server::{database::Location, sqlite::Durability};
use rusqlite::Connection;
use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};
use tempfile::TempDir;

/// Where a run makes its databases.
pub enum Place {
    /// Files in a folder on the disk that holds the build: a temporary folder may lie in memory,
    /// which syncs nothing.
    Sqlite(TempDir),
    /// A server with its log of writes on the disk, as a shop runs it; pgbench is run on the same.
    Postgres(Box<Cluster>),
}

/// What a PostgreSQL server of a shop's size is given, beside its defaults: memory, and room for
/// the log of writes, so that no checkpoint is forced upon a run of seconds.
const POSTGRES: [(&str, &str); 5] = [
    ("shared_buffers", "1GB"),
    ("wal_compression", "lz4"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "15min"),
    ("max_connections", "300"),
];

/// One database.
#[derive(Clone, Debug)]
pub struct At {
    location: Location,
    durability: Durability,
}

impl Place {
    /// Files below this folder.
    pub fn sqlite(folder: &std::path::Path) -> Result<Self> {
        Ok(Self::Sqlite(tempfile::tempdir_in(folder)?))
    }

    /// Databases of a PostgreSQL server of this run's own.
    pub fn postgres() -> Self {
        let settings = POSTGRES.map(|(name, value)| (name.into(), value.into())).into();
        Self::Postgres(Box::new(Cluster::start(&Options {
            fsync: true,
            settings,
            ..Options::default()
        })))
    }

    /// As figures name it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// A folder on the disk that its databases lie on.
    pub fn folder(&self) -> PathBuf {
        match self {
            Self::Sqlite(folder) => folder.path().into(),
            Self::Postgres(cluster) => cluster.data(),
        }
    }

    /// A database that does not exist yet, or is empty.
    pub fn empty(&self, name: &str) -> At {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("{}_{}", name.replace('-', "_"), MADE.fetch_add(1, Ordering::Relaxed));
        let location = match self {
            Self::Sqlite(folder) => Location::Sqlite(folder.path().join(name + ".db")),
            Self::Postgres(cluster) => Location::Postgres(cluster.create(&name)),
        };
        At { location, durability: Durability::Full }
    }

    /// A copy of a database that nobody has open.
    pub fn copy(&self, of: &At) -> Result<At> {
        let copy = self.empty("run");
        match (self, &of.location, &copy.location) {
            (_, Location::Sqlite(from), Location::Sqlite(to)) => {
                // What stands in the log beside the file would not be copied.
                self.settle(of)?;
                fs::copy(from, to)?;
                self.settle(&copy)?;
            }
            (Self::Postgres(cluster), Location::Postgres(from), Location::Postgres(to)) => {
                let (from, to) = (database(from)?, database(to)?);
                cluster.as_ref().drop(to);
                cluster.create_from(from, to);
                cluster.sql(None, "CHECKPOINT");
            }
            _ => anyhow::bail!("a copy is made on the same kind of database"),
        }
        Ok(copy)
    }

    /// Writes back what a database was filled with: what lies in the cache when a run begins would be
    /// written during it. A server tidies such tables by itself, some minutes later.
    pub fn settle(&self, at: &At) -> Result<()> {
        match (self, &at.location) {
            (_, Location::Sqlite(path)) => {
                let all = "PRAGMA wal_checkpoint(TRUNCATE)";
                Connection::open(path)?.query_row(all, [], |_| Ok(()))?;
                fs::File::open(path)?.sync_all()?;
            }
            (Self::Postgres(cluster), Location::Postgres(url)) => {
                cluster.sql(Some(database(url)?), "VACUUM (ANALYZE)");
                cluster.sql(None, "CHECKPOINT");
            }
            _ => anyhow::bail!("another place's database"),
        }
        Ok(())
    }

    /// Reads what lies scattered through once, as members who play do: a server that has been up for
    /// a day holds it in memory. Of `play` the indexes alone, its rows are only added to.
    pub fn warm(&self, at: &At, tables: &[&str]) -> Result<()> {
        match self {
            Self::Sqlite(_) => {
                let indexes = "SELECT name FROM sqlite_schema
                     WHERE type = 'index' AND tbl_name = 'play' ORDER BY name";
                let scattered = tables.iter().filter(|table| **table != "play");
                let mut trees: Vec<_> = scattered.map(|table| (*table).to_owned()).collect();
                for index in self.words(at, indexes)? {
                    trees.push(format!("play INDEXED BY {index}"));
                }
                for tree in trees {
                    self.number(at, &format!("SELECT count(*) FROM {tree}"))?;
                }
            }
            Self::Postgres(_) => {
                let names = tables.join("', '");
                self.script(at, "CREATE EXTENSION pg_prewarm")?;
                self.number(
                    at,
                    &format!(
                        "SELECT sum(pg_prewarm(c.oid, 'read')) FROM pg_class c
                         LEFT JOIN pg_index i ON i.indexrelid = c.oid
                         JOIN pg_class t ON t.oid = coalesce(i.indrelid, c.oid)
                         WHERE t.relname IN ('{names}') AND (c.relkind = 'i' OR c.relname <> 'play')
                         AND c.relkind IN ('r', 'i')"
                    ),
                )?;
            }
        }
        Ok(())
    }

    /// A number that a database answers with. The text is the same for both.
    pub fn number(&self, at: &At, sql: &str) -> Result<i64> {
        match (self, &at.location) {
            (_, Location::Sqlite(path)) => {
                Connection::open(path)?.query_row(sql, [], |row| row.get(0)).context(sql.to_owned())
            }
            (Self::Postgres(cluster), Location::Postgres(url)) => {
                let said = cluster.sql(Some(database(url)?), sql);
                said.trim().parse().with_context(|| format!("{sql}: {said}"))
            }
            _ => anyhow::bail!("another place's database"),
        }
    }

    /// Words that a database answers with, one a row.
    pub fn words(&self, at: &At, sql: &str) -> Result<Vec<String>> {
        match (self, &at.location) {
            (_, Location::Sqlite(path)) => {
                let db = Connection::open(path)?;
                let mut asked = db.prepare(sql)?;
                let words = asked.query_map([], |row| row.get(0))?;
                Ok(words.collect::<Result<_, _>>()?)
            }
            (Self::Postgres(cluster), Location::Postgres(url)) => {
                let said = cluster.sql(Some(database(url)?), sql);
                Ok(said.lines().map(str::to_owned).collect())
            }
            _ => anyhow::bail!("another place's database"),
        }
    }

    /// Runs statements on a database, all on one connection.
    pub fn script(&self, at: &At, sql: &str) -> Result<()> {
        match (self, &at.location) {
            (_, Location::Sqlite(path)) => {
                let db = Connection::open(path)?;
                // What is filled in may be lost with the power: it would be filled in again.
                db.pragma_update(None, "synchronous", "off")?;
                db.execute_batch(&format!("BEGIN; {sql}; COMMIT")).context(sql.to_owned())?;
            }
            (Self::Postgres(cluster), Location::Postgres(url)) => {
                cluster.sql(Some(database(url)?), &format!("SET synchronous_commit = off; {sql}"));
            }
            _ => anyhow::bail!("another place's database"),
        }
        Ok(())
    }

    /// The columns of a table, in their order.
    pub fn columns(&self, at: &At, table: &str) -> Result<Vec<String>> {
        let sql = match self {
            Self::Sqlite(_) => format!("SELECT name FROM pragma_table_info('{table}')"),
            Self::Postgres(_) => format!(
                "SELECT column_name FROM information_schema.columns
                 WHERE table_name = '{table}' AND table_schema = 'public' ORDER BY ordinal_position"
            ),
        };
        self.words(at, &sql)
    }

    /// Gives a database's room back.
    pub fn remove(&self, at: &At) -> Result<()> {
        if let (Self::Postgres(cluster), Location::Postgres(url)) = (self, &at.location) {
            cluster.as_ref().drop(database(url)?);
        }
        if let Location::Sqlite(path) = &at.location {
            for ending in ["", "-wal", "-shm"] {
                let mut name = path.clone().into_os_string();
                name.push(ending);
                match fs::remove_file(PathBuf::from(name)) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

impl At {
    /// As a server is told of it.
    pub fn location(&self) -> Location {
        self.location.clone()
    }

    /// How durable its commits are.
    pub fn durability(&self) -> Durability {
        self.durability
    }

    /// The same database, with commits that the next power loss may take: for setting it up.
    #[must_use]
    pub fn hasty(&self) -> Self {
        let location = match &self.location {
            Location::Postgres(url) => {
                Location::Postgres(format!("{url}?options=-c%20synchronous_commit%3Doff"))
            }
            sqlite @ Location::Sqlite(_) => sqlite.clone(),
        };
        Self { location, durability: Durability::Normal }
    }

    /// As the setting `database` has it.
    pub fn setting(&self) -> String {
        match &self.location {
            Location::Sqlite(path) => path.display().to_string(),
            Location::Postgres(url) => url.clone(),
        }
    }
}

/// The database's name in its address.
fn database(url: &str) -> Result<&str> {
    let (_, name) = url.rsplit_once('/').context("an address")?;
    Ok(name.split('?').next().unwrap_or_default())
}
