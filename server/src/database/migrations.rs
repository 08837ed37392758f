use sha2::{Digest, Sha256};

/// One step from an older schema to a newer one. A released one is never edited: databases carry
/// its checksum.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1, 2, 3, …
    pub number: u32,
    /// Its statements.
    pub sql: &'static str,
}

impl Migration {
    /// What a database keeps of an applied step, by which an edited one is noticed.
    pub fn checksum(&self) -> String {
        hex::encode(Sha256::digest(self.sql))
    }
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A newer release has changed it.
    #[error(
        "the database has schema {found}, this release knows {known}: run the newer release, or \
         restore a backup of before its `funfair migrate`"
    )]
    Newer {
        /// What the database has.
        found: u32,
        /// What this release knows.
        known: u32,
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
}
