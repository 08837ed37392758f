//! The vote's rule, played: one test a sentence of the README, and properties over random play.

mod ballots;
mod crowd;
mod faults;
mod nominations;
mod properties;
mod rounds;
mod table;
