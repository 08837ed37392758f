//! What a vote tells those who buy stock and set prices.

use crate::{Config, Shared, Tally};
use funfair_host_api::Words;
use serde::Serialize;

/// One round, counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Its number, from 1.
    pub round: u32,
    /// How many ballots it has.
    pub ballots: u64,
    /// Every option, in order.
    pub options: Vec<OptionRow>,
    /// Every price band that options have, from the lowest.
    pub bands: Vec<BandRow>,
}

/// One option in a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OptionRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: Words,
    /// Whether a member proposed it.
    pub nominated: bool,
    /// How many ballots name it.
    pub count: u64,
    /// Its share of the ballots, in hundredths of a per cent.
    pub share: u64,
}

/// One price band in a report: the options whose prices lie in it, together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BandRow {
    /// Its lower end, in cents.
    pub from_cents: Option<u64>,
    /// Its upper end, in cents.
    pub to_cents: Option<u64>,
    /// How often its options are named.
    pub count: u64,
    /// Its share of all that was named with a price, in hundredths of a per cent.
    pub share: u64,
}

/// The round with the latest ballot, and the one before it where there was one: shares by option
/// and by price band. For operators; it shows counts whatever members may see.
pub fn report(config: &Config, shared: &Shared) -> Vec<Report> {
    let rounds = [&shared.now, &shared.last].into_iter().filter(|tally| tally.round > 0);
    rounds.map(|tally| of(config, shared, tally)).collect()
}

fn of(config: &Config, shared: &Shared, tally: &Tally) -> Report {
    let row = |id: &String, label: Words, nominated| {
        let count = tally.count(id);
        OptionRow { id: id.clone(), label, nominated, count, share: share(count, tally.ballots) }
    };
    let own = config.options.iter().map(|option| row(&option.id, option.label.clone(), false));
    let accepted = shared.accepted.iter();
    let more = accepted.map(|option| row(&option.id, Words::of(&[("und", &option.text)]), true));
    Report {
        round: tally.round,
        ballots: tally.ballots,
        options: own.chain(more).collect(),
        bands: bands(config, tally),
    }
}

fn bands(config: &Config, tally: &Tally) -> Vec<BandRow> {
    let mut rows: Vec<BandRow> = Vec::new();
    for option in &config.options {
        let (from_cents, to_cents) = (option.from_cents, option.to_cents);
        if from_cents.or(to_cents).is_none() {
            continue;
        }
        let count = tally.count(&option.id);
        let same = |row: &&mut BandRow| (row.from_cents, row.to_cents) == (from_cents, to_cents);
        match rows.iter_mut().find(same) {
            Some(row) => row.count += count,
            None => rows.push(BandRow { from_cents, to_cents, count, share: 0 }),
        }
    }
    let all = rows.iter().map(|row| row.count).sum();
    for row in &mut rows {
        row.share = share(row.count, all);
    }
    rows.sort_by_key(|row| (row.from_cents, row.to_cents));
    rows
}

fn share(count: u64, all: u64) -> u64 {
    // Half a hundredth and more is rounded up.
    (count.saturating_mul(10_000) + all / 2).checked_div(all).unwrap_or(0)
}
