//! What is kept about shoppers for a time only.

use super::{
    personal, rehearsal,
    sql::{Row, Sql, values},
};
use funfair_engine::{Profile, StoreError};
use serde::Serialize;

/// For how many days is kept what is not kept for good; 0 is for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// An address after its prize was seen to be sent, or void.
    pub address_days: u32,
    /// An address whose prize nobody reported as sent.
    pub unsent_days: u32,
    /// Whom a fact is about, and what it said beside what was booked; a tier and tags that no fact
    /// has confirmed since.
    pub fact_days: u32,
}

/// What is over, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Retained {
    /// Addresses that go.
    pub addresses: u64,
    /// Facts of which what was booked is left.
    pub facts: u64,
    /// Members whose tier and tags go.
    pub profiles: u64,
}

impl Retained {
    /// Whether there was nothing to do.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    pub(super) fn and(self, more: Self) -> Self {
        Self {
            addresses: self.addresses + more.addresses,
            facts: self.facts + more.facts,
            profiles: self.profiles + more.profiles,
        }
    }
}

/// One page of a programme's rows: where it begins, and how far it went.
pub(super) struct Page {
    pub(super) done: Retained,
    /// The last row that was looked at; nothing at the end.
    pub(super) next: Option<(String, String)>,
}

/// How many rows one transaction looks at.
const PAGE: usize = 500;

/// What is looked at, one sort of row after another.
#[derive(Clone, Copy)]
pub(super) enum Sort {
    Addresses,
    Facts,
    Profiles,
}

impl Sort {
    pub(super) const ALL: [Self; 3] = [Self::Addresses, Self::Facts, Self::Profiles];
}

/// The programmes in which something may be over, rehearsals too.
pub(super) fn programmes(db: &dyn Sql) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT programme FROM programme ORDER BY programme";
    let all: Vec<String> = db.many(sql, &[], |row| row.get(0))?;
    Ok(all.into_iter().flat_map(|one| [rehearsal(&one), one]).collect())
}

/// When what is kept for so many days must have come, to be over; nothing where it is kept for good.
fn before(days: u32, now_ms: u64) -> Option<u64> {
    let kept_ms = u64::from(days) * 86_400_000;
    (days > 0).then(|| now_ms.saturating_sub(kept_ms))
}

/// Looks at the rows after `after`, and takes away what is over unless it is only asked.
pub(super) fn page(
    db: &dyn Sql,
    sort: Sort,
    programme: &str,
    after: &(String, String),
    (keep, now_ms, dry_run): (&Retention, u64, bool),
) -> Result<Page, StoreError> {
    match sort {
        Sort::Addresses => addresses(db, programme, after, (keep, now_ms, dry_run)),
        Sort::Facts => facts(db, programme, (keep, now_ms, dry_run)),
        Sort::Profiles => profiles(db, programme, after, (keep, now_ms, dry_run)),
    }
}

fn pair(row: &Row) -> Result<(String, String), StoreError> {
    Ok((row.get(0)?, row.get(1)?))
}

fn following(mut rows: Vec<(String, String)>) -> Option<(String, String)> {
    (rows.len() == PAGE).then(|| rows.pop()).flatten()
}

fn addresses(
    db: &dyn Sql,
    programme: &str,
    (member, held): &(String, String),
    (keep, now_ms, dry_run): (&Retention, u64, bool),
) -> Result<Page, StoreError> {
    let sql = format!(
        "SELECT a.member, a.held, a.at_ms, a.done_at_ms, h.status FROM address a
         LEFT JOIN held h ON h.programme = a.programme AND h.member = a.member AND h.id = a.held
         WHERE a.programme = $1 AND (a.member, a.held) > ($2, $3)
         ORDER BY a.member, a.held LIMIT {PAGE}"
    );
    let rows = db.many(&sql, values![programme, member, held], |row| {
        let (at_ms, done_at_ms): (u64, Option<u64>) = (row.get(2)?, row.get(3)?);
        Ok((pair(row)?, at_ms, done_at_ms, row.get::<Option<String>>(4)?))
    })?;
    let (sent, unsent) = (before(keep.address_days, now_ms), before(keep.unsent_days, now_ms));
    let mut done = Retained::default();
    for ((member, held), at_ms, done_at_ms, status) in &rows {
        let waits = matches!(status.as_deref(), Some("granted" | "claimed"));
        let over = match done_at_ms {
            _ if waits => unsent.is_some_and(|before| *at_ms <= before),
            Some(done_at_ms) => sent.is_some_and(|before| *done_at_ms <= before),
            None => false,
        };
        let whose = values![programme, member, held];
        if over {
            done.addresses += 1;
            if !dry_run {
                let sql = "DELETE FROM address WHERE programme = $1 AND member = $2 AND held = $3";
                db.run(sql, whose)?;
            }
        } else if !waits && done_at_ms.is_none() && !dry_run {
            // The days are counted from when this was first seen.
            db.run(
                "UPDATE address SET done_at_ms = $1
                 WHERE programme = $2 AND member = $3 AND held = $4",
                values![now_ms, programme, member, held],
            )?;
        }
    }
    Ok(Page { done, next: following(rows.into_iter().map(|row| row.0).collect()) })
}

/// What is over goes, so every page is the first one.
fn facts(
    db: &dyn Sql,
    programme: &str,
    (keep, now_ms, dry_run): (&Retention, u64, bool),
) -> Result<Page, StoreError> {
    let nothing = Page { done: Retained::default(), next: None };
    let Some(before) = before(keep.fact_days, now_ms) else { return Ok(nothing) };
    if dry_run {
        let sql = "SELECT COUNT(*) FROM fact WHERE programme = $1 AND faded = 0 AND at_ms <= $2";
        let facts = db.one(sql, values![programme, before], |row| row.get(0))?.unwrap_or(0);
        return Ok(Page { done: Retained { facts, ..nothing.done }, ..nothing });
    }
    let sql = format!(
        "SELECT store, id, said FROM fact WHERE programme = $1 AND faded = 0 AND at_ms <= $2
         ORDER BY at_ms, store, id LIMIT {PAGE}"
    );
    let rows =
        db.many(&sql, values![programme, before], |row| Ok((pair(row)?, row.get::<String>(2)?)))?;
    for ((store, id), said) in &rows {
        personal::fade(db, programme, (store, id, said))?;
    }
    let done = Retained { facts: rows.len() as u64, ..nothing.done };
    Ok(Page { done, next: following(rows.into_iter().map(|row| row.0).collect()) })
}

fn profiles(
    db: &dyn Sql,
    programme: &str,
    (member, _): &(String, String),
    (keep, now_ms, dry_run): (&Retention, u64, bool),
) -> Result<Page, StoreError> {
    let Some(before) = before(keep.fact_days, now_ms) else {
        return Ok(Page { done: Retained::default(), next: None });
    };
    let sql = format!(
        "SELECT member, state FROM profile WHERE programme = $1 AND member > $2
         ORDER BY member LIMIT {PAGE}"
    );
    // A fact may rewrite the row at the same time.
    if !dry_run {
        db.lock(&sql, values![programme, member])?;
    }
    let rows = db.many(&sql, values![programme, member], |row| {
        Ok((row.get::<String>(0)?, row.json::<Profile>(1, "profile")?))
    })?;
    let mut done = Retained::default();
    for (member, profile) in &rows {
        let left = faded(profile, before);
        if left == *profile {
            continue;
        }
        done.profiles += 1;
        if !dry_run {
            let text = serde_json::to_string(&left)
                .map_err(|error| StoreError::Database(error.to_string()))?;
            let sql = "UPDATE profile SET state = $1 WHERE programme = $2 AND member = $3";
            db.run(sql, values![&text, programme, member])?;
        }
    }
    let next = following(rows.into_iter().map(|row| (row.0, String::new())).collect());
    Ok(Page { done, next })
}

/// A profile without the tier and tags that were last said before then.
fn faded(profile: &Profile, before: u64) -> Profile {
    let mut left = profile.clone();
    if left.updated_at_ms <= before {
        left.tier = None;
    }
    if left.tagged_at_ms <= before {
        left.tags.clear();
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_and_tags_fade_each_by_its_own_day() {
        let profile = Profile {
            tier: Some("gold".into()),
            tags: vec!["vip".into()],
            updated_at_ms: 10,
            tagged_at_ms: 20,
            ..Profile::default()
        };
        assert_eq!(faded(&profile, 9), profile);
        let left = faded(&profile, 10);
        assert_eq!((left.tier, left.tags.len()), (None, 1));
        let left = faded(&profile, 20);
        assert_eq!((left.tier, left.tags.len()), (None, 0));
    }

    #[test]
    fn no_days_is_for_good() {
        assert_eq!(before(0, 5), None);
        assert_eq!(before(1, 86_400_005), Some(5));
    }
}
