//! The contract of a kind: what holds for one is asserted for all.
//!
//! Every test loops over the catalogue; a failure names the kind. [`history::History`] is one
//! season of random play through the engine's own desk, which most of the tests then look at.

mod batches;
mod crowd;
mod docs;
#[cfg(feature = "ui")]
mod face;
mod fairness;
mod folder;
mod history;
mod play;
mod random;
mod rows;
mod sections;
mod wire;
