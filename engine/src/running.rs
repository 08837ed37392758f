use crate::{
    AnyKind, ChanceRules, Chances, Clock, Cx, Dice, Fault, Game, Lane, LaneRow, MemberKey,
    PointsRules, PoolKey, PoolRow, Reads, SecretKey, Setup, Tick, erased::Held, stage::context,
};
use funfair_host_api::{Activity, ActivityState, Day, Slot, json::Raw};
use std::sync::Arc;

/// An activity as it runs: its configuration read, its key at hand.
pub struct Running {
    /// Where its rows are.
    pub lane: Lane,
    /// Its configuration.
    pub setup: Setup,
    /// The configuration's name.
    pub revision: String,
    /// Where it stands.
    pub state: ActivityState,
    /// The key of its draws.
    pub key: SecretKey,
    /// Its business days.
    pub clock: Clock,
    /// Its rules.
    pub game: Arc<dyn Game>,
    /// What points are in its programme; nothing of the kind where the store says nothing.
    pub points: PointsRules,
    /// The `[chances]` of its file.
    pub chances: Arc<ChanceRules>,
    /// Its own secret for what is sealed; see [`Cx::seal`](crate::Cx::seal).
    pub seal: String,
}

impl Running {
    /// Reads a configuration with the kinds at hand, and names every fault in it.
    pub fn new(
        lane: Lane,
        setup: Setup,
        state: ActivityState,
        key: SecretKey,
        kinds: &[Arc<dyn AnyKind>],
    ) -> Result<Self, Vec<Fault>> {
        let Some(kind) = kinds.iter().find(|kind| kind.slug() == setup.kind) else {
            let known: Vec<_> = kinds.iter().map(|kind| kind.slug()).collect();
            let reason = format!("there is no kind \"{}\"", setup.kind);
            return Err(vec![Fault::new(
                "kind",
                reason,
                format!("use one of {}", known.join(", ")),
            )]);
        };
        let game = kind.load(&setup)?;
        let clock = setup.clock().map_err(|fault| vec![fault])?;
        Ok(Self {
            lane,
            revision: setup.revision(&key),
            state,
            clock,
            game,
            points: PointsRules::default(),
            chances: Arc::new(setup.chances.clone()),
            seal: key.name("seal", &[]),
            key,
            setup,
        })
    }

    /// The lane's head as the activity opens.
    pub fn head(&self) -> LaneRow {
        LaneRow {
            state: self.state,
            revision: self.revision.clone(),
            seq: 0,
            last_ms: 0,
            shared: String::new(),
        }
    }

    /// The stock as the activity opens.
    pub fn pools(&self) -> Vec<(PoolKey, PoolRow)> {
        let row = |stock: crate::Stock| {
            let pool =
                PoolRow { left: stock.quantity, daily: stock.daily, day: Day::default(), taken: 0 };
            (PoolKey::of(&self.lane, &stock.pool), pool)
        };
        let slot = self.setup.schedule.as_ref().map(|_| crate::Stock {
            pool: Self::SLOT.into(),
            quantity: i64::MAX.cast_unsigned(),
            daily: None,
        });
        let stock = self.game.stock().into_iter().chain(self.setup.budget.stock()).chain(slot);
        stock.map(row).collect()
    }

    /// The pools that a play may take from, as the activity calls them: those that it reads, the
    /// budget's, and the one that counts a time of play.
    pub(crate) fn pool_names<'a>(&self, reads: &'a Reads) -> impl Iterator<Item = &'a str> + 'a {
        let slot = self.setup.schedule.as_ref().map(|_| -> &'a str { Self::SLOT });
        let budget = self.setup.budget.pools().map(|name| -> &'a str { name });
        reads.pools.iter().map(String::as_str).chain(budget).chain(slot)
    }

    /// The pool that counts a time of play, where there are such times.
    pub(crate) fn slot_pool(&self) -> Option<PoolKey> {
        self.setup.schedule.as_ref().map(|_| PoolKey::of(&self.lane, Self::SLOT))
    }

    /// A member's row here.
    pub(crate) fn member(&self, member: &str) -> MemberKey {
        MemberKey { lane: self.lane.clone(), member: member.into() }
    }

    /// The moment of a settling step.
    pub(crate) fn tick(&self, now_ms: u64) -> Tick {
        Tick {
            now_ms,
            day: self.clock.day(now_ms),
            closes_at_ms: self.setup.closes_at_ms,
            over: self.is_over(now_ms),
        }
    }

    /// Whether its draws are over, so that its key may be published.
    pub fn is_over(&self, now_ms: u64) -> bool {
        self.state == ActivityState::Closed || now_ms >= self.setup.closes_at_ms
    }

    /// Whether it can be played at a moment.
    pub fn is_open(&self, now_ms: u64) -> bool {
        matches!(self.state, ActivityState::Live | ActivityState::Draft)
            && (self.setup.opens_at_ms..self.setup.closes_at_ms).contains(&now_ms)
    }

    /// The times of play of the day of `now_ms` and of the next day that has some.
    fn coming_slots(&self, now_ms: u64) -> Vec<Slot> {
        let Some(schedule) = &self.setup.schedule else { return Vec::new() };
        let day = self.clock.day(now_ms);
        let of = |ahead: i32| schedule.slots_of(Day(day.0 + ahead), &self.clock);
        let next = (1..=8).map(of).find(|slots| !slots.is_empty());
        let mut slots = of(0);
        slots.extend(next.into_iter().flatten());
        slots
    }

    /// What everyone may read of it at a moment: the same all through a business day, but for the
    /// end.
    pub fn public(&self, now_ms: u64) -> Activity {
        let over = self.is_over(now_ms);
        let seen_ms = now_ms.clamp(self.setup.opens_at_ms, self.setup.closes_at_ms - 1);
        let cx = Cx { over, ..context(self, seen_ms, "", Chances::default(), 0, Dice::idle()) };
        let preview = self.game.view(&Held::default(), &cx).unwrap_or_else(|_| Raw::default());
        Activity {
            store: self.lane.store.clone(),
            activity: self.lane.activity.clone(),
            kind: self.setup.kind.clone(),
            title: self.setup.title.clone(),
            terms: self.setup.terms.clone(),
            state: if over { ActivityState::Closed } else { self.state },
            opens_at_ms: self.setup.opens_at_ms,
            closes_at_ms: self.setup.closes_at_ms,
            zone: self.setup.zone.clone(),
            cutover_hour: self.setup.cutover_hour.into(),
            odds: self.game.odds(),
            look: self.setup.look.clone(),
            revision: self.revision.clone(),
            key_hash: self.key.hash(),
            // A draft's key draws nothing that counts, but it will be the live activity's key.
            key: (over && self.state != ActivityState::Draft)
                .then(|| hex::encode(self.key.bytes())),
            capabilities: Vec::new(),
            slots: self.coming_slots(seen_ms),
            preview,
        }
    }
}
