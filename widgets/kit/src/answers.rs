//! What each answer means. The rule behind all of it: a play is forgotten only when it is known to
//! be answered or known not to have been charged.

use crate::{Cx, Effect, Moment, Move, Shown, Ui, fields::Fields, life::Phase};
use alloc::{string::String, vec, vec::Vec};
use funfair_host_api::{
    Activity, Me,
    json::{Raw, read},
};

impl Ui {
    pub(crate) fn activity_read(&mut self, status: u32, body: &str) -> Vec<Effect> {
        match read::<Activity>(body) {
            Some(activity) if status == 200 => self.activity = Some(activity),
            _ if self.activity.is_some() => {}
            _ => return self.unread(status, body),
        }
        self.settle()
    }

    pub(crate) fn me_read(&mut self, status: u32, body: &str, moment: Moment<'_>) -> Vec<Effect> {
        if status == 401 && !body.is_empty() && !self.fresh {
            // The server did not take the token; the next one may be better.
            self.fresh = true;
            return vec![Effect::Get { what: "me", fresh: true }];
        }
        if status == 401 {
            self.visitor = true;
            self.me = None;
            if !matches!(self.phase, Phase::Loading) {
                self.phase = Phase::Idle;
            }
            return self.settle();
        }
        let Some(me) = read::<Me<Raw>>(body).filter(|_| status == 200) else {
            return self.unread(status, body);
        };
        self.fresh = false;
        self.visitor = false;
        self.set_clock(me.now_ms, moment.now_ms);
        let mut todo = Vec::new();
        // Another member's plays are not this one's to send, to see or to be charged for.
        self.plays.retain(|play| {
            let own = play.member == me.member;
            if !own {
                todo.push(Effect::Drop(play.key.clone()));
            }
            own
        });
        let other = self.me.as_ref().is_some_and(|have| have.member != me.member);
        if other && !matches!(self.phase, Phase::Loading) {
            self.phase = Phase::Idle;
            self.said = String::new();
        }
        self.me = Some(me);
        todo.extend(self.settle());
        todo
    }

    /// Leaves loading and offline once both answers are there, and sends what is unanswered.
    fn settle(&mut self) -> Vec<Effect> {
        let known = self.activity.is_some() && (self.me.is_some() || self.visitor);
        let waiting = matches!(self.phase, Phase::Loading | Phase::Offline | Phase::Idle);
        if !known || !waiting {
            return Vec::new();
        }
        self.phase = Phase::Idle;
        if self.me.is_none() || self.plays.is_empty() {
            return Vec::new();
        }
        self.phase = Phase::Playing { resumed: true };
        vec![self.send(false)]
    }

    /// The activity or `me` could not be read.
    fn unread(&mut self, status: u32, body: &str) -> Vec<Effect> {
        if self.me.is_some() && matches!(self.phase, Phase::Idle | Phase::Result { .. }) {
            // What is on show stays true enough; the next play will tell.
            return Vec::new();
        }
        if is_passing(status) {
            return self.wait_for_network();
        }
        self.fail(body)
    }

    pub(crate) fn replied(
        &mut self,
        status: u32,
        key: &str,
        body: &str,
        moment: Moment<'_>,
    ) -> Vec<Effect> {
        let Some(kept) = self.plays.first().filter(|kept| kept.key == key).cloned() else {
            // Of a member who has left, or answered already.
            return Vec::new();
        };
        if status == 401 {
            if !self.fresh {
                return vec![self.send(true)];
            }
            self.me = None;
            self.visitor = true;
            self.phase = Phase::Idle;
            return Vec::new();
        }
        if is_passing(status) {
            return self.wait_for_network();
        }
        self.plays.remove(0);
        let mut todo = vec![Effect::Drop(kept.key)];
        let fields = Fields::of(body);
        if status < 300 {
            todo.extend(self.accepted(&fields, moment));
            return todo;
        }
        let code = fields.word("code");
        let action = || Fields::of(&kept.body).get::<Raw>("action");
        match (code.as_str(), fields.get::<Raw>("refusal")) {
            // The first was not charged: the same action again, with the next commitment.
            ("commitment_used", _) if self.tries < 5 => {
                self.tries += 1;
                let next = fields.get::<String>("commitment");
                if let (Some(me), Some(next), Some(action)) = (&mut self.me, next, action()) {
                    me.commitment = next;
                    todo.extend(self.play(action.text(), moment));
                }
            }
            ("revision_changed", _) => {
                self.activity = fields.get("activity").or(self.activity.take());
                self.phase = Phase::Changed;
                self.said = self.texts.get("kit.changed").into();
                todo.push(Effect::Get { what: "me", fresh: false });
            }
            ("refused", Some(refusal)) => {
                self.said = self.why(&refusal);
                self.phase = Phase::Refused;
                todo.push(Effect::Get { what: "me", fresh: false });
            }
            ("activity_not_open", _) => {
                self.phase = Phase::Idle;
                todo.push(Effect::Get { what: "activity", fresh: false });
            }
            _ => todo.extend(self.fail(body)),
        }
        todo
    }

    fn accepted(&mut self, fields: &Fields, moment: Moment<'_>) -> Vec<Effect> {
        let (Some(receipt), Some(me)) = (fields.get::<Raw>("receipt"), fields.get::<Me<Raw>>("me"))
        else {
            return self.fail("");
        };
        self.tries = 0;
        self.set_clock(me.now_ms, moment.now_ms);
        let resumed = matches!(self.phase, Phase::Playing { resumed: true });
        let motion = if resumed { None } else { self.motion(&receipt) };
        match motion {
            Some(motion) => {
                self.phase = Phase::Moving { receipt, me };
                vec![Effect::Move(motion)]
            }
            None => self.show(receipt, me),
        }
    }

    fn motion(&self, receipt: &Raw) -> Option<Move> {
        let outcome = Fields::of(receipt.text()).get::<Raw>("outcome")?;
        self.face.outcome(&self.cx()?, &outcome)?.motion
    }

    /// What the receipt on show came to, in words; the label alone where it is newer than this.
    pub(crate) fn shown(&self) -> Option<Shown> {
        let Phase::Result { receipt } = &self.phase else { return None };
        let outcome = Fields::of(receipt.text()).get::<Raw>("outcome")?;
        let cx = Cx { outcome: Some(&outcome), ..self.cx()? };
        self.face.outcome(&cx, &outcome).or_else(|| {
            let title = self.label(&outcome);
            Some(Shown { title, icon: "points".into(), won: true, ..Shown::default() })
        })
    }

    /// Why the rules said no; the label alone where it is newer than this.
    pub(crate) fn why(&self, refusal: &Raw) -> String {
        self.cx()
            .and_then(|cx| self.face.refusal(&cx, refusal))
            .unwrap_or_else(|| self.label(refusal))
    }

    fn label(&self, raw: &Raw) -> String {
        let words = Fields::of(raw.text()).get::<funfair_host_api::Words>("label");
        words.map(|words| words.pick(&self.lang).into()).unwrap_or_default()
    }

    fn wait_for_network(&mut self) -> Vec<Effect> {
        self.phase = Phase::Offline;
        self.tries += 1;
        self.said = self.texts.get("kit.offline").into();
        let detail = "\"offline\"".into();
        vec![Effect::Note("error", detail), Effect::Wait(self.next_tick().unwrap_or(2000))]
    }

    fn fail(&mut self, body: &str) -> Vec<Effect> {
        let mut code = Fields::of(body).word("code");
        if code.is_empty() {
            code.push_str("unreadable");
        }
        let mut detail = String::new();
        funfair_host_api::json::write_str(&code, &mut detail);
        self.said = self.texts.get("kit.error").into();
        self.phase = Phase::Failed(code);
        vec![Effect::Note("error", detail)]
    }
}

/// No answer, or one that says "later": the same bytes may be sent again.
fn is_passing(status: u32) -> bool {
    status == 0 || status == 429 || status >= 500
}
