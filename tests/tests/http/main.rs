//! The server, asked directly: everything a shopper's browser, a thief or a careless merchant can
//! send, and what stays behind in the database.

mod activities;
mod bodies;
mod files;
mod lifecycle;
mod origins;
mod plays;
mod races;
mod secrets;
mod tokens;
