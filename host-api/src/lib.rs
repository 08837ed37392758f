//! What a widget and any backend say to each other.
//!
//! This crate is the boundary of Funfair: a widget in the storefront and a store's backend, in
//! whatever language, agree on these types and on nothing else.
//!
//! **A request holds a choice, never a result**: no type that a browser sends has a field for an
//! outcome, an amount won, a date, a time zone or a shopper's id.
//! **No I/O, no clock, no entropy, no `std`**: the wire types serve the wasm bundle as they stand.
//! **No secret has a type here**: weights that are not disclosed, answers, keys and next seeds are
//! named by `engine` only, so client code generic over [`Kind`] cannot mention them.
//! **No `core::fmt` in what the bundle uses**: it costs more than a widget.
//!
//! Start at [`Kind`], then [`Activity`], [`Me`], [`PlayRequest`] and [`Receipt`].
#![no_std]

pub extern crate alloc;

mod activity;
mod day;
mod fact;
pub mod json;
mod kind;
mod play;
mod problem;
mod ticket;
mod wallet;
mod wire;
mod words;

pub use activity::{Activity, ActivityState, Barrier, Listed, Odds, Slot};
pub use day::Day;
pub use fact::{Adjusted, Adjustment, FACT_TYPES, Fact, FactBatch, FactReply, Recorded};
pub use kind::Kind;
pub use play::{
    ChancesLeft, Draw, History, Me, Pay, PlayReply, PlayRequest, Proof, Receipt, ReceiptStatus,
    Unlock, Weight,
};
pub use problem::{Code, Problem};
pub use ticket::{Exchange, Exchanged, NewTicket, Ticket};
pub use wallet::{
    Address, ChanceLot, Claim, Expiring, Held, HeldStatus, LedgerEntry, Reason, Reward, Wallet,
};
pub use words::Words;
