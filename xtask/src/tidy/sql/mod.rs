//! SQL that SQLite and PostgreSQL run and a distributed database could: the programme first in every
//! key, nothing that ties rows of different shards together, and locks in one order.

mod locks;

use super::rust_strings::literals;
use super::tree::{Tree, ending};

/// Said in a table's text, with a reason after it, where the rule on keys does not hold.
const EXEMPT: &str = "-- not per programme:";

const SEQUENCE: &str = "a sequence is one row that all shards wait for";
const LOCKS: &str = "locks are rows";
const NOT_EVERYWHERE: &str = "not every engine has it";
const HIDDEN: &str = "what a statement does stands in the statement";

/// Words of a statement, and why they are not in it.
const FORBIDDEN: [(&str, &str); 28] = [
    ("SERIAL", SEQUENCE),
    ("BIGSERIAL", SEQUENCE),
    ("SMALLSERIAL", SEQUENCE),
    ("SEQUENCE", SEQUENCE),
    ("NEXTVAL", SEQUENCE),
    ("AUTOINCREMENT", SEQUENCE),
    ("AS IDENTITY", SEQUENCE),
    ("TRIGGER", HIDDEN),
    ("CREATE FUNCTION", HIDDEN),
    ("CREATE OR REPLACE FUNCTION", HIDDEN),
    ("CREATE PROCEDURE", HIDDEN),
    ("CREATE RULE", HIDDEN),
    ("LANGUAGE", HIDDEN),
    ("DO $$", HIDDEN),
    ("REFERENCES", "a foreign key may cross shards"),
    ("FOREIGN", "a foreign key may cross shards"),
    ("SAVEPOINT", "a batch is retried as a whole"),
    ("PG_ADVISORY_LOCK", LOCKS),
    ("PG_ADVISORY_XACT_LOCK", LOCKS),
    ("PG_TRY_ADVISORY_LOCK", LOCKS),
    ("PG_TRY_ADVISORY_XACT_LOCK", LOCKS),
    ("LOCK TABLE", LOCKS),
    ("SKIP LOCKED", NOT_EVERYWHERE),
    ("NOWAIT", NOT_EVERYWHERE),
    ("LISTEN", NOT_EVERYWHERE),
    ("NOTIFY", NOT_EVERYWHERE),
    ("CTID", NOT_EVERYWHERE),
    (
        "ISOLATION LEVEL SERIALIZABLE",
        "whoever runs the database chooses it; all has to be right on it",
    ),
];

const CHANGES: [&str; 3] = [" INSERT INTO ", " UPDATE ", " DELETE FROM "];

const VERBS: [&str; 10] = [
    "ALTER",
    "BEGIN",
    "CREATE",
    "DELETE",
    "DROP",
    "INSERT",
    "SAVEPOINT",
    "SELECT",
    "UPDATE",
    "WITH",
];

pub fn complaints(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let mut exempt = Vec::new();
    let mut statements = Vec::new();
    for (path, text) in tree.below("server/src") {
        if ending(path) == "sql" {
            statements.extend(split(text).map(|one| (path.to_owned(), one.to_owned())));
        } else if ending(path) == "rs" {
            // A unit test may do to a table what the server may not.
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (line, literal) in literals(text).into_iter().filter(|(_, text)| is_sql(text)) {
                let place = format!("{path}:{line}");
                statements.extend(split(literal).map(|one| (place.clone(), one.to_owned())));
            }
            if text.contains(".savepoint(") {
                found.push(format!("{path}: SAVEPOINT: a batch is retried as a whole"));
            }
        }
    }
    for (place, statement) in &statements {
        let plain = plain(statement);
        let padded = format!(" {plain} ");
        for (word, reason) in FORBIDDEN {
            if padded.contains(&format!(" {word} ")) {
                found.push(format!("{place}: {word}: {reason}"));
            }
        }
        if plain.starts_with("WITH ") && CHANGES.iter().any(|word| padded.contains(word)) {
            found.push(format!("{place}: WITH: a change inside a query is not everywhere"));
        }
        if let Some(table) = created(&plain, "TABLE") {
            if excused(statement) {
                exempt.push(table);
            } else if let Some(fault) = table_fault(&plain) {
                found.push(format!("{place}: {table}: {fault}"));
            }
        }
    }
    for (place, statement) in &statements {
        let plain = plain(statement);
        let Some((index, on)) = plain.split_once(" ON ") else { continue };
        let Some(name) = created(index, "UNIQUE INDEX").or_else(|| created(index, "INDEX")) else {
            continue;
        };
        let table = on.split_whitespace().next().unwrap_or_default();
        if !excused(statement) && !exempt.iter().any(|one| one == table) && !starts_keyed(on) {
            found.push(format!("{place}: {name}: an index starts with `programme`"));
        }
    }
    found.extend(locks::complaints(tree, &statements));
    found
}

/// Every key of a `CREATE TABLE`, whether it stands beside a column or below them.
fn table_fault(plain: &str) -> Option<&'static str> {
    for word in ["PRIMARY KEY", "UNIQUE"] {
        for (at, _) in plain.match_indices(word) {
            let column = plain[..at].rsplit([',', '(']).next().unwrap_or_default().trim();
            let beside_the_programme = column.starts_with("PROGRAMME ");
            if !beside_the_programme && !starts_keyed(&plain[at..]) {
                return Some("a primary or unique key starts with `programme`");
            }
        }
    }
    (!plain.contains("PRIMARY KEY")).then_some("no primary key")
}

/// Whether the first list of columns after here starts with the programme.
fn starts_keyed(after: &str) -> bool {
    let Some((before, list)) = after.split_once('(') else { return false };
    let near = !before.contains(',') && !before.contains(')');
    near && list.trim_start().split([',', ')', ' ']).next() == Some("PROGRAMME")
}

fn created(plain: &str, what: &str) -> Option<String> {
    let rest = plain.strip_prefix("CREATE ")?.strip_prefix(what)?.trim_start();
    let rest = rest.strip_prefix("IF NOT EXISTS").unwrap_or(rest).trim_start();
    Some(rest.split([' ', '(']).next().unwrap_or_default().to_owned())
}

fn excused(statement: &str) -> bool {
    statement.split_once(EXEMPT).is_some_and(|(_, reason)| {
        reason.lines().next().is_some_and(|reason| !reason.trim().is_empty())
    })
}

/// Statements with their comments; a comment before a statement belongs to it. A semicolon in a
/// comment ends nothing.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut ends = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split("--").next().unwrap_or_default();
        ends.extend(code.match_indices(';').map(|(at, _)| offset + at + 1));
        offset += line.len();
    }
    ends.push(text.len());
    let mut start = 0;
    ends.into_iter().filter_map(move |end| {
        let one = text.get(start..end)?;
        start = end;
        (!one.trim().is_empty()).then_some(one)
    })
}

/// Upper case, without comments, one blank between words, brackets standing apart.
fn plain(statement: &str) -> String {
    let code: Vec<&str> =
        statement.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let spaced = code.join(" ").replace("\\n", " ").replace(['\\', ';', '"'], " ");
    let spaced = spaced.replace('(', " ( ").replace(')', " ) ").replace(',', " , ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}

fn is_sql(text: &str) -> bool {
    let plain = plain(text);
    let mut words = plain.split(' ');
    let verb = words.next().is_some_and(|first| VERBS.contains(&first));
    // A sentence that starts with "Select" is no statement; SQL is written in capitals here.
    verb && text.split_whitespace().any(|word| VERBS.contains(&word.trim_matches(';')))
}

#[cfg(test)]
mod tests {
    use super::{Tree, complaints};

    #[track_caller]
    fn check(sql: &str, expected: &[&str]) {
        let found = complaints(&Tree::of(&[("server/src/schema.sql", sql)]));
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} does not contain {expected}");
        }
        let source = format!("const SQL: &str = r#\"{sql}\"#;");
        let found = complaints(&Tree::of(&[("server/src/schema.rs", &source)]));
        assert_eq!(found.len(), expected.len(), "in Rust: {found:#?}");
    }

    #[test]
    fn keys_that_start_with_the_programme_pass() {
        check(
            "CREATE TABLE plays (programme TEXT, id BLOB, PRIMARY KEY (programme, id),\n\
             UNIQUE (programme, key)) WITHOUT ROWID;\n\
             CREATE UNIQUE INDEX once ON plays (programme, id);\n\
             CREATE INDEX seen ON plays (programme, at);\n\
             CREATE TABLE IF NOT EXISTS programmes (programme TEXT PRIMARY KEY)",
            &[],
        );
    }

    #[test]
    fn other_keys_are_found_wherever_they_stand() {
        let starts = "starts with `programme`";
        check("CREATE TABLE a (id BLOB PRIMARY KEY, programme TEXT)", &[starts]);
        check("CREATE TABLE a (programme TEXT, id BLOB, PRIMARY KEY (id, programme))", &[starts]);
        let unique = "CREATE TABLE a (programme TEXT PRIMARY KEY, name TEXT UNIQUE)";
        check(unique, &[starts]);
        check("CREATE UNIQUE INDEX b ON a (id)", &[starts]);
        check("CREATE INDEX b ON a USING btree (id, programme)", &[starts]);
        check("CREATE TABLE a (programme TEXT, id BLOB)", &["no primary key"]);
    }

    #[test]
    fn a_stated_reason_excuses_a_table_and_its_indexes() {
        check(
            "-- not per programme: read before the store is known; small\n\
             CREATE TABLE stores (store TEXT PRIMARY KEY);\n\
             CREATE UNIQUE INDEX by_name ON stores (name);",
            &[],
        );
        check("-- not per programme:\nCREATE TABLE a (b TEXT PRIMARY KEY);", &["starts with"]);
    }

    #[test]
    fn what_ties_shards_together_is_found() {
        let key = "programme TEXT PRIMARY KEY";
        check(&format!("CREATE TABLE a ({key}, n BIGSERIAL)"), &["BIGSERIAL"]);
        check(&format!("CREATE TABLE a ({key}, b TEXT REFERENCES c(d))"), &["REFERENCES"]);
        let identity = "n BIGINT GENERATED ALWAYS AS IDENTITY";
        check(&format!("CREATE TABLE a ({key}, {identity})"), &["AS IDENTITY"]);
        check("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END", &["TRIGGER"]);
        check("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS ''", &["FUNCTION", "LANGUAGE"]);
        check("SELECT nextval('a')", &["NEXTVAL"]);
        check("SELECT a FROM b ORDER BY a FOR UPDATE NOWAIT", &["NOWAIT"]);
        check("BEGIN ISOLATION LEVEL SERIALIZABLE", &["whoever runs the database"]);
        check("WITH a AS (SELECT 1) SELECT n FROM a", &[]);
        let change = "WITH a AS (UPDATE b SET n = 1 RETURNING n) SELECT n FROM a";
        check(change, &["a change inside a query"]);
        check("SELECT PG_ADVISORY_LOCK(1)", &["PG_ADVISORY_LOCK"]);
        check("SELECT a FROM b ORDER BY a FOR UPDATE SKIP LOCKED", &["SKIP LOCKED"]);
        check("INSERT INTO a VALUES (1) ON CONFLICT (programme, id) DO NOTHING", &[]);
    }

    #[test]
    fn a_savepoint_of_the_driver_is_found() {
        let tree = |text| Tree::of(&[("server/src/store.rs", text)]);
        assert_eq!(complaints(&tree("let inner = tx.savepoint()?;")).len(), 1);
        assert!(complaints(&tree("#[cfg(test)]\nlet inner = tx.savepoint()?;")).is_empty());
    }

    #[test]
    fn prose_is_no_statement() {
        let tree = Tree::of(&[("server/src/a.rs", "\"with one trigger , select foreign goods\"")]);
        assert!(complaints(&tree).is_empty());
    }
}
