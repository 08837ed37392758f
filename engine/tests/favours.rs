//! After the start only changes in members' favour apply, each refused one by its key.

use funfair_engine::{Clock, Favour, MemoryStore, Prize, Running, SecretKey, Setup, story::Booth};
use proptest::prelude::*;

const FILE: &str = r#"
kind = "stall"
title = { en = "The stall", zh-CN = "小摊" }
terms = { en = "For the tests.", zh-CN = "测试用。" }
sponsor = { en = "Acme", zh-CN = "阿克米" }
opens_at = "2026-11-11T00:00:00"
closes_at = "2026-12-12T00:00:00"

[schedule]
weekdays = ["mon", "tue"]
[[schedule.slots]]
from = "20:00"
to = "20:10"
quantity = 100

[audience]
tiers = ["gold"]
reason = { en = "For gold members.", zh-CN = "金卡专享。" }

[gate]
passphrase = "sesame"
attempts_per_day = 5
hint = { en = "In the live stream.", zh-CN = "见直播。" }

[chances]
free_per_day = 2
free_total = 3
points_each = 50
bought_per_day = 4
[[chances.earned]]
fact = "order.paid"
count = 1
at_least_cents = 9900
per_day = 2

[budget]
points = 10000
cents = 500000

[rules]
speed = 3
secret = "the answer"
[[rules.prizes]]
id = "mug"
weight = 3
stock = 10
daily = 2
[[rules.prizes]]
id = "points"
weight = 7
per_member = 1
label = { en = "2 points" }
"#;

fn setup(file: &str) -> Setup {
    Setup::parse(file, &Clock::new("Asia/Shanghai", 0).unwrap()).unwrap()
}

/// The keys that are refused after the file has been changed in one place.
#[track_caller]
fn refused(from: &str, to: &str) -> Vec<String> {
    let changed = FILE.replacen(from, to, 1);
    assert_ne!(changed, FILE, "{from:?} is not in the file");
    let faults = setup(FILE).disfavours(&setup(&changed), Prize::FAVOURS);
    for fault in &faults {
        assert!(fault.reason.contains("after the start"), "{fault}");
        assert!(fault.cure.contains("put it back"), "{fault}");
    }
    faults.into_iter().map(|fault| fault.key).collect()
}

#[test]
fn what_is_in_members_favour_applies() {
    for (from, to) in [
        ("en = \"The stall\"", "en = \"The big stall\""),
        ("en = \"For the tests.\"", "en = \"For the tests, more clearly.\", ar = \"نص\""),
        ("sponsor = { en = \"Acme\", zh-CN = \"阿克米\" }", ""),
        ("opens_at", "look = \"new-year\"\nopens_at"),
        ("2026-12-12", "2026-12-13"),
        ("en = \"For gold members.\"", "en = \"For our gold members.\""),
        ("en = \"In the live stream.\"", "en = \"In tonight's live stream.\""),
        ("attempts_per_day = 5", "attempts_per_day = 6"),
        ("quantity = 100", "quantity = 200"),
        ("quantity = 100", ""),
        ("free_per_day = 2", "free_per_day = 3"),
        ("free_total = 3", "free_total = 4"),
        ("points_each = 50", "points_each = 40"),
        ("bought_per_day = 4", "bought_per_day = 5"),
        ("bought_per_day = 4", ""),
        ("count = 1", "count = 2"),
        ("per_day = 2\n\n[budget]", "per_day = 3\n\n[budget]"),
        ("[budget]", "[[chances.earned]]\nfact = \"order.placed\"\n[budget]"),
        ("points = 10000", "points = 20000"),
        ("cents = 500000", ""),
        ("stock = 10\n", "stock = 11\n"),
        ("stock = 10\n", ""),
        ("daily = 2", "daily = 3"),
        ("per_member = 1", "per_member = 2"),
    ] {
        assert_eq!(refused(from, to), Vec::<String>::new(), "{from:?} → {to:?}");
    }
}

#[test]
fn everything_else_is_refused_by_its_key() {
    for (from, to, key) in [
        ("kind = \"stall\"", "kind = \"booth\"", "kind"),
        ("2026-11-11", "2026-11-10", "opens_at"),
        ("2026-12-12", "2026-12-11", "closes_at"),
        ("weekdays = [\"mon\", \"tue\"]", "weekdays = [\"mon\"]", "schedule.weekdays[1]"),
        ("weekdays = [\"mon\"", "weekdays = [\"wed\"", "schedule.weekdays[0]"),
        ("to = \"20:10\"", "to = \"20:05\"", "schedule.slots[0].to"),
        ("quantity = 100", "quantity = 99", "schedule.slots[0].quantity"),
        ("tiers = [\"gold\"]", "tiers = [\"black\"]", "audience.tiers[0]"),
        ("tiers", "visible_to = \"eligible\"\ntiers", "audience.visible_to"),
        ("sesame", "simsim", "gate.passphrase"),
        ("attempts_per_day = 5", "attempts_per_day = 4", "gate.attempts_per_day"),
        ("free_per_day = 2", "free_per_day = 1", "chances.free_per_day"),
        ("points_each = 50", "points_each = 60", "chances.points_each"),
        ("bought_per_day = 4", "bought_per_day = 3", "chances.bought_per_day"),
        ("order.paid", "order.received", "chances.earned[0].fact"),
        // The line's limits are counted under its name, which says how much it needs.
        ("at_least_cents = 9900", "at_least_cents = 9899", "chances.earned[0].at_least_cents"),
        ("count = 1", "count = 1\ntotal = 9", "chances.earned[0].total"),
        ("points = 10000", "points = 9999", "budget.points"),
        ("speed = 3", "speed = 4", "rules.speed"),
        ("speed = 3", "", "rules.speed"),
        ("speed = 3", "speed = \"3\"", "rules.speed"),
        ("speed = 3", "speed = 3\nslow = true", "rules.slow"),
        ("the answer", "another", "rules.secret"),
        ("weight = 3", "weight = 4", "rules.prizes[0].weight"),
        ("stock = 10\n", "stock = 9\n", "rules.prizes[0].stock"),
        ("daily = 2", "daily = 1", "rules.prizes[0].daily"),
        ("weight = 7", "weight = 7\nstock = 9", "rules.prizes[1].stock"),
        ("per_member = 1", "per_member = 0", "rules.prizes[1].per_member"),
        ("en = \"2 points\"", "en = \"1 point\"", "rules.prizes[1].label.en"),
    ] {
        assert_eq!(refused(from, to), [key], "{from:?} → {to:?}");
    }
}

#[test]
fn sections_and_lines_neither_come_nor_go() {
    let cut = |from: &str, to: &str| {
        let (start, end) = (FILE.find(from).unwrap(), FILE.find(to).unwrap());
        refused(&FILE[start..end], "")
    };
    let gone = cut("[[rules.prizes]]\nid = \"mug\"", "[[rules.prizes]]\nid = \"points\"");
    assert!(gone.contains(&"rules.prizes[1]".into()), "{gone:?}");
    assert_eq!(cut("[schedule]", "[audience]"), ["schedule.slots", "schedule.weekdays"]);
    assert_eq!(cut("[[chances.earned]]", "[budget]"), ["chances.earned[0]"]);
    let more = "[[rules.prizes]]\nid = \"more\"\nweight = 1\n";
    assert_eq!(refused(FILE, &format!("{FILE}{more}")), ["rules.prizes[2]"]);
    let gone = FILE.rfind("[[rules.prizes]]").unwrap();
    assert_eq!(refused(FILE, &FILE[..gone]), ["rules.prizes[1]"]);
}

#[test]
fn a_key_is_refused_whatever_else_is_in_members_favour() {
    let changed = FILE
        .replace("stock = 10\n", "stock = 20\n")
        .replace("free_per_day = 2", "free_per_day = 9")
        .replace("weight = 7", "weight = 8");
    let faults = setup(FILE).disfavours(&setup(&changed), Prize::FAVOURS);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].key, "rules.prizes[1].weight");
}

#[test]
fn a_secret_is_not_told_by_its_refusal() {
    let changed = FILE.replace("the answer", "another").replace("sesame", "simsim");
    for fault in setup(FILE).disfavours(&setup(&changed), &[]) {
        let told = fault.to_string();
        for secret in ["the answer", "another", "sesame", "simsim"] {
            assert!(!told.contains(secret), "{told}");
        }
    }
}

proptest! {
    /// Numbers of the file that may only rise, and one that may only fall: a change applies exactly
    /// when no number went the wrong way, and only those that did are named.
    #[test]
    fn a_change_applies_when_every_number_goes_the_right_way(
        now in prop::collection::vec(1u32..1000, 7),
        then in prop::collection::vec(1u32..1000, 7),
    ) {
        let file = |n: &[u32]| {
            FILE.replace("free_per_day = 2", &format!("free_per_day = {}", n[0]))
                .replace("bought_per_day = 4", &format!("bought_per_day = {}", n[1]))
                .replace("points = 10000", &format!("points = {}", n[2]))
                .replace("stock = 10\n", &format!("stock = {}\n", n[3]))
                .replace("daily = 2", &format!("daily = {}", n[4]))
                .replace("per_member = 1", &format!("per_member = {}", n[5]))
                .replace("points_each = 50", &format!("points_each = {}", n[6]))
        };
        let faults = setup(&file(&now)).disfavours(&setup(&file(&then)), Prize::FAVOURS);
        let keys = [
            "chances.free_per_day", "chances.bought_per_day", "budget.points",
            "rules.prizes[0].stock", "rules.prizes[0].daily", "rules.prizes[1].per_member",
            "chances.points_each",
        ];
        let wrong = |at: usize| if at == 6 { then[at] > now[at] } else { then[at] < now[at] };
        let mut expected: Vec<_> = (0..7).filter(|at| wrong(*at)).map(|at| keys[at]).collect();
        let mut named: Vec<_> = faults.iter().map(|fault| fault.key.as_str()).collect();
        expected.sort_unstable();
        named.sort_unstable();
        prop_assert_eq!(named, expected);
    }

    /// A kind's own numbers are frozen unless the kind says otherwise.
    #[test]
    fn a_number_that_no_list_names_never_changes(was in 0i64..100, is in 0i64..100) {
        let file = |n: i64| FILE.replace("speed = 3", &format!("speed = {n}"));
        let faults = setup(&file(was)).disfavours(&setup(&file(is)), Prize::FAVOURS);
        prop_assert_eq!(faults.is_empty(), was == is);
        let free: &[(&str, Favour)] = &[("/speed", Favour::Any)];
        prop_assert!(setup(&file(was)).disfavours(&setup(&file(is)), free).is_empty());
    }
}

/// The stall of the story under another budget.
fn budgeted(booth: &Booth<'_>, points: u64) -> Running {
    let at = &booth.at;
    let mut setup = at.setup.clone();
    setup.budget.points = Some(points);
    Running {
        lane: at.lane.clone(),
        setup,
        revision: String::new(),
        state: at.state,
        key: SecretKey::new([7; 32]),
        clock: at.clock.clone(),
        game: at.game.clone(),
        points: at.points.clone(),
        chances: at.chances.clone(),
        seal: String::new(),
    }
}

#[test]
fn what_was_raised_is_put_on_top_and_nothing_else_is() {
    let store = MemoryStore::default();
    let booth = Booth::open(&store, "p");
    let top_ups = budgeted(&booth, 150).top_ups(&budgeted(&booth, 100));
    assert_eq!(top_ups.len(), 1, "{top_ups:?}");
    assert!(top_ups[0].key.pool.ends_with("/budget:points"), "{top_ups:?}");
    assert_eq!((top_ups[0].more, top_ups[0].daily), (50, None));
    assert_eq!(budgeted(&booth, 100).top_ups(&budgeted(&booth, 100)), []);
}
