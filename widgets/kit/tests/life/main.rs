//! The life of one element, told by messages: what is sent, kept, said and shown.

mod barrier;
mod coin;

use coin::{MEMBER, Widget, me, problem, reply};
use funfair_kit::{Msg, State, Tree};

#[test]
fn a_play_is_kept_before_it_is_sent_and_dropped_when_it_is_answered() {
    let mut widget = Widget::ready();
    let todo = widget.press("main");
    let names: Vec<_> = todo.iter().map(|effect| effect[0].as_str()).collect();
    assert_eq!(names, ["keep", "note", "play", "note"]);
    assert_eq!(widget.ui.state(), State::Playing);
    let key = todo[0][1].clone();
    assert!(todo[0][2].contains(MEMBER), "{todo:?}");

    let todo = widget.tell(Msg::Reply(200, &key, Tree::parse(&reply("heads"))));
    assert_eq!(todo, [vec!["drop", &key], vec!["draw"]]);
}

#[test]
fn the_result_is_known_before_the_motion_and_said_after_it() {
    let mut widget = Widget::ready();
    let key = widget.play();
    widget.tell(Msg::Reply(200, &key, Tree::parse(&reply("heads"))));
    assert_eq!(widget.ui.state(), State::Playing);
    assert_eq!(widget.status(), "");
    let todo = widget.tell(Msg::Landed);
    assert_eq!(widget.ui.state(), State::Result);
    assert_eq!(widget.status(), "It fell on heads");
    assert!(todo.contains(&vec!["note".into(), "result".into(), "play_1".into()]), "{todo:?}");
    assert!(widget.outline().contains("data-receipt=play_1"));
}

#[test]
fn a_double_click_sends_once() {
    let mut widget = Widget::ready();
    widget.press("main");
    assert_eq!(widget.press("main"), Vec::<Vec<String>>::new());
}

#[test]
fn after_a_lost_answer_and_a_reload_the_same_bytes_go_out_under_the_same_key() {
    let mut widget = Widget::ready();
    let todo = widget.press("main");
    let (kept, sent) = (todo[0].clone(), todo[2].clone());
    widget.tell(Msg::Reply(0, &sent[1], Tree::default()));
    assert_eq!(widget.ui.state(), State::Offline);

    let mut reloaded = Widget::new();
    reloaded.tell(Msg::Found(Tree::parse(&kept[2])));
    let todo = reloaded.load();
    assert_eq!(todo.iter().find(|effect| effect[0] == "play"), Some(&sent));
    let todo = reloaded.tell(Msg::Reply(200, &sent[1], Tree::parse(&reply("heads"))));
    // No motion: the shopper has waited long enough.
    assert_eq!(todo[0], ["drop", &sent[1]]);
    assert_eq!(reloaded.ui.state(), State::Result);
    assert_eq!(reloaded.status(), "It fell on heads");
}

#[test]
fn a_lost_answer_is_asked_for_again_when_the_network_is_back() {
    let mut widget = Widget::ready();
    let sent = widget.press("main")[2].clone();
    widget.tell(Msg::Reply(0, &sent[1], Tree::default()));
    assert_eq!(widget.tell(Msg::Refresh)[0], ["get", "activity", ""]);
    let todo = widget.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c1"))));
    assert_eq!(todo[0], sent);
}

#[test]
fn busy_and_failing_servers_are_asked_again_with_growing_pauses() {
    let mut widget = Widget::ready();
    let key = widget.play();
    let todo = widget.tell(Msg::Reply(503, &key, Tree::parse(&problem("busy", ""))));
    assert_eq!(todo[0], ["note", "error", "busy"]);
    assert_eq!(todo[1], ["wait", "2000"]);
    let todo = widget.tell(Msg::Tick);
    assert_eq!(todo[1], ["get", "me", ""]);
    let todo = widget.tell(Msg::Me(0, Tree::default()));
    assert!(todo.contains(&vec!["wait".into(), "4000".into()]), "{todo:?}");
}

#[test]
fn a_play_that_came_too_often_is_kept_and_goes_out_again_under_its_key() {
    let mut widget = Widget::ready();
    let sent = widget.press("main")[2].clone();
    let late = Tree::parse(&problem("too_many_requests", ""));
    let todo = widget.tell(Msg::Reply(429, &sent[1], late));
    assert_eq!(todo[0], ["note", "error", "too_many_requests"]);
    // The server never asks for a longer pause than one second.
    assert_eq!(todo[1], ["wait", "2000"]);
    assert!(todo.iter().all(|effect| effect[0] != "drop"), "{todo:?}");
    widget.tell(Msg::Tick);
    let todo = widget.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c1"))));
    assert_eq!(todo[0], sent);
}

#[test]
fn a_kept_play_of_another_member_is_dropped_and_never_sent() {
    let mut widget = Widget::new();
    widget.tell(Msg::Found(Tree::parse(r#"{"key":"k1","body":"{}","member":"someone-else"}"#)));
    let todo = widget.load();
    assert!(todo.contains(&vec!["drop".into(), "k1".into()]), "{todo:?}");
    assert!(todo.iter().all(|effect| effect[0] != "play"), "{todo:?}");
    assert_eq!(widget.ui.state(), State::Ready);
}

#[test]
fn another_member_signing_in_while_a_play_is_unanswered_never_sees_its_result() {
    let mut widget = Widget::ready();
    let key = widget.play();
    let todo = widget.tell(Msg::Me(200, Tree::parse(&me("someone-else", "c9"))));
    assert_eq!(todo[0], ["drop", &key]);
    assert_eq!(widget.ui.state(), State::Ready);
    assert_eq!(
        widget.tell(Msg::Reply(200, &key, Tree::parse(&reply("heads")))),
        Vec::<Vec<String>>::new()
    );
    assert_eq!(widget.ui.state(), State::Ready);
}

#[test]
fn an_expired_token_is_renewed_once_and_the_play_goes_out_under_the_same_key() {
    let mut widget = Widget::ready();
    let sent = widget.press("main")[2].clone();
    let todo = widget.tell(Msg::Reply(401, &sent[1], Tree::parse(&problem("token_expired", ""))));
    assert_eq!(todo, [vec!["play", &sent[1], &sent[2], "1"]]);
    widget.tell(Msg::Reply(401, &sent[1], Tree::parse(&problem("token_expired", ""))));
    assert_eq!(widget.ui.state(), State::SignedOut);
    // Still kept: the same member signs in again, and it is answered after all.
    let todo = widget.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c1"))));
    assert_eq!(todo[0], sent);
}

#[test]
fn a_token_that_the_server_does_not_take_is_renewed_once_for_me_too() {
    let mut widget = Widget::new();
    widget.tell(Msg::Activity(200, Tree::parse(coin::ACTIVITY)));
    let todo = widget.tell(Msg::Me(401, Tree::parse(&problem("token_expired", ""))));
    assert_eq!(todo, [["get", "me", "1"]]);
    widget.tell(Msg::Me(401, Tree::parse(&problem("token_expired", ""))));
    assert_eq!(widget.ui.state(), State::SignedOut);
}

#[test]
fn a_token_may_expire_once_more_after_each_play_that_was_taken() {
    let mut widget = Widget::ready();
    let key = widget.play();
    let expired = problem("token_expired", "");
    widget.tell(Msg::Reply(401, &key, Tree::parse(&expired)));
    widget.tell(Msg::Reply(200, &key, Tree::parse(&reply("heads"))));
    widget.tell(Msg::Landed);
    let todo = widget.tell(Msg::Me(401, Tree::parse(&expired)));
    assert_eq!(todo, [["get", "me", "1"]]);
    assert_eq!(widget.ui.state(), State::Result);
}

#[test]
fn an_answer_after_the_sign_out_shows_nothing_and_is_asked_for_when_its_member_is_back() {
    let mut widget = Widget::ready();
    let sent = widget.press("main")[2].clone();
    widget.tell(Msg::Me(401, Tree::default()));
    let todo = widget.tell(Msg::Reply(200, &sent[1], Tree::parse(&reply("heads"))));
    assert_eq!(todo, Vec::<Vec<String>>::new());
    assert_eq!(widget.ui.state(), State::SignedOut);
    assert!(!widget.outline().contains("part=points"), "{}", widget.outline());
    let todo = widget.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c1"))));
    assert_eq!(todo[0], sent);
}

#[test]
fn an_answer_that_is_not_the_backends_leaves_the_play_kept() {
    let page = || Tree::parse("\"\"");
    let others = [
        (200, page()),
        (204, Tree::default()),
        (200, Tree::parse(r#"{"code":0,"data":null}"#)),
        (302, page()),
        (403, page()),
        (404, page()),
        (404, Tree::parse(r#"{"code":"NoSuchBucket"}"#)),
        (408, Tree::default()),
    ];
    for (status, body) in others {
        let mut widget = Widget::ready();
        let sent = widget.press("main")[2].clone();
        let todo = widget.tell(Msg::Reply(status, &sent[1], body));
        assert_eq!(todo[0], ["note", "error", "offline"], "{status}");
        assert!(todo.iter().all(|effect| effect[0] != "drop"), "{status}: {todo:?}");
        assert_eq!(widget.ui.state(), State::Offline, "{status}");
        let todo = widget.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c1"))));
        assert_eq!(todo[0], sent, "{status}");
    }
}

#[test]
fn a_page_in_the_place_of_a_reading_changes_nothing() {
    let mut widget = Widget::ready();
    let before = widget.outline();
    for status in [200, 404] {
        widget.tell(Msg::Activity(status, Tree::parse("\"\"")));
        widget.tell(Msg::Me(status, Tree::parse("\"\"")));
        assert_eq!(widget.outline(), before);
    }
}

#[test]
fn a_page_in_the_place_of_the_first_reading_is_no_answer() {
    for body in [Tree::parse("\"\""), Tree::default()] {
        let mut widget = Widget::new();
        widget.tell(Msg::Activity(200, Tree::parse(coin::ACTIVITY)));
        let todo = widget.tell(Msg::Me(200, body.clone()));
        assert_eq!(todo[..2], [vec!["note", "error", "offline"], vec!["wait", "2000"]]);
        assert_eq!(widget.ui.state(), State::Offline);
        let mut widget = Widget::new();
        widget.tell(Msg::Activity(200, body));
        assert_eq!(widget.ui.state(), State::Offline);
    }
}

#[test]
fn what_is_read_during_the_motion_comes_into_force_when_it_lands() {
    let mut widget = Widget::ready();
    let key = widget.play();
    widget.tell(Msg::Reply(200, &key, Tree::parse(&reply("heads"))));
    let before = widget.outline();
    widget.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c3"))));
    assert_eq!(widget.outline(), before);
    widget.tell(Msg::Landed);
    widget.press("close");
    let sent = widget.press("main");
    assert!(sent[2][2].contains(r#""commitment":"c3""#), "{sent:?}");
}

#[test]
fn a_used_commitment_is_replaced_and_the_action_sent_under_a_new_key() {
    let mut widget = Widget::ready();
    let sent = widget.press("main")[2].clone();
    let used = problem("commitment_used", r#","commitment":"c2""#);
    let todo = widget.tell(Msg::Reply(409, &sent[1], Tree::parse(&used)));
    assert_eq!(todo, [vec!["drop", &sent[1]], vec!["get", "me", ""]]);
    let todo = widget.tell(Msg::Me(200, Tree::parse(&me(MEMBER, "c2"))));
    let again = todo.iter().find(|effect| effect[0] == "play").unwrap();
    assert_ne!(again[1], sent[1]);
    assert!(again[2].starts_with(r#"{"action":{"type":"toss"},"client_seed":""#), "{again:?}");
    assert!(again[2].contains(r#""commitment":"c2""#), "{again:?}");
}

#[test]
fn a_commitment_that_another_members_token_met_is_not_sent_again() {
    let mut widget = Widget::ready();
    let key = widget.play();
    widget.tell(Msg::Reply(
        409,
        &key,
        Tree::parse(&problem("commitment_used", r#","commitment":"c2""#)),
    ));
    let todo = widget.tell(Msg::Me(200, Tree::parse(&me("somebody-else", "c2"))));
    assert!(!todo.iter().any(|effect| effect[0] == "play"), "{todo:?}");
    assert_eq!(widget.ui.state(), State::Ready);
}

#[test]
fn a_changed_activity_is_shown_and_the_shopper_asked_again() {
    let mut widget = Widget::ready();
    let key = widget.play();
    let activity = coin::ACTIVITY.replace("\"r1\"", "\"r2\"");
    let changed = problem("revision_changed", &format!(",\"activity\":{activity}"));
    let todo = widget.tell(Msg::Reply(409, &key, Tree::parse(&changed)));
    assert_eq!(todo[0], ["drop", &key]);
    assert_eq!(todo[1], ["get", "me", ""]);
    assert_eq!(widget.status(), "It has changed; nothing was charged");
    let sent = widget.press("main");
    assert!(sent[2][2].contains(r#""revision":"r2""#), "{sent:?}");
}

#[test]
fn a_refusal_says_why_and_leaves_the_button_working() {
    let mut widget = Widget::ready();
    let key = widget.play();
    let refusal = r#","refusal":{"type":"none_left","label":{"en":"No toss left"}}"#;
    widget.tell(Msg::Reply(409, &key, Tree::parse(&problem("refused", refusal))));
    assert_eq!(widget.ui.state(), State::Refused);
    assert_eq!(widget.status(), "No toss left");
    assert_eq!(widget.press("main").len(), 4);
}

#[test]
fn a_reward_that_the_headline_does_not_name_is_named_below_it() {
    let rewards = r#""rewards":[{"type":"benefit","label":{"en":"heads"}},
        {"type":"points","label":{"en":"Daily points"}},
        {"type":"chance","label":{"en":"One spin of the wheel"}}]"#;
    let mut widget = Widget::ready();
    let key = widget.play();
    let reply = reply("heads").replace(r#""rewards":[]"#, rewards);
    widget.tell(Msg::Reply(200, &key, Tree::parse(&reply)));
    widget.tell(Msg::Landed);
    let outline = widget.outline();
    assert!(outline.contains("\"One spin of the wheel\""), "{outline}");
    assert!(!outline.contains("\"heads\"") && !outline.contains("Daily points"), "{outline}");
}

#[test]
fn an_outcome_that_is_newer_than_this_is_shown_by_its_label() {
    let mut widget = Widget::ready();
    let key = widget.play();
    widget.tell(Msg::Reply(200, &key, Tree::parse(&reply("edge"))));
    widget.tell(Msg::Landed);
    assert_eq!(widget.status(), "edge");
}

#[test]
fn a_problem_that_repeating_does_not_cure_drops_the_play_and_names_its_code() {
    let mut widget = Widget::ready();
    let key = widget.play();
    let todo =
        widget.tell(Msg::Reply(422, &key, Tree::parse(&problem("idempotency_key_reused", ""))));
    assert_eq!(todo[0], ["drop", &key]);
    assert_eq!(todo[1], ["note", "error", "idempotency_key_reused"]);
    assert_eq!(widget.ui.state(), State::Error);
    assert!(widget.outline().contains("\"idempotency_key_reused\""));
}

#[test]
fn a_visitor_sees_the_preview_and_is_asked_to_sign_in() {
    let mut widget = Widget::new();
    widget.tell(Msg::Activity(200, Tree::parse(coin::ACTIVITY)));
    widget.tell(Msg::Me(401, Tree::default()));
    assert_eq!(widget.ui.state(), State::SignedOut);
    assert_eq!(widget.press("main"), [["sign-in"]]);
}

#[test]
fn it_opens_by_the_servers_clock_and_closes_by_it() {
    let mut widget = Widget::new();
    let activity = coin::ACTIVITY.replace("\"opens_at_ms\":0", "\"opens_at_ms\":5000000");
    widget.tell(Msg::Activity(200, Tree::parse(&activity)));
    // The device's clock is far behind; the server says it is 4,999,000.
    widget.tell(Msg::Me(
        200,
        Tree::parse(&me(MEMBER, "c1").replace("\"now_ms\":1", "\"now_ms\":4999000")),
    ));
    assert_eq!(widget.ui.state(), State::Early);
    widget.now_ms += 1000;
    widget.tell(Msg::Tick);
    assert_eq!(widget.ui.state(), State::Ready);
    widget.now_ms += 9_000_000_000_000;
    widget.tell(Msg::Tick);
    assert_eq!(widget.ui.state(), State::Closed);
}

#[test]
fn a_question_comes_before_a_play_that_has_one() {
    let mut widget = Widget::ready();
    assert_eq!(widget.press("dear"), Vec::<Vec<String>>::new());
    assert!(widget.outline().contains("\"Toss for 50 points?\""));
    assert_eq!(widget.press("close"), Vec::<Vec<String>>::new());
    assert!(!widget.outline().contains("dialog"));
    widget.press("dear");
    assert_eq!(widget.press("confirm").len(), 4);
}

#[test]
fn when_nothing_can_be_read_it_is_offline_and_tries_again() {
    let mut widget = Widget::new();
    widget.tell(Msg::Activity(0, Tree::default()));
    assert_eq!(widget.ui.state(), State::Offline);
    widget.load();
    assert_eq!(widget.ui.state(), State::Ready);
}

#[test]
fn an_unknown_activity_is_an_error_with_its_code() {
    let mut widget = Widget::new();
    let todo = widget.tell(Msg::Activity(404, Tree::parse(&problem("activity_unknown", ""))));
    assert_eq!(todo[0], ["note", "error", "activity_unknown"]);
    assert_eq!(widget.ui.state(), State::Error);
}
