//! What the shell gets for what it tells, as text.

use funfair_bundle::turn;
use funfair_kit::{Moment, Ui};

const START: u32 = 0;
const ACTIVITY: u32 = 1;

fn tell(ui: &mut Option<Ui>, what: u32, a: &str, b: &str) -> String {
    turn(ui, what, a, b, Moment { now_ms: 1, dice: "" })
}

/// An object of strings as the shell hands it over (`shell/pieces.ts`).
fn pieces(fields: &[(&str, &str)]) -> String {
    let mut out = format!("\u{1}\u{1}{}\u{1}", fields.len());
    for (key, text) in fields {
        out.extend([key, "\u{1}", text, "\u{1}0\u{1}"]);
    }
    out
}

#[test]
fn a_kind_of_another_bundle_gets_no_answer() {
    let mut ui = None;
    assert_eq!(tell(&mut ui, START, "coin-toss", &pieces(&[])), "");
    assert_eq!(tell(&mut ui, ACTIVITY, "", ""), "");
}

#[test]
fn an_answer_is_a_line_of_view_and_a_line_of_effects() {
    let mut ui = None;
    let texts = pieces(&[("kit.lang", "en"), ("kit.loading", "One\nmoment")]);
    let start = tell(&mut ui, START, "spin-wheel", &texts);
    let (view, effects) = start.split_once('\n').unwrap();
    assert!(view.starts_with(r#"["div.funfair part=root",{"data-state":"loading"}"#), "{view}");
    assert_eq!(effects, "");
    // The status travels above the lowest four bits.
    let lost = tell(&mut ui, ACTIVITY, "", "");
    assert!(lost.ends_with(r#"["wait","2000"]]"#), "{lost}");
    let problem = pieces(&[("type", "/problems/activity_unknown"), ("code", "activity_unknown")]);
    let unknown = tell(&mut ui, ACTIVITY + 404 * 16, &problem, "");
    assert!(unknown.contains(r#"["note","error","activity_unknown"]"#), "{unknown}");
}
