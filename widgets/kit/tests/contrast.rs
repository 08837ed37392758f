//! The themes' colours, as style.css has them, against WCAG 2.2: text 4.5 to 1, controls 3 to 1.

use std::collections::BTreeMap;

type Tokens = BTreeMap<String, [f64; 3]>;

/// The tokens of a look in a scheme: later blocks of the sheet overrule earlier ones.
fn tokens(look: &str, scheme: &str) -> Tokens {
    let mut found = Tokens::new();
    for block in funfair_kit::STYLE.split('}') {
        let Some((selector, body)) = block.split_once('{') else { continue };
        let Some(selector) = selector.trim().lines().last() else { continue };
        let fits = |name: &str, value: &str| {
            let (_, given) = selector.split_once(&format!("[data-{name}=")).unwrap_or(("", ""));
            given.is_empty() || given.split(']').next() == Some(value)
        };
        if selector.starts_with(".look") && fits("look", look) && fits("scheme", scheme) {
            let lines = body.split(';').filter_map(|line| line.trim().split_once(':'));
            found.extend(lines.filter_map(|(name, value)| {
                Some((name.trim().strip_prefix("--t-")?.to_owned(), colour(value.trim())?))
            }));
        }
    }
    found
}

/// `#d4281c` or `#fff`, each channel from 0 to 1.
fn colour(text: &str) -> Option<[f64; 3]> {
    let digits: Vec<u32> =
        text.strip_prefix('#')?.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let channels: Vec<u32> = match digits.len() {
        3 => digits.iter().map(|digit| digit * 17).collect(),
        6 => digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect(),
        _ => return None,
    };
    Some([0, 1, 2].map(|at| f64::from(channels[at]) / 255.0))
}

/// Relative luminance, by WCAG's definition.
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = colour.map(|channel| {
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.0722f64.mul_add(linear[2], 0.2126f64.mul_add(linear[0], 0.7152 * linear[1]))
}

fn ratio(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[track_caller]
fn hold(pairs: &[(&str, &str)], least: f64) {
    for look in ["plain", "double-11", "new-year"] {
        for scheme in ["light", "dark"] {
            let tokens = tokens(look, scheme);
            for (front, back) in pairs {
                let ratio = ratio(tokens[*front], tokens[*back]);
                assert!(ratio >= least, "{look} {scheme}: {front} on {back} is {ratio:.2} to 1");
            }
        }
    }
}

#[test]
fn text_stands_out_in_every_look_light_and_dark() {
    let pairs = [
        ("ink", "surface"),
        ("ink", "raised"),
        ("ink", "soft"),
        ("muted", "surface"),
        ("muted", "raised"),
        ("accent", "surface"),
        ("accent", "raised"),
        ("accent-ink", "accent"),
        ("win", "surface"),
        ("win", "raised"),
        ("lose", "surface"),
        ("lose", "raised"),
    ];
    hold(&pairs, 4.5);
}

#[test]
fn controls_drawings_and_the_focus_stand_out_too() {
    let pairs = [
        ("accent", "surface"),
        ("accent", "soft"),
        ("muted", "surface"),
        ("muted", "line"),
        ("ink", "surface"),
    ];
    hold(&pairs, 3.0);
}

#[test]
fn a_look_changes_what_another_leaves() {
    let (plain, red) = (tokens("plain", "light"), tokens("double-11", "light"));
    assert!(ratio(plain["accent"], red["accent"]) > 1.01);
    assert!(ratio(plain["raised"], red["raised"]) < 1.001);
    assert!((ratio([0.0; 3], [1.0; 3]) - 21.0).abs() < 0.001);
}
