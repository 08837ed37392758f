//! The month as a reader meets it, in its main states; drawings are one line each.

use funfair_host_api::{Activity, Day, Me, json};
use funfair_kit::{Effects, Moment, Msg, Texts, Tree, Ui};
use funfair_sign_in_calendar::{
    Action, CalendarFace, Cell, CellState, MakeUp, MakeUpPay, NextBonus, View,
};

const ACTIVITY: &str = r#"{"store":"acme","activity":"signin","kind":"sign-in-calendar",
"title":{"en":"Daily check-in","zh-CN":"每日签到"},"terms":{"en":"Once a day.","zh-CN":"每天一次。"},
"state":"live","opens_at_ms":0,"closes_at_ms":9000000000000,"zone":"Asia/Shanghai","cutover_hour":0,
"odds":[],"look":"double-11","revision":"r1","key_hash":"ab12cd34","key":null,"capabilities":[],"slots":[],
"preview":{}}"#;

const NOW_MS: u64 = 1_762_800_000_000;

fn day(date: u32) -> Day {
    Day::from_date(2026, 11, date).unwrap()
}

/// The 11th of a month begun on the 3rd, with the 6th missed.
fn view() -> View {
    let state = |date| match date {
        1 | 2 => CellState::Outside,
        6 => CellState::Missed,
        11 => CellState::Today,
        12.. => CellState::Ahead,
        _ => CellState::Done,
    };
    let cell = |date| {
        let points = if date < 11 { 0 } else { 10 };
        Cell { day: day(date), state: state(date), points }
    };
    View {
        today: day(11),
        signed_today: false,
        month: day(1),
        days: (1..=30).map(cell).collect(),
        streak: 4,
        next_points: 10,
        bonus: Some(NextBonus { days_left: 3, points: 50, every: 7, label: None }),
        make_up: Some(MakeUp {
            points_each: Some(30),
            affordable: true,
            cards: 0,
            left: 2,
            days: vec![day(6)],
        }),
        next_day_at_ms: NOW_MS + 3_600_000,
    }
}

fn signed() -> View {
    let mut view = View { signed_today: true, streak: 5, ..view() };
    view.days[10].state = CellState::Done;
    view
}

fn me(view: View) -> String {
    json::write(&Me {
        member: "m-1".into(),
        view,
        commitment: "c1".into(),
        balance: 1280,
        day: day(11),
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

fn calendar(lang: &str, view: View) -> Ui {
    // Read and written again, so that a field the wire types do not know fails here.
    let activity = json::write(&json::read::<Activity>(ACTIVITY).unwrap());
    let mut ui = Ui::new(&CalendarFace, texts(lang));
    tell(&mut ui, Msg::Activity(200, Tree::parse(&activity)));
    tell(&mut ui, Msg::Me(200, Tree::parse(&me(view))));
    ui
}

fn outline(ui: &Ui) -> String {
    ui.view().node().outline()
}

fn sign_in(ui: &mut Ui) -> Effects {
    tell(ui, Msg::Press("main"));
    let me = me(signed());
    let reply = format!(
        r#"{{"receipt":{{"id":"play_1","outcome":{{"type":"signed","label":{{"en":"Signed"}},"day":"2026-11-11","streak":5,"points":10,"bonus":0}},
        "rewards":[{{"type":"points","label":{{"en":"10 points"}},"amount":10,"expires_on":"2027-11-11"}}]}},"me":{me}}}"#
    );
    tell(ui, Msg::Reply(200, &"0123456789abcdef".repeat(2), Tree::parse(&reply)))
}

#[test]
fn ready_in_arabic() {
    insta::assert_snapshot!(outline(&calendar("ar", view())));
}

#[test]
fn ready() {
    insta::assert_snapshot!(outline(&calendar("en", view())));
}

#[test]
fn signed_today_in_chinese() {
    insta::assert_snapshot!(outline(&calendar("zh-CN", signed())));
}

#[test]
fn the_check_is_drawn_on_the_day_that_the_receipt_names() {
    let mut ui = calendar("en", view());
    let todo = sign_in(&mut ui);
    assert_eq!(Tree::parse(&todo.0).list()[1].list()[0].as_text(), "draw");
    let moving = outline(&ui);
    let lines: Vec<_> = moving.lines().map(str::trim).collect();
    let today = lines.iter().position(|line| line.contains("aria-current=date")).unwrap();
    assert!(lines[today].starts_with("td.done"), "{}", lines[today]);
    assert!(lines[today + 4].contains("data-move"), "{}", lines[today + 4]);
    tell(&mut ui, Msg::Landed);
    assert!(outline(&ui).contains("\"10 points, all yours\""));
}

#[test]
fn making_up_a_day_asks_first_and_names_its_price() {
    let mut ui = calendar("en", view());
    tell(&mut ui, Msg::Press("2026-11-06"));
    let asked = outline(&ui);
    let sheet = asked.lines().skip_while(|line| !line.contains("div.sheet"));
    insta::assert_snapshot!(sheet.collect::<Vec<_>>().join("\n"));
    let todo = Tree::parse(&tell(&mut ui, Msg::Press("confirm")).0);
    let body = todo.list()[2].list()[2].as_text();
    let action = body.split(",\"client_seed\"").next().unwrap().replace("{\"action\":", "");
    assert_eq!(
        json::read::<Action>(&action),
        Some(Action::MakeUp { day: day(6), pay: MakeUpPay::Points })
    );
}

#[test]
fn a_make_up_card_is_used_before_points() {
    let make_up = view().make_up.map(|make_up| MakeUp { cards: 1, ..make_up });
    let mut ui = calendar("en", View { make_up, ..view() });
    assert!(outline(&ui).contains("make it up with a card"));
    tell(&mut ui, Msg::Press("2026-11-06"));
    assert!(outline(&ui).contains("Use a make-up card"));
    let todo = Tree::parse(&tell(&mut ui, Msg::Press("confirm")).0);
    let body = todo.list()[2].list()[2].as_text();
    assert!(body.starts_with(r#"{"action":{"type":"make_up","day":"2026-11-06","pay":"card"},"#));
}

#[test]
fn every_month_begins_under_its_weekday() {
    for month in 1..=12 {
        for year in [2023, 2024, 2026, 2100] {
            let first = Day::from_date(year, month, 1).unwrap();
            let cells =
                (0..28).map(|n| Cell { day: Day(first.0 + n), state: CellState::Ahead, points: 0 });
            let ui = calendar("en", View { month: first, days: cells.collect(), ..view() });
            let empty = ui.view().0.matches(r#"["td"]"#).count();
            assert_eq!(empty, (first.weekday() as usize + 6) % 7, "{}", first.text());
        }
    }
}
