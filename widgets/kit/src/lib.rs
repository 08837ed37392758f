//! What every widget is made of: the life of an element, a tree of nodes, parts, texts.
//!
//! **No DOM and no I/O**: [`Ui::update`] takes a message and returns effects, [`Ui::view`] returns
//! a [`View`]; the shell (`widgets/bundle/shell`) does what they say.
//! **No clock, no entropy**: both come with each message, in [`Moment`].
//! **No `core::fmt`, no serde, no generic code**: each would cost more bytes than a widget. That is
//! why answers are read as one [`Tree`] and views are written by one [`Page`].
//! **No kind is named here**: what a kind adds is behind [`Face`], as `dyn`, so that the machine
//! stands once in the bundle however many kinds there are.
//!
//! A play is sent until it is answered. Its key, its exact body and its member are kept by the
//! shell from before the first byte leaves until the answer has been read, over reloads too; see
//! `answers.rs` for what each answer means.
#![no_std]

extern crate alloc;

mod answers;
mod barrier;
mod face;
mod frame;
mod icon;
mod life;
mod node;
mod page;
mod panel;
mod parts;
mod pay;
mod texts;
mod tree;

pub use face::{Ask, Cx, Face, Move, Shown, State};
pub use icon::{icon, icon_in};
pub use life::{Effects, Moment, Msg, Ui};
pub use node::Node;
pub use page::{Page, View};
pub use panel::{MAIN, Pages, Pane, Panel, Seen, Told, time};
pub use parts::{after_words, date, day_words, decimal, duration_words, grouped};
pub use pay::{ask_paid, next_free_words, pay, pay_words, unpaid_words};
pub use texts::{Texts, cut};
pub use tree::{Tree, number};

/// The kit's style sheet: tokens, themes and parts. The kinds' own sheets come after it.
pub const STYLE: &str = include_str!("../style.css");

/// The kit's words by locale, flat JSON as [`Texts::read`] takes it; a kind's own come beside them.
pub const TEXTS: &[(&str, &str)] = &[
    ("en", include_str!("../texts/en.json")),
    ("ar", include_str!("../texts/ar.json")),
    ("ja", include_str!("../texts/ja.json")),
    ("ko", include_str!("../texts/ko.json")),
    ("zh-CN", include_str!("../texts/zh-CN.json")),
    ("zh-TW", include_str!("../texts/zh-TW.json")),
];
