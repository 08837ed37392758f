//! However a queue of plays is cut into batches, the same is decided and the same is written.

use crate::history::{DAY_MS, opened, ready, with};
use funfair_catalogue::{ENTRIES, Entry};
use funfair_engine::{Answer, Asker, Denial, Desk, MemoryStore, Play, Running, Store};
use proptest::prelude::*;
use std::sync::Arc;

const MEMBERS: [&str; 3] = ["ada", "bo", "chen"];

/// One play of a queue, made from what the member is shown when its turn comes.
#[derive(Clone, Debug)]
struct Step {
    member: usize,
    /// Which of the moves, which of the earlier plays, which of the links.
    pick: usize,
    what: What,
    /// Whether a new batch begins with it.
    cut: bool,
    /// How long after the one before it comes; a new batch begins then, too.
    wait_ms: u64,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// An offered move, of a link where there is one.
    Offered,
    /// An earlier play once more.
    Again,
    /// An earlier play's key with another body.
    OtherBody,
    /// A commitment that nobody was shown.
    Guessed,
    /// What is no action.
    Nonsense,
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        8 => Just(What::Offered),
        2 => Just(What::Again),
        1 => Just(What::OtherBody),
        1 => Just(What::Guessed),
        1 => Just(What::Nonsense),
    ];
    let wait = prop_oneof![3 => Just(0), 1 => 1..DAY_MS, 1 => Just(DAY_MS)];
    (0..MEMBERS.len(), any::<u16>(), what, any::<bool>(), wait).prop_map(
        |(member, pick, what, cut, wait_ms)| Step { member, pick: pick.into(), what, cut, wait_ms },
    )
}

fn play(at: &Arc<Running>, store: &MemoryStore, made: &[Play], step: &Step, now_ms: u64) -> Play {
    let earlier = made.get(step.pick % made.len().max(1));
    let member = MEMBERS[step.member];
    let links = store.items(&at.lane, None, 8).unwrap();
    let link = links.get(step.pick % (links.len() + 1)).map(|(key, _)| key.as_str());
    let me = Desk::me(store, at, &Asker::from(member), link, now_ms).unwrap().unwrap();
    let offered = at.game.moves(&me.view);
    // Who is offered nothing tries what somebody did before.
    let action = offered.get(step.pick % offered.len().max(1)).or(earlier.map(|play| &play.action));
    let mut play = ready(at, member, &action.cloned().unwrap_or_default(), &me);
    play.key = format!("key-{}", made.len());
    match (step.what, earlier) {
        (What::Again, Some(earlier)) => play = earlier.clone(),
        (What::OtherBody, Some(earlier)) => {
            play = earlier.clone();
            play.body_hash = "1".repeat(64);
        }
        (What::Guessed, _) => play.commitment = "0".repeat(64),
        (What::Nonsense, _) => play.action = funfair_host_api::json::Raw::default(),
        _ => {}
    }
    play
}

type Said = Result<Answer, Denial>;

/// Runs one batch, and holds what a look without locks says to what the batch comes to.
fn run(store: &MemoryStore, now_ms: u64, batch: &[Play]) -> Vec<Said> {
    let before = format!("{store:?}");
    let peeked = Desk::peek(store, now_ms, &batch.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(format!("{store:?}"), before, "a look wrote something");
    let said = Desk::run(store, now_ms, batch).unwrap();
    let writes = |said: &Said| said.as_ref().is_ok_and(|answer| !answer.repeated);
    let first = said.iter().position(writes).unwrap_or(said.len());
    for (n, (peeked, said)) in peeked.iter().zip(&said).enumerate() {
        assert_eq!(peeked.is_some(), n < first, "play {n} of {}", batch.len());
        let said = peeked.as_ref().map(|_| said);
        assert_eq!(format!("{peeked:?}"), format!("{said:?}"));
    }
    said
}

fn same_however_cut(entry: &Entry, sections: &str, steps: &[Step]) {
    let (at, alone) = opened(with(entry, sections));
    let cut = MemoryStore::default();
    cut.open(&at.lane, &at.head(), &at.pools()).unwrap();
    let mut now_ms = at.setup.opens_at_ms;
    let (mut made, mut batch) = (Vec::<Play>::new(), Vec::<Play>::new());
    let (mut one, mut many) = (Vec::new(), Vec::new());
    for step in steps {
        if step.cut || step.wait_ms > 0 {
            many.extend(run(&cut, now_ms, &batch));
            batch.clear();
        }
        now_ms += step.wait_ms;
        let play = play(&at, &alone, &made, step, now_ms);
        one.extend(Desk::run(&alone, now_ms, std::slice::from_ref(&play)).unwrap());
        batch.push(play.clone());
        made.push(play);
    }
    many.extend(run(&cut, now_ms, &batch));
    for (n, (one, many)) in one.iter().zip(&many).enumerate() {
        assert_eq!(format!("{one:?}"), format!("{many:?}"), "{}: play {n}", entry.slug);
    }
    assert_eq!(format!("{alone:?}"), format!("{cut:?}"), "{}", entry.slug);
    assert_eq!((one.len(), one[0].is_ok()), (steps.len(), true), "{}", entry.slug);
}

/// A time of play that takes three plays, so that a batch runs into its end.
const SCARCE: &str = "[[schedule.slots]]\nfrom = \"04:00\"\nto = \"03:59\"\nquantity = 3";

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_cut_into_batches_decides_and_writes_the_same(
        mut steps in prop::collection::vec(step(), 1..40),
    ) {
        // A queue of which nothing is accepted would show nothing.
        let first = Step { member: 0, pick: 0, what: What::Offered, cut: false, wait_ms: 0 };
        steps.insert(0, first);
        for entry in ENTRIES {
            same_however_cut(entry, "", &steps);
            same_however_cut(entry, SCARCE, &steps);
        }
    }
}
