use super::*;
use funfair_engine::{
    HeldRow, Lane, LaneRow, MemoryStore, PlayRow, PoolKey, PoolRow, Rows, Transfer, Wants, Writes,
    story::Booth,
};
use funfair_host_api::Day;

/// A store in memory that fails on every batch with a play under the key `bad`, and panics on
/// one under the key `worse`.
#[derive(Default)]
struct Touchy(MemoryStore);

impl Store for Touchy {
    fn commit(
        &self,
        wants: &Wants,
        decide: &mut dyn FnMut(&Rows) -> Writes,
    ) -> Result<(), StoreError> {
        let has = |key: &str| wants.plays.iter().any(|play| play.key == key);
        assert!(!has("worse"), "as the test wants it");
        if has("away") {
            return Err(StoreError::Unavailable("touchy".into()));
        }
        if has("bad") || has("down") {
            return Err(StoreError::Database("touchy".into()));
        }
        self.0.commit(wants, decide)
    }
    fn load(&self, wants: &Wants) -> Result<Rows, StoreError> {
        self.0.load(wants)
    }
    fn open(
        &self,
        lane: &Lane,
        head: &LaneRow,
        pools: &[(PoolKey, PoolRow)],
    ) -> Result<(), StoreError> {
        self.0.open(lane, head, pools)
    }
    fn member(&self, p: &str, store: &str, sub: &str) -> Result<Option<String>, StoreError> {
        self.0.member(p, store, sub)
    }
    fn play(&self, p: &str, member: &str, id: &str) -> Result<Option<PlayRow>, StoreError> {
        self.0.play(p, member, id)
    }
    fn plays(
        &self,
        lane: &Lane,
        member: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError> {
        self.0.plays(lane, member, before, limit)
    }
    fn transfers(
        &self,
        p: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<Transfer>, StoreError> {
        self.0.transfers(p, member, before, limit)
    }
    fn history(
        &self,
        p: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError> {
        self.0.history(p, member, before, limit)
    }
    fn transfer(&self, p: &str, who: &str, id: &str) -> Result<Option<Transfer>, StoreError> {
        self.0.transfer(p, who, id)
    }
    fn members(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.0.members(lane, after, limit)
    }
    fn lapsing(
        &self,
        p: &str,
        day: Day,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        self.0.lapsing(p, day, after, limit)
    }
    fn add_codes(&self, list: &PoolKey, codes: &[String]) -> Result<u64, StoreError> {
        self.0.add_codes(list, codes)
    }
    fn held(&self, p: &str, member: &str, limit: usize) -> Result<Vec<HeldRow>, StoreError> {
        self.0.held(p, member, limit)
    }
    fn items(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.0.items(lane, after, limit)
    }
}

/// Which of a hundred plays, each of its own member, are answered with an error when `name`
/// names the seventieth.
fn failing(name: &str) -> Vec<usize> {
    let store = Touchy::default();
    let booth = Booth::open(&store, "p");
    let key = |n: usize| if n == 69 { name.into() } else { format!("key-{n}") };
    let play = |n: usize| booth.play(&format!("m{n}"), &key(n), r#"{"type":"draw"}"#);
    let plays: Vec<_> = (0..100).map(play).collect();
    let said = decide(&store, booth.now_ms, &plays, &mut 0);
    assert_eq!(said.len(), plays.len());
    said.iter().enumerate().filter(|(_, said)| said.is_err()).map(|(n, _)| n).collect()
}

#[test]
fn the_play_that_a_batch_fails_on_stands_alone() {
    assert_eq!(failing("good"), Vec::<usize>::new());
    assert_eq!(failing("bad"), [69]);
}

#[test]
fn a_panic_of_the_engine_ends_one_play() {
    assert_eq!(failing("worse"), [69]);
}

#[test]
fn a_database_that_is_down_is_not_asked_two_thousand_times() {
    let store = Touchy::default();
    let booth = Booth::open(&store, "p");
    let play = booth.play("m0", "down", r#"{"type":"draw"}"#);
    let mut failures = 0;
    let said = decide(&store, booth.now_ms, &vec![play; 1024], &mut failures);
    assert!(said.iter().all(Result::is_err));
    assert!(failures < 3 * PATIENCE, "{failures}");
}

#[tokio::test]
async fn a_writer_that_finishes_answers_what_it_took_and_takes_no_more() {
    let store = Arc::new(Touchy::default());
    let booth = Booth::open(&*store, "p");
    let play = booth.play("ann", "a", r#"{"type":"draw"}"#);
    // The stall opens in the story's own month, and the writer reads the real clock: what the
    // engine says is beside the point here, that it says something is not.
    let writer = Writer::start(
        Arc::clone(&store) as _,
        Limits { batch: 8, queue: 8, wait: None, writers: 2 },
    )
    .unwrap();
    assert!(writer.run(play.clone()).await.is_ok());
    writer.finish();
    assert!(matches!(writer.run(play).await, Err(NoAnswer::Busy { .. })));
}

#[test]
fn a_database_that_is_away_is_asked_once_a_batch() {
    let store = Touchy::default();
    let booth = Booth::open(&store, "p");
    let play = booth.play("m0", "away", r#"{"type":"draw"}"#);
    let mut failures = 0;
    let said = decide(&store, booth.now_ms, &vec![play; 1024], &mut failures);
    assert!(said.iter().all(|said| matches!(said, Err(StoreError::Unavailable(_)))));
    assert_eq!((said.len(), failures), (1024, 0));
}
