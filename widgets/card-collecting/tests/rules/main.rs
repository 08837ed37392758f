//! The rule, played through the engine's own desk: one test a sentence of the README.

mod draws;
mod fair;
mod faults;
mod friends;
mod properties;
mod sets;
