use crate::table::{Table, plain, refused, with};
use funfair_engine::{Rules, Verdict};
use funfair_poll::{Flaw, Poll, Refusal, Status};
use serde_json::json;

/// The example: two nominations a member, names of 20 characters, six taken up, 50 points.
fn table() -> Table {
    Table::new(with(json!({})))
}

fn status(table: &Table, name: &str) -> Vec<Status> {
    table.view(name).nominations.unwrap().mine.iter().map(|mine| mine.status).collect()
}

#[test]
fn a_nomination_is_seen_by_nobody_but_its_author() {
    let mut table = table();
    let before = table.view("bo");
    table.nominate("ada", "  Bamboo   tray ").unwrap();
    assert_eq!(table.view("bo"), before);
    let mine = table.view("ada").nominations.unwrap();
    assert_eq!((mine.left, mine.mine[0].text.as_str()), (1, "Bamboo tray"));
    assert_eq!(status(&table, "ada"), [Status::Pending]);
    assert_eq!(table.items.len(), 1);
}

#[test]
fn approved_it_is_an_option_and_its_author_is_rewarded() {
    let mut table = table();
    let item = table.nominate("ada", "Bamboo tray").unwrap();
    table.judge(&item, Verdict::Approve).unwrap();
    assert_eq!((status(&table, "ada"), table.points["ada"]), (vec![Status::Accepted], 50));
    assert_eq!(table.items.len(), 0);
    let view = table.view("bo");
    let option = view.options.last().unwrap();
    assert_eq!((option.id.as_str(), option.label.pick("zh-CN")), ("n_1", "Bamboo tray"));
    table.vote("bo", &["n_1"]).unwrap();
    assert_eq!(table.count("n_1"), 1);
}

#[test]
fn rejected_its_author_is_told() {
    let mut table = table();
    let item = table.nominate("ada", "Bamboo tray").unwrap();
    table.judge(&item, Verdict::Reject).unwrap();
    assert_eq!((status(&table, "ada"), table.points.get("ada")), (vec![Status::Declined], None));
    assert_eq!((table.items.len(), table.shared.accepted.len()), (0, 0));
}

#[test]
fn what_nobody_looked_at_lapses_at_the_close() {
    let mut table = table();
    table.nominate("ada", "Bamboo tray").unwrap();
    table.settle();
    assert_eq!(status(&table, "ada"), [Status::Pending]);
    table.close();
    table.settle();
    table.settle();
    assert_eq!((status(&table, "ada"), table.items.len()), (vec![Status::Lapsed], 0));
}

#[test]
fn what_reads_the_same_is_already_there() {
    let mut table = table();
    for name in
        ["tea set FOR four", "盖碗茶具 礼盒", "ｔｅａ set for four", "Tea\u{200d}setforfour"]
    {
        refused(table.nominate("ada", name), "already_there");
    }
    table.nominate("ada", "Bamboo tray").unwrap();
    refused(table.nominate("ada", "BAMBOO tray"), "already_there");
    let item = table.nominate("bo", "bamboo tray").unwrap();
    let first = table.items.keys().find(|key| **key != item).unwrap().clone();
    table.judge(&first, Verdict::Approve).unwrap();
    let fault = table.judge(&item, Verdict::Approve).unwrap_err();
    assert!(fault.reason.contains("among the options") && fault.cure == "reject it");
}

#[test]
fn a_name_is_words_that_can_be_seen_and_lead_nowhere() {
    let mut table = table();
    let mut flaw = |text: &str| {
        let refusal = refused(table.nominate("ada", text), "text_refused");
        let Refusal::TextRefused { flaw, label, .. } = refusal else { unreachable!() };
        (flaw, label.pick("en").to_owned())
    };
    for text in ["", "  ", "\u{200d}"] {
        assert_eq!(flaw(text).0, Flaw::Empty, "{text:?}");
    }
    for text in ["Tray\u{0}", "Tray\nset", "\u{202e}yart", "T\u{200b}ray", "\u{e0041}"] {
        assert_eq!(flaw(text).0, Flaw::Control, "{text:?}");
    }
    for text in [
        "http://a.b",
        "see www.tray.de",
        "tray.com",
        "ｔｒａｙ．ｃｏｍ",
        "买它tray.cn吧",
        "x.shop/1",
    ] {
        let (flaw, said) = flaw(text);
        assert_eq!(flaw, Flaw::Link, "{text:?}");
        assert!(said.contains("Links"), "{said}");
    }
    assert_eq!(flaw("twenty-one characters").0, Flaw::TooLong);
    assert_eq!(flaw(&"🍵".repeat(16)).0, Flaw::TooLong);
    table.nominate("ada", "Dr. Tray No.5 2.5kg").unwrap();
    table.nominate("ada", &"茶".repeat(20)).unwrap();
}

#[test]
fn a_member_nominates_so_often_and_no_more() {
    let mut table = table();
    let item = table.nominate("ada", "Tray").unwrap();
    table.judge(&item, Verdict::Reject).unwrap();
    table.nominate("ada", "Spoon").unwrap();
    let refusal = refused(table.nominate("ada", "Cup"), "nomination_limit");
    assert!(matches!(refusal, Refusal::NominationLimit { limit: 2, .. }));
    assert_eq!(table.view("ada").nominations.unwrap().left, 0);
}

#[test]
fn nothing_more_is_taken_down_once_enough_are_taken_up() {
    let nominations = json!({ "per_member": 1, "max_length": 20, "at_most": 1 });
    let mut table = Table::new(plain(json!({ "nominations": nominations })));
    let first = table.nominate("ada", "Tray").unwrap();
    let second = table.nominate("bo", "Spoon").unwrap();
    table.judge(&first, Verdict::Approve).unwrap();
    let fault = table.judge(&second, Verdict::Approve).unwrap_err();
    assert!(fault.cure.contains("at_most"), "{fault}");
    refused(table.nominate("chen", "Cup"), "nominations_closed");
    assert_eq!(table.view("chen").nominations.unwrap().left, 0);
    let mut without = Table::new(plain(json!({})));
    refused(without.nominate("ada", "Tray"), "nominations_closed");
    assert_eq!(without.view("ada").nominations, None);
}

#[test]
fn after_the_close_nothing_is_taken_up() {
    let mut table = table();
    let item = table.nominate("ada", "Tray").unwrap();
    table.close();
    assert!(table.judge(&item, Verdict::Approve).unwrap_err().reason.contains("over"));
    table.judge(&item, Verdict::Reject).unwrap();
}

#[test]
fn an_offered_nomination_is_new() {
    let mut table = table();
    for _ in 0..2 {
        let offered = Poll::moves(&table.view("ada"));
        table.play("ada", offered.last().unwrap()).unwrap();
    }
    assert!(Poll::moves(&table.view("ada")).iter().all(|action| action.tag() == "vote"));
}
