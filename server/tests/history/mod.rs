//! Histories of any sort, played on two stores at once: what a store answers and keeps must not
//! depend on which store it is.

use funfair_engine::{
    Desk, MemoryStore, Play, Purchase, Store,
    story::{
        self, Booth,
        merchants::{self, Office},
    },
};
use funfair_host_api::Fact;
use proptest::prelude::*;

/// One play to be: who, under which key, what, and whether with a commitment spent by now.
pub type Wish = (usize, usize, usize, bool);

fn play(booth: &Booth<'_>, (member, key, action, stale): Wish) -> Play {
    let actions = [
        r#"{"type":"draw"}"#,
        r#"{"type":"buy"}"#,
        r#"{"type":"earn","points":7}"#,
        r#"{"type":"wrap","item":"m0:gift","points":3}"#,
        r#"{"type":"unwrap","item":"m0:gift"}"#,
        r#"{"type":"overdraw"}"#,
    ];
    let (member, key, action) = (format!("m{member}"), format!("key-{key}"), actions[action]);
    if stale {
        return booth.play_with(&member, &key, action, "0".repeat(64));
    }
    booth.play(&member, &key, action)
}

/// One word of the merchant's server: a fact of an order, a correction, or a day's lapsing.
pub type Word = (usize, usize, usize, u64);

fn say(booth: &Booth<'_>, (what, member, name, amount): Word) -> String {
    let office = Office::of(booth, Purchase::Paid);
    let merchant = office.merchant(booth);
    let (store, now_ms, member) = (booth.store, booth.now_ms, format!("m{member}"));
    let (id, order) = (format!("{member}-{name}"), format!("o-{member}"));
    let fact = |what: &str, cents: u64| {
        let fact = merchants::fact(&format!("{what}-{id}"), what, Some(&order), Some(cents));
        vec![(member.clone(), Fact { sub: member.clone(), ..fact })]
    };
    match what {
        0 => {
            format!("{:?}", Desk::record(store, &merchant, now_ms, &fact("order.paid", amount * 9)))
        }
        1 => format!(
            "{:?}",
            Desk::record(store, &merchant, now_ms, &fact("order.refunded", amount * 7))
        ),
        2 => {
            let points = i64::try_from(amount).unwrap() - 20;
            let one = merchants::adjustment(&id, points);
            format!("{:?}", Desk::adjust(store, &merchant, now_ms, &member, &one))
        }
        _ => {
            let day = merchant.clock.day(now_ms);
            format!("{:?}", Desk::expire(store, &merchant, day, now_ms, None))
        }
    }
}

/// Batches of plays, each followed by a word of the merchant's server.
pub fn any() -> impl Strategy<Value = Vec<(Vec<Wish>, Word)>> {
    let wish = (0..3usize, 0..12usize, 0..6usize, prop::bool::weighted(0.1));
    let word = (0..4usize, 0..3usize, 0..6usize, 1..60u64);
    prop::collection::vec((prop::collection::vec(wish, 1..8), word), 1..12)
}

/// Plays a history on `store` and on the store in memory: the answers and the rows are equal.
pub fn agrees(store: &dyn Store, history: Vec<(Vec<Wish>, Word)>) -> Result<(), TestCaseError> {
    let memory = MemoryStore::default();
    let mut booths = [Booth::open(store, "p"), Booth::open(&memory, "p")];
    for (batch, word) in history {
        let said = booths.each_mut().map(|booth| {
            booth.now_ms += 40_000_000;
            let plays: Vec<_> = batch.iter().map(|wish| play(booth, *wish)).collect();
            let said = booth.run(&plays);
            let mut said: Vec<_> = said.iter().map(|said| format!("{said:?}")).collect();
            said.push(say(booth, word));
            said
        });
        prop_assert_eq!(&said[0], &said[1]);
    }
    prop_assert_eq!(story::dump(&booths[0]), story::dump(&booths[1]));
    for member in ["m0", "m1", "m2"] {
        prop_assert_eq!(booths[0].audit(member), booths[1].audit(member));
    }
    Ok(())
}
