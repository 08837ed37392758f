use crate::table::{Table, config, example, plain, refused, with};
use funfair_engine::Rules;
use funfair_host_api::Words;
use funfair_poll::{Action, Outcome, Poll, Refusal, report};
use serde_json::json;

#[test]
fn a_member_has_one_ballot() {
    let mut table = Table::new(plain(json!({})));
    table.vote("ada", &["a"]).unwrap();
    let refusal = refused(table.vote("ada", &["b"]), "already_voted");
    assert!(matches!(refusal, Refusal::AlreadyVoted { next: None, .. }));
    assert_eq!((table.count("a"), table.count("b"), table.shared.now.ballots), (1, 0, 1));
    assert!(!table.view("ada").can_vote);
}

#[test]
fn a_ballot_names_as_many_options_as_it_may() {
    let mut table = Table::new(plain(json!({ "choose": { "least": 2, "most": 3 } })));
    let refusal = refused(table.vote("ada", &["a"]), "wrong_number");
    assert!(matches!(refusal, Refusal::WrongNumber { least: 2, most: 3, .. }));
    refused(table.vote("ada", &["a", "b", "c", "d"]), "wrong_number");
    refused(table.vote("ada", &[]), "wrong_number");
    table.vote("ada", &["c", "a"]).unwrap();
    assert_eq!(table.members["ada"].ballot, ["a", "c"], "in the order of the options");
    assert_eq!(table.shared.now.ballots, 1);
}

#[test]
fn an_option_is_named_once_and_has_to_be_there() {
    let mut table = Table::new(plain(json!({ "choose": { "least": 1, "most": 2 } })));
    refused(table.vote("ada", &["a", "a"]), "no_such_option");
    refused(table.vote("ada", &["e"]), "no_such_option");
    assert_eq!(table.shared.now.ballots, 0);
}

#[test]
fn a_changed_ballot_moves_its_counts() {
    let choose = json!({ "least": 1, "most": 2 });
    let mut table = Table::new(plain(json!({ "choose": choose, "ballot": "changeable" })));
    table.vote("ada", &["a", "b"]).unwrap();
    table.vote("bo", &["b"]).unwrap();
    let event = table.vote("ada", &["b", "c"]).unwrap();
    assert!(matches!(Poll::outcome(&[event]), Outcome::Changed { .. }));
    assert_eq!(["a", "b", "c"].map(|id| table.count(id)), [0, 2, 1]);
    assert_eq!(table.shared.now.ballots, 2, "a changed ballot is counted once");
}

#[test]
fn a_full_option_is_refused_and_shown_as_full() {
    let mut rules = serde_json::to_value(plain(json!({ "ballot": "changeable" }))).unwrap();
    rules["options"][0]["quota"] = json!(1);
    let mut table = Table::new(config(rules));
    table.vote("ada", &["a"]).unwrap();
    let refusal = refused(table.vote("bo", &["a"]), "option_full");
    assert!(matches!(refusal, Refusal::OptionFull { option, .. } if option == "a"));
    assert!(table.view("bo").options[0].full);
    assert!(!table.view("ada").options[0].full, "whose place it is keeps it");
    let offered = Poll::moves(&table.view("bo"));
    assert!(!offered.contains(&Action::Vote { options: vec!["a".into()] }));
    table.vote("ada", &["a"]).unwrap();

    table.vote("ada", &["b"]).unwrap();
    assert!(!table.view("bo").options[0].full, "changing away frees the place");
    table.vote("bo", &["a"]).unwrap();
    refused(table.vote("ada", &["a"]), "option_full");
}

#[test]
fn nothing_is_offered_where_too_few_options_are_left() {
    let mut rules = serde_json::to_value(plain(json!({}))).unwrap();
    for option in rules["options"].as_array_mut().unwrap() {
        option["quota"] = json!(1);
    }
    rules["choose"] = json!({ "least": 3, "most": 3 });
    let mut table = Table::new(config(rules));
    table.vote("ada", &["a", "b", "c"]).unwrap();
    let view = table.view("bo");
    assert!(!view.can_vote && !view.voted);
    assert_eq!(Poll::moves(&view), []);
}

#[test]
fn the_reward_comes_with_the_first_ballot_only() {
    let mut table = Table::new(with(json!({})));
    assert_eq!(table.view("ada").gift.unwrap().points, 10);
    let event = table.vote("ada", &["candle"]).unwrap();
    assert!(matches!(Poll::outcome(&[event]), Outcome::Voted { points: 10, .. }));
    assert_eq!(table.view("ada").gift, None);
    table.vote("ada", &["flask"]).unwrap();
    assert_eq!(table.points["ada"], 10);
}

#[test]
fn a_ballot_counts_where_the_budget_is_used_up() {
    let mut table = Table::new(with(json!({})));
    table.budget = Some(15);
    table.vote("ada", &["candle"]).unwrap();
    let event = table.vote("bo", &["candle"]).unwrap();
    assert!(matches!(Poll::outcome(&[event]), Outcome::Voted { points: 0, .. }));
    assert_eq!((table.count("candle"), table.points.get("bo")), (2, None));
}

#[test]
fn counts_are_hidden_until_the_activity_says() {
    let shown = |table: &Table, name: &str| {
        let view = table.view(name);
        assert_eq!(view.options[0].count.is_some(), view.ballots.is_some());
        view.ballots.is_some()
    };
    for (results, before, after) in
        [("hidden", false, false), ("after_vote", false, true), ("live", true, true)]
    {
        let mut table = Table::new(plain(json!({ "results": results })));
        assert_eq!(shown(&table, "ada"), before, "{results}");
        table.vote("ada", &["a"]).unwrap();
        assert_eq!(shown(&table, "ada"), after, "{results}");
        assert!(!shown(&table, ""), "a visitor is shown none");
        table.close();
        assert!(shown(&table, "ada") && shown(&table, "bo"), "{results}");
        assert_eq!(Poll::moves(&table.view("bo")), []);
    }
}

#[test]
fn operators_read_shares_by_option_and_price_band() {
    let mut rules = example();
    rules["options"][1]["from_cents"] = json!(26_900);
    rules["options"][1]["to_cents"] = json!(31_900);
    let mut table = Table::new(config(rules));
    for (name, id) in
        [("ada", "tea-set"), ("bo", "pour-over"), ("chen", "tea-set"), ("dai", "candle")]
    {
        table.vote(name, &[id]).unwrap();
    }
    let item = table.nominate("ada", "Bamboo tray").unwrap();
    table.judge(&item, funfair_engine::Verdict::Approve).unwrap();
    table.vote("dai", &["n_1"]).unwrap();
    let [report] = <[_; 1]>::try_from(report(&table.config, &table.shared)).unwrap();
    assert_eq!((report.round, report.ballots), (1, 4));
    let options: Vec<_> = report.options.iter().map(|row| (row.count, row.share)).collect();
    assert_eq!(options, [(2, 5000), (1, 2500), (0, 0), (0, 0), (1, 2500)]);
    assert!(report.options[4].nominated && report.options[4].label.pick("en") == "Bamboo tray");
    let bands: Vec<_> = report
        .bands
        .iter()
        .map(|row| (row.from_cents, row.to_cents, row.count, row.share))
        .collect();
    assert_eq!(
        bands,
        [
            (None, Some(9_900), 0, 0),
            (Some(12_900), Some(15_900), 0, 0),
            (Some(26_900), Some(31_900), 3, 10_000),
        ]
    );
}

#[test]
fn every_label_is_there_in_six_locales() {
    let mut table = Table::new(with(json!({})));
    let check = |label: &Words| {
        let have: Vec<_> = label.iter().filter(|(_, text)| !text.is_empty()).collect();
        assert_eq!(have.len(), 6, "{label:?}");
    };
    let event = table.vote("ada", &["candle"]).unwrap();
    if let Outcome::Voted { label, .. } = Poll::outcome(&[event]) {
        check(&label);
    }
    for clause in Poll::clauses(&table.config) {
        check(&clause.title);
        check(&clause.text);
    }
}
