//! The wheel's rule: pay for a spin, draw a prize from what is still there.
//!
//! **No clock, no entropy, no stock of its own**: the day, the dice and what is left are arguments.

use crate::{Action, Outcome, Refusal, SpinWheel, View, labels};
use funfair_engine::{
    Clause, Cx, Effects, Fault, Favour, Grant, Luck, LuckRules, Paid, Prize, Reads, Rules, Setup,
    State, StateMut, Stock, Unpaid,
};
use funfair_host_api::{Odds, Words};
use serde::{Deserialize, Serialize};

/// The `[rules]` of a wheel. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What softens chance.
    #[serde(default)]
    pub luck: LuckRules,
    /// The sectors, in the order of the wheel.
    pub prizes: Vec<Prize>,
}

/// One member at one wheel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// What the spins came to.
    #[serde(default)]
    pub luck: Luck,
    /// Where the wheel last stopped.
    #[serde(default)]
    pub last: Option<String>,
}

/// Members share nothing but stock, which the engine keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {}

/// What happened at a wheel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The wheel turned and stopped.
    Spun {
        /// The prize's id.
        prize: String,
        /// Its name, as it was then.
        label: Words,
        /// Its tier, as it was then.
        tier: u32,
        /// What the spin cost.
        paid: Paid,
        /// Whether a cap per member counts it.
        capped: bool,
        /// What the member is owed, and where it comes from.
        grant: Grant,
    },
}

impl Rules for SpinWheel {
    type Config = Config;
    type Member = Member;
    type Shared = Shared;
    type Item = ();
    type Event = Event;

    const CHANCES: bool = true;

    const FAVOURS: &'static [(&'static str, Favour)] = FAVOURS;

    fn validate(config: &Config, _setup: &Setup) -> Vec<Fault> {
        let mut faults = Prize::faults(&config.prizes);
        faults.extend(config.luck.faults(&config.prizes));
        faults.extend(config.wheel_faults());
        faults
    }

    fn clauses(config: &Config) -> Vec<Clause> {
        let mut clauses = vec![labels::draw_clause(), labels::fallback_clause(&config.fallback())];
        if config.luck.first_play_wins {
            clauses.push(labels::first_clause());
        }
        clauses.extend(config.luck.win_within.map(labels::pity_clause));
        clauses
    }

    fn odds(config: &Config) -> Vec<Odds> {
        Prize::odds(&config.prizes)
    }

    fn stock(config: &Config) -> Vec<Stock> {
        Prize::stock(&config.prizes)
    }

    fn reads(config: &Config, _action: &Action) -> Reads {
        Prize::reads(&config.prizes)
    }

    fn decide(
        config: &Config,
        state: State<'_, Self>,
        action: &Action,
        cx: &mut Cx,
    ) -> Result<Vec<Event>, Refusal> {
        let Action::Spin { pay } = *action;
        let paid = cx.pay(pay).map_err(refusal)?;
        let luck = &state.member.luck;
        let drawn = luck
            .draw(&config.luck, &config.prizes, cx)
            .ok_or_else(|| Refusal::SoldOut { label: labels::sold_out() })?;
        Ok(vec![Event::Spun {
            prize: drawn.prize.id.clone(),
            label: drawn.label,
            tier: drawn.tier,
            paid,
            capped: drawn.prize.per_member.is_some(),
            grant: drawn.grant,
        }])
    }

    fn evolve(state: StateMut<'_, Self>, event: &Event) {
        let Event::Spun { prize, tier, capped, .. } = event;
        state.member.luck.count(prize, *tier, *capped);
        state.member.last = Some(prize.clone());
    }

    fn outcome(events: &[Event]) -> Outcome {
        // A play of the wheel is one event.
        match events.first() {
            Some(Event::Spun { label, prize, tier: 0, .. }) => {
                Outcome::Consoled { label: label.clone(), prize: prize.clone(), tier: 0 }
            }
            Some(Event::Spun { label, prize, tier, .. }) => {
                Outcome::Won { label: label.clone(), prize: prize.clone(), tier: *tier }
            }
            None => Outcome::Unknown { label: Words::default() },
        }
    }

    fn effects(event: &Event) -> Effects {
        let Event::Spun { paid, grant, .. } = event;
        Effects { spend: vec![paid.spend()], ..Effects::default() }.grant(grant)
    }

    fn view(config: &Config, state: State<'_, Self>, cx: &Cx) -> View {
        View {
            chances: cx.chances_left(),
            sure: state.member.luck.is_promised(&config.luck),
            last: state.member.last.clone(),
        }
    }

    fn moves(view: &View) -> Vec<Action> {
        view.chances.ways().into_iter().map(|pay| Action::Spin { pay }).collect()
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

impl Config {
    /// The name of what is given when nothing else is left.
    fn fallback(&self) -> Words {
        let fallback = self.prizes.iter().find(|prize| prize.fallback);
        fallback.map_or_else(Words::default, |prize| prize.label.clone())
    }

    fn wheel_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let sectors = self.prizes.len();
        if !(4..=12).contains(&sectors) {
            let reason = format!("a wheel has 4 to 12 sectors, not {sectors}");
            faults.push(Fault::new("rules.prizes", reason, "add or remove prizes"));
        }
        for (index, prize) in self.prizes.iter().enumerate() {
            if !ICONS.contains(&prize.icon.as_str()) {
                let reason = format!("there is no drawing \"{}\"", prize.icon);
                let cure = format!("give one of {}", ICONS.join(", "));
                faults.push(Fault::new(format!("rules.prizes[{index}].icon"), reason, cure));
            }
        }
        faults
    }
}

/// The drawings that the widget has.
const ICONS: [&str; 6] = ["points", "coupon", "packet", "goods", "chance", "none"];

/// More of a prize, and promises that are kept sooner.
const FAVOURS: &[(&str, Favour)] = &[
    Prize::FAVOURS[0],
    Prize::FAVOURS[1],
    Prize::FAVOURS[2],
    ("/luck/win_within", Favour::Less),
    ("/prizes/*/icon", Favour::Any),
];
