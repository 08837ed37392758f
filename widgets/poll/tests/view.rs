//! The vote as a reader meets it, in its main states, with views that the rules made.

use funfair_engine::{Clock, Cx, Dice, Lane, Rules, Running, SecretKey, Setup, State, erase};
use funfair_host_api::{ActivityState, Me, json};
use funfair_kit::{Ask, Face, Moment, Msg, Texts, Tree, Ui};
use funfair_poll::{
    Accepted, Action, Config, Member, Mine, Poll, PollFace, Refusal, Shared, Status, Tally,
};
use serde_json::{Value, json};

const NOW_MS: u64 = 1_792_468_800_000; // 20 October 2026, noon in Shanghai

/// A vote as it stands, and who looks at it.
struct Scene {
    setup: Setup,
    shared: Shared,
    member: Member,
    over: bool,
}

impl Scene {
    fn new(more: Value) -> Self {
        let clock = Clock::new("Asia/Shanghai", 0).unwrap();
        let mut setup = Setup::parse(include_str!("../example.toml"), &clock).unwrap();
        let Value::Object(more) = more else { panic!("{more}") };
        for (key, value) in more {
            setup.rules[key] = value;
        }
        Self { setup, shared: Shared::default(), member: Member::default(), over: false }
    }

    /// Ballots of everyone, in the order of the options.
    fn counted(mut self, counts: &[u64]) -> Self {
        let ids = ["tea-set", "pour-over", "candle", "flask", "n_1"].map(str::to_owned);
        let counts: Vec<_> = ids.into_iter().zip(counts.iter().copied()).collect();
        let ballots = counts.iter().map(|(_, count)| count).sum();
        self.shared.now = Tally { round: 1, ballots, counts: counts.into_iter().collect() };
        self
    }

    fn voted(mut self, ids: &[&str]) -> Self {
        self.member.round = 1;
        self.member.ballot = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    fn ui(self, lang: &str) -> Ui {
        let mut ui = Ui::new(&PollFace, texts(lang));
        let activity = serde_json::to_string(&self.running().public(NOW_MS)).unwrap();
        tell(&mut ui, Msg::Activity(200, Tree::parse(&activity)));
        tell(&mut ui, Msg::Me(200, Tree::parse(&self.me())));
        ui
    }

    fn running(&self) -> Running {
        let lane = Lane { programme: "p".into(), store: "acme".into(), activity: "stock".into() };
        let state = if self.over { ActivityState::Closed } else { ActivityState::Live };
        let key = SecretKey::new([9; 32]);
        Running::new(lane, self.setup.clone(), state, key, &[erase::<Poll>()]).unwrap()
    }

    fn me(&self) -> String {
        let config: Config = serde_json::from_value(self.setup.rules.clone()).unwrap();
        let day = self.setup.clock().unwrap().day(NOW_MS);
        let dice = Dice::new(SecretKey::new([9; 32]).seed("", "", 0), "", "", 0, "");
        let cx = Cx { over: self.over, ..Cx::new(NOW_MS, day, dice) };
        let state = State { member: &self.member, shared: &self.shared, item: None };
        json::write(&Me {
            member: "m-1".into(),
            view: Poll::view(&config, state, &cx),
            commitment: "c1".into(),
            balance: 1280,
            day,
            now_ms: NOW_MS,
            barrier: None,
        })
    }
}

fn texts(lang: &str) -> Texts {
    let folder = env!("CARGO_MANIFEST_DIR");
    let read = |path: &str| std::fs::read_to_string(format!("{folder}/{path}")).unwrap();
    let kit = read(&format!("../kit/texts/{lang}.json"));
    let own = read(&format!("texts/{lang}.json"));
    Texts::read(&format!("{},{}", kit.trim_end_matches("}\n"), own.trim_start_matches('{')))
}

fn tell(ui: &mut Ui, msg: Msg<'_>) -> String {
    ui.update(msg, Moment { now_ms: NOW_MS, dice: &"0123456789abcdef".repeat(4) }).0
}

/// The face alone: the frame around it is the kit's.
fn outline(ui: &Ui) -> String {
    let text = ui.view().node().outline();
    let start = text.find("div.poll").unwrap();
    let end = text[start..].find("div.note").unwrap();
    text[start..start + end].trim_end().to_owned()
}

#[test]
fn before_the_vote() {
    insta::assert_snapshot!(outline(&Scene::new(json!({})).counted(&[5, 3, 2, 1]).ui("en")));
}

#[test]
fn a_changeable_ballot_with_results_and_proposals_in_chinese() {
    let mut scene = Scene::new(json!({})).counted(&[520, 301, 88, 91, 200]).voted(&["candle"]);
    scene.shared.accepted = vec![Accepted { id: "n_1".into(), text: "竹制茶盘".into() }];
    let mine = |text: &str, status| Mine { item: text.into(), text: text.into(), status };
    scene.member.proposed =
        vec![mine("竹制茶盘", Status::Accepted), mine("柿子礼盒", Status::Pending)];
    insta::assert_snapshot!(outline(&scene.ui("zh-CN")));
}

#[test]
fn a_final_ballot_with_hidden_results_and_rounds() {
    let rounds = json!({ "every": 7, "from": "2026-10-20" });
    let more =
        json!({ "ballot": "once", "results": "hidden", "rounds": rounds, "nominations": null });
    insta::assert_snapshot!(outline(
        &Scene::new(more).counted(&[5, 3, 2, 1]).voted(&["flask"]).ui("en")
    ));
}

#[test]
fn several_of_many_with_one_that_is_full() {
    let mut scene = Scene::new(json!({ "choose": { "least": 2, "most": 3 }, "results": "live" }));
    scene.setup.rules["options"][1]["quota"] = json!(3);
    for option in scene.setup.rules["options"].as_array_mut().unwrap() {
        option["picture"] = json!(null);
    }
    insta::assert_snapshot!(outline(&scene.counted(&[5, 3, 2, 1]).ui("en")));
}

#[test]
fn closed_in_arabic() {
    let mut scene = Scene::new(json!({})).counted(&[5, 3, 2, 1]).voted(&["tea-set"]);
    scene.over = true;
    insta::assert_snapshot!(outline(&scene.ui("ar")));
}

#[test]
fn a_visitor_is_asked_to_sign_in_and_proposes_nothing() {
    let scene = Scene::new(json!({}));
    let mut ui = Ui::new(&PollFace, texts("en"));
    let activity = serde_json::to_string(&scene.running().public(NOW_MS)).unwrap();
    tell(&mut ui, Msg::Activity(200, Tree::parse(&activity)));
    tell(&mut ui, Msg::Me(401, Tree::default()));
    let seen = outline(&ui);
    assert!(seen.contains("\"Sign in\"") && !seen.contains("nominate"), "{seen}");
    assert_eq!(tell(&mut ui, Msg::Press("vote\u{1}candle")), r#"[["sign-in"]]"#);
}

/// Lets the face do something at the example before the first ballot.
fn face<T>(act: impl FnOnce(&funfair_kit::Cx<'_>) -> T) -> T {
    let scene = Scene::new(json!({}));
    let (texts, me) = (texts("en"), Tree::parse(&scene.me()));
    let activity = Tree::parse(&serde_json::to_string(&scene.running().public(NOW_MS)).unwrap());
    act(&funfair_kit::Cx {
        texts: &texts,
        lang: "en",
        activity: &activity,
        view: me.at("view"),
        balance: 0,
        state: funfair_kit::State::Ready,
        outcome: &Tree::default(),
        now_ms: NOW_MS,
    })
}

/// What a press asks for, read by the wire's own reader.
fn asked(name: &str) -> Option<Action> {
    let mut ask = Ask::default();
    face(|cx| PollFace.press(cx, name, &mut ask));
    if ask.action.is_empty() { None } else { Some(json::read(&ask.action).expect(&ask.action)) }
}

#[test]
fn every_refusal_is_said_and_a_newer_one_left_to_its_label() {
    let words = |tag: &str| {
        let refusal = Tree::parse(&format!(r#"{{"type":"{tag}","label":{{"en":"No."}}}}"#));
        face(|cx| PollFace.refusal(cx, &refusal))
    };
    for tag in Refusal::TAGS.iter().filter(|tag| **tag != "unknown") {
        assert_eq!(words(tag), "No.", "{tag}");
    }
    assert_eq!(words("from_the_future"), "");
    assert_eq!(words(""), "");
}

#[test]
fn a_form_asks_for_what_is_chosen_and_an_empty_one_for_nothing() {
    let vote = |ids: &[&str]| {
        Some(Action::Vote { options: ids.iter().map(|id| (*id).to_owned()).collect() })
    };
    assert_eq!(asked("vote\u{1}candle"), vote(&["candle"]));
    assert_eq!(asked("vote\u{1}candle\u{1}flask"), vote(&["candle", "flask"]));
    let text = "\"Tray\" \\ 茶盘".to_owned();
    assert_eq!(asked(&format!("nominate\u{1}{text}")), Some(Action::Nominate { text }));
    for nothing in ["main", "vote", "vote\u{1}", "nominate", "nominate\u{1}", "share\u{1}x"] {
        assert_eq!(asked(nothing), None, "{nothing:?}");
    }
}

#[test]
fn the_thanks_say_the_benefit_first() {
    let scene = Scene::new(json!({})).counted(&[5, 3, 2, 1]).voted(&["candle"]);
    let me = scene.me();
    let mut ui = Scene::new(json!({})).ui("en");
    tell(&mut ui, Msg::Press("vote\u{1}candle"));
    let reply = format!(
        r#"{{"receipt":{{"id":"play_1","outcome":{{"type":"voted","label":{{"en":"Counted"}},"points":10}},
        "rewards":[]}},"me":{me}}}"#
    );
    tell(&mut ui, Msg::Reply(200, &"0123456789abcdef".repeat(2), Tree::parse(&reply)));
    let seen = ui.view().node().outline();
    assert!(seen.contains("10 points, all yours") && seen.contains("your vote counts"), "{seen}");
}

#[test]
fn a_refusal_is_said_in_the_words_that_came_with_it() {
    let mut ui = Scene::new(json!({})).ui("zh-TW");
    tell(&mut ui, Msg::Press("vote\u{1}candle"));
    let refused = r#"{"type":"https://funfair.example/problems/refused","code":"refused",
        "refusal":{"type":"option_full","label":{"en":"Full","zh-TW":"名額已滿"},"option":"candle"}}"#;
    tell(&mut ui, Msg::Reply(409, &"0123456789abcdef".repeat(2), Tree::parse(refused)));
    let seen = ui.view().node().outline();
    assert!(seen.contains("名額已滿"), "{seen}");
}

#[test]
fn markup_in_a_nomination_stays_text() {
    let mut scene = Scene::new(json!({}));
    let text = "<img src=x onerror=alert(1)>".to_owned();
    scene.shared.accepted = vec![Accepted { id: "n_1".into(), text }];
    let html = scene.ui("en").view().node().html();
    assert!(!html.contains("<img src=x") && html.contains("&lt;img"), "{html}");
}
