//! What each answer means. The rule behind all of it: a play is forgotten only when it is known to
//! be answered or known not to have been charged.

use crate::{Effects, Moment, Tree, Ui, life::Phase};
use alloc::string::String;

impl Ui {
    pub(crate) fn activity_read(&mut self, status: u32, mut body: Tree, todo: &mut Effects) {
        if is_good(status) && body.has("revision") {
            self.activity = core::mem::take(&mut body);
        }
        if self.activity.exists() { self.settle(todo) } else { self.unread(status, &body, todo) }
    }

    pub(crate) fn me_read(
        &mut self,
        status: u32,
        body: Tree,
        moment: Moment<'_>,
        todo: &mut Effects,
    ) {
        match status {
            // The server did not take the token; the next one may be better.
            401 if body.exists() && !self.fresh => {
                self.fresh = true;
                return todo.add(&["get", "me", "1"]);
            }
            401 if !body.exists() || is_problem(&body) => self.sign_out(),
            200 if body.has("member") => {
                self.fresh = false;
                self.visitor = false;
                self.set_clock(body.num("now_ms"), moment);
                self.keep_own(body.text("member"), todo);
                if self.phase == Phase::Moving {
                    // It knows the result already, and comes into force with it.
                    if body.num("now_ms") >= self.next.num("now_ms") {
                        self.next = body;
                    }
                    return;
                }
                self.me = body;
                let again = core::mem::take(&mut self.again);
                if !again.is_empty() && matches!(self.phase, Phase::Playing | Phase::Resuming) {
                    return self.play(&again, moment, todo);
                }
            }
            _ => return self.unread(status, &body, todo),
        }
        self.settle(todo);
    }

    /// Another member's plays are not this one's to send, to see or to be charged for.
    fn keep_own(&mut self, member: &str, todo: &mut Effects) {
        for play in core::mem::take(&mut self.plays) {
            if play.text("member") == member {
                self.plays.push(play);
            } else {
                todo.add(&["drop", play.text("key")]);
            }
        }
        if self.me.exists() && self.me.text("member") != member && self.phase != Phase::Loading {
            self.phase = Phase::Idle;
            self.said.clear();
        }
    }

    fn sign_out(&mut self) {
        self.visitor = true;
        self.again.clear();
        self.me = Tree::default();
        if self.phase != Phase::Loading {
            self.phase = Phase::Idle;
            self.said.clear();
        }
    }

    /// Leaves loading and offline once both answers are there, and sends what is unanswered.
    pub(crate) fn settle(&mut self, todo: &mut Effects) {
        let known = self.activity.exists() && (self.me.exists() || self.visitor);
        if !known || !matches!(self.phase, Phase::Loading | Phase::Offline | Phase::Idle) {
            return;
        }
        if self.phase != Phase::Idle {
            self.said.clear();
        }
        self.phase = Phase::Idle;
        if self.me.exists() && !self.plays.is_empty() {
            self.phase = Phase::Resuming;
            self.send(false, todo);
        }
    }

    /// The activity or `me` could not be read.
    fn unread(&mut self, status: u32, body: &Tree, todo: &mut Effects) {
        match self.phase {
            // Nothing can be done without it.
            Phase::Loading | Phase::Offline => self.no(status, body, todo),
            _ if !self.again.is_empty() => {
                self.again.clear();
                self.no(status, body, todo);
            }
            // What is on show stays true enough; the next play will tell.
            _ => {}
        }
    }

    pub(crate) fn replied(
        &mut self,
        status: u32,
        key: &str,
        mut answer: Tree,
        moment: Moment<'_>,
        todo: &mut Effects,
    ) {
        let Some(kept) = self.plays.last().filter(|kept| kept.text("key") == key) else {
            // Of a member who has left, or answered already.
            return;
        };
        if self.visitor {
            // Its member has signed out, and is asked again about it when back.
            return;
        }
        let action = action_of(kept.text("body"));
        if status == 401 && !self.fresh {
            return self.send(true, todo);
        }
        if status == 401 && (!answer.exists() || is_problem(&answer)) {
            return self.sign_out();
        }
        let taken = is_good(status) && answer.at("receipt").has("id");
        if !taken && is_passing(status, &answer) {
            return self.no(status, &answer, todo);
        }
        todo.add(&["drop", key]);
        self.plays.pop();
        if taken {
            self.tries = 0;
            self.fresh = false;
            self.receipt = answer.take("receipt");
            self.next = answer.take("me");
            self.set_clock(self.next.num("now_ms"), moment);
            return self.land(todo);
        }
        match answer.text("code") {
            // The first was not charged: the same action again, if whoever is signed in now is the
            // member who asked; a commitment is used up for every other member too.
            "commitment_used" if self.tries < 5 => {
                self.tries += 1;
                self.again = action;
                todo.get("me");
            }
            "revision_changed" => {
                self.activity = answer.take("activity");
                self.phase = Phase::Changed;
                self.said = self.texts.get("kit.changed").into();
                todo.get("me");
            }
            "refused" => {
                let refusal = answer.at("refusal");
                self.phase = Phase::Refused;
                self.said = self.face.refusal(&self.cx(), refusal);
                if self.said.is_empty() {
                    self.said.push_str(refusal.at("label").words(&self.lang));
                }
                todo.get("me");
            }
            "barred" => {
                self.phase = Phase::Idle;
                self.me.put(answer.take("barrier"));
                todo.get("me");
            }
            "activity_not_open" => {
                self.phase = Phase::Idle;
                todo.get("activity");
            }
            _ => self.no(status, &answer, todo),
        }
    }

    /// No answer for now, or none that helps.
    fn no(&mut self, status: u32, answer: &Tree, todo: &mut Effects) {
        let passing = is_passing(status, answer);
        let code = if is_problem(answer) { answer.text("code") } else { "offline" };
        // What fails again, or in the same way beside another reading, is one fault and said once.
        let failed = matches!(self.phase, Phase::Offline | Phase::Failed);
        let known = failed && self.code == code;
        self.phase = if passing { Phase::Offline } else { Phase::Failed };
        self.said = self.texts.get(if passing { "kit.offline" } else { "kit.error" }).into();
        self.code = code.into();
        self.tries += 1;
        if !known {
            todo.add(&["note", "error", code]);
        }
        self.wait(todo);
    }
}

fn is_good(status: u32) -> bool {
    (200..300).contains(&status)
}

/// Whether it is the backend that says no, and not a gateway or a sign-in page in between.
pub(crate) fn is_problem(answer: &Tree) -> bool {
    let code = answer.text("code");
    let named = answer.text("type").strip_suffix(code);
    !code.is_empty() && named.is_some_and(|rest| rest.ends_with("/problems/"))
}

/// No answer of the backend's, or one that says "later": the same bytes may be sent again.
pub(crate) fn is_passing(status: u32, answer: &Tree) -> bool {
    status < 400 || status == 429 || status >= 500 || !is_problem(answer)
}

/// The action of a body that this machine wrote: it comes first.
fn action_of(body: &str) -> String {
    let mut end = 0;
    let bytes = body.as_bytes();
    while bytes.get(end..).is_some_and(|rest| !rest.starts_with(b",\"client_seed\":")) {
        end += 1;
    }
    body.get("{\"action\":".len()..end).unwrap_or_default().into()
}
