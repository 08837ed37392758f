//! PostgreSQL's locks: every transaction takes them in one order, and what it found missing it adds
//! so that of two who found nothing one has to start again.

use std::collections::BTreeMap;

use super::super::rust_strings::literals;
use super::super::tree::{Tree, ending};
use super::{created, plain};

const POSTGRES: &str = "server/src/postgres";

/// What a batch writes from what it has read. Operators' commands stand elsewhere: they open a lane
/// or a pool whatever is there.
const WRITES: &str = "server/src/postgres/write.rs";

/// Rows on which a batch decides, in the order in which all of them lock: the table of a lane comes
/// last, since everybody wants it. `play`, `code` and `fact` are never changed, and read unlocked.
const ORDER: [&str; 11] = [
    "play",
    "member_row",
    "item",
    "purse",
    "pool",
    "code",
    "held",
    "profile",
    "fact",
    "orders",
    "lane",
];

/// Where the locking reads of a batch are put together from the parts of one statement.
const QUESTION: &str = "Question = question!(";

pub fn complaints(tree: &Tree, statements: &[(String, String)]) -> Vec<String> {
    let keys = keys(statements);
    let mut found = Vec::new();
    for (place, statement) in statements {
        let plain = plain(statement);
        if plain.contains(" FOR UPDATE") && !sorted(&plain) && !one_row(&plain, &keys) {
            found.push(format!("{place}: FOR UPDATE without ORDER BY: locks have one order"));
        }
        if place.starts_with(WRITES)
            && let Some(table) = upsert(&plain)
            && ORDER.contains(&table.as_str())
        {
            found.push(format!(
                "{place}: {table}: a wanted row is added by a plain INSERT, so that of two who \
                 found none one starts again"
            ));
        }
    }
    for (path, text) in tree.below(POSTGRES).filter(|(path, _)| ending(path) == "rs") {
        found.extend(parts(text).into_iter().map(|fault| format!("{path}: {fault}")));
    }
    found
}

/// Of the statements that a macro puts together: sorted before they lock, and asked in the one order.
fn parts(text: &str) -> Vec<String> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let strings: Vec<&str> = literals(text).into_iter().map(|(_, one)| one).collect();
    let Some(lock) = strings.iter().position(|one| one.trim_start().starts_with("FOR UPDATE"))
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if !strings.iter().any(|one| one.trim_start().starts_with("ORDER BY")) {
        found.push(format!("{}: no part says ORDER BY before", strings[lock].trim()));
    }
    let mut tables = BTreeMap::new();
    for (at, _) in text.match_indices(QUESTION) {
        let name = text[..at].rsplit("const ").next().unwrap_or_default();
        let table = literals(&text[at..]).first().map_or("", |(_, one)| *one);
        tables.insert(name.trim_end_matches([':', ' ']), table);
    }
    let asked = text
        .split_once("const ALL:")
        .and_then(|(_, rest)| rest.split_once(" =\n").or_else(|| rest.split_once(" = ")));
    let asked: Vec<&str> = asked
        .and_then(|(_, list)| list.split_once(';'))
        .map(|(list, _)| list.split([',', '[', ']', '&', '\n']).map(str::trim))
        .into_iter()
        .flatten()
        .filter_map(|name| tables.get(name).copied())
        .collect();
    if asked.len() != tables.len() || asked.is_empty() {
        found.push("`const ALL` lists other reads than there are: their order is not seen".into());
    }
    let rank = |table: &str| ORDER.iter().position(|one| *one == table);
    for pair in asked.windows(2) {
        match (rank(pair[0]), rank(pair[1])) {
            (Some(before), Some(after)) if before <= after => {}
            // A list's codes lie under the lock of its pool.
            _ => found.push(format!(
                "{} is locked before {}: all others take them the other way round",
                pair[0], pair[1]
            )),
        }
    }
    found
}

/// The primary key of each table.
fn keys(statements: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let key = |plain: &str| {
        let (_, list) = plain.split_once("PRIMARY KEY (")?;
        let (list, _) = list.split_once(')')?;
        Some(list.split(',').map(|column| column.trim().to_owned()).collect())
    };
    let table = |(_, statement): &(String, String)| {
        let plain = plain(statement);
        Some((created(&plain, "TABLE")?, key(&plain)?))
    };
    statements.iter().filter_map(table).collect()
}

fn sorted(plain: &str) -> bool {
    plain.split(" FOR UPDATE").next().is_some_and(|before| before.contains(" ORDER BY "))
}

/// Whether a statement names its one row by every column of the key.
fn one_row(plain: &str, keys: &BTreeMap<String, Vec<String>>) -> bool {
    let Some((_, from)) = plain.split_once(" FROM ") else { return false };
    let table = from.split(' ').next().unwrap_or_default();
    let Some(key) = keys.get(table) else { return false };
    let clause = format!(" {from} ");
    let named = |column: &String| clause.contains(&format!(" {column} = $"));
    !clause.contains(" OR ") && !clause.contains(" JOIN ") && key.iter().all(named)
}

/// The table of an INSERT that writes over what is there, or does not say that it is.
fn upsert(plain: &str) -> Option<String> {
    let rest = plain.strip_prefix("INSERT INTO ")?;
    plain.contains(" ON CONFLICT ").then_some(())?;
    Some(rest.split(' ').next()?.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::super::tree::Tree;
    use super::super::complaints;

    const SCHEMA: &str =
        "CREATE TABLE pool (programme TEXT, pool TEXT, PRIMARY KEY (programme, pool))";

    #[track_caller]
    fn check(sql: &str, expected: &[&str]) {
        let source = format!("const SQL: &str = r#\"{sql}\"#;");
        let tree = Tree::of(&[
            ("server/src/postgres/schema/0001.sql", SCHEMA),
            ("server/src/postgres/write.rs", &source),
        ]);
        found(&tree, expected);
    }

    #[track_caller]
    fn found(tree: &Tree, expected: &[&str]) {
        let found = complaints(tree);
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} does not contain {expected}");
        }
    }

    #[test]
    fn many_rows_are_locked_in_an_order() {
        let fault = &["without ORDER BY"];
        check("SELECT remaining FROM pool WHERE programme = $1 FOR UPDATE", fault);
        check("SELECT n FROM pool WHERE programme = $1 OR pool = $2 FOR UPDATE", fault);
        check("SELECT n FROM pool WHERE programme = $1 ORDER BY pool FOR UPDATE", &[]);
        check("SELECT n FROM pool WHERE programme = $1 AND pool = $2 FOR UPDATE", &[]);
    }

    #[test]
    fn a_wanted_row_is_never_upserted() {
        let upsert = "INSERT INTO pool (programme, pool) VALUES ($1, $2)\n\
            ON CONFLICT (programme, pool) DO UPDATE SET remaining = 1";
        check(upsert, &["plain INSERT"]);
        check(&upsert.replace("UPDATE SET remaining = 1", "NOTHING"), &["plain INSERT"]);
        check(&upsert.replace("INTO pool", "INTO identity"), &[]);
        let command = format!("const SQL: &str = \"{upsert}\";");
        found(&Tree::of(&[("server/src/postgres/page.rs", &command)]), &[]);
    }

    const PARTS: &str = r#"
        macro_rules! question { ($t:literal) => { concat!("SELECT a FROM ", $t, " ORDER BY w.n",
            " FOR UPDATE OF t") } }
        const MEMBERS: Question = question!("member_row", "t.state");
        const LANES: Question = question!("lane", "t.seq");
        const ALL: [&Question; 2] = [&MEMBERS, &LANES];
    "#;

    #[track_caller]
    fn check_parts(text: &str, expected: &[&str]) {
        found(&Tree::of(&[("server/src/postgres/read.rs", text)]), expected);
    }

    #[test]
    fn reads_of_a_batch_lock_in_the_one_order() {
        check_parts(PARTS, &[]);
        check_parts(&PARTS.replace(" ORDER BY w.n", ""), &["no part says ORDER BY"]);
        let other = PARTS.replace("[&MEMBERS, &LANES]", "[&LANES, &MEMBERS]");
        check_parts(&other, &["lane is locked before member_row"]);
        check_parts(&PARTS.replace(", &LANES]", "]"), &["their order is not seen"]);
        check_parts(&PARTS.replace("const ALL", "const SOME"), &["their order is not seen"]);
    }
}
