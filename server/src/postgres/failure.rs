use funfair_engine::StoreError;
use std::error::Error;
use tokio_postgres::error::{DbError, Severity, SqlState};

/// Why a turn failed, as far as it decides what to do next.
#[derive(Debug)]
pub(super) enum Failure {
    /// Another transaction was in the way: the same again, from fresh rows.
    Raced(String),
    /// A row is there that was not when it was looked for: the same again, from fresh rows. Where
    /// it stays so, the write itself is wrong.
    Taken(String),
    /// The link is gone, and with it whatever it had not committed.
    Lost(String),
    /// Nothing to be done about it here.
    Store(StoreError),
}

impl Failure {
    /// What is said when no further attempt is made.
    pub(super) fn given_up(self) -> StoreError {
        match self {
            Self::Raced(reason) | Self::Lost(reason) => StoreError::Unavailable(reason),
            Self::Taken(reason) => StoreError::Database(reason),
            Self::Store(error) => error,
        }
    }

    /// What the database said, for a message.
    pub(super) fn said(&self) -> String {
        match self {
            Self::Raced(reason) | Self::Taken(reason) | Self::Lost(reason) => reason.clone(),
            Self::Store(error) => error.to_string(),
        }
    }

    /// What the database said.
    pub(super) fn reason(self) -> String {
        match self {
            Self::Raced(reason)
            | Self::Taken(reason)
            | Self::Lost(reason)
            | Self::Store(StoreError::Unavailable(reason) | StoreError::Database(reason)) => reason,
            Self::Store(error) => error.to_string(),
        }
    }
}

/// An error with what caused it: the driver's own words name the step alone.
pub(super) fn whole(error: &dyn Error) -> String {
    let (mut said, mut cause) = (error.to_string(), error.source());
    while let Some(one) = cause {
        said = format!("{said}: {one}");
        cause = one.source();
    }
    said
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        let said = whole(&error);
        let Some(code) = error.code() else { return Self::Lost(said) };
        let panicked =
            error.as_db_error().and_then(DbError::parsed_severity) == Some(Severity::Panic);
        let said = error.as_db_error().map_or(said, |db| {
            // Details name rows, so they name members: they stay out of the log.
            format!("{} ({})", db.message(), db.code().code())
        });
        match *code {
            // It trusts its own memory no more, and is about to read its log.
            _ if panicked => Self::Lost(said),
            SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
                Self::Raced(said)
            }
            SqlState::UNIQUE_VIOLATION => Self::Taken(said),
            // The session is being ended, or has no business being here: a standby takes no writes.
            SqlState::ADMIN_SHUTDOWN
            | SqlState::CRASH_SHUTDOWN
            | SqlState::CANNOT_CONNECT_NOW
            | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
            | SqlState::READ_ONLY_SQL_TRANSACTION => Self::Lost(said),
            // A statement or a lock took too long.
            SqlState::QUERY_CANCELED | SqlState::LOCK_NOT_AVAILABLE => {
                Self::Store(StoreError::Unavailable(said))
            }
            // 08: the connection; 53: no room, no memory, no connection left.
            _ if code.code().starts_with("08") => Self::Lost(said),
            _ if code.code().starts_with("53") => Self::Store(StoreError::Unavailable(said)),
            _ => Self::Store(StoreError::Database(said)),
        }
    }
}
