use crate::until;
use funfair_cluster::Cluster;
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path};

/// A server's database, read by the suite itself.
pub enum Ledger {
    Sqlite(Connection),
    /// By its URL.
    Postgres(String),
}

/// Every row of every table, as text: two are equal only if nothing at all was written between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<String, Vec<String>>);

impl Ledger {
    /// Opens the database at `path`, for reading only.
    pub fn open(path: &Path) -> Self {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        Self::Sqlite(connection.expect("the server's database"))
    }

    /// Reads the database of a PostgreSQL server.
    pub fn of(url: &str) -> Self {
        Self::Postgres(url.into())
    }

    /// Everything in it, of one moment where nobody writes.
    pub fn snapshot(&self) -> Snapshot {
        let names = match self {
            Self::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
            Self::Postgres(_) => {
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
                 AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname"
            }
        };
        let tables = self.rows(names).into_iter().map(|mut row| row.remove(0));
        Snapshot(tables.map(|table| (table.clone(), self.table(&table))).collect())
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> usize {
        self.table(table).len()
    }

    /// The rows of a table that belong to a programme.
    pub fn rows_of(&self, table: &str, programme: &str) -> Vec<String> {
        let rows = self.rows(&format!("SELECT * FROM {table} WHERE programme = '{programme}'"));
        rows.iter().map(|row| row.join("|")).collect()
    }

    /// The stored receipt of a play; its bytes are what the server answers with.
    pub fn receipt(&self, id: &str) -> Option<String> {
        let mut rows = self.rows(&format!("SELECT receipt FROM play WHERE id = '{id}'"));
        rows.pop().map(|mut row| row.remove(0))
    }

    /// All stored receipts of an activity in the order of the plays.
    pub fn receipts(&self, activity: &str) -> Vec<Value> {
        let sql = format!("SELECT receipt FROM play WHERE activity = '{activity}' ORDER BY seq");
        let rows = self.rows(&sql).into_iter();
        rows.map(|row| serde_json::from_str(&row[0]).expect("a receipt is JSON")).collect()
    }

    /// The points of all members together.
    pub fn points(&self) -> i64 {
        let sum = &self.rows("SELECT coalesce(sum(points), 0) FROM purse")[0][0];
        sum.parse().expect("points")
    }

    /// The keys of the activities that are not over, hexadecimal.
    pub fn hidden_keys(&self) -> Vec<String> {
        let hex = match self {
            Self::Sqlite(_) => "lower(hex(key))",
            Self::Postgres(_) => "encode(key, 'hex')",
        };
        let sql = format!("SELECT {hex} FROM activity WHERE state <> 'closed'");
        self.rows(&sql).into_iter().flatten().collect()
    }

    /// Waits until this many plays are stored.
    pub async fn has_plays(&self, count: usize) {
        let what = format!("{count} plays");
        until(&what, || async { (self.count("play") >= count).then_some(()) }).await;
    }

    fn table(&self, name: &str) -> Vec<String> {
        let mut rows: Vec<_> =
            self.rows(&format!("SELECT * FROM {name}")).iter().map(|row| row.join("|")).collect();
        rows.sort();
        rows
    }

    fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        match self {
            Self::Sqlite(connection) => of_sqlite(connection, sql),
            Self::Postgres(url) => of_postgres(url, sql),
        }
    }
}

fn of_sqlite(connection: &Connection, sql: &str) -> Vec<Vec<String>> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        (0..columns).map(|at| row.get_ref(at).map(text)).collect::<Result<Vec<_>, _>>()
    };
    let rows = statement.query_map([], row).expect("rows");
    rows.collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// As JSON, which no value can break out of. Columns stand in the order of their names.
fn of_postgres(url: &str, sql: &str) -> Vec<Vec<String>> {
    let said = Cluster::at(url).sql(None, &format!("SELECT to_json(r) FROM ({sql}) r"));
    let row = |line| {
        let row: BTreeMap<String, Value> = serde_json::from_str(line).expect("a row is JSON");
        let text = |value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        row.into_values().map(text).collect()
    };
    said.lines().map(row).collect()
}

impl Snapshot {
    /// Fails where anything was written since `before`.
    #[track_caller]
    pub fn is_unchanged_since(&self, before: &Self, what: &str) {
        for (table, rows) in &self.0 {
            assert_eq!(Some(rows), before.0.get(table), "{what} left a trace in {table}");
        }
    }
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null".into(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => format!("{bytes:02x?}"),
    }
}
