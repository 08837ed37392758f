//! The hub as a reader meets it; drawings are one line each.

use funfair_host_api::{Listed, json};
use funfair_hub::Hub;
use funfair_kit::{MAIN, Moment, Panel, Texts, Told, Tree};

const NOW_MS: u64 = 1_763_800_000_000;
const HOUR_MS: i64 = 3_600_000;

/// A row of the list; times are hours from now.
fn row(id: &str, state: &str, times: (i64, i64), rest: &str) -> String {
    let at = |hours: i64| NOW_MS.saturating_add_signed(hours * HOUR_MS);
    let (opens, closes) = (at(times.0), at(times.1));
    format!(
        r#"{{"activity":"{id}","kind":"spin-wheel","title":{{"en":"{id}","zh-CN":"转盘"}},"state":"{state}",
        "opens_at_ms":{opens},"closes_at_ms":{closes},"look":"double-11",{rest}}}"#
    )
}

fn barrier(barrier: &str) -> String {
    format!(r#""open":false,"next_at_ms":null,"barrier":{barrier}"#)
}

const OPEN: &str = r#""open":true,"barrier":null,"next_at_ms":null"#;
const NOTHING: &str = r#""open":false,"barrier":null,"next_at_ms":null"#;

fn list() -> String {
    let next = NOW_MS + 5 * 3_600_000;
    let rows = [
        row("over", "closed", (-90, -9), NOTHING),
        row("yesterday", "live", (-90, -1), NOTHING),
        row(
            "vip",
            "live",
            (-9, 900),
            &barrier(r#"{"type":"not_eligible","label":{"en":"For gold members"},"hidden":false}"#),
        ),
        row("paused", "paused", (-9, 900), NOTHING),
        row("done", "live", (-9, 900), NOTHING),
        row("early", "live", (50, 900), NOTHING),
        row(
            "resting",
            "live",
            (-9, 900),
            &barrier(&format!(r#"{{"type":"resting","label":{{}},"opens_at_ms":{next}}}"#)),
        ),
        row(
            "tomorrow",
            "live",
            (-9, 900),
            &format!(r#""open":false,"barrier":null,"next_at_ms":{}"#, next + 1),
        ),
        row(
            "secret",
            "live",
            (-9, 900),
            &barrier(r#"{"type":"passphrase","label":{},"attempts_left":3,"again_at_ms":null}"#),
        ),
        row("ending", "live", (-9, 50), OPEN),
        row("open", "live", (-9, 900), OPEN),
    ];
    format!("[{}]", rows.join(","))
}

fn hub(lang: &str, body: &str) -> Panel {
    // Read and written again, so that a field the wire types do not know fails here.
    let body = json::write(&json::read::<Vec<Listed>>(body).unwrap());
    let folder = env!("CARGO_MANIFEST_DIR");
    let read = |path: &str| std::fs::read_to_string(format!("{folder}/{path}")).unwrap();
    let (kit, own) =
        (read(&format!("../kit/texts/{lang}.json")), read(&format!("texts/{lang}.json")));
    let texts = format!("{},{}", kit.trim_end_matches("}\n"), own.trim_start_matches('{'));
    let mut hub = Panel::new(Box::<Hub>::default(), Texts::read(&texts));
    let moment = Moment { now_ms: NOW_MS, dice: "" };
    // Visitors may read it too.
    let asked = hub.update(Told::Start, moment).0;
    assert_eq!(asked, r#"[["ask","main","/activities","","1"]]"#);
    hub.update(Told::Answer(MAIN, 200, Tree::parse(&body)), moment);
    hub
}

#[test]
fn what_is_open_comes_first_then_what_comes_next() {
    let hub = hub("en", &list());
    let node = hub.view().node();
    let cards = node.kids.iter().find(|kid| kid.tag == "ul").unwrap();
    let key = |card: &funfair_kit::Node| {
        card.attrs.iter().find(|(name, _)| name == "key").unwrap().1.clone()
    };
    let order: Vec<_> = cards.kids.iter().map(key).collect();
    assert_eq!(
        order,
        [
            "ending",
            "open",
            "secret",
            "resting",
            "tomorrow",
            "early",
            "done",
            "paused",
            "vip",
            "yesterday",
            "over"
        ]
    );
}

#[test]
fn every_standing_in_words() {
    insta::assert_snapshot!(hub("en", &list()).view().node().outline());
}

#[test]
fn the_same_in_chinese() {
    let html = hub("zh-CN", &list()).view().node().html();
    for words in ["进行中，还剩 2 天", "口令开启", "下一场 ", "5 小时 1 分钟后再来"]
    {
        assert!(html.contains(words), "{words} is not in {html}");
    }
}

#[test]
fn nothing_is_on() {
    let hub = hub("en", "[]");
    assert_eq!(hub.state(), "empty");
    insta::assert_snapshot!(hub.view().node().outline());
}

#[test]
fn it_is_read_again_when_something_opens() {
    let mut hub = hub("en", &list());
    let told = |hub: &mut Panel, now_ms| hub.update(Told::Tick, Moment { now_ms, dice: "" }).0;
    assert!(!told(&mut hub, NOW_MS + 60_000).contains("ask"));
    assert!(told(&mut hub, NOW_MS + 5 * 3_600_000).contains("/activities"));
}
