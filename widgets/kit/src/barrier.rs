//! What stands between a shopper and a play, and how it is said.

use crate::{
    Effects, Moment, Page, State, Tree, Ui, after_words, life::write_fields, tree::ABSENT,
};
use alloc::string::String;

impl Ui {
    /// What stands in the way now: what `me` says, as long as it is not over; else that it is
    /// between two times of play, which the activity says to visitors too. Absent for nothing.
    pub(crate) fn barrier(&self) -> &Tree {
        let own = self.me.at("barrier");
        let opens_at_ms = own.num("opens_at_ms");
        if own.exists() && (opens_at_ms == 0 || self.now_ms < opens_at_ms) {
            return own;
        }
        for slot in self.activity.at("slots").list() {
            if self.now_ms < slot.num("closes_at_ms") {
                return if self.now_ms < slot.num("opens_at_ms") { slot } else { &ABSENT };
            }
        }
        &ABSENT
    }

    /// Its name in `data-barrier`; a time of play that is still to come names itself.
    pub(crate) fn barrier_name(&self) -> &str {
        let barrier = self.barrier();
        let name = barrier.text("type");
        if name.is_empty() && barrier.exists() { "resting" } else { name }
    }

    /// The words for it: the kit's own for what time brings about, else the store's.
    pub(crate) fn barrier_words(&self) -> &str {
        let resting = match self.barrier_name() {
            "resting" => true,
            "slot_gone" => false,
            _ => return self.barrier().at("label").words(&self.lang),
        };
        self.texts.get(match (resting, self.opens_in_ms() > 0) {
            (true, true) => "kit.resting",
            (true, false) => "kit.rested",
            (false, true) => "kit.gone",
            (false, false) => "kit.all-gone",
        })
    }

    /// Where a passphrase is due: the field for it, or when there are tries again. Where the shopper
    /// has to agree to something: the button that has the store ask.
    pub(crate) fn unlock_form(&self, page: &mut Page<'_>) {
        let barrier = self.barrier();
        match self.barrier_name() {
            _ if self.state() != State::Barred => return,
            "consent_required" => {
                return page.say("button type=button data-do=consent", "kit.consent");
            }
            "passphrase" => {}
            _ => return,
        }
        let left = barrier.num("attempts_left");
        if left == 0 {
            let again = after_words(&self.cx(), "kit.no-tries", barrier.num("again_at_ms"));
            return page.leaf("p.fine", &again);
        }
        page.open("form.unlock data-do=unlock");
        page.field("input name=passphrase autocomplete=off", self.texts.get("kit.passphrase"));
        page.say("button type=submit", "kit.unlock");
        page.close();
    }

    /// Tries what was typed.
    pub(crate) fn unlock(&mut self, typed: &str, todo: &mut Effects) {
        if typed.is_empty() || self.state() != State::Barred {
            return;
        }
        let mut body = String::new();
        write_fields(&mut body, &[("passphrase", typed)]);
        self.said.clear();
        todo.add(&["unlock", &body]);
    }

    pub(crate) fn unlocked(
        &mut self,
        status: u32,
        body: Tree,
        moment: Moment<'_>,
        todo: &mut Effects,
    ) {
        let known = status == 200 && body.has("member");
        self.me_read(status, body, moment, todo);
        if self.state() != State::Barred {
            return;
        }
        if !known {
            self.said = self.texts.get("kit.lost").into();
        } else if self.barrier_name() == "passphrase" {
            self.said = self.texts.count("kit.wrong", self.barrier().num("attempts_left"));
        }
    }
}
