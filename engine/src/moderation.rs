//! What waits for an operator's verdict.

use crate::{Desk, NotPlayed, Running, SettleError, Store, Verdict, Wants};

/// How many items are looked at in one reading.
const PAGE: usize = 200;

impl Desk {
    /// The items (key, row) of an activity on which there is something to decide.
    pub fn waiting(
        store: &dyn Store,
        at: &Running,
        now_ms: u64,
    ) -> Result<Vec<(String, String)>, SettleError> {
        let wants = Wants { lanes: [at.lane.clone()].into(), ..Wants::default() };
        let head = store.load(&wants)?.lanes.remove(&at.lane);
        let (shared, last_ms) =
            head.map_or_else(Default::default, |head| (head.shared, head.last_ms));
        let tick = at.tick(now_ms.max(last_ms));
        let broken = |error: NotPlayed| SettleError::Broken(format!("{error:?}"));
        let mut waiting = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = store.items(&at.lane, after.as_deref(), PAGE)?;
            let last = page.last().map(|(key, _)| key.clone());
            let whole = page.len() == PAGE;
            for (key, row) in page {
                let item = (key.as_str(), row.as_str());
                let verdict = at.game.moderate(&shared, item, Verdict::Approve, &tick);
                if verdict.map_err(broken)?.is_ok() {
                    waiting.push((key, row));
                }
            }
            after = last;
            if !whole {
                return Ok(waiting);
            }
        }
    }
}
