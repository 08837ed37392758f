//! The wheel's rule: pay for a spin, draw a prize from what is still there.
//!
//! **No clock, no entropy, no stock of its own**: the day, the dice and what is left are arguments.

use crate::{Action, Outcome, Pay, Refusal, SpinWheel, View, labels};
use funfair_engine::{
    ChanceRules, Cx, Effects, Fault, Prize, Reads, Rules, Spend, State, StateMut, Stock, Tally,
    draw,
};
use funfair_host_api::{Odds, Reward, Words};
use serde::{Deserialize, Serialize};

/// The `[rules]` of a wheel. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whether a member's first spin draws from the winning prizes only.
    #[serde(default)]
    pub first_play_wins: bool,
    /// How spins are come by.
    pub chances: ChanceRules,
    /// The sectors, in the order of the wheel.
    pub prizes: Vec<Prize>,
}

/// One member at one wheel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// How many spins were taken.
    #[serde(default)]
    pub spins: u64,
    /// Wins of prizes that are capped per member.
    #[serde(default)]
    pub won: Tally,
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
        /// The pool that the prize came from, where its number is limited.
        pool: Option<String>,
        /// Whether a cap per member counts it.
        capped: bool,
        /// What the member is owed.
        rewards: Vec<Reward>,
    },
}

/// What a spin cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Paid {
    /// One of the day's free spins.
    Free,
    /// One earned spin.
    Chance,
    /// Points.
    Points {
        /// How many.
        points: u64,
    },
}

impl Rules for SpinWheel {
    type Config = Config;
    type Member = Member;
    type Shared = Shared;
    type Item = ();
    type Event = Event;

    fn validate(config: &Config) -> Vec<Fault> {
        let mut faults = config.chances_faults();
        faults.extend(Prize::faults(&config.prizes));
        faults.extend(config.wheel_faults());
        faults
    }

    fn odds(config: &Config) -> Vec<Odds> {
        Prize::odds(&config.prizes)
    }

    fn stock(config: &Config) -> Vec<Stock> {
        Prize::stock(&config.prizes)
    }

    fn reads(config: &Config, _action: &Action) -> Reads {
        Reads { item: None, pools: Prize::pools(&config.prizes) }
    }

    fn decide(
        config: &Config,
        state: State<'_, Self>,
        action: &Action,
        cx: &mut Cx,
    ) -> Result<Vec<Event>, Refusal> {
        let Action::Spin { pay } = *action;
        let paid = config.pay(pay, cx)?;
        let only_wins = config.first_play(state.member);
        let drawn = draw(&config.prizes, cx, &state.member.won, only_wins)
            .ok_or_else(|| Refusal::SoldOut { label: labels::sold_out() })?;
        Ok(vec![Event::Spun {
            prize: drawn.prize.id.clone(),
            label: drawn.prize.label.clone(),
            tier: drawn.prize.tier,
            paid,
            pool: drawn.take,
            capped: drawn.prize.per_member.is_some(),
            rewards: drawn.rewards,
        }])
    }

    fn evolve(state: StateMut<'_, Self>, event: &Event) {
        let Event::Spun { prize, capped, .. } = event;
        state.member.spins += 1;
        state.member.last = Some(prize.clone());
        if *capped {
            state.member.won.add(prize);
        }
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
        let Event::Spun { paid, pool, rewards, .. } = event;
        let spend = match *paid {
            Paid::Free => Spend::Free,
            Paid::Chance => Spend::Chance,
            Paid::Points { points } => Spend::Bought { points },
        };
        Effects { spend: vec![spend], take: pool.iter().cloned().collect(), give: rewards.clone() }
    }

    fn view(config: &Config, state: State<'_, Self>, cx: &Cx) -> View {
        let free_left = cx.chances.free_left(&config.chances, cx.day);
        let paid_left = cx.chances.bought_left(&config.chances, cx.day);
        let enough = config.chances.points_each.is_some_and(|each| each <= cx.balance);
        View {
            free_left,
            chances: u32::try_from(cx.chances.granted(cx.now_ms)).unwrap_or(u32::MAX),
            points_each: config.chances.points_each,
            paid_left,
            affordable: enough && paid_left != Some(0),
            first_play: config.first_play(state.member),
            next_free_at_ms: config.next_free(free_left, cx),
            last: state.member.last.clone(),
        }
    }

    fn moves(view: &View) -> Vec<Action> {
        let ways = [
            (Pay::Free, view.free_left > 0),
            (Pay::Chance, view.chances > 0),
            (Pay::Points, view.affordable),
        ];
        ways.into_iter().filter(|(_, open)| *open).map(|(pay, _)| Action::Spin { pay }).collect()
    }
}

impl Config {
    /// What a spin costs, or why it cannot be paid that way.
    fn pay(&self, pay: Pay, cx: &Cx) -> Result<Paid, Refusal> {
        let free_left = cx.chances.free_left(&self.chances, cx.day);
        let no_chance = || {
            let next_free_at_ms = self.next_free(free_left, cx);
            Err(Refusal::NoChance { label: labels::no_chance(next_free_at_ms), next_free_at_ms })
        };
        match pay {
            Pay::Free if free_left > 0 => Ok(Paid::Free),
            Pay::Chance if cx.chances.granted(cx.now_ms) > 0 => Ok(Paid::Chance),
            Pay::Free | Pay::Chance => no_chance(),
            Pay::Points => {
                let Some(needs) = self.chances.points_each else { return no_chance() };
                if cx.chances.bought_left(&self.chances, cx.day) == Some(0) {
                    let limit = self.chances.bought_per_day.unwrap_or(0);
                    let label = labels::paid_limit(limit);
                    let next_at_ms = cx.next_day_at_ms;
                    return Err(Refusal::PaidLimit { label, limit, next_at_ms });
                }
                let balance = cx.balance;
                if balance < needs {
                    let label = labels::not_enough_points(needs, balance);
                    return Err(Refusal::NotEnoughPoints { label, needs, balance });
                }
                Ok(Paid::Points { points: needs })
            }
        }
    }

    /// When the next free spin comes: `None` while one is left, and where none ever comes.
    fn next_free(&self, free_left: u32, cx: &Cx) -> Option<u64> {
        (free_left == 0 && self.chances.free_per_day > 0).then_some(cx.next_day_at_ms)
    }

    fn first_play(&self, member: &Member) -> bool {
        self.first_play_wins && member.spins == 0
    }

    fn chances_faults(&self) -> Vec<Fault> {
        let ChanceRules { free_per_day, points_each, bought_per_day } = self.chances;
        let mut faults = Vec::new();
        let mut fault = |key: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("rules.chances.{key}"), reason, cure));
        };
        if free_per_day > MOST_FREE {
            fault("free_per_day", "more than 1,000 free spins a day", "give 0 to 1000");
        }
        if points_each.is_some_and(|points| !(1..=MOST_POINTS).contains(&points)) {
            let cure = "give such a number; spins without points are free_per_day";
            fault("points_each", "a spin costs 1 to 1,000,000,000 points", cure);
        }
        if bought_per_day == Some(0) {
            let cure = "give at least 1, or remove points_each";
            fault("bought_per_day", "0 means that points never buy a spin", cure);
        }
        if bought_per_day.is_some() && points_each.is_none() {
            let cure = "add points_each, or remove bought_per_day";
            fault("bought_per_day", "a limit of spins for points, which have no price", cure);
        }
        faults
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
        // A guarantee that ends with the stock is none.
        let lasts = |prize: &Prize| prize.tier > 0 && !prize.has_pool();
        let drawn = |prize: &Prize| prize.weight > 0 || prize.fallback;
        if self.first_play_wins && !self.prizes.iter().any(|prize| lasts(prize) && drawn(prize)) {
            let cure = "give one prize of tier 1 or more a weight, and neither stock nor daily";
            let reason = "no winning prize is sure to be there for a member's first play";
            faults.push(Fault::new("rules.first_play_wins", reason, cure));
        }
        faults
    }
}

/// More free spins a day than any member takes: a slip of the keyboard.
const MOST_FREE: u32 = 1000;

/// As for the points of a prize.
const MOST_POINTS: u64 = 1_000_000_000;

/// The drawings that the widget has.
const ICONS: [&str; 5] = ["points", "coupon", "packet", "goods", "none"];
