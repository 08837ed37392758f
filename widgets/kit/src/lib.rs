//! What every widget is made of: the life of an element, a tree of nodes, parts, texts.
//!
//! **No DOM and no I/O**: [`Ui::update`] takes a message and returns effects, [`Ui::view`] returns
//! a [`Node`]; the shell (`widgets/bundle/shell`) does what they say.
//! **No clock, no entropy**: both come with each message, in [`Moment`].
//! **No `core::fmt`, no serde**: each would cost more bytes than a widget.
//! **No kind is named here**: what a kind adds is behind [`Face`], as `dyn`, so that the machine
//! stands once in the bundle however many kinds there are.
//!
//! A play is sent until it is answered. Its key, its exact body and its member are kept by the
//! shell from before the first byte leaves until the answer has been read, over reloads too; see
//! `life.rs` for what each answer means.
#![no_std]

extern crate alloc;

mod answers;
mod face;
mod fields;
mod frame;
mod icon;
mod life;
mod node;
mod parts;
mod print;
mod texts;

pub use face::{Confirm, Cx, Face, Move, Press, Shown};
pub use icon::icon;
pub use life::{Effect, Moment, Msg, Ui};
pub use node::{Node, el, text};
pub use parts::{button, day_words, duration_words, grouped};
pub use texts::Texts;

/// The kit's style sheet: tokens, themes and parts. The kinds' own sheets come after it.
pub const STYLE: &str = include_str!("../style.css");
