//! Elements that show and do not play: the wallet, the hub.
//!
//! The same rules as for a widget's life hold: a message comes in, effects and a view go out. What
//! an element of this kind shows begins with one answer, [`MAIN`]; the states around it (loading,
//! signed out, error, offline, empty) are the machine's, and what stands between is the
//! [`Pane`]'s.

mod frame;
mod pages;

pub use frame::time;
pub use pages::Pages;

use crate::{
    Effects, Moment, Page, Texts, Tree,
    answers::{is_passing, is_problem},
    cut,
};
use alloc::{boxed::Box, string::String};

/// The name of the request without which there is nothing to show.
pub const MAIN: &str = "main";

/// What an element adds to the machine: what it reads, its drawing, what its buttons do.
pub trait Pane {
    /// The element's slug: `wallet` in `funfair-wallet`.
    fn slug(&self) -> &'static str;
    /// Asks for what it shows: [`MAIN`], and whatever else it holds and has to be up to date.
    fn read(&self, todo: &mut Effects);
    /// Takes an answer: its own, or the [`MAIN`] one, which is in [`Seen::main`] already.
    fn answered(
        &mut self,
        seen: &mut Seen,
        name: &str,
        status: u32,
        body: &mut Tree,
        todo: &mut Effects,
    );
    /// Takes a press: a button's `data-do`, with its `data-value` or its form's values after U+0001.
    fn pressed(&mut self, seen: &Seen, name: &str, value: &str, todo: &mut Effects);
    /// Draws a picture for when there is nothing else to show.
    fn picture(&self, page: &mut Page<'_>);
    /// Draws what was read.
    fn stage(&self, seen: &Seen, page: &mut Page<'_>);
    /// Whether what was read is nothing yet.
    fn is_empty(&self, seen: &Seen) -> bool;
    /// The moment at which something else is to be shown, so that it is read again; 0 for never.
    fn wakes_at_ms(&self, seen: &Seen) -> u64;
}

/// What a pane may look at.
pub struct Seen {
    /// The words of the page's locale.
    pub texts: Texts,
    /// The page's locale, for the words that come with activities.
    pub lang: String,
    /// The answer to [`MAIN`]; absent until it is read.
    pub main: Tree,
    /// The server's clock, milliseconds since 1970 UTC; the shell's where the server tells none.
    pub now_ms: u64,
}

/// The state of one element.
pub struct Panel {
    pane: Box<dyn Pane>,
    seen: Seen,
    phase: Phase,
    /// The code of the problem being shown.
    code: String,
    /// How often in a row there was no answer.
    tries: u32,
    skew_ms: i64,
    noted: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    Loading,
    SignedOut,
    Read,
    /// A problem that trying the same again does not cure.
    Failed,
    Offline,
}

/// What the shell tells.
#[derive(Clone, Debug)]
pub enum Told<'a> {
    /// The element is new.
    Start,
    /// A request was answered: its name, the status (0 is no answer, 401 without a body is "nobody
    /// is signed in"), the body.
    Answer(&'a str, u32, Tree),
    /// Something was pressed.
    Press(&'a str),
    /// The time asked for has passed.
    Tick,
    /// The host or the browser says that things may be different now.
    Refresh,
}

/// What panes ask of the shell, beside what [`Effects`] lists:
///
/// | effect | what |
/// |---|---|
/// | `ask`, name, path, body, `1` | reads below the store, or posts the body; where the `1` is there, without a token if nobody is signed in |
/// | `copy`, text | puts it on the clipboard |
/// | `check`, id | recomputes the draws of a receipt that it has read, and answers as `check` |
/// | `save`, id | lets the shopper keep that receipt as a file |
/// | `focus`, selector | moves the focus there, after the page has changed |
impl Effects {
    /// Asks for a path below the store under a name; a request with a body is a POST.
    pub fn ask(&mut self, name: &str, path: &str, body: &str) {
        self.add(&["ask", name, path, body, ""]);
    }

    /// The same for what visitors may read too.
    pub fn ask_openly(&mut self, name: &str, path: &str) {
        self.add(&["ask", name, path, "", "1"]);
    }

    /// Asks for something that the shell does by itself.
    pub fn want(&mut self, what: &str, of: &str) {
        self.add(&[what, of]);
    }
}

impl Panel {
    /// A new element in the words of `texts`, which name their locale as `kit.lang`.
    pub fn new(pane: Box<dyn Pane>, texts: Texts) -> Self {
        let lang = texts.get("kit.lang").into();
        let seen = Seen { texts, lang, main: Tree::default(), now_ms: 0 };
        let (phase, code) = (Phase::Loading, String::new());
        Self { pane, seen, phase, code, tries: 0, skew_ms: 0, noted: "loading" }
    }

    /// Takes a message; what is to be done about it.
    pub fn update(&mut self, told: Told<'_>, moment: Moment<'_>) -> Effects {
        let mut todo = Effects::default();
        self.seen.now_ms = moment.now_ms.saturating_add_signed(self.skew_ms);
        match told {
            Told::Start => self.pane.read(&mut todo),
            Told::Answer(name, status, body) => {
                self.answered(name, status, body, moment, &mut todo);
            }
            Told::Press(name) => self.pressed(name, &mut todo),
            Told::Tick => self.ticked(&mut todo),
            Told::Refresh => self.refresh(&mut todo),
        }
        let state = self.state();
        if state != self.noted {
            if self.noted == "loading" {
                todo.add(&["note", "ready", state]);
            }
            self.noted = state;
            todo.add(&["note", "state", state]);
            self.wait(&mut todo);
        }
        if !todo.0.is_empty() {
            todo.0.push(']');
        }
        todo
    }

    /// Where the element stands: the word in `data-state` and in `funfair-state`.
    pub fn state(&self) -> &'static str {
        match self.phase {
            Phase::Loading => "loading",
            Phase::SignedOut => "signed-out",
            Phase::Failed => "error",
            Phase::Offline => "offline",
            Phase::Read if self.pane.is_empty(&self.seen) => "empty",
            Phase::Read => "ready",
        }
    }

    fn answered(
        &mut self,
        name: &str,
        status: u32,
        mut body: Tree,
        moment: Moment<'_>,
        todo: &mut Effects,
    ) {
        if name == MAIN {
            match status {
                200..300 if body.exists() => self.read(core::mem::take(&mut body), moment),
                401 if !body.exists() || is_problem(&body) => self.sign_out(),
                _ => return self.no(status, &body, todo),
            }
        }
        if self.phase == Phase::Read {
            self.pane.answered(&mut self.seen, name, status, &mut body, todo);
        }
    }

    fn read(&mut self, body: Tree, moment: Moment<'_>) {
        let now_ms = body.num("now_ms");
        if now_ms > 0 {
            self.skew_ms = now_ms.wrapping_sub(moment.now_ms).cast_signed();
            self.seen.now_ms = now_ms;
        }
        self.seen.main = body;
        self.phase = Phase::Read;
        self.tries = 0;
    }

    fn sign_out(&mut self) {
        self.seen.main = Tree::default();
        self.phase = Phase::SignedOut;
    }

    /// No answer for now, or none that helps. What is on show stays true enough.
    fn no(&mut self, status: u32, answer: &Tree, todo: &mut Effects) {
        if self.phase == Phase::Read {
            return;
        }
        let code = if is_problem(answer) { answer.text("code") } else { "offline" };
        // What fails again, or in the same way beside another reading, is one fault and said once.
        let failed = matches!(self.phase, Phase::Offline | Phase::Failed);
        let known = failed && self.code == code;
        self.phase = if is_passing(status, answer) { Phase::Offline } else { Phase::Failed };
        self.code = code.into();
        self.tries += 1;
        if !known {
            todo.add(&["note", "error", code]);
        }
        self.wait(todo);
    }

    fn pressed(&mut self, name: &str, todo: &mut Effects) {
        let (name, value) = cut(name, 1);
        match name {
            "retry" => self.refresh(todo),
            "main" if self.phase == Phase::SignedOut => todo.add(&["sign-in"]),
            _ if self.phase == Phase::Read => self.pane.pressed(&self.seen, name, value, todo),
            _ => {}
        }
    }

    fn ticked(&mut self, todo: &mut Effects) {
        let wakes_at_ms = self.pane.wakes_at_ms(&self.seen);
        let due = wakes_at_ms > 0 && wakes_at_ms <= self.seen.now_ms;
        if self.phase == Phase::Offline || due {
            self.pane.read(todo);
        }
        self.wait(todo);
    }

    fn refresh(&mut self, todo: &mut Effects) {
        if matches!(self.phase, Phase::Failed | Phase::Offline) {
            self.phase = Phase::Loading;
        }
        self.pane.read(todo);
    }

    /// Asks to be told when something looks different by itself.
    fn wait(&self, todo: &mut Effects) {
        match self.phase {
            Phase::Read => todo.wait(60_000),
            // 2, 4, 8 … 64 seconds.
            Phase::Offline => todo.wait(1000 << self.tries.clamp(1, 6)),
            _ => {}
        }
    }
}
