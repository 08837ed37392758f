//! Every mistake that an activity file can hold above its `[rules]`, and what is said about it: the
//! snapshots read as a list.

use funfair_engine::{Clock, Setup};
use std::fmt::Write;

const FILE: &str = r#"
kind = "spin-wheel"
title = { en = "Wheel", zh-CN = "转盘" }
terms = { en = "For the tests.", zh-CN = "测试用。" }
opens_at = "2026-11-02T00:00:00"
closes_at = "2026-11-07T00:00:00"
[rules]
"#;

/// What is said of the file with these lines in place of its own of the same names.
fn says(list: &mut String, lines: &str) {
    // Days change at four, so that times may cross midnight.
    let clock = Clock::new("Asia/Shanghai", 4).unwrap();
    let mut file: toml::Table = FILE.parse().unwrap();
    file.extend(lines.parse::<toml::Table>().unwrap_or_else(|error| panic!("{lines}: {error}")));
    let faults = Setup::parse(&file.to_string(), &clock).err().unwrap_or_default();
    assert!(!faults.is_empty(), "no fault in {lines}");
    writeln!(list, "{}", lines.trim().replace('\n', "; ")).unwrap();
    for fault in faults {
        assert!(!fault.reason.is_empty() && !fault.cure.is_empty());
        writeln!(list, "    {fault}").unwrap();
    }
}

fn list(mistakes: &[&str]) -> String {
    let mut list = String::new();
    for lines in mistakes {
        says(&mut list, lines);
    }
    list
}

#[test]
fn the_file_itself_is_sound() {
    let clock = Clock::new("Asia/Shanghai", 4).unwrap();
    assert!(Setup::parse(FILE, &clock).is_ok());
}

#[test]
fn of_the_header() {
    insta::assert_snapshot!(list(&[
        "kind = 7",
        "titel = \"Wheel\"",
        "gate = 5",
        "title = { en = \"Wheel\" }",
        "title = \"Wheel\"",
        "terms = { en = \"\", zh-CN = \"测试\" }",
        "opens_at = \"2026-02-30T00:00:00\"",
        "opens_at = \"tomorrow\"",
        "closes_at = \"2026-11-01T00:00:00\"",
        "look = \"neon\"",
        "sponsor = { en = \"Acme\" }",
        "claim = { zh-CN = \"联系客服\" }",
    ]));
}

#[test]
fn of_the_schedule() {
    let slot = |lines: &str| format!("[[schedule.slots]]\n{lines}");
    let two = |other: &str| slot("from = \"20:00\"\nto = \"20:10\"\n") + &slot(other);
    let hourly = |lines: &str| {
        let rest = "from_hour = 8\nto_hour = 20\nminutes = 10";
        let rest = rest.lines().filter(|line| !lines.starts_with(&line[..line.find('=').unwrap()]));
        let rest: Vec<_> = rest.collect();
        format!("[schedule.hourly]\n{}\n{lines}", rest.join("\n"))
    };
    let mistakes = [
        "[schedule]".to_owned(),
        "schedule = { days = [\"mon\"] }".into(),
        "schedule = { weekdays = [\"monday\"] }".into(),
        "schedule = { weekdays = [\"mon\", \"tue\", \"mon\"] }".into(),
        "schedule = { weekdays = [\"sat\"] }".into(),
        slot("from = \"20:00\""),
        slot("from = \"8pm\"\nto = \"20:10\""),
        slot("from = \"20:00\"\nto = \"20:60\""),
        slot("from = \"20:00\"\nto = \"25:00\""),
        slot("from = \"20:00\"\nto = \"20:00\""),
        slot("from = \"22:00\"\nto = \"05:00\""),
        slot("from = \"20:00\"\nto = \"20:10\"\nquantity = 0"),
        two("from = \"20:05\"\nto = \"20:15\""),
        two("from = \"19:00\"\nto = \"02:00\""),
        slot("from = \"23:00\"\nto = \"01:00\"\n") + &slot("from = \"00:30\"\nto = \"02:00\""),
        hourly("from_hour = 24"),
        hourly("to_hour = 30"),
        hourly("minute = 60"),
        hourly("minutes = 0"),
        hourly("minutes = 61"),
        hourly("quantity = 0"),
        hourly("to_hour = 3\nminute = 55"),
        slot("from = \"20:00\"\nto = \"20:10\"\n") + &hourly("minute = 5"),
    ];
    insta::assert_snapshot!(list(&mistakes.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn of_the_audience() {
    let audience = |lines: &str| {
        format!("[audience]\nreason = {{ en = \"Gold only.\", zh-CN = \"金卡专享。\" }}\n{lines}")
    };
    let segment = |lines: &str| audience(&format!("[[audience.segments]]\n{lines}"));
    let mistakes = [
        audience(""),
        audience("visible_to = \"eligible\""),
        audience("visible_to = \"none\""),
        audience("members = \"young\""),
        audience("members = \"new\"\nnew_days = 0"),
        audience("members = \"new\"\nnew_days = 4000"),
        audience("tiers = [\"gold\", \"\"]"),
        audience("tiers = [\"gold\", \"gold\"]"),
        audience("tags = [\"vip\"]\nwithout_tags = [\"vip\"]"),
        audience("tags = [\" \"]"),
        "[audience]\ntiers = [\"gold\"]".to_owned(),
        "[audience]\ntiers = [\"gold\"]\nreason = { en = \"Gold only.\" }".into(),
        segment("fact = \"order.payed\"\nat_least = 1"),
        segment("fact = \"order.paid\""),
        segment("fact = \"order.paid\"\nat_least = 17"),
        segment("fact = \"order.paid\"\nat_most = 16"),
        segment("fact = \"order.paid\"\nat_least = 3\nat_most = 2"),
        segment("fact = \"order.paid\"\nat_least = 1\nwithin_days = 0"),
    ];
    insta::assert_snapshot!(list(&mistakes.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn of_the_gate() {
    let hint = "hint = { en = \"In the live stream.\", zh-CN = \"直播间口播。\" }";
    let gate = |lines: &str| format!("[gate]\n{hint}\n{lines}");
    let mistakes = [
        gate(""),
        gate("passphrase = \"  \""),
        gate("passphrase = \"8888\""),
        gate("passphrase = \"abc\""),
        gate("passphrase = \"12345\"\nattempts_per_day = 20"),
        gate("passphrase = \"福\""),
        gate(&format!("passphrase = \"{}\"", "open sesame ".repeat(6))),
        gate("passphrase = \"open sesame\"\nattempts_per_day = 0"),
        gate("passphrase = \"open sesame\"\nattempts_per_day = 101"),
        gate("passphrase = \"LIVE stream\""),
        gate("passphrase = \"for the tests\""),
        "[gate]\npassphrase = \"open sesame\"".to_owned(),
        "[gate]\npassphrase = \"open sesame\"\nhint = { en = \"In the live stream.\" }".into(),
    ];
    insta::assert_snapshot!(list(&mistakes.iter().map(String::as_str).collect::<Vec<_>>()));
}

#[test]
fn of_consent_and_sharing() {
    let label = "label = { en = \"You agree.\", zh-CN = \"同意。\" }";
    insta::assert_snapshot!(list(&[
        "[consent]",
        "[consent]\nid = \"privacy\"",
        "[consent]\nid = \"privacy\"\nlabel = { en = \"You agree.\" }",
        &format!("[consent]\nid = \"\"\n{label}"),
        &format!("[consent]\nid = \"{}\"\n{label}", "privacy".repeat(10)),
        &format!("[consent]\nid = \"privacy\"\nurl = \"/privacy\"\n{label}"),
        "sharing = true",
        "[sharing]\nweixin = \"no\"",
    ]));
}

#[test]
fn of_chances_and_budget() {
    let earned = |lines: &str| format!("[[chances.earned]]\n{lines}");
    let mistakes = [
        "chances = { free = 1 }".to_owned(),
        "chances = { free_per_day = -1 }".into(),
        "chances = { free_per_day = \"one\" }".into(),
        "chances = { free_per_day = 1001 }".into(),
        "chances = { free_total = 1001 }".into(),
        "chances = { points_each = 0 }".into(),
        "chances = { points_each = 1000000001 }".into(),
        "chances = { bought_per_day = 3 }".into(),
        "chances = { points_each = 20, bought_per_day = 0 }".into(),
        earned("fact = \"order.payed\""),
        earned("count = 1"),
        earned("fact = \"order.paid\"\ncount = 0"),
        earned("fact = \"order.paid\"\ncount = 1001"),
        earned("fact = \"order.paid\"\nper_day = 0"),
        earned("fact = \"order.paid\"\ntotal = 0"),
        earned("fact = \"order.paid\"\nper_day = 3\ntotal = 2"),
        earned("fact = \"order.paid\"\ndays = 0"),
        earned("fact = \"order.paid\"\nat_least_cents = 0"),
        earned("fact = \"order.paid\"\nat_least_seconds = 30"),
        earned("fact = \"item.browsed\"\nat_least_cents = 100"),
        earned("fact = \"order.paid\"\n") + &earned("fact = \"order.paid\"\ncount = 2"),
        "budget = { points = 0 }".into(),
        "budget = { cents = 0 }".into(),
        "budget = { money = 5 }".into(),
    ];
    insta::assert_snapshot!(list(&mistakes.iter().map(String::as_str).collect::<Vec<_>>()));
}
