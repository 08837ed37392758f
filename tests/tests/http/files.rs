//! Activity files as careless merchants write them: each fault is named by file, key and cure, and
//! nothing is applied.

use funfair_tests::{Store, spin};
use std::fs;

/// Applies a folder with one good and one bad file, and expects the bad one to be named.
async fn refused(rows: &[(&str, &str, &str, &str)]) {
    let store = Store::open().await;
    let good = include_str!("../../activities/wheel.toml");
    let before = store.ledger().snapshot();
    for (what, from, to, key) in rows {
        let folder = tempfile::tempdir().expect("a folder");
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{what}");
        fs::write(folder.path().join("fine.toml"), good).expect("a file");
        fs::write(folder.path().join("faulty.toml"), bad).expect("a file");
        let said = store.program().apply("acme", folder.path(), &[]).expect_err(what);
        assert!(said.contains("faulty.toml"), "{what}: the file is not named:\n{said}");
        assert!(!said.contains("fine.toml"), "{what}: a file without a fault is named:\n{said}");
        assert!(said.contains(key), "{what}: the key {key} is not named:\n{said}");
        let line = said.lines().find(|line| line.contains(key)).unwrap_or_default();
        let cured = ["add", "give", "write", "remove", "correct", "rename", "use"]
            .iter()
            .any(|cure| line.contains(cure));
        assert!(cured, "{what}: there is no cure:\n{said}");
        store.ledger().snapshot().is_unchanged_since(&before, what);
    }
}

#[tokio::test]
async fn an_activity_file_with_an_unknown_key_is_refused() {
    refused(&[
        ("at the top", "kind = ", "sponsor = \"acme\"\nkind = ", "sponsor"),
        ("in the rules", "free_per_day", "free_per_year", "free_per_year"),
        ("in a prize", "tier = 2", "tier = 2\nodds = 1", "odds"),
        ("in a reward", "amount = 10", "amont = 10", "amont"),
    ])
    .await;
}

#[tokio::test]
async fn an_activity_file_with_a_wrong_value_is_refused() {
    refused(&[
        ("an unknown kind", "\"spin-wheel\"", "\"roulette\"", "kind"),
        ("text for a number", "weight = 40", "weight = \"40\"", "rules.prizes[0].weight"),
        ("a negative weight", "weight = 40", "weight = -40", "rules.prizes[0].weight"),
        ("a date that is none", "2026-01-01T00", "2026-02-31T00", "opens_at"),
        ("an end before the start", "2036-01-01", "2025-01-01", "closes_at"),
        ("two prizes of one id", "id = \"coupon\"", "id = \"post\"", "rules.prizes"),
        ("a reward of nothing", "amount = 10", "amount = 0", "rules.prizes[0]"),
    ])
    .await;
}

#[tokio::test]
async fn an_activity_file_without_what_it_needs_is_refused() {
    let terms = "terms = { en = \"For members.\", zh-CN = \"会员专享。\" }";
    refused(&[
        ("no terms", terms, "", "terms"),
        ("no Chinese title", ", zh-CN = \"转盘\"", "", "title"),
        ("no kind", "kind = \"spin-wheel\"", "", "kind"),
        ("no TOML", "kind = ", "kind : ", "line 2"),
    ])
    .await;
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let store = Store::open().await;
    let folder = tempfile::tempdir().expect("a folder");
    let good = include_str!("../../activities/wheel.toml");
    fs::write(folder.path().join("fresh.toml"), good).expect("a file");
    let before = store.ledger().snapshot();
    let said = store.program().apply("acme", folder.path(), &["--dry-run"]).expect("a good folder");
    assert!(said.contains("fresh"), "what would be applied is told:\n{said}");
    store.ledger().snapshot().is_unchanged_since(&before, "a dry run");
    store.program().apply("acme", folder.path(), &[]).expect("a good folder");
    store.set_state("fresh", "live").await;
    store.shopper("fresh", "first").plays(spin()).await;
}

#[tokio::test]
async fn the_rules_cannot_change_once_members_have_played() {
    let store = Store::open().await;
    store.shopper("wheel", "first").plays(spin()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let good = include_str!("../../activities/wheel.toml");
    let before = store.ledger().snapshot();
    for (what, from, to, key) in [
        ("better odds for the house", "weight = 40", "weight = 1", "rules"),
        ("fewer prizes", "stock = 100000", "stock = 1", "rules"),
        ("an earlier end", "2036-01-01", "2027-01-01", "closes_at"),
    ] {
        fs::write(folder.path().join("wheel.toml"), good.replacen(from, to, 1)).expect("a file");
        let said = store.program().apply("acme", folder.path(), &[]).expect_err(what);
        assert!(said.contains("wheel.toml") && said.contains(key), "{what}:\n{said}");
        store.ledger().snapshot().is_unchanged_since(&before, what);
    }
}
