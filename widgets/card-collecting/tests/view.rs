//! The shelf as a reader meets it, in its main states; drawings are one line each.

use funfair_card_collecting::{
    Action, CardCollectingFace, Held, Link, LinkKind, LinkState, OwnLink, PotView, View,
};
use funfair_host_api::{Activity, ChancesLeft, Day, Me, Pay, Words, json};
use funfair_kit::{Effects, Moment, Msg, Texts, Tree, Ui};

const NOW_MS: u64 = 1_762_800_000_000;
const HOUR_MS: u64 = 3_600_000;

/// Id, English, Chinese, Arabic, weight.
const CARDS: [(&str, &str, &str, &str, u64); 7] = [
    ("lantern", "Lantern", "灯笼", "الفانوس", 2600),
    ("firecracker", "Firecracker", "爆竹", "المفرقعات", 2300),
    ("knot", "Lucky knot", "中国结", "عقدة الحظ", 1900),
    ("peony", "Peony", "牡丹", "الفاوانيا", 1500),
    ("carp", "Carp", "锦鲤", "سمكة الكارب", 1100),
    ("ingot", "Gold ingot", "元宝", "السبيكة", 400),
    ("wild", "Wildcard", "万能卡", "الجوكر", 200),
];

/// As `GET …/activities/{activity}` tells it.
fn activity() -> String {
    let odds = CARDS.map(|(id, en, zh, ar, weight)| {
        let icon = if id == "wild" { "star" } else { id };
        format!(
            r#"{{"prize":"{id}","label":{{"en":"{en}","zh-CN":"{zh}","ar":"{ar}"}},"tier":1,"weight":{weight},"quantity":null,"daily":null,"per_member":null,"icon":"{icon}","fallback":{}}}"#,
            id == "lantern"
        )
    });
    let text = format!(
        r#"{{"store":"acme","activity":"cards","kind":"card-collecting",
        "title":{{"en":"New Year cards","zh-CN":"新春集卡有礼","ar":"بطاقات العام الجديد"}},
        "terms":{{"en":"Two free draws a day.","zh-CN":"每天免费抽2次。"}},
        "state":"live","opens_at_ms":0,"closes_at_ms":9000000000000,"zone":"Asia/Shanghai","cutover_hour":0,
        "odds":[{}],"look":"new-year","revision":"r1","key_hash":"ab12cd34","key":null,"capabilities":[],"slots":[],
        "preview":{}}}"#,
        odds.join(","),
        json::write(&view([0; 7])),
    );
    // Read and written again, so that a field the wire types do not know fails here.
    json::write(&json::read::<Activity>(&text).unwrap())
}

/// A member with so many of each card.
fn view(counts: [u32; 7]) -> View {
    let cards = CARDS.iter().zip(counts).map(|((id, ..), count)| Held {
        card: (*id).into(),
        count,
        wild: *id == "wild",
    });
    View {
        chances: ChancesLeft {
            free: 2,
            earned: 0,
            points_each: Some(20),
            paid_left: Some(5),
            affordable: true,
            next_free_at_ms: None,
        },
        draws_left: Some(12),
        next_day_at_ms: NOW_MS + 5 * HOUR_MS,
        sure_in: Some(5),
        cards: cards.collect(),
        need: 6,
        have: counts.iter().take(6).map(|count| u32::from(*count > 0)).sum(),
        ready: false,
        prize: None,
        pot: Some(PotView {
            label: Words::of(&[
                ("ar", "888800 نقطة للتقاسم"),
                ("en", "888,800 points to share"),
                ("zh-CN", "瓜分888,800积分"),
            ]),
            amount: 888_800,
            money: false,
            sharers: 1203,
            share: 738,
            at_ms: NOW_MS + 70 * HOUR_MS,
            paid: false,
        }),
        completed: false,
        gives_left: 3,
        gives_note: None,
        asks_left: 3,
        asks_note: None,
        links: Vec::new(),
        link: None,
    }
}

fn link(kind: LinkKind, state: LinkState, can: bool, note: &str) -> Link {
    let note = Words::of(&[("en", note)]);
    Link { item: "k1".into(), kind, card: "carp".into(), state, can, note }
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
fn shelf(lang: &str, view: Option<View>) -> Ui {
    let mut ui = Ui::new(&CardCollectingFace, texts(lang));
    tell(&mut ui, Msg::Activity(200, Tree::parse(&activity())));
    match view {
        Some(view) => tell(&mut ui, Msg::Me(200, Tree::parse(&me(view)))),
        None => tell(&mut ui, Msg::Me(401, Tree::default())),
    };
    ui
}

/// Presses, and is answered with this outcome.
fn answered(ui: &mut Ui, press: &str, outcome: &str, then: View) -> Effects {
    tell(ui, Msg::Press(press));
    let me = me(then);
    let reply =
        format!(r#"{{"receipt":{{"id":"play_1","outcome":{outcome},"rewards":[]}},"me":{me}}}"#);
    tell(ui, Msg::Reply(200, &"0123456789abcdef".repeat(2), Tree::parse(&reply)))
}

/// What a reader meets, down to the folds below.
fn outline(ui: &Ui) -> String {
    ui.view().node().kids[0].outline()
}

#[test]
fn ready() {
    insta::assert_snapshot!(outline(&shelf("en", Some(view([2, 1, 0, 1, 0, 0, 1])))));
}

#[test]
fn a_visitor() {
    insta::assert_snapshot!(outline(&shelf("en", None)));
}

#[test]
fn a_gift_followed_in_chinese() {
    let note = "好友送您一张「锦鲤」";
    let link = Some(link(LinkKind::Gift, LinkState::Open, true, note));
    let view = View { link, ..view([1, 0, 0, 0, 0, 0, 0]) };
    insta::assert_snapshot!(outline(&shelf("zh-CN", Some(view))));
}

#[test]
fn a_new_card_turns_over_and_the_sheet_says_so() {
    let mut ui = shelf("en", Some(view([2, 1, 0, 1, 0, 0, 0])));
    let outcome = r#"{"type":"drawn","label":{"en":"Gold ingot"},"card":"ingot","new":true}"#;
    let todo = answered(&mut ui, "main", outcome, view([2, 1, 0, 1, 0, 1, 0]));
    assert!(todo.0.contains(r#"["draw"]"#), "{}", todo.0);
    assert!(outline(&ui).contains("details.card.drawn"));
    tell(&mut ui, Msg::Landed);
    insta::assert_snapshot!(outline(&ui));
}

#[test]
fn a_card_wrapped_up_is_shared_from_the_sheet() {
    let mut ui = shelf("en", Some(view([2, 1, 0, 1, 0, 0, 0])));
    let own = OwnLink { item: "k1".into(), kind: LinkKind::Gift, card: "lantern".into() };
    let then = View { links: vec![own], ..view([1, 1, 0, 1, 0, 0, 0]) };
    let outcome =
        r#"{"type":"gave","label":{"en":"Lantern is wrapped up."},"card":"lantern","link":"k1"}"#;
    answered(&mut ui, "give\u{1}lantern", outcome, then);
    insta::assert_snapshot!(outline(&ui));
}

#[test]
fn a_whole_set_can_be_handed_in() {
    let view = View { ready: true, ..view([1, 1, 1, 1, 1, 0, 1]) };
    let page = outline(&shelf("en", Some(view)));
    assert!(page.contains("Complete the set") && !page.contains("Draw a card"), "{page}");
}

#[test]
fn a_completed_set_is_celebrated_with_its_share() {
    let view = View { completed: true, ..view([1, 0, 0, 0, 0, 0, 0]) };
    insta::assert_snapshot!(outline(&shelf("ar", Some(view))));
}

#[test]
fn presses_ask_for_the_actions_of_the_wire() {
    let follow = |kind, state| View {
        link: Some(link(kind, state, true, "Hello")),
        ..view([2, 1, 0, 1, 0, 0, 0])
    };
    let key = || String::from("k1");
    for (press, view, action) in [
        ("main", view([0; 7]), Action::Draw { pay: Pay::Free }),
        ("main", View { ready: true, ..view([1; 7]) }, Action::Complete {}),
        ("give\u{1}knot", view([1; 7]), Action::Give { card: "knot".into() }),
        ("ask\u{1}knot", view([0; 7]), Action::Ask { card: "knot".into() }),
        ("take\u{1}k1", follow(LinkKind::Gift, LinkState::Open), Action::Take { gift: key() }),
        ("answer\u{1}k1", follow(LinkKind::Ask, LinkState::Open), Action::Answer { ask: key() }),
        ("take_back\u{1}k1", view([0; 7]), Action::TakeBack { gift: key() }),
        ("collect\u{1}k1", view([0; 7]), Action::Collect { ask: key() }),
    ] {
        let mut ui = shelf("en", Some(view));
        let todo = tell(&mut ui, Msg::Press(press));
        let action = json::write(&action).replace('"', "\\\"");
        assert!(todo.0.contains(&action), "{press}: {} lacks {action}", todo.0);
    }
}

#[test]
fn what_stands_in_the_way_is_said_in_the_words_of_the_answer() {
    let mut ui = shelf("en", Some(view([1; 7])));
    tell(&mut ui, Msg::Press("give\u{1}knot"));
    let refused = r#"{"type":"/problems/refused","code":"refused","refusal":{"type":"limit_reached","label":{"en":"More tomorrow."},"of":"gives","limit":3,"again_at_ms":null}}"#;
    tell(&mut ui, Msg::Reply(409, &"0123456789abcdef".repeat(2), Tree::parse(refused)));
    assert!(outline(&ui).contains("\"More tomorrow.\""), "{}", outline(&ui));
}

#[test]
fn nothing_is_offered_where_today_is_drawn_out() {
    let note = |text| Some(Words::of(&[("en", text)]));
    let view = View {
        draws_left: Some(0),
        gives_left: 0,
        gives_note: note("No gift until tomorrow."),
        asks_left: 0,
        asks_note: note("No ask until tomorrow."),
        ..view([1, 1, 1, 0, 0, 0, 0])
    };
    let page = outline(&shelf("en", Some(view)));
    assert!(page.contains("Enough cards for today. More in 5 h 1 min"), "{page}");
    assert!(page.contains("No gift until tomorrow.") && page.contains("No ask until tomorrow."));
    assert!(page.contains("See you soon") && page.contains("aria-disabled=true"), "{page}");
    assert!(!page.contains("data-do=give") && !page.contains("data-do=ask"), "{page}");
}
