use serde::{Deserialize, Serialize};

/// What is known of an order, from facts that come in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Whose it is.
    pub member: String,
    /// What was paid, in cents, where it is known.
    #[serde(default)]
    pub paid_cents: Option<u64>,
    /// Whether the fact that brings points has come.
    #[serde(default)]
    pub counts: bool,
    /// What was returned, in cents.
    #[serde(default)]
    pub refunded_cents: u64,
    /// Points that it has brought so far, refunds taken off.
    #[serde(default)]
    pub points: u64,
}
