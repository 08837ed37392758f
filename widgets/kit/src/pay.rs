use crate::{Ask, Cx, Tree, after_words};
use alloc::string::String;
use funfair_host_api::Pay;

/// How the next play is paid: the cheapest way that is open; `None` where none is.
///
/// The view of a kind that takes chances has `chances`, host-api's `ChancesLeft`.
pub fn pay(cx: &Cx<'_>) -> Option<Pay> {
    let left = cx.view.at("chances");
    if left.num("free") > 0 {
        Some(Pay::Free)
    } else if left.num("earned") > 0 {
        Some(Pay::Chance)
    } else {
        left.is("affordable").then_some(Pay::Points)
    }
}

/// What stands under the verb: "1 free", "3 left", "20 points"; empty where nothing is left.
pub fn pay_words(cx: &Cx<'_>) -> String {
    let left = cx.view.at("chances");
    match pay(cx) {
        Some(Pay::Free) => cx.texts.count("kit.free", left.num("free")),
        Some(Pay::Chance) => cx.texts.count("kit.left", left.num("earned")),
        Some(Pay::Points) => cx.texts.count("kit.points", left.num("points_each")),
        None => String::new(),
    }
}

/// When the next free play comes, in words; empty while one is left or where none ever comes.
pub fn next_free_words(cx: &Cx<'_>) -> String {
    let next = cx.view.at("chances").num("next_free_at_ms");
    if next == 0 { String::new() } else { after_words(cx, "kit.next-free", next) }
}

/// Why a play could not be paid, for a refusal of the shared forms `no_chance`,
/// `not_enough_points` and `paid_limit`; empty for another.
pub fn unpaid_words(cx: &Cx<'_>, refusal: &Tree) -> String {
    match refusal.text("type") {
        "no_chance" if refusal.has("next_free_at_ms") => {
            after_words(cx, "kit.next-free", refusal.num("next_free_at_ms"))
        }
        "no_chance" => cx.texts.get("kit.no-chance").into(),
        "paid_limit" => after_words(cx, "kit.paid-limit", refusal.num("next_at_ms")),
        "not_enough_points" => {
            let short = refusal.num("needs").saturating_sub(refusal.num("balance"));
            cx.texts.points("kit.short", short)
        }
        _ => String::new(),
    }
}

/// Adds the field that pays to an action's JSON: `{"type":"draw"` becomes
/// `{"type":"draw","pay":"free"}`. Nothing is asked where nothing is left to pay with.
pub fn ask_paid(cx: &Cx<'_>, open: &str, ask: &mut Ask) {
    let name = match pay(cx) {
        Some(Pay::Free) => "free",
        Some(Pay::Chance) => "chance",
        Some(Pay::Points) => "points",
        None => return,
    };
    for part in [open, ",\"pay\":\"", name, "\"}"] {
        ask.action.push_str(part);
    }
}
