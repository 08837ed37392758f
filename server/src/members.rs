//! What a shopper may ask a store for: all that is held about them, or that it is gone.

use crate::{
    Admin, AdminError,
    database::{Erased, Retained, Retention},
    now_ms, random,
};
use funfair_engine::StoreError;
use std::{thread, time::Duration};

/// How long a server may go on with what it held in memory before an erasure, and what was on its
/// way by then takes to be committed.
const SETTLED: Duration = Duration::from_secs(1);

/// How often an erasure looks for what came after all.
const LOOKS: usize = 10;

impl Admin<'_> {
    /// All that is held about a shopper, as JSON. It may tell what an activity discloses only after
    /// its close.
    pub fn export_member(&self, store: &str, sub: &str) -> Result<serde_json::Value, AdminError> {
        let of = self.store(store)?;
        self.db.export(&of, sub)?.ok_or_else(|| unknown(sub))
    }

    /// Erases a shopper. Plays and the ledger stay, of a member whom nothing leads to; the same
    /// shopper is a new member from now on. Takes a second or more, since what was on its way
    /// through a running server is erased as well.
    pub fn erase_member(&self, store: &str, sub: &str) -> Result<Erased, AdminError> {
        let of = self.store(store)?;
        if self.db.export(&of, sub)?.is_none() {
            return Err(unknown(sub));
        }
        let (members, mut erased) = self.db.erase(&of, sub, random()?)?;
        self.seen();
        for _ in 0..LOOKS {
            thread::sleep(SETTLED);
            let more = self.db.erase_again(&of, sub, &members)?;
            self.seen();
            erased = erased.and(more);
            if more == Erased::default() {
                return Ok(erased);
            }
        }
        let reason = "plays of this shopper keep coming in under the old name; erase again";
        Err(StoreError::Database(reason.into()).into())
    }

    /// Takes away what is kept for a time that is over, or only says what would go.
    pub fn retain(&self, keep: &Retention, dry_run: bool) -> Result<Retained, AdminError> {
        Ok(self.db.retain(keep, now_ms(), dry_run)?)
    }

    /// Whether the database is read-only for all its servers.
    pub fn read_only(&self) -> Result<bool, AdminError> {
        Ok(self.db.standing()?.read_only)
    }

    /// Makes the database read-only for all its servers, or lets them write again. When it returns,
    /// what was being written has been.
    pub fn set_read_only(&self, on: bool) -> Result<(), AdminError> {
        self.db.set_read_only(on)?;
        self.seen();
        if on {
            thread::sleep(SETTLED);
        }
        Ok(())
    }
}

fn unknown(sub: &str) -> AdminError {
    AdminError::Unknown {
        what: "shopper",
        name: sub.into(),
        cure: "give the name that the store's tokens and facts carry as `sub`",
    }
}
