//! Secrets stay in the configuration and the state: no view, no odds and no preview tells two
//! configurations apart that differ in secrets only.

use crate::history::{self, MEMBERS, running, setup};
use funfair_engine::{Desk, Setup};
use serde_json::Value;
use std::sync::Arc;

#[test]
fn configurations_that_differ_in_secrets_only_look_the_same() {
    for history in history::all() {
        for secret in history.entry.secrets {
            let other = Arc::new(running(changed(setup(history.entry), secret)));
            let (one, two) = (history.running.public(0), other.public(0));
            assert_eq!((one.odds, one.preview), (two.odds, two.preview), "{secret}");
            let now_ms = history.head().last_ms;
            for member in MEMBERS {
                let view = |at| Desk::me(&history.store, at, member, now_ms).unwrap().unwrap().view;
                assert_eq!(view(&history.running), view(&other), "{secret}");
            }
        }
    }
}

#[test]
fn no_view_and_no_public_side_holds_the_key_of_the_draws() {
    for history in history::all() {
        let running = &history.running;
        let key =
            running.public(running.setup.closes_at_ms).key.expect("published after the close");
        let public = serde_json::to_string(&running.public(0)).unwrap();
        assert!(public.contains(&running.key.hash()) && !public.contains(&key));
        assert!(history.views.iter().all(|me| !me.view.text().contains(&key)));
    }
}

/// The configuration with one secret changed into another of its type.
fn changed(mut setup: Setup, secret: &str) -> Setup {
    let value = setup.rules.pointer_mut(secret).expect("a secret of the example");
    *value = match &*value {
        Value::Number(number) => Value::from(number.as_u64().unwrap() + 1),
        Value::String(text) => Value::from(text.chars().rev().collect::<String>()),
        Value::Bool(yes) => Value::from(!yes),
        other => panic!("{secret} is {other}: say here how it is changed"),
    };
    setup
}
