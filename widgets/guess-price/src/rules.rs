//! The rule: guess a sealed price, with coarse hints and friends' help.
//!
//! **No clock**: the business day is an argument. **No draw**: a guess is right or it is not.
//! **One way out for the secret**: what is told of a guess is decided once, by [`Config::judge`],
//! and kept as a [`Mark`]; a view is made of marks, and looks at the price only after the close.

use crate::{
    Action, Asked, Config, GuessPrice, HelpLink, HelpState, Mark, Member, Outcome, Refusal, Shared,
    Told, View, clauses, labels, moves,
};
use funfair_engine::{
    Clause, Cx, Dice, Due, Effects, Fault, Favour, Grant, ItemRef, Page, Paid, Reads, Rules,
    SecretKey, Setup, State, StateMut, Tick, Unpaid,
};
use funfair_host_api::{Day, Words};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A guess was made and paid.
    Guessed {
        /// What it came to.
        mark: Mark,
        /// What it cost.
        paid: Paid,
        /// What it counts at the close.
        entry: Option<Entry>,
        /// Whether it won.
        won: bool,
        /// Whether the consolation came with it.
        consoled: bool,
        /// What the member is owed.
        grant: Grant,
    },
    /// A link for a friend was made.
    Invited {
        /// Who made it.
        owner: String,
        /// Its key.
        link: String,
    },
    /// A guess was made for a friend.
    Helped {
        /// What it came to.
        mark: Mark,
        /// The business day.
        day: Day,
        /// What it counts for the friend at the close.
        entry: Option<Entry>,
        /// What the one who helped is owed.
        grant: Grant,
    },
    /// A friend's guess reached the one it was made for.
    Answered {
        /// The link's key.
        link: String,
        /// What the guess came to.
        mark: Mark,
    },
    /// The prize for a friend's guess was taken.
    Won {
        /// That guess.
        mark: Mark,
        /// Whether there was something left to give.
        given: bool,
        /// What the member is owed.
        grant: Grant,
    },
    /// The prize for one of the closest guesses was given.
    Placed {
        /// Whose it was.
        member: String,
        /// The place, from 1.
        place: u32,
        /// What the member is owed.
        grant: Grant,
    },
}

/// What a guess counts at the close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// For whom.
    pub member: String,
    /// How far it is from the price.
    pub off: u64,
}

/// The commitment to a price: SHA-256 over three lines, hexadecimal.
///
/// ```
/// let commitment = funfair_guess_price::commitment(49_900, &"0".repeat(64));
/// assert_eq!(commitment, "bf3ca8d747fc31a3f5827a663f930eed87bd04fd10f0261a14e06de09e1b8c95");
/// ```
pub fn commitment(answer_cents: u64, seal: &str) -> String {
    hex::encode(Sha256::digest(format!("funfair/1 price\n{answer_cents}\n{seal}")))
}

impl Rules for GuessPrice {
    type Config = Config;
    type Member = Member;
    type Shared = Shared;
    type Item = HelpLink;
    type Event = Event;

    const CHANCES: bool = true;

    const FAVOURS: &'static [(&'static str, Favour)] = &[
        ("/tries", Favour::More),
        ("/prize/stock", Favour::More),
        ("/win/winners", Favour::More),
        ("/help/asks", Favour::More),
        ("/help/per_day", Favour::More),
        ("/help/total", Favour::More),
        ("/item/picture", Favour::Any),
    ];

    fn validate(config: &Config, setup: &Setup) -> Vec<Fault> {
        config.faults(setup)
    }

    fn clauses(config: &Config) -> Vec<Clause> {
        clauses::of(config)
    }

    fn reads(config: &Config, action: &Action) -> Reads {
        let prize = &config.prize.reward;
        let named =
            |link: &String| Reads { item: Some(ItemRef::Named(link.clone())), ..Reads::default() };
        match action {
            Action::Guess { .. } => Reads::default()
                .giving([prize])
                .giving(config.consolation.iter().map(|gift| &gift.reward)),
            Action::Invite {} => Reads { item: Some(ItemRef::New), ..Reads::default() },
            Action::Help { link, .. } => {
                let reward = config.help.iter().filter_map(|help| help.reward.as_ref());
                named(link).giving(reward.map(|gift| &gift.reward))
            }
            Action::Collect { link } => named(link).giving([prize]),
        }
    }

    fn decide(
        config: &Config,
        state: State<'_, Self>,
        action: &Action,
        cx: &mut Cx,
    ) -> Result<Vec<Event>, Refusal> {
        match action {
            Action::Guess { guess_cents, pay } => {
                config.guess(&state, *guess_cents)?;
                let paid = cx.pay(*pay).map_err(refusal)?;
                Ok(vec![config.guessed(&state, *guess_cents, paid, cx)])
            }
            Action::Invite {} => {
                config.invite(&state, cx)?;
                Ok(vec![Event::Invited { owner: cx.member.clone(), link: cx.item.clone() }])
            }
            Action::Help { guess_cents, .. } => config.help(&state, *guess_cents, cx),
            Action::Collect { link } => config.collect(&state, link, cx),
        }
    }

    fn evolve(state: StateMut<'_, Self>, event: &Event) {
        let StateMut { member, shared, item } = state;
        match event {
            Event::Guessed { mark, entry, won, consoled, .. } => {
                member.guesses.push(mark.clone());
                member.consoled |= *consoled;
                member.won |= *won;
                shared.won += u64::from(*won);
                shared.take(entry.as_ref());
            }
            Event::Invited { owner, link } => {
                member.asked.push(Asked { link: link.clone(), state: HelpState::Open });
                *item = Some(HelpLink { owner: owner.clone(), answer: None });
            }
            Event::Helped { mark, day, entry, .. } => {
                member.helped_today = member.helped_on(*day) + 1;
                member.helped_on = *day;
                member.helped += 1;
                shared.take(entry.as_ref());
                if let Some(link) = item {
                    link.answer = Some(mark.clone());
                }
            }
            Event::Answered { link, mark } => {
                member.answer(link, mark);
                *item = None;
            }
            Event::Won { given, .. } => {
                member.collected();
                member.won |= *given;
                shared.won += u64::from(*given);
            }
            Event::Placed { member: whose, .. } => {
                member.won = true;
                shared.won += 1;
                for best in shared.best.iter_mut().filter(|best| best.member == *whose) {
                    best.paid = true;
                }
            }
        }
    }

    fn outcome(events: &[Event]) -> Outcome {
        let won = events.iter().any(|event| matches!(event, Event::Won { given: true, .. }));
        match events.first() {
            Some(Event::Guessed { mark, won, .. }) => Outcome::Guessed {
                label: labels::told(mark, *won),
                guess_cents: mark.cents,
                told: mark.told,
                percent: mark.percent,
                won: *won,
            },
            Some(Event::Invited { link, .. }) => {
                Outcome::Invited { label: labels::invited(), link: link.clone() }
            }
            Some(Event::Helped { mark, .. }) => Outcome::Helped {
                label: labels::helped(mark),
                guess_cents: mark.cents,
                told: mark.told,
                percent: mark.percent,
            },
            Some(Event::Answered { mark, .. } | Event::Won { mark, .. }) => Outcome::Collected {
                label: labels::told(mark, won),
                guess_cents: mark.cents,
                told: mark.told,
                percent: mark.percent,
                won,
            },
            // Nobody plays it: time brings it about.
            Some(Event::Placed { .. }) | None => Outcome::Unknown { label: Words::default() },
        }
    }

    fn effects(event: &Event) -> Effects {
        match event {
            Event::Guessed { paid, grant, .. } => {
                Effects { spend: vec![paid.spend()], ..Effects::default() }.grant(grant)
            }
            Event::Helped { grant, .. }
            | Event::Won { grant, .. }
            | Event::Placed { grant, .. } => Effects::default().grant(grant),
            Event::Invited { .. } | Event::Answered { .. } => Effects::default(),
        }
    }

    fn settles_members(config: &Config, tick: &Tick) -> bool {
        tick.over && config.help.is_some() && config.winners().is_none()
    }

    fn settle_reads(config: &Config) -> Reads {
        Reads::default().giving([&config.prize.reward])
    }

    /// Friends' answers reach those they are for; after the close, what they found and the closest
    /// guesses are paid.
    fn settle(
        config: &Config,
        shared: &Shared,
        page: &Page<'_, Self>,
        tick: &Tick,
    ) -> Vec<Due<Event>> {
        let answered = |(link, item): &(String, HelpLink)| {
            let mark = item.answer.clone()?;
            let event = Event::Answered { link: link.clone(), mark };
            Some(Due { member: item.owner.clone(), item: Some(link.clone()), event })
        };
        let mut due: Vec<_> = page.items.iter().filter_map(answered).collect();
        if tick.over {
            due.extend(config.placed(shared, tick));
            // Members come after all items, so that whatever friends answered is in their rows.
            if page.items.is_empty() {
                due.extend(config.found(shared, page.members, tick));
            }
        }
        due
    }

    fn view(config: &Config, state: State<'_, Self>, cx: &Cx) -> View {
        moves::view(config, &state, cx)
    }

    fn moves(view: &View) -> Vec<Action> {
        moves::moves(view)
    }
}

impl Shared {
    fn take(&mut self, entry: Option<&Entry>) {
        if let Some(entry) = entry {
            self.enter(&entry.member, entry.off);
        }
    }
}

type At<'a> = State<'a, GuessPrice>;

impl Config {
    /// Whether nothing is left to win.
    pub(crate) fn is_sold_out(&self, shared: &Shared) -> bool {
        self.prize.stock.is_some_and(|stock| shared.won >= stock)
    }

    /// Why a member may not guess a price, were it paid.
    fn guess(&self, state: &At<'_>, cents: u64) -> Result<(), Refusal> {
        self.is_on(state)?;
        self.is_allowed(cents)?;
        if state.member.tried() >= self.tries {
            return Err(Refusal::NoTries { label: labels::no_tries(self.tries) });
        }
        if state.member.guesses.iter().any(|mark| mark.cents == cents) {
            return Err(Refusal::GuessedBefore { label: labels::guessed_before() });
        }
        Ok(())
    }

    fn guessed(&self, state: &At<'_>, cents: u64, paid: Paid, cx: &Cx) -> Event {
        let mark = self.judge(cents, false);
        let right = mark.told == Told::Right;
        let prize = right.then(|| cx.grant(&self.prize.reward, &self.prize.label)).flatten();
        let won = prize.is_some();
        let console = !right && !state.member.consoled;
        let gift = self.consolation.as_ref().filter(|_| console);
        let gift = gift.and_then(|gift| cx.grant(&gift.reward, &gift.label));
        Event::Guessed {
            entry: self.entry(&cx.member, cents),
            mark,
            paid,
            won,
            consoled: gift.is_some(),
            grant: prize.or(gift).unwrap_or_default(),
        }
    }

    fn invite(&self, state: &At<'_>, cx: &Cx) -> Result<(), Refusal> {
        self.is_on(state)?;
        if !cx.sharing {
            return Err(Refusal::NoAsks { label: labels::no_sharing() });
        }
        let asks = self.help.as_ref().map_or(0, |help| help.asks as usize);
        if state.member.asked.len() >= asks {
            return Err(Refusal::NoAsks { label: labels::no_asks(asks) });
        }
        Ok(())
    }

    fn help(&self, state: &At<'_>, cents: u64, cx: &Cx) -> Result<Vec<Event>, Refusal> {
        let gone = || Refusal::LinkGone { label: labels::link_gone() };
        let (Some(link), Some(rule)) = (state.item, &self.help) else { return Err(gone()) };
        if link.owner == cx.member {
            return Err(Refusal::OwnLink { label: labels::own_link() });
        }
        if link.answer.is_some() {
            return Err(gone());
        }
        if self.is_sold_out(state.shared) {
            return Err(Refusal::SoldOut { label: labels::sold_out() });
        }
        self.is_allowed(cents)?;
        let member = state.member;
        let today = member.helped_on(cx.day) >= rule.per_day;
        if today || member.helped >= rule.total {
            let next_at_ms = (member.helped < rule.total).then_some(cx.next_day_at_ms);
            return Err(Refusal::HelpLimit { label: labels::help_limit(next_at_ms), next_at_ms });
        }
        let reward = rule.reward.as_ref().filter(|_| cx.sharing);
        let grant = reward.and_then(|gift| cx.grant(&gift.reward, &gift.label));
        Ok(vec![Event::Helped {
            mark: self.judge(cents, true),
            day: cx.day,
            entry: self.entry(&link.owner, cents),
            grant: grant.unwrap_or_default(),
        }])
    }

    fn collect(&self, state: &At<'_>, link: &str, cx: &Cx) -> Result<Vec<Event>, Refusal> {
        let member = state.member;
        let mut events = Vec::new();
        let own = state.item.filter(|item| item.owner == cx.member);
        let fresh = own.and_then(|item| item.answer.clone());
        let waits = !member.won && member.waits(link);
        let found = match &fresh {
            Some(mark) => {
                events.push(Event::Answered { link: link.into(), mark: mark.clone() });
                (mark.told == Told::Right && !member.has_found()).then(|| mark.clone())
            }
            None if waits => member.friends_find().cloned(),
            None => return Err(Refusal::NotYet { label: labels::not_yet() }),
        };
        events.extend(found.map(|mark| {
            let left = !self.is_sold_out(state.shared);
            let grant = left.then(|| cx.grant(&self.prize.reward, &self.prize.label)).flatten();
            Event::Won { mark, given: grant.is_some(), grant: grant.unwrap_or_default() }
        }));
        Ok(events)
    }

    /// Whether a member may still try for the prize.
    fn is_on(&self, state: &At<'_>) -> Result<(), Refusal> {
        if state.member.has_found() {
            return Err(Refusal::Finished { label: labels::finished() });
        }
        if self.is_sold_out(state.shared) {
            return Err(Refusal::SoldOut { label: labels::sold_out() });
        }
        Ok(())
    }

    fn is_allowed(&self, cents: u64) -> Result<(), Refusal> {
        if self.allows(cents) {
            return Ok(());
        }
        Err(Refusal::OffGrid {
            label: labels::off_grid(self),
            low_cents: self.low_cents,
            high_cents: self.high_cents,
            step_cents: self.step_cents,
        })
    }

    fn entry(&self, member: &str, cents: u64) -> Option<Entry> {
        self.winners()?;
        Some(Entry { member: member.into(), off: self.distance(cents) })
    }

    /// The closest guesses that have not been paid.
    fn placed(&self, shared: &Shared, tick: &Tick) -> Vec<Due<Event>> {
        let winners = self.winners().unwrap_or(0);
        let best = (1..).zip(shared.best.iter().take(winners)).filter(|(_, best)| !best.paid);
        best.map(|(place, best)| {
            let member = best.member.clone();
            let event = Event::Placed { member: member.clone(), place, grant: self.award(tick) };
            Due { member, item: None, event }
        })
        .collect()
    }

    /// What friends found and nobody collected.
    fn found(&self, shared: &Shared, members: &[(String, Member)], tick: &Tick) -> Vec<Due<Event>> {
        let left = self.prize.stock.map_or(u64::MAX, |stock| stock.saturating_sub(shared.won));
        let waiting = members.iter().filter_map(|(name, member)| {
            let mark = member.found().and(member.friends_find())?;
            Some((name, mark.clone()))
        });
        (0..)
            .zip(waiting)
            .map(|(number, (name, mark))| {
                let given = number < left;
                let grant = if given { self.award(tick) } else { Grant::default() };
                let event = Event::Won { mark, given, grant };
                Due { member: name.clone(), item: None, event }
            })
            .collect()
    }

    /// The prize as it is given after the close. `validate` sees to it that it does not depend on
    /// more than the day.
    fn award(&self, tick: &Tick) -> Grant {
        let seed = SecretKey::new([0; 32]).seed("", "", 0);
        let cx = Cx::new(tick.now_ms, tick.day, Dice::new(seed, "", "", 0, ""));
        let prize = &self.prize;
        Grant {
            rewards: vec![prize.reward.reward(&prize.label, &cx)],
            take: prize.reward.pool().into_iter().collect(),
        }
    }
}

fn refusal(unpaid: Unpaid) -> Refusal {
    match unpaid {
        Unpaid::NoChance { next_free_at_ms } => {
            Refusal::NoChance { label: labels::no_chance(next_free_at_ms), next_free_at_ms }
        }
        Unpaid::NotEnoughPoints { needs, balance } => {
            let label = labels::not_enough_points(needs, balance);
            Refusal::NotEnoughPoints { label, needs, balance }
        }
        Unpaid::PaidLimit { limit, next_at_ms } => {
            Refusal::PaidLimit { label: labels::paid_limit(limit), limit, next_at_ms }
        }
    }
}
