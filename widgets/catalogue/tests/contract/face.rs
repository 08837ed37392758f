//! A face knows whatever the rules can say: it reads by names, so a field that the wire renames
//! is noticed here.

use crate::history::{self, History};
use funfair_host_api::{Me, json::Raw};
use funfair_kit::{Ask, Cx, Page, Shown, State, Texts, Tree};
use serde_json::{Map, Value};
use std::{collections::BTreeSet, fs};

#[test]
fn a_face_draws_every_view_in_whole_words() {
    each(|history, cx, me| {
        let mut page = Page::new(cx.texts);
        history.entry.face.stage(cx, &mut page);
        let html = page.done().node().html();
        check_words(history, &html);
        let buttons = html.matches("<button").count();
        assert!(buttons > 0, "{}: no button for {}", history.entry.slug, me.view.text());
    });
}

#[test]
fn buttons_ask_for_offered_moves_and_there_is_one_where_any_is_offered() {
    each(|history, cx, me| {
        let mut page = Page::new(cx.texts);
        history.entry.face.stage(cx, &mut page);
        let html = page.done().node().html();
        let asked: BTreeSet<_> = presses(&html)
            .iter()
            .map(|name| {
                let mut ask = Ask::default();
                history.entry.face.press(cx, name, &mut ask);
                ask.action
            })
            .filter(|action| !action.is_empty())
            .collect();
        // What is chosen or typed in a form is the shopper's.
        let form = html.contains("<form");
        let moves = history.running.game.moves(&me.view);
        let offered: BTreeSet<_> = moves.iter().map(|action| action.text().to_owned()).collect();
        let (slug, view) = (history.entry.slug, me.view.text());
        assert!(asked.is_subset(&offered), "{slug} asks {asked:?} at {view}");
        let silent = asked.is_empty() && !form;
        assert!(!silent || offered.is_empty(), "{slug} offers {offered:?} at {view}");
        assert!(asked.is_empty() || !offered.is_empty(), "{slug} asks {asked:?} at {view}");
    });
}

#[test]
fn a_face_has_words_for_every_outcome_and_refusal() {
    for history in history::all() {
        for locale in 0..history.entry.texts.len() {
            let stage = Stage::new(history, locale);
            let me = history.views.last().unwrap();
            for outcome in known(&history.outcomes) {
                let (view, outcome) = (Tree::parse(me.view.text()), Tree::parse(outcome));
                let mut shown = Shown::default();
                let cx = Cx { outcome: &outcome, ..stage.cx(me, &view) };
                history.entry.face.outcome(&cx, &mut shown);
                assert!(!shown.title.is_empty(), "{}", history.entry.slug);
                check_words(history, &shown.title);
                check_words(history, &shown.line);
            }
            for refusal in known(&history.refusals) {
                let (view, refusal) = (Tree::parse(me.view.text()), Tree::parse(refusal));
                let words = history.entry.face.refusal(&stage.cx(me, &view), &refusal);
                assert!(!words.is_empty(), "{}: {refusal:?}", history.entry.slug);
                check_words(history, &words);
            }
        }
    }
}

#[test]
fn a_face_leaves_what_is_newer_to_its_label() {
    let newer = Tree::parse(r#"{"type":"from_the_future","label":{"en":"Hello"}}"#);
    each(|history, cx, _| {
        let cx = Cx { outcome: &newer, ..*cx };
        let mut shown = Shown::default();
        history.entry.face.outcome(&cx, &mut shown);
        assert_eq!(shown.title, "", "{}", history.entry.slug);
        assert_eq!(history.entry.face.refusal(&cx, &newer), "", "{}", history.entry.slug);
    });
}

/// What the buttons of a drawing press: each name, with its value where it has one.
fn presses(html: &str) -> Vec<String> {
    let buttons = html.split("<button").skip(1).filter_map(|rest| rest.split('>').next());
    let open = buttons.filter(|button| !button.contains("aria-disabled=\"true\""));
    let read = |button: &str, name: &str| {
        let (_, rest) = button.split_once(&format!(" data-{name}=\""))?;
        Some(rest.split('"').next()?.replace("&quot;", "\""))
    };
    open.filter_map(|button| match (read(button, "do")?, read(button, "value")) {
        // A link is the page's to pass on.
        (name, _) if name == "share" => None,
        (name, None) => Some(name),
        (name, Some(value)) => Some(format!("{name}\u{1}{value}")),
    })
    .collect()
}

/// Every view that a season showed, in every locale.
fn each(check: impl Fn(&History, &Cx<'_>, &Me<Raw>)) {
    for history in history::all() {
        for locale in 0..history.entry.texts.len() {
            let stage = Stage::new(history, locale);
            for me in &history.views {
                check(history, &stage.cx(me, &Tree::parse(me.view.text())), me);
            }
        }
    }
}

/// What does not change from one view to the next.
struct Stage {
    lang: &'static str,
    texts: Texts,
    activity: Tree,
    absent: Tree,
}

impl Stage {
    fn new(history: &History, locale: usize) -> Self {
        let (lang, json) = history.entry.texts[locale];
        let kit = format!("{}/../kit/texts/{lang}.json", env!("CARGO_MANIFEST_DIR"));
        let mut texts: Map<String, Value> =
            serde_json::from_str(&fs::read_to_string(kit).unwrap()).unwrap();
        texts.extend(serde_json::from_str::<Map<String, Value>>(json).unwrap());
        let activity = serde_json::to_string(&history.running.public(0)).unwrap();
        Self {
            lang,
            texts: Texts::read(&Value::from(texts).to_string()),
            activity: Tree::parse(&activity),
            absent: Tree::parse(""),
        }
    }

    fn cx<'a>(&'a self, me: &Me<Raw>, view: &'a Tree) -> Cx<'a> {
        Cx {
            texts: &self.texts,
            lang: self.lang,
            activity: &self.activity,
            view,
            balance: me.balance,
            state: State::Ready,
            outcome: &self.absent,
            now_ms: me.now_ms,
        }
    }
}

/// No text key stands where its words should, and no blank is left unfilled.
#[track_caller]
fn check_words(history: &History, words: &str) {
    let key = format!("{}.", history.entry.slug);
    assert!(!words.contains(&key) && !words.contains("kit."), "no words: {words}");
    assert!(!words.contains('{'), "not filled in: {words}");
}

fn known(answers: &[Raw]) -> BTreeSet<&str> {
    answers.iter().map(Raw::text).collect()
}
