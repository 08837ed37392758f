use crate::{Lane, Lot, Purse};
use funfair_host_api::{Day, Reason};

/// One movement of points, never changed and never deleted.
///
/// It names the account that pays and the account that receives, so that the sum over all accounts
/// is zero by construction. Members' accounts have a stored balance that never goes below zero;
/// the house's accounts have none, an audit sums them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The programme.
    pub programme: String,
    /// Its id: the cause's id and a number.
    pub id: String,
    /// Who pays.
    pub debit: Account,
    /// Who receives.
    pub credit: Account,
    /// How many points, more than 0.
    pub amount: u64,
    /// Why.
    pub reason: Reason,
    /// The lots of the member's side: from which they came, or into which they went.
    pub lots: Vec<Lot>,
    /// The activity that caused it; its name is empty where a fact, an adjustment or time did.
    pub lane: Lane,
    /// The play, the fact or the adjustment that caused it.
    pub play: String,
    /// What it answers to: the order of a purchase, the transfer that a refund undoes.
    pub of: Option<String>,
    /// When.
    pub at_ms: u64,
}

/// Someone who can hold points.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// A member.
    Member(String),
    /// What a member owes, below zero: points taken back that were spent already.
    Owed(String),
    /// Where points come from.
    Issued,
    /// Where redeemed points go.
    Redeemed,
    /// Where lapsed points go.
    Expired,
    /// The other side of an operator's corrections.
    Adjusted,
}

impl Account {
    /// The account as it is stored: `m:<member>`, `o:<member>` or `h:<name>`.
    pub fn text(&self) -> String {
        match self {
            Self::Member(member) => format!("m:{member}"),
            Self::Owed(member) => format!("o:{member}"),
            Self::Issued => "h:issued".into(),
            Self::Redeemed => "h:redeemed".into(),
            Self::Expired => "h:expired".into(),
            Self::Adjusted => "h:adjusted".into(),
        }
    }

    /// Reads what [`text`](Self::text) wrote.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "h:issued" => Some(Self::Issued),
            "h:redeemed" => Some(Self::Redeemed),
            "h:expired" => Some(Self::Expired),
            "h:adjusted" => Some(Self::Adjusted),
            _ => match text.split_once(':')? {
                ("m", member) => Some(Self::Member(member.into())),
                ("o", member) => Some(Self::Owed(member.into())),
                _ => None,
            },
        }
    }
}

impl Purse {
    /// Points that can be spent on `day`: lots whose last day has passed do not count.
    pub fn spendable(&self, day: Day) -> u64 {
        self.lots
            .iter()
            .filter(|lot| lot.expires_on.is_none_or(|last| day <= last))
            .map(|lot| lot.points)
            .sum()
    }

    /// Puts points into their lot.
    pub(crate) fn earn(&mut self, points: u64, expires_on: Option<Day>) -> Lot {
        let order = |day: Option<Day>| day.map_or(i32::MAX, |day| day.0);
        let at = self.lots.partition_point(|lot| order(lot.expires_on) < order(expires_on));
        match self.lots.get_mut(at).filter(|lot| lot.expires_on == expires_on) {
            Some(lot) => lot.points += points,
            None => self.lots.insert(at, Lot { expires_on, points }),
        }
        self.points += points;
        Lot { expires_on, points }
    }

    /// Takes points out of the lots that lapse first; `None`, and nothing is taken, where there
    /// are too few that can be spent on `day`.
    pub(crate) fn redeem(&mut self, points: u64, day: Day) -> Option<Vec<Lot>> {
        if self.spendable(day) < points {
            return None;
        }
        let mut missing = points;
        let mut taken = Vec::new();
        for lot in self.lots.iter_mut().filter(|lot| lot.expires_on.is_none_or(|last| day <= last))
        {
            let part = lot.points.min(missing);
            if part > 0 {
                lot.points -= part;
                missing -= part;
                taken.push(Lot { expires_on: lot.expires_on, points: part });
            }
        }
        self.lots.retain(|lot| lot.points > 0);
        self.points -= points;
        Some(taken)
    }
}
