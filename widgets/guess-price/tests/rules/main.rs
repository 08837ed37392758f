//! The rule, played through the engine's own desk: one test a sentence of the README, every fault,
//! an optimal player, and random histories of several members.

mod bench;
mod closing;
mod faults;
mod guesses;
mod helps;
mod history;
mod leak;
