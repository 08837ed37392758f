//! What stands between a shopper and a play: said, counted down, unlocked.

use crate::coin::{self, MEMBER, Widget, me, problem};
use funfair_kit::{Msg, State, Tree};

const WORDS: &str = r#""label":{"en":"For members who bought tea"}"#;

/// A `me` with something in the way, at a moment.
fn barred(barrier: &str, now_ms: u64) -> Tree {
    let me = me(MEMBER, "c1").replace("\"now_ms\":1", &format!("\"now_ms\":{now_ms}"));
    Tree::parse(&me.replacen('{', &format!("{{\"barrier\":{barrier},"), 1))
}

fn widget(barrier: &str) -> Widget {
    let mut widget = Widget::ready();
    widget.tell(Msg::Me(200, barred(barrier, 1)));
    widget
}

fn passphrase(left: u32) -> String {
    format!(
        r#"{{"type":"passphrase","label":{{"en":"Said in the livestream"}},"attempts_left":{left},"again_at_ms":{}}}"#,
        if left == 0 { "7200000" } else { "null" }
    )
}

#[test]
fn who_is_not_meant_reads_for_whom_it_is_and_presses_in_vain() {
    let mut widget = widget(&format!(r#"{{"type":"not_eligible",{WORDS},"hidden":false}}"#));
    assert_eq!(widget.ui.state(), State::Barred);
    assert_eq!(widget.status(), "For members who bought tea");
    assert!(widget.outline().contains("data-barrier=not_eligible"));
    assert_eq!(widget.press("main"), Vec::<Vec<String>>::new());
}

#[test]
fn what_is_hidden_shows_nothing_at_all() {
    let widget = widget(&format!(r#"{{"type":"not_eligible",{WORDS},"hidden":true}}"#));
    assert_eq!(widget.ui.state(), State::Hidden);
    assert_eq!(
        widget.outline(),
        "div.funfair part=root data-state=hidden data-look=plain lang=en hidden\n"
    );
}

#[test]
fn a_passphrase_is_sent_as_typed_and_a_wrong_one_says_how_many_tries_are_left() {
    let mut widget = widget(&passphrase(5));
    assert_eq!(widget.status(), "Said in the livestream");
    assert!(widget.outline().contains("form.unlock data-do=unlock"), "{}", widget.outline());
    assert_eq!(widget.press("unlock\u{1}"), Vec::<Vec<String>>::new());
    let todo = widget.press("unlock\u{1}open \"tea\"");
    assert_eq!(todo, [["unlock", r#"{"passphrase":"open \"tea\""}"#]]);
    widget.tell(Msg::Unlocked(200, barred(&passphrase(4), 1)));
    assert_eq!(widget.status(), "4 tries left");
    widget.tell(Msg::Unlocked(0, Tree::default()));
    assert_eq!(widget.status(), "Once more");
    widget.tell(Msg::Unlocked(200, Tree::parse(&me(MEMBER, "c1"))));
    assert_eq!(widget.ui.state(), State::Ready);
    assert_eq!(widget.press("main").len(), 4);
}

#[test]
fn without_a_try_left_it_says_when_there_are_some_and_asks_then() {
    let mut widget = widget(&passphrase(0));
    assert!(!widget.outline().contains("form"), "{}", widget.outline());
    assert!(widget.outline().contains("Again in"), "{}", widget.outline());
    assert!(!widget.tell(Msg::Tick).contains(&vec!["get".into(), "me".into(), String::new()]));
    widget.now_ms = 7_200_000;
    assert_eq!(widget.tell(Msg::Tick)[0], ["get", "me", ""]);
}

#[test]
fn between_two_times_of_play_it_counts_down_and_opens_by_itself() {
    for kind in ["resting", "slot_gone"] {
        let mut widget = widget(&format!(r#"{{"type":"{kind}",{WORDS},"opens_at_ms":61001}}"#));
        assert_eq!(widget.ui.state(), State::Barred);
        assert!(widget.outline().contains("role=timer"), "{kind}");
        let todo = widget.tell(Msg::Tick);
        assert_eq!(todo, [["wait", "1000"]], "{kind}");
        widget.now_ms = 61_001;
        let todo = widget.tell(Msg::Tick);
        assert_eq!(widget.ui.state(), State::Ready, "{kind}");
        assert_eq!(todo[0], ["get", "me", ""], "{kind}");
    }
}

#[test]
fn the_last_time_of_play_counts_down_to_nothing() {
    let widget = widget(&format!(r#"{{"type":"slot_gone",{WORDS},"opens_at_ms":null}}"#));
    assert!(!widget.outline().contains("role=timer"));
    assert_eq!(widget.ui.state(), State::Barred);
}

#[test]
fn a_visitor_and_a_member_see_from_the_activity_when_it_rests() {
    let slots = r#""slots":[{"opens_at_ms":0,"closes_at_ms":500,"quantity":null},
        {"opens_at_ms":1000,"closes_at_ms":2000,"quantity":9}],"capabilities""#;
    let activity = coin::ACTIVITY.replace("\"capabilities\"", slots);
    let mut visitor = Widget::new();
    visitor.tell(Msg::Activity(200, Tree::parse(&activity)));
    visitor.tell(Msg::Me(401, Tree::default()));
    assert!(!visitor.outline().contains("data-barrier"));
    visitor.now_ms = 500;
    visitor.tell(Msg::Tick);
    let outline = visitor.outline();
    assert!(outline.contains("data-state=signed-out"), "{outline}");
    assert!(outline.contains("data-barrier=resting"), "{outline}");
    assert!(outline.contains("role=timer"), "{outline}");
    assert_eq!(visitor.press("main"), [["sign-in"]]);

    let mut member = Widget::new();
    member.tell(Msg::Activity(200, Tree::parse(&activity)));
    member.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c1"))));
    assert_eq!(member.ui.state(), State::Ready);
    member.now_ms = 600;
    member.tell(Msg::Tick);
    assert_eq!(member.ui.state(), State::Barred);
    member.now_ms = 1000;
    member.tell(Msg::Tick);
    assert_eq!(member.ui.state(), State::Ready);
}

#[test]
fn a_play_that_meets_a_barrier_shows_it_and_reads_again() {
    let mut widget = Widget::ready();
    let key = widget.play();
    let gone = format!(r#","barrier":{{"type":"slot_gone",{WORDS},"opens_at_ms":9000}}"#);
    let todo = widget.tell(Msg::Reply(409, &key, Tree::parse(&problem("barred", &gone))));
    assert_eq!(todo[..2], [vec!["drop", &key], vec!["get", "me", ""]]);
    assert_eq!(widget.ui.state(), State::Barred);
    assert!(widget.outline().contains("data-barrier=slot_gone"));
    widget.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c2"))));
    assert_eq!(widget.ui.state(), State::Ready);
}

#[test]
fn a_link_is_shared_by_the_shell_and_the_copy_is_said() {
    let mut widget = Widget::ready();
    assert_eq!(widget.press("share\u{1}abc"), [["share", "abc"]]);
    widget.press("copied");
    assert_eq!(widget.status(), "Link copied");
    widget.press("copied\u{1}https://shop.example/?funfair=coin.abc");
    assert_eq!(widget.status(), "https://shop.example/?funfair=coin.abc");
}

#[test]
fn who_has_to_agree_first_has_a_button_by_which_the_store_asks() {
    let barrier = r#"{"type":"consent_required","label":{"en":"How we use your data"},"consent":"privacy-2026"}"#;
    let mut widget = widget(barrier);
    assert_eq!(widget.ui.state(), State::Barred);
    assert_eq!(widget.status(), "How we use your data");
    assert!(widget.outline().contains("data-do=consent"), "{}", widget.outline());
    assert_eq!(widget.press("consent"), [["consent", "privacy-2026"]]);
    widget.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c1"))));
    assert_eq!(widget.ui.state(), State::Ready);
    assert!(!widget.outline().contains("data-do=consent"));
}
