//! The module of a bundle whose elements show and do not play: one exported function too.

use alloc::{boxed::Box, string::String};
use funfair_kit::{Moment, Pane, Panel, Texts, Told, Tree};

/// The panels of this bundle, as its features name them.
fn pane(slug: &str) -> Option<Box<dyn Pane>> {
    match slug {
        #[cfg(feature = "hub")]
        "hub" => Some(Box::<funfair_hub::Hub>::default()),
        #[cfg(feature = "wallet")]
        "wallet" => Some(Box::<funfair_wallet::Wallet>::default()),
        _ => None,
    }
}

/// Takes one message; answers as [`turn`](crate::turn) does, by whose numbers the messages that
/// both know are named; an answer is `1` and comes with the name of its request.
pub fn turn(panel: &mut Option<Panel>, what: u32, a: &str, b: &str, moment: Moment<'_>) -> String {
    let told = match what & 15 {
        0 => {
            if let Some(pane) = pane(a) {
                panel.get_or_insert_with(|| Panel::new(pane, Texts::of(Tree::read(b))));
            }
            Told::Start
        }
        1 => Told::Answer(b, what >> 4, Tree::read(a)),
        5 => Told::Press(a),
        7 => Told::Tick,
        _ => Told::Refresh,
    };
    let Some(panel) = panel else { return String::new() };
    let effects = panel.update(told, moment).0;
    let mut out = panel.view().0;
    out.push('\n');
    out.push_str(&effects);
    out
}
