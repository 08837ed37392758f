//! What arbitrary bytes are thrown at: tokens, bodies, idempotency keys, activity files.
//!
//! Each function takes any bytes and panics where the server would have been wrong about them: a
//! failure of its own, a token that nobody signed, a key that was taken twice. `tests/corpus.rs`
//! replays `corpus/` on every test run; `libfuzzer/` finds what to add to it.

mod shop;

use axum::http::StatusCode;
use funfair_engine::{Clock, Lane, Running, SecretKey, Setup};
use funfair_host_api::ActivityState;
use shop::{Shop, Signed};

/// Something that bytes are thrown at; it says what became of them.
pub type Target = fn(&[u8]) -> Fate;

/// What became of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They were not of the kind that can reach a server.
    Unsent,
    /// The server said no, well.
    Refused,
    /// The server took them.
    Taken,
}

impl From<StatusCode> for Fate {
    fn from(status: StatusCode) -> Self {
        if status.is_success() { Self::Taken } else { Self::Refused }
    }
}

/// All of them, by the name of their corpus.
pub const TARGETS: [(&str, Target); 4] =
    [("activity", activity), ("body", body), ("key", key), ("token", token)];

/// Paths that take a body, chosen by the first byte.
const PATHS: [&str; 9] = [
    "activities/cards/plays",
    "activities/double11/plays",
    "activities/guess/plays",
    "activities/signin/plays",
    "activities/stock/plays",
    "activities/signin/unlock",
    "wallet/prizes/0123456789abcdef01234567-0/claim",
    "facts",
    "adjustments",
];

/// A token. After `0` the bytes are the whole header; after `1` they are the claims of a token that
/// the store signed, where `$NOW` stands for the present second.
pub fn token(bytes: &[u8]) -> Fate {
    let Some((mode, rest)) = bytes.split_first() else { return Fate::Unsent };
    let shop = Shop::get();
    let (bearer, signed) = if *mode == b'1' {
        let Ok(claims) = std::str::from_utf8(rest) else { return Fate::Unsent };
        let signed = shop.sign(claims);
        (signed.token.clone(), Some(signed))
    } else {
        let Ok(bearer) = std::str::from_utf8(rest) else { return Fate::Unsent };
        (bearer.to_owned(), None)
    };
    // A line break never reaches a server in a header.
    let Some(answer) = shop.get_as(&bearer, "/v1/stores/fuzz/activities/signin/me") else {
        return Fate::Unsent;
    };
    answer.is_sound();
    if answer.status == StatusCode::OK {
        let due = signed.as_ref().is_some_and(Signed::is_good);
        assert!(due, "a token was taken that says {}", String::from_utf8_lossy(rest));
    }
    answer.status.into()
}

/// The body of a request that is otherwise in order; the first byte says of which.
pub fn body(bytes: &[u8]) -> Fate {
    let Some((path, body)) = bytes.split_first() else { return Fate::Unsent };
    let path = PATHS[usize::from(*path) % PATHS.len()];
    let shop = Shop::get();
    let answer = shop.post(path, &Shop::fresh_key(), body);
    answer.is_sound();
    if path.ends_with("plays") && answer.status == StatusCode::OK {
        let twice = shop.post(path, &answer.key, body);
        assert_eq!(twice.json()["receipt"], answer.json()["receipt"], "the same key and body");
    }
    answer.status.into()
}

/// An idempotency key, with a body that could be played.
pub fn key(bytes: &[u8]) -> Fate {
    let Ok(key) = std::str::from_utf8(bytes) else { return Fate::Unsent };
    if axum::http::HeaderValue::from_str(key).is_err() {
        return Fate::Unsent;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    // A header's value is read without the spaces around it.
    let good = (16..=64).contains(&key.len()) && key.chars().all(plain);
    let shop = Shop::get();
    let visitor = shop.visitor();
    let answer = shop.play(&visitor, key, "a-seed-of-the-key");
    answer.is_sound();
    assert_eq!(answer.status == StatusCode::OK, good, "{key:?}: {}", answer.text());
    if good {
        let twice = shop.play(&visitor, key, "another-body-of-it");
        assert_eq!(twice.json()["code"], "idempotency_key_reused", "{key:?}: {}", twice.text());
    } else {
        assert_eq!(answer.json()["code"], "idempotency_key_invalid", "{key:?}");
    }
    answer.status.into()
}

/// A fault on purpose, on which no chance comes: bytes that begin with these eight letters. That the
/// search does is the proof that it is steered by what the bytes are compared with: as a number, for
/// texts are compared by the C library, out of its sight.
pub fn planted(bytes: &[u8]) -> Fate {
    let first = bytes.first_chunk().map(|first| u64::from_ne_bytes(*first));
    let alike = first == Some(u64::from_ne_bytes(*b"planted-"));
    assert!(!alike, "the planted fault was found");
    Fate::Unsent
}

/// The text of an activity file: it is read, or each fault has its place, reason and cure.
pub fn activity(bytes: &[u8]) -> Fate {
    let Ok(text) = std::str::from_utf8(bytes) else { return Fate::Unsent };
    let clock = Clock::new("Asia/Shanghai", 0).expect("a zone");
    let told = |faults: Vec<funfair_engine::Fault>| {
        assert!(!faults.is_empty(), "refused without a fault");
        for fault in faults {
            assert!(!fault.reason.is_empty() && !fault.cure.is_empty(), "{fault}");
        }
        Fate::Refused
    };
    let setup = match Setup::parse(text, &clock) {
        Ok(setup) => setup,
        Err(faults) => return told(faults),
    };
    let canonical = setup.canonical();
    let again: Setup = serde_json::from_str(&canonical).expect("what was written can be read");
    assert_eq!(again.canonical(), canonical, "the canonical form is one");
    let lane = Lane { programme: "fuzz".into(), store: "fuzz".into(), activity: "fuzz".into() };
    let (opens_at_ms, closes_at_ms) = (setup.opens_at_ms, setup.closes_at_ms);
    let kinds = funfair_catalogue::kinds();
    let key = SecretKey::new([7; 32]);
    match Running::new(lane, setup, ActivityState::Live, key, &kinds) {
        Ok(running) => {
            for now_ms in [0, opens_at_ms, closes_at_ms.saturating_sub(1), closes_at_ms] {
                running.public(now_ms);
            }
            Fate::Taken
        }
        Err(faults) => told(faults),
    }
}
