//! The wasm module that the storefront loads: one exported function.
//!
//! **No DOM and no I/O**: a message comes in, a view and effects go out, as JSON; the shell in
//! `shell/` does the rest.
//! **One element an instance**: the shell makes an instance for each, so a trap ends one widget.
//! **No `std` in the browser**: `xtask build` refuses `core::fmt` in what this becomes.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod browser;
pub mod panel;

use alloc::string::String;
use funfair_kit::{Face, Moment, Msg, Texts, Tree, Ui, cut};

/// The kinds of this bundle, as its features name them. A new kind is one line here.
fn face(slug: &str) -> Option<&'static dyn Face> {
    let faces: &[&'static dyn Face] = &[
        #[cfg(feature = "card-collecting")]
        &funfair_card_collecting::CardCollectingFace,
        #[cfg(feature = "guess-price")]
        &funfair_guess_price::GuessPriceFace,
        #[cfg(feature = "poll")]
        &funfair_poll::PollFace,
        #[cfg(feature = "sign-in-calendar")]
        &funfair_sign_in_calendar::CalendarFace,
        #[cfg(feature = "spin-wheel")]
        &funfair_spin_wheel::WheelFace,
    ];
    faces.iter().copied().find(|face| face.slug() == slug)
}

/// Takes one message; answers two lines, the view and the effects, each as JSON; nothing for a kind
/// that this bundle does not have. The lowest four bits of `what` name the message, the rest is a
/// status. Answers, texts and kept plays come as [`Tree::read`] has them.
pub fn turn(ui: &mut Option<Ui>, what: u32, a: &str, b: &str, moment: Moment<'_>) -> String {
    let status = what >> 4;
    // A start and a press come as they are.
    let tree = if matches!(what & 15, 0 | 5) { Tree::default() } else { Tree::read(a) };
    let msg = match what & 15 {
        0 => {
            // The slug, and where the terms page is.
            let (slug, terms_url) = cut(a, 1);
            if let Some(face) = face(slug) {
                let ui = ui.get_or_insert_with(|| Ui::new(face, Texts::of(Tree::read(b))));
                ui.set_terms(terms_url);
            }
            Msg::Start
        }
        1 => Msg::Activity(status, tree),
        2 => Msg::Me(status, tree),
        3 => Msg::Reply(status, b, tree),
        4 => Msg::Found(tree),
        5 => Msg::Press(a),
        6 => Msg::Landed,
        7 => Msg::Tick,
        8 => Msg::Refresh,
        _ => Msg::Unlocked(status, tree),
    };
    let Some(ui) = ui else { return String::new() };
    let effects = ui.update(msg, moment).0;
    let mut out = ui.view().0;
    out.push('\n');
    out.push_str(&effects);
    out
}
