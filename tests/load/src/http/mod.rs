//! The load over HTTP: the real `funfair serve`, and clients that speak to it over the loopback.

mod ceiling;
mod client;
mod flash;
mod matrix;
mod page;
mod server;
mod wire;

pub use ceiling::ceiling;
pub use flash::{Burst, burst, flash};
pub use matrix::{Load, run, run_beside, run_on_two};
