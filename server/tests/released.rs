//! Every schema that was released, with a history in it: this release migrates it, its books are
//! right, plays go on, and servers of the older release could, too.
//!
//! `FUNFAIR_WRITE_RELEASED=1 cargo test -p funfair-server --test released` writes the files of a
//! schema that is not frozen yet; with `FUNFAIR_TEST_DATABASE=postgres` those of PostgreSQL.

mod books;
mod place;

use books::Books;
use funfair_host_api::ActivityState::Live;
use funfair_server::{
    Admin,
    database::{self, Sql, Value},
};
use place::Place;
use std::{fmt::Write, fs, path::PathBuf};

/// A schema's number, its text for SQLite and PostgreSQL, and how many columns later ones added at
/// the ends of its tables.
type Released = (u32, [&'static str; 2], &'static [(&'static str, usize)]);

/// All that were released.
const RELEASED: [Released; 1] = [(
    1,
    [
        include_str!("../src/sqlite/schema/0001.sql"),
        include_str!("../src/postgres/schema/0001.sql"),
    ],
    &[("directory", 1), ("address", 1), ("fact", 1)],
)];

fn file(number: u32, place: &Place) -> PathBuf {
    let kind = if place.is_sqlite() { "sqlite" } else { "postgres" };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/released");
    PathBuf::from(folder).join(format!("{number:04}.{kind}.sql"))
}

#[test]
fn every_released_schema_is_migrated_and_plays_go_on() {
    for (number, schemas, later) in RELEASED {
        let place = Place::blank();
        let path = file(number, &place);
        if std::env::var("FUNFAIR_WRITE_RELEASED").is_ok() {
            let schema = schemas[usize::from(!place.is_sqlite())];
            fs::write(&path, written(number, schema, later)).unwrap();
        }
        place.write(&fs::read_to_string(&path).unwrap_or_else(|_| panic!("{path:?} is not there")));
        let config = funfair_server::Config { database: place.location(), ..Default::default() };
        let Err(error) = database::open(&config, 1) else { panic!("it was opened as it is") };
        assert!(error.to_string().contains("run `funfair migrate`"), "{error}");

        // Two processes at once: one does it, the other waits.
        let migrate = || database::migrate(&place.location()).unwrap();
        let steps = std::thread::scope(|scope| {
            let [one, other] = [scope.spawn(migrate), scope.spawn(migrate)];
            one.join().unwrap() + other.join().unwrap()
        });
        let newest = place.number("SELECT MAX(number) FROM migration");
        assert_eq!(i64::try_from(steps).unwrap(), newest - i64::from(number));
        assert_eq!(migrate(), 0);

        let db = place.open();
        let admin = Admin::new(&*db, None);
        let report = admin.audit(None).unwrap();
        assert!(report.ok, "{report:#?}");
        for check in &report.checks {
            assert!(check.looked > 0, "{} looked at nothing", check.name);
        }
        // A receipt of before, under its key; then one more.
        let open = admin.set_state("acme", "wheel", Live).unwrap();
        let old = db.plays(&open.live.lane, "ann", None, 9).unwrap();
        let first = old.last().unwrap();
        assert_eq!(books::play(&*db, &open.live, &first.key.key).unwrap(), first.receipt);
        books::give(&*db, &open.live, "later", 100);
        books::play(&*db, &open.live, "a-new-key").unwrap();
        assert_eq!(db.plays(&open.live.lane, "ann", None, 9).unwrap().len(), old.len() + 1);
        assert!(admin.audit(None).unwrap().ok);

        // What a server of that release writes is still taken: it knows none of the new columns.
        assert_eq!(place.number("SELECT MAX(oldest) FROM migration"), i64::from(number));
        place.write(
            "INSERT INTO address (programme, member, held, address, at_ms)
             VALUES ('acme', 'ann', 'h', '{}', 1)",
        );
        place.write(
            "INSERT INTO fact (programme, store, id, member, said, result, at_ms)
             VALUES ('acme', 'acme', 'fact:old', 'ann', '{}', '{}', 1)",
        );
        place.write("UPDATE directory SET version = version + 1");
    }
}

/// A database of the schema with a history, as a script.
fn written(number: u32, schema: &str, later: &[(&str, usize)]) -> String {
    let books = Books::kept();
    let mut script = format!(
        "-- A database of schema {number} with a history, as its release wrote it. Never edited: \
         see server/tests/released.rs.\n\n\
         CREATE TABLE migration (\n    number INTEGER NOT NULL, checksum TEXT NOT NULL,\n    \
         oldest INTEGER NOT NULL, PRIMARY KEY (number)\n);\n\n{schema}\nDELETE FROM directory;\n"
    );
    let tables = schema.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
    let mut tables: Vec<_> = tables.map(|table| table.trim_end_matches(" (")).collect();
    tables.push("migration");
    books
        .db
        .reading(&mut |db| {
            for table in &tables {
                let added = later.iter().find(|(name, _)| name == table).map_or(0, |one| one.1);
                insert(db, table, added, number, books.place.is_sqlite(), &mut script)?;
            }
            Ok(())
        })
        .unwrap();
    script
}

fn insert(
    db: &dyn Sql,
    table: &str,
    added: usize,
    number: u32,
    sqlite: bool,
    script: &mut String,
) -> Result<(), funfair_engine::StoreError> {
    let only =
        if table == "migration" { format!("WHERE number <= {number}") } else { String::new() };
    for row in db.query(&format!("SELECT * FROM {table} {only}"), &[])? {
        let shown = |value: &Value| match value {
            Value::Null => "NULL".into(),
            Value::Integer(number) => number.to_string(),
            Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Value::Bytes(bytes) if sqlite => format!("x'{}'", hex(bytes)),
            Value::Bytes(bytes) => format!("'\\x{}'", hex(bytes)),
        };
        let values: Vec<_> = row.0[..row.0.len() - added].iter().map(shown).collect();
        writeln!(script, "INSERT INTO {table} VALUES ({});", values.join(", ")).unwrap();
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
