//! The vote's rule: one ballot a member a round, each counted once, whatever it is changed to.
//!
//! **No draw, no stock**: a quota is a count in the row that all ballots of the activity go through.

use crate::{
    Action, Ballot, Choice, Config, Flaw, Gift, Mine, Nominating, Nomination, NominationRule,
    Outcome, Poll, Proposed, Refusal, Results, Round, Shared, Status, Tally, View, clauses, labels,
    nominations::folded, tally::Accepted,
};
use funfair_engine::{
    Clause, Cx, Dice, Due, Effects, Fault, Favour, Grant, ItemRef, Page, Reads, Report, RewardRule,
    Rules, SecretKey, Setup, State, StateMut, Tick, Verdict,
};
use funfair_host_api::{Day, Reward, Words};
use serde::{Deserialize, Serialize};

/// One member in a vote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The round of the last ballot; 0 for none.
    #[serde(default)]
    pub round: u32,
    /// What that ballot names, in the order of the options.
    #[serde(default)]
    pub ballot: Vec<String>,
    /// What the member proposed, oldest first.
    #[serde(default)]
    pub proposed: Vec<Mine>,
}

/// What happened in a vote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A ballot was cast, or changed.
    Voted {
        /// The round's number.
        round: u32,
        /// What it names now.
        options: Vec<String>,
        /// What it named before in this round; empty for a first ballot.
        was: Vec<String>,
        /// What the member is owed.
        grant: Grant,
    },
    /// An option was proposed.
    Nominated {
        /// The item's key.
        item: String,
        /// What it holds.
        nomination: Nomination,
    },
    /// A proposal is among the options.
    Accepted {
        /// The item's key.
        item: String,
        /// The option's id.
        option: String,
        /// Its name.
        text: String,
        /// What the author is owed.
        grant: Grant,
    },
    /// A proposal was not taken up.
    Declined {
        /// The item's key.
        item: String,
    },
    /// Nobody looked at a proposal before the close.
    Lapsed {
        /// The item's key.
        item: String,
    },
}

impl Rules for Poll {
    type Config = Config;
    type Member = Member;
    type Shared = Shared;
    type Item = Nomination;
    type Event = Event;

    const FAVOURS: &'static [(&'static str, Favour)] = &[
        ("/options/*/picture", Favour::Any),
        ("/options/*/quota", Favour::More),
        ("/reward/amount", Favour::More),
        ("/nominations/per_member", Favour::More),
        ("/nominations/max_length", Favour::More),
        ("/nominations/at_most", Favour::More),
        ("/nominations/reward/amount", Favour::More),
    ];

    fn validate(config: &Config, setup: &Setup) -> Vec<Fault> {
        config.faults(setup)
    }

    fn clauses(config: &Config) -> Vec<Clause> {
        clauses::of(config)
    }

    fn reads(config: &Config, action: &Action) -> Reads {
        match action {
            Action::Vote { .. } => Reads::default().giving(&config.reward),
            Action::Nominate { .. } => Reads { item: Some(ItemRef::New), ..Reads::default() },
        }
    }

    fn decide(
        config: &Config,
        state: State<'_, Self>,
        action: &Action,
        cx: &mut Cx,
    ) -> Result<Vec<Event>, Refusal> {
        let event = match action {
            Action::Vote { options } => config.vote(&state, options, cx)?,
            Action::Nominate { text } => config.nominate(&state, text, cx)?,
        };
        Ok(vec![event])
    }

    fn evolve(state: StateMut<'_, Self>, event: &Event) {
        let StateMut { member, shared, item: row } = state;
        let (key, status) = match event {
            Event::Voted { round, options, was, .. } => {
                shared.cast(*round, was, options);
                member.round = *round;
                member.ballot.clone_from(options);
                return;
            }
            Event::Nominated { item, nomination } => {
                let (item, text) = (item.clone(), nomination.text.clone());
                member.proposed.push(Mine { item, text, status: Status::Pending });
                *row = Some(nomination.clone());
                return;
            }
            Event::Accepted { item, option, text, .. } => {
                shared.accepted.push(Accepted { id: option.clone(), text: text.clone() });
                (item, Status::Accepted)
            }
            Event::Declined { item } => (item, Status::Declined),
            Event::Lapsed { item } => (item, Status::Lapsed),
        };
        *row = None;
        for mine in member.proposed.iter_mut().filter(|mine| mine.item == *key) {
            mine.status = status;
        }
    }

    fn outcome(events: &[Event]) -> Outcome {
        // A play of the vote is one event.
        match events.first() {
            Some(Event::Voted { was, grant, .. }) if was.is_empty() => {
                let points = grant.rewards.iter().map(|reward| match reward {
                    Reward::Points { amount, .. } => *amount,
                    _ => 0,
                });
                Outcome::Voted { label: labels::voted(), points: points.sum() }
            }
            Some(Event::Voted { .. }) => Outcome::Changed { label: labels::changed() },
            Some(Event::Nominated { nomination, .. }) => {
                Outcome::Nominated { label: labels::nominated(), text: nomination.text.clone() }
            }
            _ => Outcome::Unknown { label: Words::default() },
        }
    }

    fn effects(event: &Event) -> Effects {
        match event {
            Event::Voted { grant, .. } | Event::Accepted { grant, .. } => {
                Effects::default().grant(grant)
            }
            _ => Effects::default(),
        }
    }

    fn settle_reads(config: &Config) -> Reads {
        Reads::default().giving(config.nominations.iter().filter_map(|rule| rule.reward.as_ref()))
    }

    fn settle(
        _config: &Config,
        _shared: &Shared,
        page: &Page<'_, Self>,
        tick: &Tick,
    ) -> Vec<Due<Event>> {
        let lapsed = |(key, row): &(String, Nomination)| Due {
            member: row.by.clone(),
            item: Some(key.clone()),
            event: Event::Lapsed { item: key.clone() },
        };
        page.items.iter().filter(|_| tick.over).map(lapsed).collect()
    }

    fn moderate(
        config: &Config,
        shared: &Shared,
        (key, row): (&str, &Nomination),
        verdict: Verdict,
        tick: &Tick,
    ) -> Result<Due<Event>, Fault> {
        let item = key.to_owned();
        let event = match (verdict, &config.nominations) {
            (Verdict::Approve, Some(rule)) => {
                config.acceptable(shared, rule, row, tick)?;
                let (option, text) = (shared.next_id(), row.text.clone());
                let grant = rule.reward.as_ref().map(|reward| owed(reward, row, tick));
                Event::Accepted { item, option, text, grant: grant.unwrap_or_default() }
            }
            (Verdict::Approve, None) => {
                let reason = "this vote takes up no nominations";
                return Err(Fault::new("item", reason, "reject it"));
            }
            (Verdict::Reject, _) => Event::Declined { item },
        };
        Ok(Due { member: row.by.clone(), item: Some(key.into()), event })
    }

    fn report(config: &Config, shared: &Shared) -> Option<Report> {
        Some(Report::of(&crate::report(config, shared)))
    }

    fn view(config: &Config, state: State<'_, Self>, cx: &Cx) -> View {
        let State { member, shared, .. } = state;
        // Past the close the last round with ballots stays.
        let round = if cx.over { shared.now.round.max(1) } else { config.round(cx.day) };
        let (now, last) = shared.of(round);
        let voted = member.round == round;
        // A visitor is shown no row of the activity's.
        let shown = !cx.member.is_empty() && config.shows(voted, cx.over);
        let options = config.choices(member, shared, round, shown);
        let open = options.iter().filter(|option| !option.full).count();
        let changeable = config.ballot == Ballot::Changeable;
        View {
            question: config.question.clone(),
            least: config.choose.least,
            most: config.choose.most,
            voted,
            can_vote: !cx.over && (!voted || changeable) && open >= config.choose.least as usize,
            options,
            results: config.results,
            ballots: shown.then_some(now.ballots),
            round: config.rounds.map(|_| Round {
                number: round,
                next: config.next_round(cx),
                last_ballots: (shown && last.round > 0).then_some(last.ballots),
            }),
            gift: config.reward.as_ref().filter(|_| !voted && !cx.over).map(gift),
            nominations: config.nominations.as_ref().map(|rule| Nominating {
                left: if cx.over { 0 } else { rule.left(member, shared) },
                max_length: rule.max_length,
                mine: member.proposed.iter().map(Mine::shown).collect(),
            }),
            next_day_at_ms: cx.next_day_at_ms,
        }
    }

    fn moves(view: &View) -> Vec<Action> {
        let mut moves = Vec::new();
        let open: Vec<_> = view.options.iter().filter(|option| !option.full).collect();
        let sizes = view.least as usize..=(view.most as usize).min(open.len());
        for size in sizes.filter(|_| view.can_vote) {
            // Neighbours, all around: not every ballot, but each option in ballots of each size.
            let starts = if size == open.len() { 1 } else { open.len() };
            for start in 0..starts {
                let named = |at: &usize| (*at + open.len() - start) % open.len() < size;
                let ids = (0..open.len()).filter(named).filter_map(|at| open.get(at));
                moves.push(Action::Vote { options: ids.map(|option| option.id.clone()).collect() });
            }
        }
        let rule = view.nominations.as_ref().filter(|rule| rule.left > 0);
        moves.extend(rule.and_then(|rule| sample(view, rule)));
        moves
    }
}

impl Config {
    fn vote(&self, state: &State<'_, Poll>, ids: &[String], cx: &Cx) -> Result<Event, Refusal> {
        let State { member, shared, .. } = *state;
        let round = self.round(cx.day);
        let was = if member.round == round { member.ballot.clone() } else { Vec::new() };
        if !was.is_empty() && self.ballot == Ballot::Once {
            let next = self.next_round(cx);
            return Err(Refusal::AlreadyVoted { label: labels::already_voted(next), next });
        }
        // In the order of the options, each once: the same ballot is the same list.
        let options: Vec<_> =
            self.ids(shared).filter(|id| ids.iter().any(|chosen| chosen == id)).collect();
        if options.len() != ids.len() {
            return Err(Refusal::NoSuchOption { label: labels::no_such_option() });
        }
        let (least, most) = (self.choose.least, self.choose.most);
        if !(least as usize..=most as usize).contains(&options.len()) {
            let label = labels::wrong_number(least, most);
            return Err(Refusal::WrongNumber { label, least, most });
        }
        let (now, _) = shared.of(round);
        for id in options.iter().filter(|id| !was.contains(id)) {
            if let Some(option) = self.option(id).filter(|option| option.is_full(now)) {
                let label = labels::option_full(&option.label);
                return Err(Refusal::OptionFull { label, option: id.clone() });
            }
        }
        let rule = self.reward.as_ref().filter(|_| was.is_empty());
        // A ballot counts where its reward's budget is gone, too.
        let grant = rule.and_then(|rule| cx.grant(rule, &labels::reward())).unwrap_or_default();
        Ok(Event::Voted { round, options, was, grant })
    }

    fn nominate(&self, state: &State<'_, Poll>, text: &str, cx: &Cx) -> Result<Event, Refusal> {
        let State { member, shared, .. } = *state;
        let closed = || Refusal::NominationsClosed { label: labels::nominations_closed() };
        let rule = self.nominations.as_ref().ok_or_else(closed)?;
        let limit = rule.per_member;
        if member.proposed.len() >= limit as usize {
            let label = labels::nomination_limit(limit);
            return Err(Refusal::NominationLimit { label, limit });
        }
        if rule.left(member, shared) == 0 {
            return Err(closed());
        }
        let text = rule.take_down(text).map_err(|flaw| text_refused(flaw, rule))?;
        let name = folded(&text);
        let mine = member.proposed.iter().any(|mine| folded(&mine.text) == name);
        if mine || self.names(shared).any(|other| other == name) {
            return Err(Refusal::AlreadyThere { label: labels::already_there() });
        }
        let nomination = Nomination {
            text,
            by: cx.member.clone(),
            at_ms: cx.now_ms,
            points_until: cx.points_until,
        };
        Ok(Event::Nominated { item: cx.item.clone(), nomination })
    }

    /// Whether a proposal can still be taken up.
    fn acceptable(
        &self,
        shared: &Shared,
        rule: &NominationRule,
        row: &Nomination,
        tick: &Tick,
    ) -> Result<(), Fault> {
        let no = |reason: String, cure: &str| Err(Fault::new("item", reason, cure));
        if tick.over {
            return no("the vote is over".into(), "reject it, or let it lapse");
        }
        if shared.accepted.len() >= rule.at_most as usize {
            let reason = format!("{} nominations are taken up, as many as may be", rule.at_most);
            return no(reason, "reject it, or raise rules.nominations.at_most");
        }
        let name = folded(&row.text);
        if self.names(shared).any(|other| other == name) {
            return no(format!("\"{}\" is among the options", row.text), "reject it");
        }
        Ok(())
    }

    /// The ids of all options, in order.
    fn ids<'a>(&'a self, shared: &'a Shared) -> impl Iterator<Item = String> + 'a {
        let own = self.options.iter().map(|option| &option.id);
        own.chain(shared.accepted.iter().map(|option| &option.id)).cloned()
    }

    /// What the options are called, in every language, so that two names can be compared.
    fn names<'a>(&'a self, shared: &'a Shared) -> impl Iterator<Item = String> + 'a {
        let own = self.options.iter().flat_map(|option| option.label.iter()).map(|(_, text)| text);
        own.chain(shared.accepted.iter().map(|option| option.text.as_str())).map(folded)
    }

    fn shows(&self, voted: bool, over: bool) -> bool {
        over || match self.results {
            Results::Hidden => false,
            Results::AfterVote => voted,
            Results::Live => true,
        }
    }

    fn choices(&self, member: &Member, shared: &Shared, round: u32, shown: bool) -> Vec<Choice> {
        let (now, last) = shared.of(round);
        let chosen = |id: &String| member.round == round && member.ballot.contains(id);
        let choice = |id: &String, label: Words| Choice {
            id: id.clone(),
            label,
            picture: None,
            from_cents: None,
            to_cents: None,
            chosen: chosen(id),
            full: false,
            count: shown.then(|| now.count(id)),
            last: (shown && last.round > 0).then(|| last.count(id)),
        };
        let own = self.options.iter().map(|option| Choice {
            picture: option.picture.clone(),
            from_cents: option.from_cents,
            to_cents: option.to_cents,
            full: option.is_full(now) && !chosen(&option.id),
            ..choice(&option.id, option.label.clone())
        });
        // A member wrote it, in whatever language that was.
        let name = |text: &str| Words::of(&[("und", text)]);
        let more = shared.accepted.iter().map(|option| choice(&option.id, name(&option.text)));
        own.chain(more).collect()
    }
}

impl crate::OptionRule {
    fn is_full(&self, now: &Tally) -> bool {
        self.quota.is_some_and(|quota| now.count(&self.id) >= quota)
    }
}

impl NominationRule {
    /// How many more a member may propose now.
    fn left(&self, member: &Member, shared: &Shared) -> u32 {
        if shared.accepted.len() >= self.at_most as usize {
            return 0;
        }
        self.per_member.saturating_sub(u32::try_from(member.proposed.len()).unwrap_or(u32::MAX))
    }
}

impl Mine {
    fn shown(&self) -> Proposed {
        Proposed { text: self.text.clone(), status: self.status }
    }
}

fn text_refused(flaw: Flaw, rule: &NominationRule) -> Refusal {
    let label = labels::text_refused(flaw, rule);
    Refusal::TextRefused { label, flaw, max_length: rule.max_length }
}

fn gift(rule: &RewardRule) -> Gift {
    let points = if let RewardRule::Points { amount, .. } = rule { *amount } else { 0 };
    Gift { points }
}

/// What the author of a proposal is owed, on the day of the verdict: what was promised is given,
/// whatever is left of budget and codes.
fn owed(rule: &RewardRule, row: &Nomination, tick: &Tick) -> Grant {
    let idle = Dice::new(SecretKey::new([0; 32]).seed("", "", 0), "", "", 0, "");
    let mut cx = Cx::new(tick.now_ms, tick.day, idle);
    cx.points_until = row.points_until.map(|until: Day| until.max(tick.day));
    let reward = rule.reward(&labels::nomination_reward(), &cx);
    Grant { rewards: vec![reward], take: rule.pool().into_iter().collect() }
}

/// A proposal that would be taken down, for whoever plays without a keyboard.
fn sample(view: &View, rule: &Nominating) -> Option<Action> {
    let options = view.options.iter().flat_map(|option| option.label.iter());
    let mine = rule.mine.iter().map(|mine| mine.text.as_str());
    let names: Vec<_> = options.map(|(_, text)| text).chain(mine).map(folded).collect();
    let text = (1..99).map(|n| format!("Idea {n}")).find(|text| !names.contains(&folded(text)))?;
    Some(Action::Nominate { text })
}
