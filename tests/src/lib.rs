//! The harness of the end-to-end tests: a real server, a real browser, a real database.
//!
//! **Nothing here is shared with what is tested**: tokens are minted, receipts read and HTTP is
//! spoken by the suite's own code; `host-api/openapi.json` is the only thing both sides read.
//! **No test sleeps**: it waits for a condition, and fails when the condition never comes.
//! **Every process ends with its owner**, by its own handle; none is ever looked for by name.
//!
//! `tests/http` asks a [`Store`] directly; `tests/browser` goes through a page of a [`DemoStore`],
//! behind a [`Proxy`] that breaks the network where a test says. Every exchange that either makes
//! is held to the document by [`Contract`].

mod api;
pub mod browser;
mod contract;
mod database;
mod demo;
mod example;
mod exchange;
mod files;
mod ledger;
mod process;
mod program;
mod proxy;
mod store;
mod token;

pub use api::{Api, Call, Shopper, fresh_key, path, sign_in, spin};
pub use contract::Contract;
pub use database::{Engine, Rows};
pub use demo::{DemoStore, dist};
pub use example::{built, copy, example};
pub use exchange::{Exchange, Headers, header, raw_field};
pub use ledger::{Ledger, Snapshot};
pub use process::{PATIENCE, Running, until, within};
pub use program::{Program, binary, run};
pub use proxy::{Fault, Proxy, Rule};
pub use store::{Store, port_in};
pub use token::{Key, Token, now, sha256_of_hex};
