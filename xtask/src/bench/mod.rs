//! `cargo xtask bench`: figures as JSON lines, peers and limits beside them in the same run.
//!
//! Targets are aims: a miss is printed, not failed. What must hold is in `cargo xtask test`.

pub mod load;
pub mod pages;
mod peers;
pub mod size;
