use funfair_engine::{Lane, LaneRow, PoolKey, PoolRow, TopUp};
use funfair_host_api::ActivityState;

/// A store as it is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRow {
    /// Its id.
    pub store: String,
    /// The programme whose points it gives and takes.
    pub programme: String,
    /// Its IANA time zone.
    pub zone: String,
    /// The hour at which its business day begins.
    pub cutover_hour: u8,
    /// Whether `funfair token` may sign for it.
    pub development: bool,
    /// The `[points]` of its `store.toml`, JSON; empty before there is one.
    pub points: String,
}

/// A key that signs a store's tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id, as tokens name it.
    pub kid: String,
    /// The one algorithm it is good for.
    pub alg: String,
    /// What a signature is checked with.
    pub verifying: Vec<u8>,
    /// What `funfair token` signs with.
    pub signing: Option<Vec<u8>>,
    /// The `iss` of its tokens.
    pub issuer: String,
    /// When it was retired.
    pub retired_at_ms: Option<u64>,
}

/// A secret key of a merchant's server; the key itself is known to that server alone.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretRow {
    /// Its id: the beginning of its hash.
    pub id: String,
    /// SHA-256, hexadecimal.
    pub hash: String,
    /// When it was made.
    pub created_at_ms: u64,
    /// When it was retired.
    pub retired_at_ms: Option<u64>,
}

/// An activity with the revision in force.
#[derive(Clone, PartialEq, Eq)]
pub struct RevisionRow {
    /// Its id.
    pub activity: String,
    /// Where it stands.
    pub state: ActivityState,
    /// The revision in force.
    pub revision: String,
    /// The configuration, canonical JSON.
    pub setup: String,
    /// The key of its draws.
    pub key: Vec<u8>,
    /// When the revision was first applied.
    pub published_ms: u64,
}

/// What is written together when an activity is applied or changes its state.
#[derive(Clone)]
pub struct ActivityWrite {
    /// Where its plays go.
    pub lane: Lane,
    /// The activity.
    pub row: RevisionRow,
    /// The lanes to open, with their stock; a rehearsal's stock is filled anew, and so is the
    /// activity's own before its first play.
    pub lanes: Vec<LaneWrite>,
    /// What is put on top of pools that plays may have taken from.
    pub raised: Vec<TopUp>,
}

/// A lane to open: its head, and the stock it begins with.
pub type LaneWrite = (Lane, LaneRow, Vec<(PoolKey, PoolRow)>);

/// A list of codes: how many there are, and the greatest number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// How many.
    pub count: u64,
    /// The greatest number; the same as their count where none is missing.
    pub last: u64,
}

/// What a rehearsal's programme is called; it shares nothing with the one that counts.
pub fn rehearsal(programme: &str) -> String {
    format!("{programme}#draft")
}
