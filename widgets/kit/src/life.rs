use crate::{Ask, Cx, Face, Move, Shown, State, Texts, Tree, cut};
use alloc::{string::String, vec::Vec};
use funfair_host_api::json::{write_str, write_u64};

/// In the last hour before the opening, seconds are counted.
pub(crate) const HOUR_MS: u64 = 3_600_000;

/// The state of one element, from the first request to its last result.
pub struct Ui {
    pub(crate) face: &'static dyn Face,
    pub(crate) texts: Texts,
    pub(crate) lang: String,
    /// Absent until it is read.
    pub(crate) activity: Tree,
    /// Absent until it is read, and while nobody is signed in.
    pub(crate) me: Tree,
    /// Whether the host said that nobody is signed in.
    pub(crate) visitor: bool,
    pub(crate) phase: Phase,
    /// Unanswered plays, each `{key, body, member}` as the shell keeps it, the one in flight last.
    pub(crate) plays: Vec<Tree>,
    /// The receipt in motion or on show.
    pub(crate) receipt: Tree,
    /// The `me` that came with it.
    pub(crate) next: Tree,
    /// The question being asked.
    pub(crate) ask: Ask,
    /// The status line; what came is said when the motion has ended.
    pub(crate) said: String,
    /// The code of the problem being shown.
    pub(crate) code: String,
    /// How often the play in flight met something that is worth another try.
    pub(crate) tries: u32,
    /// Whether a fresh token was already asked for.
    pub(crate) fresh: bool,
    /// The action to be sent again once it is known who is signed in; empty for none.
    pub(crate) again: String,
    /// Where the terms page is; empty where there is none.
    pub(crate) terms_url: String,
    pub(crate) now_ms: u64,
    /// The server's clock minus the shell's.
    skew_ms: i64,
    noted: State,
}

/// What the element is about; [`Ui::state`] adds what the activity's dates say.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Phase {
    Loading,
    Idle,
    /// A question before a play.
    Asking,
    /// Sent, not answered.
    Playing,
    /// The same, of an earlier life of this page: the result is shown without a motion.
    Resuming,
    /// Answered, in motion; the answer's `me` comes into force when it lands.
    Moving,
    Result,
    Refused,
    /// The activity changed since it was read: nothing was charged, the shopper is asked again.
    Changed,
    Failed,
    Offline,
}

/// What the shell tells; an answer without a body, or that is no JSON, comes as an absent tree.
#[derive(Clone, Debug)]
pub enum Msg<'a> {
    /// The element is new; the shell has asked for the activity and for `me` already.
    Start,
    /// The activity's public side was answered; status 0 is no answer.
    Activity(u32, Tree),
    /// `me` was answered; status 0 is no answer, 401 without a body is "nobody is signed in".
    Me(u32, Tree),
    /// The play with this key was answered: status, key, body.
    Reply(u32, &'a str, Tree),
    /// A kept play was found in the page's storage.
    Found(Tree),
    /// Something was pressed.
    Press(&'a str),
    /// The motion has ended.
    Landed,
    /// The time asked for has passed.
    Tick,
    /// The host or the browser says that things may be different now.
    Refresh,
    /// The passphrase was answered, with a `me`.
    Unlocked(u32, Tree),
}

/// What comes with each message because the machine has neither clock nor entropy.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The shell's clock, milliseconds since 1970 UTC; it only has to run evenly.
    pub now_ms: u64,
    /// 64 random characters of `[0-9a-f]`, new each time.
    pub dice: &'a str,
}

/// What the shell is to do, in order, as JSON: `[["name", "argument", …], …]`.
///
/// | effect | what |
/// |---|---|
/// | `get`, `activity` or `me`, `1` | reads it; with a fresh token where the `1` is there |
/// | `play`, key, body, `1` | sends a play, in the same way |
/// | `keep`, key, JSON | keeps an unanswered play over reloads |
/// | `drop`, key | forgets it |
/// | `turn`, hundredths of a degree; `draw` | plays a motion and tells when it has ended |
/// | `wait`, milliseconds | tells when they have passed; a second one replaces the first |
/// | `unlock`, body | tries a passphrase |
/// | `share`, item's key | passes on a link to it |
/// | `sign-in` | asks the host to sign the shopper in |
/// | `consent`, its name | asks the host to ask the shopper for it |
/// | `note`, name, word | dispatches `funfair-<name>` |
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects(pub String);

impl Effects {
    pub(crate) fn add(&mut self, words: &[&str]) {
        let mut open = if self.0.is_empty() { "[[" } else { ",[" };
        for word in words {
            self.0.push_str(open);
            open = ",";
            write_str(word, &mut self.0);
        }
        self.0.push(']');
    }

    pub(crate) fn get(&mut self, what: &str) {
        self.add(&["get", what, ""]);
    }

    pub(crate) fn wait(&mut self, ms: u64) {
        let mut digits = String::new();
        write_u64(ms, &mut digits);
        self.add(&["wait", &digits]);
    }
}

impl Ui {
    /// A new element in the words of `texts`, which name their locale as `kit.lang`.
    pub fn new(face: &'static dyn Face, texts: Texts) -> Self {
        Self {
            face,
            lang: texts.get("kit.lang").into(),
            texts,
            activity: Tree::default(),
            me: Tree::default(),
            visitor: false,
            phase: Phase::Loading,
            plays: Vec::new(),
            receipt: Tree::default(),
            next: Tree::default(),
            ask: Ask::default(),
            said: String::new(),
            code: String::new(),
            tries: 0,
            fresh: false,
            again: String::new(),
            terms_url: String::new(),
            now_ms: 0,
            skew_ms: 0,
            noted: State::Loading,
        }
    }

    /// Says where the activity's terms page is, without its language; the frame links there.
    pub fn set_terms(&mut self, url: &str) {
        self.terms_url = url.into();
    }

    /// Takes a message; what is to be done about it.
    pub fn update(&mut self, msg: Msg<'_>, moment: Moment<'_>) -> Effects {
        let mut todo = Effects::default();
        self.now_ms = moment.now_ms.saturating_add_signed(self.skew_ms);
        match msg {
            Msg::Start => {}
            Msg::Activity(status, body) => self.activity_read(status, body, &mut todo),
            Msg::Me(status, body) => self.me_read(status, body, moment, &mut todo),
            Msg::Reply(status, key, body) => self.replied(status, key, body, moment, &mut todo),
            Msg::Found(kept) => self.plays.push(kept),
            Msg::Press(name) => self.pressed(name, moment, &mut todo),
            Msg::Landed => self.show(&mut todo),
            Msg::Tick => self.ticked(&mut todo),
            Msg::Refresh => self.refresh(&mut todo),
            Msg::Unlocked(status, body) => self.unlocked(status, body, moment, &mut todo),
        }
        let state = self.state();
        if state != self.noted {
            if self.noted == State::Loading {
                todo.add(&["note", "ready", state.name()]);
            }
            self.noted = state;
            todo.add(&["note", "state", state.name()]);
            self.wait(&mut todo);
        }
        if !todo.0.is_empty() {
            todo.0.push(']');
        }
        todo
    }

    /// Where the element stands.
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Loading => return State::Loading,
            Phase::Playing | Phase::Resuming | Phase::Moving => return State::Playing,
            Phase::Result => return State::Result,
            Phase::Refused => return State::Refused,
            Phase::Failed => return State::Error,
            Phase::Offline => return State::Offline,
            Phase::Idle | Phase::Asking | Phase::Changed => {}
        }
        let activity = &self.activity;
        match activity.text("state") {
            "paused" => State::Paused,
            "closed" => State::Closed,
            _ if self.now_ms >= activity.num("closes_at_ms") => State::Closed,
            _ if self.now_ms < activity.num("opens_at_ms") => State::Early,
            _ if !self.me.exists() => State::SignedOut,
            _ if self.barrier().is("hidden") => State::Hidden,
            _ if self.barrier().exists() => State::Barred,
            _ => State::Ready,
        }
    }

    /// What the face may look at.
    pub(crate) fn cx(&self) -> Cx<'_> {
        let shown = matches!(self.phase, Phase::Moving | Phase::Result);
        Cx {
            texts: &self.texts,
            lang: &self.lang,
            activity: &self.activity,
            view: if self.me.exists() { self.me.at("view") } else { self.activity.at("preview") },
            balance: self.me.num("balance"),
            state: self.state(),
            outcome: self.receipt.at(if shown { "outcome" } else { "" }),
            now_ms: self.now_ms,
        }
    }

    fn pressed(&mut self, name: &str, moment: Moment<'_>, todo: &mut Effects) {
        let (head, value) = cut(name, 1);
        match head {
            "retry" => self.refresh(todo),
            "share" => todo.add(&["share", value]),
            "consent" => todo.add(&["consent", self.barrier().text("consent")]),
            // Said by the shell when the link is on the clipboard; where it could not be put there,
            // with the link, to be copied by hand.
            "copied" => {
                let said = if value.is_empty() { self.texts.get("kit.copied") } else { value };
                self.said = said.into();
            }
            "unlock" => self.unlock(value, todo),
            "confirm" if self.phase == Phase::Asking => {
                let action = core::mem::take(&mut self.ask).action;
                self.play(&action, moment, todo);
            }
            // A press while a play is on its way finds another phase than these.
            "close" if !matches!(self.state(), State::Playing | State::Loading) => {
                self.phase = Phase::Idle;
                self.said.clear();
                self.settle(todo);
            }
            _ if self.state() == State::SignedOut => todo.add(&["sign-in"]),
            _ => {
                let cx = self.cx();
                let mut ask = Ask::default();
                if cx.is_open() {
                    self.face.press(&cx, name, &mut ask);
                }
                if ask.action.is_empty() {
                } else if ask.title.is_empty() {
                    self.play(&ask.action, moment, todo);
                } else {
                    self.ask = ask;
                    self.phase = Phase::Asking;
                    self.said.clear();
                }
            }
        }
    }

    /// Sends a new play of this action, under a new key.
    pub(crate) fn play(&mut self, action: &str, moment: Moment<'_>, todo: &mut Effects) {
        let (key, seed) = moment.dice.split_at_checked(32).unwrap_or_default();
        // The fields of host-api's `PlayRequest`, by hand: its writer is generic over the action.
        let mut body = String::from("{\"action\":");
        body.push_str(action);
        write_fields(
            &mut body,
            &[
                ("client_seed", seed),
                ("commitment", self.me.text("commitment")),
                ("revision", self.activity.text("revision")),
            ],
        );
        let fields = [("key", key), ("body", &body), ("member", self.me.text("member"))];
        let mut json = String::new();
        write_fields(&mut json, &fields);
        let mut kept = Tree::leaf("", "");
        for (name, value) in &fields {
            kept.push(Tree::leaf(name, value));
        }
        todo.add(&["keep", key, &json]);
        todo.add(&["note", "play", key]);
        self.plays.push(kept);
        self.phase = Phase::Playing;
        self.said.clear();
        self.send(false, todo);
    }

    /// Sends the last unanswered play as it was sent before: same key, same bytes.
    pub(crate) fn send(&mut self, fresh: bool, todo: &mut Effects) {
        self.fresh = fresh;
        if let Some(kept) = self.plays.last() {
            todo.add(&["play", kept.text("key"), kept.text("body"), if fresh { "1" } else { "" }]);
        }
    }

    /// The server's clock, as `me` told it.
    pub(crate) fn set_clock(&mut self, server_ms: u64, moment: Moment<'_>) {
        self.skew_ms = server_ms.wrapping_sub(moment.now_ms).cast_signed();
        self.now_ms = server_ms;
    }

    /// Shows a receipt whose motion has ended, or that needs none.
    pub(crate) fn show(&mut self, todo: &mut Effects) {
        if !matches!(self.phase, Phase::Moving | Phase::Resuming) {
            return;
        }
        self.phase = Phase::Result;
        self.me = core::mem::take(&mut self.next);
        self.said = self.shown().title;
        todo.add(&["note", "result", self.receipt.text("id")]);
    }

    /// What the receipt came to, in words; the label alone where it is newer than this.
    pub(crate) fn shown(&self) -> Shown {
        let cx = self.cx();
        let mut shown = Shown { icon: "points".into(), won: true, ..Shown::default() };
        self.face.outcome(&cx, &mut shown);
        if !shown.won && !self.receipt.at("rewards").list().is_empty() {
            // Words for nothing would contradict what it brings all the same.
            shown.line.clear();
        }
        if shown.title.is_empty() {
            shown.title = cx.outcome.at("label").words(cx.lang).into();
        }
        shown
    }

    /// Begins the motion to what came, if there is one.
    pub(crate) fn land(&mut self, todo: &mut Effects) {
        let resuming = self.phase == Phase::Resuming;
        self.phase = Phase::Moving;
        match self.shown().motion.filter(|_| !resuming) {
            Some(Move::Turn(by)) => {
                let mut digits = String::new();
                write_u64(u64::from(by), &mut digits);
                todo.add(&["turn", &digits]);
            }
            Some(Move::Draw) => todo.add(&["draw"]),
            None => self.show(todo),
        }
    }

    fn ticked(&mut self, todo: &mut Effects) {
        let barrier = self.me.at("barrier");
        let wakes = [
            self.face.wakes_at_ms(&self.cx()),
            barrier.num("opens_at_ms"),
            barrier.num("again_at_ms"),
        ];
        if self.phase == Phase::Offline {
            self.refresh(todo);
        } else if self.me.exists() && wakes.iter().any(|at| *at > 0 && *at <= self.now_ms) {
            todo.get("me");
        }
        self.wait(todo);
    }

    /// How long it is until the activity, or its next time of play, opens; 0 where no time is known.
    pub(crate) fn opens_in_ms(&self) -> u64 {
        let early = self.state() == State::Early;
        let what = if early { &self.activity } else { self.barrier() };
        what.num("opens_at_ms").saturating_sub(self.now_ms)
    }

    /// Asks to be told when the view looks different by itself.
    pub(crate) fn wait(&self, todo: &mut Effects) {
        match self.state() {
            State::Early | State::Barred | State::SignedOut
                if (1..HOUR_MS).contains(&self.opens_in_ms()) =>
            {
                todo.wait(1000);
            }
            State::Early | State::Ready | State::Refused | State::Barred | State::SignedOut => {
                todo.wait(60_000);
            }
            // 2, 4, 8 … 64 seconds.
            State::Offline => todo.wait(1000 << self.tries.clamp(1, 6)),
            _ => {}
        }
    }

    fn refresh(&mut self, todo: &mut Effects) {
        if self.phase == Phase::Failed {
            self.phase = Phase::Loading;
            self.said.clear();
        }
        todo.get("activity");
        todo.get("me");
    }
}

/// Ends an object, which may have begun, with these string fields.
pub(crate) fn write_fields(out: &mut String, fields: &[(&str, &str)]) {
    for (name, value) in fields {
        out.push_str(if out.is_empty() { "{" } else { "," });
        write_str(name, out);
        out.push(':');
        write_str(value, out);
    }
    out.push('}');
}
