use crate::{Confirm, Cx, Face, Move, Press, Texts, fields::Fields};
use alloc::{string::String, vec, vec::Vec};
use funfair_host_api::{
    Activity, ActivityState, Me, PlayRequest,
    json::{Raw, Wire, write_str},
};

/// The state of one element, from the first request to its last result.
pub struct Ui {
    pub(crate) face: &'static dyn Face,
    pub(crate) texts: Texts,
    pub(crate) lang: String,
    pub(crate) activity: Option<Activity>,
    pub(crate) me: Option<Me<Raw>>,
    /// Whether the host said that nobody is signed in.
    pub(crate) visitor: bool,
    pub(crate) phase: Phase,
    /// Unanswered plays, the one in flight first.
    pub(crate) plays: Vec<Kept>,
    /// The status line, filled when a motion has ended.
    pub(crate) said: String,
    /// How often the play in flight met something that is worth another try.
    pub(crate) tries: u32,
    /// Whether a fresh token was already asked for.
    pub(crate) fresh: bool,
    pub(crate) now_ms: u64,
    /// The server's clock minus the shell's.
    skew_ms: i64,
    noted: &'static str,
}

/// What the element is about; [`Ui::state`] adds what the activity's dates say.
pub(crate) enum Phase {
    Loading,
    Idle,
    /// A question before a play.
    Asking(Confirm),
    /// Sent, not answered. `resumed` after a reload: the result is shown without a motion.
    Playing {
        resumed: bool,
    },
    /// Answered, in motion; `me` comes into force when it lands.
    Moving {
        receipt: Raw,
        me: Me<Raw>,
    },
    Result {
        receipt: Raw,
    },
    /// The rules said no.
    Refused,
    /// The activity changed since it was read: nothing was charged, the shopper is asked again.
    Changed,
    /// A problem that trying the same again does not cure; its code.
    Failed(String),
    /// No answer: the play is kept and sent again.
    Offline,
}

/// A play that was sent and not answered: what the shell keeps over reloads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub key: String,
    pub body: String,
    pub member: String,
}

/// What the shell tells.
#[derive(Clone, Copy, Debug)]
pub enum Msg<'a> {
    /// The element is new; the shell has asked for the activity and for `me` already.
    Start,
    /// The activity's public side was answered; status 0 is no answer.
    Activity(u32, &'a str),
    /// `me` was answered; status 0 is no answer, 401 without a body is "nobody is signed in".
    Me(u32, &'a str),
    /// The play with this key was answered.
    Reply(u32, &'a str, &'a str),
    /// A kept play was found in the page's storage.
    Found(&'a str),
    /// Something was pressed.
    Press(&'a str),
    /// The motion has ended.
    Landed,
    /// The time asked for has passed.
    Tick,
    /// The host or the browser says that things may be different now.
    Refresh,
}

/// What comes with each message because the machine has neither clock nor entropy.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The shell's clock, milliseconds since 1970 UTC; it only has to run evenly.
    pub now_ms: u64,
    /// 64 random characters of `[0-9a-f]`, new each time.
    pub dice: &'a str,
}

/// What the shell does.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Reads `activity` or `me`; with a fresh token where `fresh`.
    Get { what: &'static str, fresh: bool },
    /// Sends a play.
    Play { key: String, body: String, fresh: bool },
    /// Keeps an unanswered play over reloads: `{key, body, member}`.
    Keep { key: String, json: String },
    /// Forgets it.
    Drop(String),
    /// Plays a motion and tells when it has ended.
    Move(Move),
    /// Tells when so much time has passed; a second one replaces the first.
    Wait(u64),
    /// Asks the host to sign the shopper in.
    SignIn,
    /// Dispatches `funfair-<name>` with this detail, JSON.
    Note(&'static str, String),
}

impl Effect {
    /// `["name",…]`: what the shell reads.
    pub fn json(&self) -> String {
        let yes = |yes: bool| if yes { "1" } else { "" };
        match self {
            Self::Get { what, fresh } => list(&["get", what, yes(*fresh)]),
            Self::Play { key, body, fresh } => list(&["play", key, body, yes(*fresh)]),
            Self::Keep { key, json } => list(&["keep", key, json]),
            Self::Drop(key) => list(&["drop", key]),
            Self::Move(Move::Turn(by)) => list(&["turn", &number(u64::from(*by))]),
            Self::Move(Move::Draw) => list(&["draw"]),
            Self::Wait(ms) => list(&["wait", &number(*ms)]),
            Self::SignIn => list(&["sign-in"]),
            Self::Note(name, detail) => list(&["note", name, detail]),
        }
    }
}

fn list(words: &[&str]) -> String {
    let mut out = String::new();
    for word in words {
        out.push(if out.is_empty() { '[' } else { ',' });
        write_str(word, &mut out);
    }
    out.push(']');
    out
}

fn number(n: u64) -> String {
    funfair_host_api::json::write(&n)
}

impl Ui {
    /// A new element; the shell asks for the activity and for `me` by itself, before the wasm is
    /// there.
    pub fn new(face: &'static dyn Face, lang: &str, texts: Texts) -> Self {
        Self {
            face,
            texts,
            lang: lang.into(),
            activity: None,
            me: None,
            visitor: false,
            phase: Phase::Loading,
            plays: Vec::new(),
            said: String::new(),
            tries: 0,
            fresh: false,
            now_ms: 0,
            skew_ms: 0,
            noted: "loading",
        }
    }

    /// Takes a message; what is to be done about it.
    pub fn update(&mut self, msg: Msg<'_>, moment: Moment<'_>) -> Vec<Effect> {
        self.now_ms = moment.now_ms.saturating_add_signed(self.skew_ms);
        let mut todo = match msg {
            Msg::Activity(status, body) => self.activity_read(status, body),
            Msg::Me(status, body) => self.me_read(status, body, moment),
            Msg::Reply(status, key, body) => self.replied(status, key, body, moment),
            Msg::Found(json) => {
                let fields = Fields::of(json);
                let [key, body, member] = ["key", "body", "member"].map(|name| fields.word(name));
                if !self.plays.iter().any(|play| play.key == key) {
                    self.plays.push(Kept { key, body, member });
                }
                Vec::new()
            }
            Msg::Start => Vec::new(),
            Msg::Press(name) => self.pressed(name, moment),
            Msg::Landed => self.landed(),
            Msg::Tick => self.ticked(),
            Msg::Refresh => self.refresh(),
        };
        let state = self.state();
        if state != self.noted {
            if self.noted == "loading" {
                todo.push(Effect::Note("ready", list_state(state)));
            }
            self.noted = state;
            todo.push(Effect::Note("state", list_state(state)));
            todo.extend(self.next_tick().map(Effect::Wait));
        }
        todo
    }

    /// The state's name, as it stands in `data-state`.
    pub fn state(&self) -> &'static str {
        match &self.phase {
            Phase::Playing { .. } | Phase::Moving { .. } => return "playing",
            Phase::Result { .. } => return "result",
            Phase::Failed(_) => return "error",
            Phase::Offline => return "offline",
            Phase::Loading => return "loading",
            Phase::Refused => return "refused",
            Phase::Idle | Phase::Asking(_) | Phase::Changed => {}
        }
        let Some(activity) = &self.activity else { return "loading" };
        match activity.state {
            ActivityState::Paused => "paused",
            ActivityState::Closed => "closed",
            _ if self.now_ms >= activity.closes_at_ms => "closed",
            _ if self.now_ms < activity.opens_at_ms => "early",
            _ if self.me.is_some() => "ready",
            _ => "signed-out",
        }
    }

    /// What the face may look at, where there is something to look at.
    pub(crate) fn cx(&self) -> Option<Cx<'_>> {
        let activity = self.activity.as_ref()?;
        let me = self.me.as_ref();
        Some(Cx {
            texts: &self.texts,
            lang: &self.lang,
            activity,
            view: me.map_or(&activity.preview, |me| &me.view),
            balance: me.map_or(0, |me| me.balance),
            state: self.state(),
            outcome: None,
            now_ms: self.now_ms,
        })
    }

    fn pressed(&mut self, name: &str, moment: Moment<'_>) -> Vec<Effect> {
        match name {
            "close" if !matches!(self.phase, Phase::Playing { .. } | Phase::Moving { .. }) => {
                self.phase = Phase::Idle;
                self.said = String::new();
                return Vec::new();
            }
            "retry" => return self.refresh(),
            "sign-in" => return vec![Effect::SignIn],
            _ => {}
        }
        if let ("confirm", Phase::Asking(confirm)) = (name, &self.phase) {
            let action = confirm.action.clone();
            return self.play(&action, moment);
        }
        let Some(cx) = self.cx() else { return Vec::new() };
        // A second press while the first is on its way finds another state than these.
        if !cx.is_open() {
            return if self.state() == "signed-out" { vec![Effect::SignIn] } else { Vec::new() };
        }
        match self.face.press(&cx, name) {
            Some(Press::Play(action)) => self.play(&action, moment),
            Some(Press::Ask(confirm)) => {
                self.phase = Phase::Asking(confirm);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Sends a new play of this action, under a new key.
    pub(crate) fn play(&mut self, action: &str, moment: Moment<'_>) -> Vec<Effect> {
        let (Some(activity), Some(me)) = (&self.activity, &self.me) else { return Vec::new() };
        let Some(action) = Raw::parse(action) else { return Vec::new() };
        let (key, seed) = moment.dice.split_at_checked(32).unwrap_or_default();
        let request = PlayRequest {
            action,
            client_seed: seed.into(),
            commitment: me.commitment.clone(),
            revision: activity.revision.clone(),
        };
        let mut body = String::new();
        request.write(&mut body);
        let kept = Kept { key: key.into(), body, member: me.member.clone() };
        let json = kept.json();
        self.phase = Phase::Playing { resumed: false };
        self.said = String::new();
        self.plays.insert(0, kept.clone());
        let note = Effect::Note("play", list(&[key]));
        vec![Effect::Keep { key: key.into(), json }, self.send(false), note]
    }

    /// Sends the first unanswered play as it was sent before: same key, same bytes.
    pub(crate) fn send(&mut self, fresh: bool) -> Effect {
        self.fresh = fresh;
        let (key, body) = match self.plays.first() {
            Some(kept) => (kept.key.clone(), kept.body.clone()),
            None => (String::new(), String::new()),
        };
        Effect::Play { key, body, fresh }
    }

    /// The server's clock as an answer told it.
    pub(crate) fn set_clock(&mut self, server_ms: u64, shell_ms: u64) {
        self.skew_ms = server_ms.cast_signed().saturating_sub(shell_ms.cast_signed());
        self.now_ms = server_ms;
    }

    fn landed(&mut self) -> Vec<Effect> {
        let Phase::Moving { receipt, me } = core::mem::replace(&mut self.phase, Phase::Idle) else {
            return Vec::new();
        };
        self.show(receipt, me)
    }

    /// Shows a receipt whose motion has ended, or that needs none.
    pub(crate) fn show(&mut self, receipt: Raw, me: Me<Raw>) -> Vec<Effect> {
        self.me = Some(me);
        let note = Effect::Note("result", receipt.text().into());
        self.phase = Phase::Result { receipt };
        self.said = self.shown().map(|shown| shown.title).unwrap_or_default();
        vec![note]
    }

    fn ticked(&mut self) -> Vec<Effect> {
        if matches!(self.phase, Phase::Offline) {
            return self.refresh();
        }
        let woke =
            self.cx().and_then(|cx| self.face.wakes_at_ms(&cx)).is_some_and(|at| at <= self.now_ms);
        let mut todo: Vec<_> = self.next_tick().map(Effect::Wait).into_iter().collect();
        if woke && self.state() == "ready" {
            todo.push(Effect::Get { what: "me", fresh: false });
        }
        todo
    }

    /// How long until the face looks different by itself.
    pub(crate) fn next_tick(&self) -> Option<u64> {
        match self.state() {
            "early" => Some(1000),
            "ready" | "refused" => Some(20_000),
            // 2, 4, 8 … 64 seconds.
            "offline" => Some(1000 << self.tries.clamp(1, 6)),
            _ => None,
        }
    }

    fn refresh(&mut self) -> Vec<Effect> {
        if matches!(self.phase, Phase::Moving { .. }) {
            return Vec::new();
        }
        if matches!(self.phase, Phase::Failed(_)) {
            self.phase = Phase::Loading;
        }
        ["activity", "me"].map(|what| Effect::Get { what, fresh: false }).into()
    }
}

fn list_state(state: &str) -> String {
    let mut out = String::new();
    write_str(state, &mut out);
    out
}

impl Kept {
    fn json(&self) -> String {
        let mut out = String::new();
        let mut open = "{\"";
        for (name, value) in [("key", &self.key), ("body", &self.body), ("member", &self.member)] {
            out.push_str(open);
            open = ",\"";
            out.push_str(name);
            out.push_str("\":");
            write_str(value, &mut out);
        }
        out.push('}');
        out
    }
}
