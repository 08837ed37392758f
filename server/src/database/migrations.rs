//! Which steps a database has, which this release knows, and what may be done with the two: decided
//! here, carried out in the folder of each database.

use sha2::{Digest, Sha256};

/// One step from an older schema to a newer one. A released one is never edited: databases carry
/// its checksum.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1, 2, 3, …
    pub number: u32,
    /// The oldest schema whose releases still run once this step is applied. A step that only adds
    /// keeps the number of the step before it; one that takes away raises it.
    pub oldest: u32,
    /// Its statements.
    pub sql: &'static str,
}

/// A step as a database remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its number.
    pub number: u32,
    /// What its statements were.
    pub checksum: String,
    /// The oldest schema whose releases still run.
    pub oldest: u32,
}

impl Migration {
    /// What a database keeps of an applied step, by which an edited one is noticed.
    pub fn checksum(&self) -> String {
        hex::encode(Sha256::digest(self.sql))
    }

    /// The step as a database is to remember it.
    pub fn applied(&self) -> Applied {
        Applied { number: self.number, checksum: self.checksum(), oldest: self.oldest }
    }
}

/// The steps of `known` that a database with the steps `applied` lacks. An error where this release
/// cannot run on it, whatever is applied.
pub fn missing<'a>(
    known: &'a [Migration],
    applied: &[Applied],
) -> Result<&'a [Migration], SchemaError> {
    let newest = known.last().map_or(0, |last| last.number);
    let mut found = 0;
    for row in applied {
        if row.number != found + 1 {
            return Err(SchemaError::Changed(found + 1));
        }
        found = row.number;
        // A newer release's steps stand on what this one knows; it says itself how far.
        let Some(step) = known.iter().find(|step| step.number == found) else { continue };
        if step.checksum() != row.checksum {
            return Err(SchemaError::Changed(found));
        }
    }
    let oldest = applied.iter().map(|row| row.oldest).max().unwrap_or(0);
    if oldest > newest {
        return Err(SchemaError::Newer { found, known: newest, oldest });
    }
    let at = known.iter().position(|step| step.number > found).unwrap_or(known.len());
    Ok(&known[at..])
}

/// Whether a server of this release may open the database: an error where it may not, the steps to
/// apply where there is nothing in it yet.
pub fn to_open<'a>(
    known: &'a [Migration],
    applied: &[Applied],
) -> Result<&'a [Migration], SchemaError> {
    let missing = missing(known, applied)?;
    match applied.last() {
        Some(last) if !missing.is_empty() => Err(SchemaError::Older {
            found: last.number,
            known: known.last().map_or(0, |last| last.number),
        }),
        _ => Ok(missing),
    }
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A newer release has changed it in a way that this one cannot follow.
    #[error(
        "the database has schema {found}, which needs a release that knows schema {oldest}; this \
         one knows {known}: run the newer release, or restore a backup of before its \
         `funfair migrate`"
    )]
    Newer {
        /// What the database has.
        found: u32,
        /// What this release knows.
        known: u32,
        /// What a release has to know.
        oldest: u32,
    },
    /// It is from an older release.
    #[error(
        "the database has schema {found}, this release needs {known}: make a backup, then run \
         `funfair migrate`"
    )]
    Older {
        /// What the database has.
        found: u32,
        /// What this release needs.
        known: u32,
    },
    /// A migration was edited after it was applied.
    #[error(
        "migration {0} of this release is not the one that the database was set up with: use the \
         release that set it up"
    )]
    Changed(u32),
    /// The database failed.
    #[error("the database cannot be opened: {0}; is the path right, and is it writable?")]
    Database(String),
    /// The database server cannot be reached, or does not let this process in.
    #[error(
        "the database server cannot be used: {0}; is it running, and are host, name, user and \
         password of the URL right?"
    )]
    Unreachable(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn step(number: u32, oldest: u32, sql: &'static str) -> Migration {
        Migration { number, oldest, sql }
    }

    const ALL: [Migration; 3] =
        [step(1, 1, "CREATE a"), step(2, 1, "CREATE b"), step(3, 3, "DROP a")];

    fn applied(many: usize) -> Vec<Applied> {
        ALL.iter().take(many).map(Migration::applied).collect()
    }

    fn numbers(steps: &[Migration]) -> Vec<u32> {
        steps.iter().map(|step| step.number).collect()
    }

    #[test]
    fn an_empty_database_gets_every_step() {
        assert_eq!(numbers(to_open(&ALL, &[]).unwrap()), [1, 2, 3]);
        assert_eq!(numbers(missing(&ALL, &[]).unwrap()), [1, 2, 3]);
    }

    #[test]
    fn a_database_of_an_older_release_waits_for_migrate() {
        assert_eq!(numbers(missing(&ALL, &applied(1)).unwrap()), [2, 3]);
        let error = to_open(&ALL, &applied(1)).unwrap_err();
        assert!(matches!(error, SchemaError::Older { found: 1, known: 3 }), "{error}");
        assert!(error.to_string().contains("funfair migrate"), "{error}");
    }

    #[test]
    fn an_older_release_runs_on_while_steps_only_add() {
        assert!(to_open(&ALL[..1], &applied(2)).unwrap().is_empty());
        let error = to_open(&ALL[..2], &applied(3)).unwrap_err();
        assert!(matches!(error, SchemaError::Newer { found: 3, known: 2, oldest: 3 }), "{error}");
        assert!(error.to_string().contains("run the newer release"), "{error}");
    }

    #[test]
    fn an_edited_or_lost_step_is_noticed() {
        let edited = [ALL[0], step(2, 1, "CREATE c")];
        let error = to_open(&edited, &applied(2)).unwrap_err();
        assert!(matches!(error, SchemaError::Changed(2)), "{error}");
        let error = missing(&ALL, &applied(3)[1..]).unwrap_err();
        assert!(matches!(error, SchemaError::Changed(1)), "{error}");
    }
}
