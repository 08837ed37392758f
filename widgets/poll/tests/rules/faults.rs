use crate::table::example;
use funfair_engine::{Clock, Setup, erase};
use funfair_poll::Poll;
use serde_json::{Value, json};

/// The example as a file, with `value` at `place` in its rules and `head` in its header.
fn setup(place: &str, value: Value, head: &str) -> Setup {
    let clock = Clock::new("Asia/Shanghai", 0).unwrap();
    let (top, rules) = include_str!("../../example.toml").split_once("[rules]").unwrap();
    let mut setup = Setup::parse(&format!("{top}\n{head}\n[rules]{rules}"), &clock).unwrap();
    if !place.is_empty() {
        let (parent, field) = place.rsplit_once('/').unwrap();
        let parent = setup.rules.pointer_mut(parent).unwrap();
        match parent {
            Value::Array(list) => list[field.parse::<usize>().unwrap()] = value,
            other => other[field] = value,
        }
    }
    setup
}

fn faults(setup: &Setup) -> Vec<String> {
    let faults = erase::<Poll>().load(setup).err().unwrap_or_default();
    faults.iter().map(ToString::to_string).collect()
}

fn options(count: usize) -> Value {
    let option = |n: usize| {
        let label = json!({ "en": format!("Set {n}"), "zh-CN": format!("礼盒{n}") });
        json!({ "id": format!("set-{n}"), "label": label })
    };
    (0..count).map(option).collect()
}

#[test]
fn the_example_has_no_fault() {
    assert_eq!(faults(&setup("", json!(null), "")), [""; 0]);
}

#[test]
fn every_mistake_is_named_with_its_cure() {
    let chance = json!({ "type": "chance", "count": 1 });
    let long = json!({ "per_member": 1, "max_length": 40, "at_most": 20 });
    let same = json!({ "en": "tea SET for four", "zh-CN": "另一款" });
    let cases = [
        ("/question", json!({ "en": "Which?" })),
        ("/questoin", json!(1)),
        ("/ballot", json!("often")),
        ("/results", json!("never")),
        ("/options", options(1)),
        ("/options", options(25)),
        ("/options/1/id", json!("tea-set")),
        ("/options/1/id", json!("Tea set")),
        ("/options/1/id", json!("n_1")),
        ("/options/1/label", same),
        ("/options/1/label", json!({ "zh-CN": "茶" })),
        ("/options/0/picture", json!("http://pictures.example/a.png")),
        ("/options/0/picture", json!("//pictures.example/a.png")),
        ("/options/0/picture", json!("/\\pictures.example/a.png")),
        ("/options/0/picture", json!(format!("/{}", "a".repeat(300)))),
        ("/options/0/from_cents", json!(32_000)),
        ("/options/2/to_cents", json!(0)),
        ("/options/0/quota", json!(0)),
        ("/choose", json!({ "least": 3, "most": 2 })),
        ("/choose", json!({ "least": 0, "most": 1 })),
        ("/choose", json!({ "least": 1, "most": 5 })),
        ("/rounds", json!({ "every": 0, "from": "2026-10-20" })),
        ("/rounds", json!({ "every": 7, "from": "2026-10-01" })),
        ("/rounds", json!({ "every": 7, "from": "2026-10-21" })),
        ("/rounds", json!({ "every": 7, "from": "soon" })),
        ("/reward", json!({ "type": "points", "amount": 0 })),
        ("/reward", chance.clone()),
        ("/nominations/per_member", json!(0)),
        ("/nominations/max_length", json!(41)),
        ("/nominations/at_most", json!(0)),
        ("/nominations/at_most", json!(21)),
        ("/nominations/reward", json!({ "type": "coupon", "value_cents": 0 })),
        ("/nominations/reward", chance),
    ];
    let mut told = Vec::new();
    for (place, value) in cases {
        let found = faults(&setup(place, value.clone(), ""));
        assert!(!found.is_empty(), "{place} {value}");
        told.push(format!("{place} = {}", short(&value)));
        told.extend(found.iter().map(|fault| format!("    {fault}")));
    }
    // Ids so long that 20 names of 40 characters do not fit beside them.
    let mut tight = setup("/nominations", long, "");
    for (index, option) in tight.rules["options"].as_array_mut().unwrap().iter_mut().enumerate() {
        option["id"] = json!(format!("a-very-long-id-of-opti-{index}"));
    }
    told.push("long ids and names".into());
    told.extend(faults(&tight).iter().map(|fault| format!("    {fault}")));
    let chances = setup("", json!(null), "[chances]\nfree_per_day = 1");
    told.push("[chances]".into());
    told.extend(faults(&chances).iter().map(|fault| format!("    {fault}")));
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("every_mistake", told.join("\n"));
    });
}

#[test]
fn the_fullest_row_that_is_allowed_fits() {
    use funfair_poll::{Accepted, Config, Shared, Tally};
    let mut rules = example();
    rules["nominations"] = json!({ "per_member": 5, "max_length": 40, "at_most": 20 });
    let allowed = {
        let mut setup = setup("", json!(null), "");
        setup.rules = rules.clone();
        faults(&setup)
    };
    assert_eq!(allowed, [""; 0], "four options and twenty nominations in Chinese");
    let config: Config = serde_json::from_value(rules).unwrap();
    for text in ["茶".repeat(40), "\"".repeat(40), "🍵".repeat(30)] {
        let accepted = (1..=20).map(|n| Accepted { id: format!("n_{n}"), text: text.clone() });
        let accepted: Vec<_> = accepted.collect();
        let own = config.options.iter().map(|option| option.id.clone());
        let counts = own.chain(accepted.iter().map(|option| option.id.clone()));
        let counts = counts.map(|id| (id, 999_999_999_999)).collect();
        let now = Tally { round: u32::MAX, ballots: 999_999_999_999, counts };
        let shared = Shared { last: now.clone(), now, accepted };
        let bytes = serde_json::to_string(&shared).unwrap().len();
        assert!(bytes <= 4096, "{bytes}");
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() < 80 {
        text
    } else {
        text.chars().take(77).chain("…".chars()).collect()
    }
}
