//! The wheel's rule, played: one test a sentence of the README, and properties over random play.

mod desk;
mod faults;
mod properties;
mod spins;
mod table;
