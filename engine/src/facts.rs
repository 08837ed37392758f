use crate::{PointsRules, Purchase};
use funfair_host_api::{FACT_TYPES, Fact};
use serde::{Deserialize, Serialize};

/// What is known of an order, from facts that come in any order: its points depend on the set of
/// facts alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Whose it is; of nobody (empty) where that shopper was erased.
    pub member: String,
    /// The store's points for every 100 cents as the first fact came: a later change of the rules
    /// changes no order.
    #[serde(default)]
    pub per_100_cents: u64,
    /// What was paid, in cents, in all: an order may be paid in parts.
    #[serde(default)]
    pub paid_cents: Option<u64>,
    /// What `order.received` says was paid; counts where no `order.paid` came.
    #[serde(default)]
    pub received_cents: Option<u64>,
    /// Whether the fact that brings points has come.
    #[serde(default)]
    pub counts: bool,
    /// What was returned, in cents.
    #[serde(default)]
    pub refunded_cents: u64,
    /// Points that it has brought so far, refunds taken off.
    #[serde(default)]
    pub points: u64,
    /// The last day of the points that it brought last.
    #[serde(default)]
    pub until: Option<funfair_host_api::Day>,
}

impl Order {
    /// Takes in what a fact says of it.
    pub(crate) fn hear(&mut self, fact: &Fact, on: Purchase) {
        let cents = fact.amount_cents;
        match fact.fact.as_str() {
            "order.paid" => {
                let before = self.paid_cents.unwrap_or(0);
                self.paid_cents = Some(before.saturating_add(cents.unwrap_or(0)));
                self.counts |= on == Purchase::Paid;
            }
            "order.received" => {
                self.received_cents = self.received_cents.max(cents);
                // What was received was paid, whichever of the two facts is awaited.
                self.counts = true;
            }
            "order.refunded" => {
                self.refunded_cents = self.refunded_cents.saturating_add(cents.unwrap_or(0));
            }
            _ => {}
        }
    }

    /// The points that it ought to have brought by now.
    pub(crate) fn target(&self) -> u64 {
        let paid = self.paid_cents.or(self.received_cents).filter(|_| self.counts).unwrap_or(0);
        PointsRules::points_for(self.per_100_cents, paid.saturating_sub(self.refunded_cents))
    }
}

/// No merchant's clock is so far ahead.
const AHEAD_MS: u64 = 86_400_000;
/// 2001-09-09: what is before it is in seconds.
const EARLIEST_MS: u64 = 1_000_000_000_000;
/// More than any order, in cents.
const MOST_CENTS: u64 = 1_000_000_000_000;
/// As many as a token may name.
const MOST_TAGS: usize = 64;

/// What is wrong with the form of a fact.
pub(crate) fn fault(fact: &Fact, now_ms: u64) -> Option<String> {
    let kind = fact.fact.as_str();
    if !FACT_TYPES.contains(&kind) {
        let known = FACT_TYPES.join(", ");
        return Some(format!("there is no fact \"{kind}\"; the known ones are {known}"));
    }
    if let Some(reason) = named("id", Some(&fact.id), 64)
        .or_else(|| named("sub", Some(&fact.sub), 128))
        .or_else(|| named("order", fact.order.as_deref(), 64))
        .or_else(|| named("item", fact.item.as_deref(), 64))
        .or_else(|| named("prize", fact.prize.as_deref(), 64))
        .or_else(|| named("tracking", fact.tracking.as_deref(), 64))
        .or_else(|| named("channel", fact.channel.as_deref(), 64))
    {
        return Some(reason);
    }
    if fact.at_ms < EARLIEST_MS || fact.at_ms > now_ms.saturating_add(AHEAD_MS) {
        let at = fact.at_ms;
        return Some(format!("at_ms {at} is not a past moment in milliseconds since 1970 UTC"));
    }
    if fact.amount_cents.is_some_and(|cents| cents > MOST_CENTS) {
        return Some("amount_cents is over 1,000,000,000,000".into());
    }
    let long = |text: &String| text.chars().count() > 64;
    if fact.tier.as_ref().is_some_and(long) || fact.tags.iter().flatten().any(long) {
        return Some("a tier or a tag has more than 64 characters".into());
    }
    if fact.tags.as_ref().is_some_and(|tags| tags.len() > MOST_TAGS) {
        return Some("there are more than 64 tags".into());
    }
    foreign(fact).or_else(|| missing(fact))
}

fn named(what: &str, text: Option<&str>, most: usize) -> Option<String> {
    let text = text?;
    let fits = (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    (!fits).then(|| format!("{what} is not 1 to {most} characters"))
}

/// What does not go with this type of fact: it would be lost without a word.
fn foreign(fact: &Fact) -> Option<String> {
    let kind = fact.fact.as_str();
    let of_order = kind.starts_with("order.");
    let of_prize = kind.starts_with("prize.") || kind == "coupon.used";
    let fields = [
        ("order", fact.order.is_some(), of_order),
        ("amount_cents", fact.amount_cents.is_some(), of_order),
        ("item", fact.item.is_some(), kind.starts_with("item.")),
        ("dwell_seconds", fact.dwell_seconds.is_some(), kind == "item.browsed"),
        ("tier", fact.tier.is_some(), kind == "member.updated"),
        ("tags", fact.tags.is_some(), kind == "member.updated"),
        ("prize", fact.prize.is_some(), of_prize),
        ("tracking", fact.tracking.is_some(), kind == "prize.shipped"),
        ("channel", fact.channel.is_some(), kind == "shop.shared"),
    ];
    let found = fields.into_iter().find(|(_, given, belongs)| *given && !belongs);
    found.map(|(field, ..)| format!("{field} does not go with {kind}"))
}

/// What this type of fact cannot do without.
fn missing(fact: &Fact) -> Option<String> {
    let kind = fact.fact.as_str();
    let lacks = |field: &str| Some(format!("{kind} needs {field}"));
    match kind {
        _ if kind.starts_with("order.") && fact.order.is_none() => lacks("order"),
        "order.paid" | "order.refunded" if fact.amount_cents.is_none() => lacks("amount_cents"),
        "member.updated" if fact.tier.is_none() && fact.tags.is_none() => lacks("tier or tags"),
        _ if kind.starts_with("prize.") && fact.prize.is_none() => lacks("prize"),
        _ => None,
    }
}
