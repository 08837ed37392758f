//! The face as a reader meets it, in its main states; drawings are one line each.

use funfair_guess_price::{
    Action, Disclosed, GuessPriceFace, Help, HelpState, Link, LinkState, Mark, Stage, Told, View,
    WinView,
};
use funfair_host_api::{Activity, ChancesLeft, Day, Me, Pay, Words, json};
use funfair_kit::{Effects, Moment, Msg, Texts, Tree, Ui};

const ACTIVITY: &str = r#"{"store":"acme","activity":"price","kind":"guess-price",
"title":{"en":"Guess the price","zh-CN":"双11猜价格"},"terms":{"en":"Three tries.","zh-CN":"每人3次。"},
"state":"live","opens_at_ms":0,"closes_at_ms":9000000000000,"zone":"Asia/Shanghai","cutover_hour":0,
"odds":[],"look":"double-11","revision":"r1","key_hash":"ab12cd34","key":null,"capabilities":[],
"slots":[],"preview":{}}"#;

const NOW_MS: u64 = 1_762_800_000_000;

fn mark(cents: u64, told: Told, friend: bool) -> Mark {
    Mark { cents, told, percent: 0, friend }
}

fn view() -> View {
    View {
        chances: ChancesLeft {
            free: 2,
            earned: 0,
            points_each: None,
            paid_left: Some(0),
            affordable: false,
            next_free_at_ms: None,
        },
        label: Words::of(&[("en", "Air fryer"), ("zh-CN", "空气炸锅")]),
        picture: None,
        low_cents: 19_900,
        high_cents: 149_900,
        step_cents: 50,
        win: WinView::Exact {},
        prize: Words::of(&[("en", "¥100 off"), ("zh-CN", "专享100元券")]),
        stage: Stage::Open,
        tries: 3,
        tries_left: 2,
        from_cents: 30_050,
        to_cents: 149_900,
        suggest_cents: vec![89_950, 60_000, 119_950],
        guesses: vec![mark(30_000, Told::Higher, false)],
        helps: Vec::new(),
        asks_left: 2,
        link: None,
        commitment: "bf3ca8d747fc31a3f5827a663f930eed87bd04fd10f0261a14e06de09e1b8c95".into(),
        disclosed: None,
    }
}

fn me(view: View) -> String {
    json::write(&Me {
        member: "m-1".into(),
        view,
        commitment: "c1".into(),
        balance: 1280,
        day: Day::parse("2026-11-11").unwrap(),
        now_ms: NOW_MS,
        barrier: None,
    })
}

fn texts(lang: &str) -> Texts {
    let folder = env!("CARGO_MANIFEST_DIR");
    let read = |path: &str| std::fs::read_to_string(format!("{folder}/{path}")).unwrap();
    let kit = read(&format!("../kit/texts/{lang}.json"));
    let own = read(&format!("texts/{lang}.json"));
    Texts::read(&format!("{},{}", kit.trim_end_matches("}\n"), own.trim_start_matches('{')))
}

fn tell(ui: &mut Ui, msg: Msg<'_>) -> Effects {
    ui.update(msg, Moment { now_ms: NOW_MS, dice: &"0123456789abcdef".repeat(4) })
}

/// An element that has read both answers; without a view, one of a visitor.
fn face(lang: &str, view: Option<View>) -> Ui {
    // Read and written again, so that a field the wire types do not know fails here.
    let activity = json::write(&json::read::<Activity>(ACTIVITY).unwrap());
    let preview = json::write(&self::view());
    let activity = activity.replace("\"preview\":{}", &format!("\"preview\":{preview}"));
    let mut ui = Ui::new(&GuessPriceFace, texts(lang));
    tell(&mut ui, Msg::Activity(200, Tree::parse(&activity)));
    match view {
        Some(view) => tell(&mut ui, Msg::Me(200, Tree::parse(&me(view)))),
        None => tell(&mut ui, Msg::Me(401, Tree::default())),
    };
    ui
}

fn outline(ui: &Ui) -> String {
    ui.view().node().outline()
}

/// What a press sends.
#[track_caller]
fn sent(ui: &mut Ui, name: &str) -> Action {
    let todo = tell(ui, Msg::Press(name)).0;
    let todo = Tree::parse(&todo);
    let play = todo.list().iter().find(|effect| effect.list()[0].as_text() == "play");
    let body = play.expect("a play").list()[2].as_text();
    let action = body.split(",\"client_seed\"").next().unwrap();
    json::read(action.strip_prefix("{\"action\":").unwrap()).unwrap()
}

fn reply(ui: &mut Ui, outcome: &str, after: View) {
    let me = me(after);
    let reply =
        format!(r#"{{"receipt":{{"id":"play_1","outcome":{outcome},"rewards":[]}},"me":{me}}}"#);
    tell(ui, Msg::Reply(200, &"0123456789abcdef".repeat(2), Tree::parse(&reply)));
    tell(ui, Msg::Landed);
}

#[test]
fn ready() {
    insta::assert_snapshot!(outline(&face("en", Some(view()))));
}

#[test]
fn a_visitor() {
    insta::assert_snapshot!(outline(&face("en", None)));
}

#[test]
fn narrowed_by_a_friend_in_chinese() {
    let view = View {
        to_cents: 59_950,
        guesses: vec![mark(30_000, Told::Higher, false), mark(60_000, Told::Lower, true)],
        helps: vec![
            Help { link: "k1".into(), state: HelpState::Done },
            Help { link: "k2".into(), state: HelpState::Open },
        ],
        asks_left: 0,
        ..view()
    };
    insta::assert_snapshot!(outline(&face("zh-CN", Some(view))));
}

#[test]
fn a_friends_link() {
    let link = Link { key: "k9".into(), state: LinkState::Open, suggest_cents: 84_900 };
    insta::assert_snapshot!(outline(&face("en", Some(View { link: Some(link), ..view() }))));
}

#[test]
fn a_friend_has_found_it() {
    let view = View {
        stage: Stage::Collect,
        helps: vec![Help { link: "k1".into(), state: HelpState::Found }],
        asks_left: 0,
        ..view()
    };
    let mut ui = face("ar", Some(view));
    insta::assert_snapshot!(outline(&ui));
    assert_eq!(sent(&mut ui, "collect\u{1}k1"), Action::Collect { link: "k1".into() });
}

#[test]
fn disclosed_after_the_close() {
    let disclosed = Disclosed { answer_cents: 46_900, seal: "9f".repeat(32) };
    let view = View { stage: Stage::Won, disclosed: Some(disclosed), asks_left: 0, ..view() };
    insta::assert_snapshot!(outline(&face("zh-TW", Some(view))));
}

#[test]
fn what_is_typed_is_sent_in_cents() {
    for (typed, guess_cents) in
        [("499", 49_900), ("499.5", 49_950), ("1499.00", 149_900), ("499.999", 49_999)]
    {
        let mut ui = face("en", Some(view()));
        let action = sent(&mut ui, &format!("guess\u{1}{typed}"));
        assert_eq!(action, Action::Guess { guess_cents, pay: Pay::Free });
    }
    let mut ui = face("en", Some(view()));
    assert_eq!(tell(&mut ui, Msg::Press("guess\u{1}a lot")).0, "");
}

#[test]
fn a_guess_for_a_friend_names_the_link() {
    let link = Link { key: "k9".into(), state: LinkState::Open, suggest_cents: 84_900 };
    let mut ui = face("en", Some(View { link: Some(link), ..view() }));
    let action = sent(&mut ui, "help\u{1}300");
    assert_eq!(action, Action::Help { link: "k9".into(), guess_cents: 30_000 });
}

#[test]
fn a_made_link_is_shared_from_the_sheet() {
    let mut ui = face("en", Some(view()));
    assert_eq!(sent(&mut ui, "invite"), Action::Invite {});
    let outcome = r#"{"type":"invited","label":{"en":"Link"},"link":"k7"}"#;
    reply(&mut ui, outcome, View { asks_left: 1, ..view() });
    let said = outline(&ui);
    assert!(said.contains("data-do=share data-value=k7"), "{said}");
}

#[test]
fn a_hint_is_said_and_nothing_is_called_won() {
    let mut ui = face("en", Some(view()));
    sent(&mut ui, "guess\u{1}600");
    let outcome = r#"{"type":"guessed","label":{"en":"Lower"},"guess_cents":60000,"told":"lower","percent":0,"won":false}"#;
    reply(&mut ui, outcome, view());
    let said = outline(&ui);
    assert!(said.contains("\"It costs less than ¥600\"") && !said.contains("sheet.won"), "{said}");
}

#[test]
fn markup_in_a_name_stays_text() {
    let label = Words::of(&[("en", "<img src=x onerror=alert(1)>")]);
    let html = face("en", Some(View { label, ..view() })).view().node().html();
    assert!(!html.contains("<img") && html.contains("&lt;img"), "{html}");
}
