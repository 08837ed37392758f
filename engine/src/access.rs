use crate::{PoolRow, Profile, Running, Standing, VisibleTo, stage::MemberRow};
use funfair_host_api::{Barrier, Day, Slot, Words};

/// What is known of a shopper at the entrance of an activity.
pub(crate) struct Entrant<'a> {
    pub(crate) standing: &'a Standing,
    pub(crate) profile: &'a Profile,
    pub(crate) row: &'a MemberRow,
    /// The pool that counts the plays of the current time of play.
    pub(crate) slot: Option<&'a PoolRow>,
}

impl Running {
    /// The pool that counts the plays of a time of play; no prize can be called so.
    pub(crate) const SLOT: &'static str = "slot:plays";

    /// What stands between a shopper and a play at a moment within the activity's dates.
    pub(crate) fn barrier(&self, entrant: &Entrant<'_>, now_ms: u64) -> Option<Barrier> {
        let day = self.clock.day(now_ms);
        if let Some(audience) = &self.setup.audience
            && !audience.admits(entrant.standing, entrant.profile, day)
        {
            let hidden = audience.visible_to == VisibleTo::Eligible;
            return Some(Barrier::NotEligible { label: audience.reason.clone(), hidden });
        }
        if let Some(consent) = &self.setup.consent
            && !entrant.standing.consents.contains(&consent.id)
        {
            let (label, consent) = (consent.label.clone(), consent.id.clone());
            return Some(Barrier::ConsentRequired { label, consent });
        }
        if let Some(gate) = &self.setup.gate
            && !entrant.row.gate.passed
        {
            let left = gate.attempts_left(&entrant.row.gate, day);
            let next = self.clock.begins_at_ms(Day(day.0 + 1));
            return Some(Barrier::Passphrase {
                label: gate.hint.clone(),
                attempts_left: left,
                again_at_ms: (left == 0).then_some(next),
            });
        }
        let schedule = self.setup.schedule.as_ref()?;
        let next = schedule.next_at_ms(now_ms, self.setup.closes_at_ms, &self.clock);
        match schedule.current(now_ms, &self.clock) {
            None => Some(Barrier::Resting { label: resting(), opens_at_ms: next }),
            Some(slot) if left_in(&slot, entrant.slot) == 0 => {
                Some(Barrier::SlotGone { label: gone(), opens_at_ms: next })
            }
            Some(_) => None,
        }
    }

    /// The time of play whose quantity a play at this moment takes from.
    pub(crate) fn counted_slot(&self, now_ms: u64) -> Option<Slot> {
        let slot = self.setup.schedule.as_ref()?.current(now_ms, &self.clock)?;
        slot.quantity.is_some().then_some(slot)
    }
}

/// A time of play by a number that a pool's row can hold: its first minute since 1970.
pub(crate) fn slot_number(slot: &Slot) -> Day {
    Day(i32::try_from(slot.opens_at_ms / 60_000).unwrap_or(i32::MAX))
}

fn left_in(slot: &Slot, row: Option<&PoolRow>) -> u64 {
    let Some(quantity) = slot.quantity else { return u64::MAX };
    let taken = row.filter(|row| row.day == slot_number(slot)).map_or(0, |row| row.taken);
    quantity.saturating_sub(taken)
}

fn resting() -> Words {
    Words::of(&[
        ("ar", "بين فترتين من اللعب"),
        ("en", "Between two times of play"),
        ("ja", "開催時間外です"),
        ("ko", "참여 시간이 아니에요"),
        ("zh-CN", "未到开放时段"),
        ("zh-TW", "尚未到開放時段"),
    ])
}

fn gone() -> Words {
    Words::of(&[
        ("ar", "نفدت كمية هذه الفترة"),
        ("en", "All gone this time"),
        ("ja", "今回分は終了しました"),
        ("ko", "이번 회차가 모두 소진됐어요"),
        ("zh-CN", "本时段已抢完"),
        ("zh-TW", "本時段已搶完"),
    ])
}
