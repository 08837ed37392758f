//! What an operator decides on items, and the codes that coupons take.

use crate::{Admin, AdminError, database::rehearsal, now_ms};
use funfair_engine::{Desk, Fault, Lane, PoolKey, SettleError, Verdict, Wants};
use funfair_host_api::ActivityState;
use std::sync::Arc;

/// The longest code, in characters.
const MAX_CODE: usize = 64;

/// How many codes the rehearsal gets to give: they are good for nothing.
const REHEARSED: usize = 100;

/// How many codes are put in one transaction.
const PART: usize = 5000;

/// What became of a list's new codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Codes that the list did not have.
    pub added: u64,
    /// Codes that it had, or that stood twice.
    pub repeated: u64,
}

impl Admin<'_> {
    /// The items (key, row) of an activity that wait for a verdict.
    pub fn waiting(
        &self,
        store: &str,
        activity: &str,
    ) -> Result<Vec<(String, String)>, AdminError> {
        let at = self.running(store, activity)?;
        Desk::waiting(self.db, &at, now_ms()).map_err(settled)
    }

    /// Carries out a verdict on one of them.
    pub fn moderate(
        &self,
        store: &str,
        activity: &str,
        item: &str,
        verdict: Verdict,
    ) -> Result<(), AdminError> {
        let at = self.running(store, activity)?;
        let said = Desk::moderate(self.db, &at, item, verdict, now_ms()).map_err(settled)?;
        said.map_err(AdminError::Fault)
    }

    /// Puts codes, one a line, on top of a store's list; none where a line is no code.
    pub fn add_codes(&self, store: &str, list: &str, text: &str) -> Result<Filled, Vec<Fault>> {
        let fault = |error: AdminError| {
            vec![match error {
                AdminError::Fault(fault) => fault,
                error => Fault::new("", error.to_string(), "nothing was added"),
            }]
        };
        let row = self.store(store).map_err(fault)?;
        crate::admin::id_form(list).map_err(fault)?;
        let codes = lines(text)?;
        let key = |programme: &str| {
            let lane = Lane {
                programme: programme.into(),
                store: row.store.clone(),
                activity: String::new(),
            };
            PoolKey::of(&lane, &format!("codes:{list}"))
        };
        let database = |error| fault(AdminError::Store(error));
        // In parts: plays go on between them. What is there already is left out, so that the same
        // file goes on where it broke off.
        let mut added = 0;
        for part in codes.chunks(PART) {
            added += self.db.add_codes(&key(&row.programme), part).map_err(database)?;
        }
        // A rehearsal spends nothing, and tells no code that is worth something.
        let tests: Vec<_> = (1..=REHEARSED).map(|n| format!("TEST-{n:04}")).collect();
        self.db.add_codes(&key(&rehearsal(&row.programme)), &tests).map_err(database)?;
        Ok(Filled { added, repeated: codes.len() as u64 - added })
    }

    /// What an activity has to tell those who run the store, JSON.
    pub fn report(&self, store: &str, activity: &str) -> Result<String, AdminError> {
        let at = self.running(store, activity)?;
        let wants = Wants { lanes: [at.lane.clone()].into(), ..Wants::default() };
        let head = self.db.load(&wants)?.lanes.remove(&at.lane);
        let shared = head.map_or_else(String::new, |head| head.shared);
        let report = at.game.report(&shared).map_err(|error| {
            let cure = "run the release that wrote its rows";
            AdminError::Fault(Fault::new("activity", format!("{error:?}"), cure))
        })?;
        let none = || {
            let reason = format!("a {} has nothing to report", at.setup.kind);
            AdminError::Fault(Fault::new("activity", reason, "name a vote"))
        };
        Ok(report.ok_or_else(none)?.text().into())
    }

    /// An activity as it is played.
    fn running(
        &self,
        store: &str,
        activity: &str,
    ) -> Result<Arc<funfair_engine::Running>, AdminError> {
        let (open, state) = self.open(store, activity)?;
        if state == ActivityState::Draft {
            let cure = "set it live first: a draft has nothing to decide";
            return Err(AdminError::Fault(Fault::new("activity", "it is a draft", cure)));
        }
        Ok(open.live)
    }
}

/// The codes of a text, one a line, or every line that is none.
fn lines(text: &str) -> Result<Vec<String>, Vec<Fault>> {
    let text = text.trim_start_matches('\u{feff}').trim_end();
    let mut faults = Vec::new();
    let mut codes = Vec::new();
    if text.is_empty() {
        return Err(vec![Fault::new("", "the file has no code", "write one code a line")]);
    }
    for (index, line) in text.lines().enumerate() {
        let code = line.trim();
        let at = format!("line {}", index + 1);
        if code.is_empty() {
            faults.push(Fault::new(at, "it is empty", "remove the line"));
        } else if code.chars().count() > MAX_CODE {
            let reason = format!("a code has {MAX_CODE} characters at most");
            faults.push(Fault::new(at, reason, "write one code a line"));
        } else if code.chars().any(|c| c.is_control() || c.is_whitespace()) {
            let reason = "a code has no space and no control character";
            faults.push(Fault::new(at, reason, "write one code a line"));
        } else {
            codes.push(code.to_owned());
        }
    }
    if faults.is_empty() { Ok(codes) } else { Err(faults) }
}

fn settled(error: SettleError) -> AdminError {
    match error {
        SettleError::Store(error) => AdminError::Store(error),
        SettleError::Broken(reason) | SettleError::Skipped { reason, .. } => {
            AdminError::Fault(Fault::new("activity", reason, "run the release that wrote its rows"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_one_a_line() {
        let codes = lines("\u{feff}AB-1\r\n  AB-2 \n券123\n\n").expect("codes");
        assert_eq!(codes, ["AB-1", "AB-2", "券123"]);
    }

    #[test]
    fn a_line_that_is_no_code_is_named_by_its_number() {
        let long = "x".repeat(65);
        let faults = lines(&format!("AB-1\n\nAB 2\n{long}\nAB-5")).unwrap_err();
        let keys: Vec<_> = faults.iter().map(|fault| fault.key.as_str()).collect();
        assert_eq!(keys, ["line 2", "line 3", "line 4"]);
        assert!(!lines("").unwrap_err().is_empty());
        for fault in faults {
            assert!(!fault.to_string().contains("AB"), "a code is told to nobody: {fault}");
        }
    }
}
