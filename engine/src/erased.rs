use crate::{
    ChanceRules, Clause, Cx, Due, Effects, Fault, Favour, Page, Reads, Report, Rules, Setup, State,
    StateMut, Stock, Tick, Verdict,
};
use funfair_host_api::{Odds, json::Raw};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{marker::PhantomData, sync::Arc};

/// A kind without its types: JSON in, JSON out. What `catalogue` lists and the server runs.
pub trait AnyKind: Send + Sync {
    /// The kind's slug.
    fn slug(&self) -> &'static str;
    /// What in `[rules]` may change after the start; see [`Rules::FAVOURS`].
    fn favours(&self) -> &'static [(&'static str, Favour)];
    /// Reads the `[rules]` of an activity, and names every fault in it.
    fn load(&self, setup: &Setup) -> Result<Arc<dyn Game>, Vec<Fault>>;
}

/// A kind with its configuration: the rules of one activity.
pub trait Game: Send + Sync {
    /// The published chances.
    fn odds(&self) -> Vec<Odds>;
    /// The stock that the activity opens with.
    fn stock(&self) -> Vec<Stock>;
    /// What the terms page says of the kind's own rules.
    fn clauses(&self) -> Vec<Clause>;
    /// The rows that an action needs; an error names what is wrong with the action.
    fn reads(&self, action: &Raw) -> Result<Reads, String>;
    /// Decides one action on the given rows.
    fn play(&self, rows: &Held, action: &Raw, cx: &mut Cx) -> Result<Played, NotPlayed>;
    /// Writes events into rows: what `play` did to them.
    fn replay(&self, rows: &Held, events: &[Raw]) -> Result<Held, NotPlayed>;
    /// Whether settling walks members' rows, too.
    fn settles_members(&self, tick: &Tick) -> bool;
    /// What giving rewards in settling may need.
    fn settle_reads(&self) -> Reads;
    /// What time alone brings about for these items and members now.
    fn settle(
        &self,
        shared: &str,
        items: &[(String, String)],
        members: &[(String, String)],
        tick: &Tick,
    ) -> Result<Vec<Due<Raw>>, NotPlayed>;
    /// What an operator's verdict on an item comes to.
    fn moderate(
        &self,
        shared: &str,
        item: (&str, &str),
        verdict: Verdict,
        tick: &Tick,
    ) -> Result<Result<Due<Raw>, Fault>, NotPlayed>;
    /// What a stored event costs and gives.
    fn effects(&self, event: &Raw) -> Result<Effects, NotPlayed>;
    /// What those who run the store want to know of the activity.
    fn report(&self, shared: &str) -> Result<Option<Report>, NotPlayed>;
    /// What this member may see.
    fn view(&self, rows: &Held, cx: &Cx) -> Result<Raw, NotPlayed>;
    /// The actions that a view offers.
    fn moves(&self, view: &Raw) -> Vec<Raw>;
}

/// A kind's rows as JSON; empty text is a row that does not exist yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The member's state.
    pub member: String,
    /// The activity's state.
    pub shared: String,
    /// The item named by the reads.
    pub item: Option<String>,
}

/// What a play came to.
#[derive(Clone, Debug)]
pub struct Played {
    /// The kind's events, in order.
    pub events: Vec<Raw>,
    /// What they cost and give, in order.
    pub effects: Vec<Effects>,
    /// What the member is shown.
    pub outcome: Raw,
    /// The rows afterwards.
    pub rows: Held,
}

/// Why there was no play.
#[derive(Clone, Debug, PartialEq)]
pub enum NotPlayed {
    /// The rules say no.
    Refused(Raw),
    /// The action is not one of the kind's.
    BadAction(String),
    /// A stored row does not fit the kind.
    BadRow(String),
}

/// A kind whose types have serde: every one that can be stored. Implemented by itself.
pub trait Stored:
    Rules<
        Config: DeserializeOwned + Send + Sync,
        Action: DeserializeOwned + Serialize,
        View: DeserializeOwned + Serialize,
        Outcome: Serialize,
        Refusal: Serialize,
        Event: DeserializeOwned + Serialize,
        Member: DeserializeOwned + Serialize,
        Shared: DeserializeOwned + Serialize,
        Item: DeserializeOwned + Serialize,
    >
{
}

impl<R> Stored for R where
    R: Rules<
            Config: DeserializeOwned + Send + Sync,
            Action: DeserializeOwned + Serialize,
            View: DeserializeOwned + Serialize,
            Outcome: Serialize,
            Refusal: Serialize,
            Event: DeserializeOwned + Serialize,
            Member: DeserializeOwned + Serialize,
            Shared: DeserializeOwned + Serialize,
            Item: DeserializeOwned + Serialize,
        >
{
}

/// The kind `R` without its types.
pub fn erase<R: Stored>() -> Arc<dyn AnyKind> {
    Arc::new(Erased::<R>(PhantomData))
}

struct Erased<R>(PhantomData<fn() -> R>);

struct Loaded<R: Rules>(R::Config);

impl<R: Stored> AnyKind for Erased<R> {
    fn slug(&self) -> &'static str {
        R::SLUG
    }

    fn favours(&self) -> &'static [(&'static str, Favour)] {
        R::FAVOURS
    }

    fn load(&self, setup: &Setup) -> Result<Arc<dyn Game>, Vec<Fault>> {
        let config: R::Config = serde_path_to_error::deserialize(&setup.rules)
            .map_err(|error| vec![Fault::parse("rules", &error)])?;
        let mut faults = R::validate(&config, setup);
        if !R::CHANCES && setup.chances != ChanceRules::default() {
            let reason = format!("a {} takes no chances", R::SLUG);
            faults.push(Fault::new("chances", reason, "remove it"));
        }
        if faults.is_empty() {
            faults.extend(setup.beyond_budget());
        }
        if faults.is_empty() { Ok(Arc::new(Loaded::<R>(config))) } else { Err(faults) }
    }
}

impl<R: Stored> Game for Loaded<R> {
    fn odds(&self) -> Vec<Odds> {
        R::odds(&self.0)
    }

    fn stock(&self) -> Vec<Stock> {
        R::stock(&self.0)
    }

    fn clauses(&self) -> Vec<Clause> {
        R::clauses(&self.0)
    }

    fn reads(&self, action: &Raw) -> Result<Reads, String> {
        Ok(R::reads(&self.0, &parse(action.text())?))
    }

    fn play(&self, rows: &Held, action: &Raw, cx: &mut Cx) -> Result<Played, NotPlayed> {
        let action: R::Action = parse(action.text()).map_err(NotPlayed::BadAction)?;
        let mut typed = Typed::<R>::read(rows)?;
        let events = R::decide(&self.0, typed.state(), &action, cx)
            .map_err(|refusal| NotPlayed::Refused(raw(&refusal)))?;
        for event in &events {
            R::evolve(typed.state_mut(), event);
        }
        Ok(Played {
            effects: events.iter().map(R::effects).collect(),
            outcome: raw(&R::outcome(&events)),
            events: events.iter().map(raw).collect(),
            rows: typed.write(),
        })
    }

    fn replay(&self, rows: &Held, events: &[Raw]) -> Result<Held, NotPlayed> {
        let mut typed = Typed::<R>::read(rows)?;
        for event in events {
            let event = parse(event.text()).map_err(NotPlayed::BadRow)?;
            R::evolve(typed.state_mut(), &event);
        }
        Ok(typed.write())
    }

    fn settle_reads(&self) -> Reads {
        R::settle_reads(&self.0)
    }

    fn settles_members(&self, tick: &Tick) -> bool {
        R::settles_members(&self.0, tick)
    }

    fn settle(
        &self,
        shared: &str,
        items: &[(String, String)],
        members: &[(String, String)],
        tick: &Tick,
    ) -> Result<Vec<Due<Raw>>, NotPlayed> {
        let shared: R::Shared = row(shared)?;
        // A row that cannot be read keeps nobody else waiting; a play on it says so.
        let item = |(key, item): &(String, String)| Some((key.clone(), parse(item).ok()?));
        let member = |(member, state): &(String, String)| Some((member.clone(), row(state).ok()?));
        let items: Vec<(String, R::Item)> = items.iter().filter_map(item).collect();
        let members: Vec<(String, R::Member)> = members.iter().filter_map(member).collect();
        let page = Page { items: &items, members: &members };
        let due = R::settle(&self.0, &shared, &page, tick);
        Ok(due.into_iter().map(erased).collect())
    }

    fn moderate(
        &self,
        shared: &str,
        (key, item): (&str, &str),
        verdict: Verdict,
        tick: &Tick,
    ) -> Result<Result<Due<Raw>, Fault>, NotPlayed> {
        let item: R::Item = parse(item).map_err(NotPlayed::BadRow)?;
        Ok(R::moderate(&self.0, &row(shared)?, (key, &item), verdict, tick).map(erased))
    }

    fn effects(&self, event: &Raw) -> Result<Effects, NotPlayed> {
        Ok(R::effects(&parse(event.text()).map_err(NotPlayed::BadRow)?))
    }

    fn report(&self, shared: &str) -> Result<Option<Report>, NotPlayed> {
        Ok(R::report(&self.0, &row(shared)?))
    }

    fn view(&self, rows: &Held, cx: &Cx) -> Result<Raw, NotPlayed> {
        Ok(raw(&R::view(&self.0, Typed::<R>::read(rows)?.state(), cx)))
    }

    fn moves(&self, view: &Raw) -> Vec<Raw> {
        parse(view.text())
            .map_or_else(|_| Vec::new(), |view| R::moves(&view).iter().map(raw).collect())
    }
}

/// A kind's rows with their types, for the length of one play.
struct Typed<R: Rules> {
    member: R::Member,
    shared: R::Shared,
    item: Option<R::Item>,
}

impl<R: Stored> Typed<R> {
    fn read(rows: &Held) -> Result<Self, NotPlayed> {
        let item = rows.item.as_deref().map(parse).transpose().map_err(NotPlayed::BadRow)?;
        Ok(Self { member: row(&rows.member)?, shared: row(&rows.shared)?, item })
    }

    fn state(&self) -> State<'_, R> {
        State { member: &self.member, shared: &self.shared, item: self.item.as_ref() }
    }

    fn state_mut(&mut self) -> StateMut<'_, R> {
        StateMut { member: &mut self.member, shared: &mut self.shared, item: &mut self.item }
    }

    fn write(&self) -> Held {
        Held {
            member: text(&self.member),
            shared: text(&self.shared),
            item: self.item.as_ref().map(text),
        }
    }
}

fn erased<E: Serialize>(due: Due<E>) -> Due<Raw> {
    Due { member: due.member, item: due.item, event: raw(&due.event) }
}

/// A row's state; that of an empty row is the default one.
fn row<T: Default + DeserializeOwned>(text: &str) -> Result<T, NotPlayed> {
    if text.is_empty() { Ok(T::default()) } else { parse(text).map_err(NotPlayed::BadRow) }
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Any value as JSON. Types of kinds have string keys and finite numbers, so this cannot fail.
fn raw<T: Serialize>(value: &T) -> Raw {
    serde_json::value::to_raw_value(value).map_or_else(|_| Raw::default(), Raw::from)
}

fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".into())
}
