//! Rows that an older release wrote can still be read: `widgets/<slug>/tests/rows/<version>.json`
//! holds what that release stored. A release without a file writes its own.

use crate::history::{self, History, MEMBERS};
use funfair_engine::{Cx, Dice, Held};
use funfair_host_api::json::Raw;
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

const THIS: &str = env!("CARGO_PKG_VERSION");

#[test]
fn rows_of_every_release_are_still_read() {
    let mut written: Vec<PathBuf> = Vec::new();
    for history in history::all() {
        let mine = folder(history).join(format!("{THIS}.json"));
        if !mine.exists() {
            write(history, &mine);
            written.push(mine);
        }
        for file in fs::read_dir(folder(history)).unwrap() {
            let path = file.unwrap().path();
            let rows: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            check(history, &rows);
        }
    }
    assert!(written.is_empty(), "check these in: {written:?}");
}

/// Old rows take old events, and new code shows and goes on from what comes out.
#[track_caller]
fn check(history: &History, rows: &Value) {
    let slug = history.entry.slug;
    let events: Vec<_> = rows["events"].as_array().unwrap().iter().map(raw).collect();
    let game = &history.running.game;
    let from = |rows: &Value| Held {
        member: text(&rows["member"]),
        shared: text(&rows["shared"]),
        item: (!rows["item"].is_null()).then(|| text(&rows["item"])),
    };
    let after = game.replay(&Held::default(), &events).unwrap();
    let stored = from(&rows["after"]);
    // A newer release may write more than the old one did, never forget what it wrote.
    for (now, then) in [(&after.member, &stored.member), (&after.shared, &stored.shared)] {
        let now = serde_json::from_str(now).unwrap();
        keeps(slug, &now, &serde_json::from_str(then).unwrap());
    }
    let cx = context(history);
    assert!(game.view(&stored, &cx).is_ok(), "{slug}: the old row has no view");
    game.replay(&stored, &events).unwrap();
}

#[track_caller]
fn keeps(slug: &str, now: &Value, then: &Value) {
    match (now, then) {
        (Value::Object(now), Value::Object(then)) => {
            for (key, then) in then {
                keeps(slug, now.get(key).unwrap_or(&Value::Null), then);
            }
        }
        (now, then) => assert_eq!(now, then, "{slug}"),
    }
}

/// This release's rows: one member's season, short enough to read.
fn write(history: &History, path: &Path) {
    let plays = history.plays();
    let mine = plays.iter().filter(|play| play.key.member == MEMBERS[0]).take(24);
    let events: Vec<Raw> =
        mine.flat_map(|play| serde_json::from_str::<Vec<Raw>>(&play.events).unwrap()).collect();
    let after = history.running.game.replay(&Held::default(), &events).unwrap();
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let events: Vec<_> = events.iter().map(|event| value(event.text())).collect();
    let after = json!({
        "member": value(&after.member),
        "shared": value(&after.shared),
        "item": after.item.as_deref().map(value),
    });
    let rows = serde_json::to_string_pretty(&json!({ "events": events, "after": after }));
    fs::create_dir_all(folder(history)).unwrap();
    fs::write(path, rows.unwrap() + "\n").unwrap();
}

fn folder(history: &History) -> PathBuf {
    PathBuf::from(format!("{}/../{}/tests/rows", env!("CARGO_MANIFEST_DIR"), history.entry.slug))
}

fn context(history: &History) -> Cx {
    let running = &history.running;
    let now_ms = history.head().last_ms;
    let dice = Dice::new(running.key.seed("acme", "ada", 0), "a", "r", 0, "s");
    Cx::new(now_ms, running.clock.day(now_ms), dice)
}

fn raw(value: &Value) -> Raw {
    Raw::parse(&text(value)).unwrap()
}

fn text(value: &Value) -> String {
    value.to_string()
}
