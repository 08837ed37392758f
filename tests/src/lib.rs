//! The harness of the end-to-end tests: a real server, a real browser, a real database.
//!
//! **Nothing here is shared with what is tested**: tokens are minted, receipts read and HTTP is
//! spoken by the suite's own code; `host-api/openapi.json` is the only thing both sides read.
//! **No test sleeps**: it waits for a condition, and fails when the condition never comes.
//! **Every process ends with its owner**, by its own handle; none is ever looked for by name.
//!
//! `tests/http` asks the server directly, `tests/browser` goes through a page; both start from
//! [`Store`], and the browser reaches it through [`Proxy`], which breaks the network where a test
//! says. Every exchange that either makes is held to the document by [`Contract`].

pub mod browser;
mod contract;
mod exchange;
mod process;
mod proxy;
mod token;

pub use contract::Contract;
pub use exchange::{Exchange, Headers, header};
pub use process::{PATIENCE, Running, until, within};
pub use proxy::{Fault, Proxy, Rule};
pub use token::{Key, Token, now};
