use crate::{Answer, Denial, Play, Reads, Rows, Wants, Writes, work::Work};

/// A batch of plays whose rows are named: what [`Desk::run`](crate::Desk::run) takes to a store.
pub struct Batch<'a> {
    plays: &'a [Play],
    /// What each play reads, or what is wrong with its action.
    reads: Vec<Result<Reads, String>>,
    /// Every row that may be read or written.
    pub wants: Wants,
}

impl<'a> Batch<'a> {
    /// Names the rows of these plays.
    pub fn of(plays: &'a [Play]) -> Self {
        let mut wants = Wants::default();
        let reads = plays.iter().map(|play| play.wants(&mut wants)).collect();
        Self { plays, reads, wants }
    }

    /// Decides the plays in their order: the answers, and what is to be written before they are
    /// given out. Pure: the same rows and the same moment give the same.
    pub fn decide(&self, rows: &Rows, now_ms: u64) -> (Vec<Result<Answer, Denial>>, Writes) {
        let mut work = Work::new(rows, now_ms);
        let decide = |(play, reads): (&Play, &Result<Reads, String>)| match reads {
            Ok(reads) => work.play(play, reads),
            Err(reason) => Err(Denial::BadAction(reason.clone())),
        };
        let answers = self.plays.iter().zip(&self.reads).map(decide).collect();
        (answers, work.into_writes())
    }
}
