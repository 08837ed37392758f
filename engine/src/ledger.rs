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
        self.lots.iter().filter(|lot| lot.lasts(day)).map(|lot| lot.points).sum()
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
        (self.spendable(day) >= points).then(|| self.take(points, |lot| lot.lasts(day)))
    }

    /// Takes so many points at most out of the lots that fit, those that lapse first before
    /// others.
    fn take(&mut self, points: u64, fits: impl Fn(&Lot) -> bool) -> Vec<Lot> {
        let mut missing = points;
        let mut taken = Vec::new();
        for lot in self.lots.iter_mut().filter(|lot| fits(lot)) {
            let part = lot.points.min(missing);
            if part > 0 {
                lot.points -= part;
                missing -= part;
                taken.push(Lot { expires_on: lot.expires_on, points: part });
            }
        }
        self.lots.retain(|lot| lot.points > 0);
        self.points -= points - missing;
        taken
    }
}

impl Lot {
    /// Whether its points can be spent on `day`.
    fn lasts(&self, day: Day) -> bool {
        self.expires_on.is_none_or(|last| day <= last)
    }
}

/// Books what one cause does to one member's points: purse and transfers move together.
pub(crate) struct Book<'a> {
    pub(crate) purse: &'a mut Purse,
    pub(crate) transfers: &'a mut Vec<Transfer>,
    /// How many transfers stood there before the cause's own: they are numbered from 0.
    pub(crate) before: usize,
    pub(crate) cause: Because<'a>,
}

/// Why points move, as transfers record it.
#[derive(Clone, Copy)]
pub(crate) struct Because<'a> {
    pub(crate) lane: &'a Lane,
    pub(crate) member: &'a str,
    /// The play's id, the fact's or the adjustment's.
    pub(crate) id: &'a str,
    /// What it answers to.
    pub(crate) of: Option<&'a str>,
    pub(crate) now_ms: u64,
    pub(crate) day: Day,
}

impl Book<'_> {
    /// Points come in; what is owed is paid back from them first.
    pub(crate) fn earn(&mut self, from: Account, lots: Vec<Lot>, reason: Reason) {
        for lot in &lots {
            self.purse.earn(lot.points, lot.expires_on);
        }
        self.transfer(from, self.member(), lots, reason);
        let owed = self.purse.owed.min(self.purse.spendable(self.cause.day));
        if owed > 0 {
            let lots = self.purse.take(owed, |lot| lot.lasts(self.cause.day));
            self.purse.owed -= owed;
            self.transfer(self.member(), self.owed(), lots, Reason::Refund);
        }
    }

    /// Points go out for something; false, and nothing goes, where there are too few.
    pub(crate) fn redeem(&mut self, points: u64) -> bool {
        let Some(lots) = self.purse.redeem(points, self.cause.day) else { return false };
        self.transfer(self.member(), Account::Redeemed, lots, Reason::Redeem);
        true
    }

    /// Points are taken back: out of the lot they came into, then out of the others; what is not
    /// there any more is owed.
    pub(crate) fn claw(&mut self, to: &Account, points: u64, until: Option<Day>, reason: Reason) {
        let day = self.cause.day;
        let mut lots = self.purse.take(points, |lot| lot.lasts(day) && lot.expires_on == until);
        let taken: u64 = lots.iter().map(|lot| lot.points).sum();
        lots.extend(self.purse.take(points - taken, |lot| lot.lasts(day)));
        let taken: u64 = lots.iter().map(|lot| lot.points).sum();
        self.transfer(self.member(), to.clone(), lots, reason);
        let owed = points - taken;
        self.purse.owed += owed;
        self.push(self.owed(), to.clone(), owed, Vec::new(), reason);
    }

    /// Points of one lot lapse.
    pub(crate) fn lapse(&mut self, expires_on: Option<Day>) {
        let lots = self.purse.take(u64::MAX, |lot| lot.expires_on == expires_on);
        self.transfer(self.member(), Account::Expired, lots, Reason::Expire);
    }

    fn member(&self) -> Account {
        Account::Member(self.cause.member.into())
    }

    fn owed(&self) -> Account {
        Account::Owed(self.cause.member.into())
    }

    fn transfer(&mut self, debit: Account, credit: Account, lots: Vec<Lot>, reason: Reason) {
        let amount = lots.iter().map(|lot| lot.points).sum();
        self.push(debit, credit, amount, lots, reason);
    }

    fn push(
        &mut self,
        debit: Account,
        credit: Account,
        amount: u64,
        lots: Vec<Lot>,
        reason: Reason,
    ) {
        // A transfer of nothing would be a row that says nothing.
        if amount == 0 {
            return;
        }
        let Because { lane, id, of, now_ms, .. } = self.cause;
        self.transfers.push(Transfer {
            programme: lane.programme.clone(),
            id: format!("{id}-{}", self.transfers.len() - self.before),
            debit,
            credit,
            amount,
            reason,
            lots,
            lane: lane.clone(),
            play: id.into(),
            of: of.map(Into::into),
            at_ms: now_ms,
        });
    }
}
