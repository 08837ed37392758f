use crate::{Answer, Denial, Play, Reads, Rows, Wants, Writes, work::Work};
use std::{collections::BTreeSet, sync::Arc};

/// A batch of plays whose rows are named: what [`Desk::run`](crate::Desk::run) takes to a store.
pub struct Batch<'a> {
    /// Each play with what it reads, or what is wrong with its action.
    plays: Vec<(&'a Play, Result<Reads, String>)>,
    /// Every row that may be read or written.
    pub wants: Wants,
}

impl<'a> Batch<'a> {
    /// Names the rows of these plays.
    pub fn of(plays: impl IntoIterator<Item = &'a Play>) -> Self {
        let mut wants = Wants::default();
        let mut named = Vec::<(&Play, Result<Reads, String>)>::new();
        for play in plays {
            let reads = play.at.game.reads(&play.action);
            if let Ok(reads) = &reads {
                // Most plays are of the activity of the one before: its rows are named already.
                let again = named.last().is_some_and(|(before, same)| {
                    let same = same.as_ref().is_ok_and(|same| same.pools == reads.pools);
                    same && Arc::ptr_eq(&before.at, &play.at)
                });
                play.wants(reads, again, &mut wants);
            }
            named.push((play, reads));
        }
        Self { plays: named, wants }
    }

    /// Decides the plays in their order: the answers, and what is to be written before they are
    /// given out. Pure: the same rows and the same moment give the same.
    pub fn decide(&self, rows: &Rows, now_ms: u64) -> (Vec<Result<Answer, Denial>>, Writes) {
        let mut work = Work::new(rows, now_ms);
        let answers = self.plays.iter().map(|(play, reads)| said(&mut work, play, reads)).collect();
        (answers, work.into_writes())
    }

    /// Decides the plays that write nothing: in each activity, those before the first one that
    /// would be accepted. `None` for all others.
    pub(crate) fn peek(&self, rows: &Rows, now_ms: u64) -> Vec<Option<Result<Answer, Denial>>> {
        let mut work = Work::new(rows, now_ms);
        let mut left = BTreeSet::new();
        let answer = |(play, reads): &(&'a Play, Result<Reads, String>)| {
            if left.contains(&play.at.lane) {
                return None;
            }
            let said = said(&mut work, play, reads);
            if said.as_ref().is_ok_and(|answer| !answer.repeated) {
                // What it would write has not happened, so nothing is decided after it.
                work = Work::new(rows, now_ms);
                left.insert(&play.at.lane);
                return None;
            }
            Some(said)
        };
        self.plays.iter().map(answer).collect()
    }
}

fn said(work: &mut Work<'_>, play: &Play, reads: &Result<Reads, String>) -> Result<Answer, Denial> {
    match reads {
        Ok(reads) => work.play(play, reads),
        Err(reason) => Err(Denial::BadAction(reason.clone())),
    }
}
