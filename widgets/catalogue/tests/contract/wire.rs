//! What the server writes with serde, a widget reads with the compact codec, and the other way.

use crate::history;
use funfair_catalogue::Part;
use funfair_host_api::json::Raw;

#[test]
fn both_codecs_read_and_write_the_same_json() {
    for history in history::all() {
        let codecs = &history.entry.codecs;
        let check = |part: Part, list: &[Raw]| {
            assert!(!list.is_empty(), "{}: no {part:?} seen", history.entry.slug);
            for text in list.iter().map(Raw::text) {
                for (name, codec) in [("compact", codecs.compact), ("serde", codecs.serde)] {
                    let again = codec(part, text);
                    assert_eq!(again.as_deref(), Some(text), "{} {name}", history.entry.slug);
                }
            }
        };
        check(Part::Action, &history.actions);
        let views: Vec<_> = history.views.iter().map(|me| me.view.clone()).collect();
        check(Part::View, &views);
        check(Part::Outcome, &history.outcomes);
        check(Part::Refusal, &history.refusals);
    }
}

#[test]
fn an_action_with_an_unknown_field_is_refused() {
    for history in history::all() {
        for action in &history.actions {
            let more = action.text().replacen('{', r#"{"points":1000000,"#, 1);
            let codecs = &history.entry.codecs;
            assert_eq!((codecs.serde)(Part::Action, &more), None, "{}", history.entry.slug);
        }
    }
}

#[test]
fn an_answer_that_is_newer_than_the_widget_keeps_its_label() {
    let newer = r#"{"type":"from_the_future","label":{"en":"Hello"},"more":[1,{"a":null}]}"#;
    for history in history::all() {
        for part in [Part::Outcome, Part::Refusal] {
            let read = (history.entry.codecs.compact)(part, newer);
            let shown = r#"{"type":"unknown","label":{"en":"Hello"}}"#;
            assert_eq!(read.as_deref(), Some(shown), "{}", history.entry.slug);
        }
    }
}
