//! From friend to friend: gifts and asks, both an item under a key that nobody can guess.
//!
//! A gift's card leaves the giver's row into the item, and the item into the taker's. An ask's card
//! leaves the answering friend's row into the item, and the item into the asker's row when the asker
//! fetches it or `settle` brings it. So no play writes another member's row, and no card is there
//! twice or nowhere.

use crate::{
    Action, CardCollecting, Config, Gifts, Item, Limit, Link, LinkKind, LinkState, Member, Refusal,
    View, Why, labels, rules::Event,
};
use funfair_engine::{Cx, Due, State, Tick};
use funfair_host_api::Words;

/// How many links a member has under way at most: the row is bounded.
pub(crate) const MOST_LINKS: u32 = 10;

const HOUR_MS: u64 = 60 * 60 * 1000;

pub(crate) fn give(
    config: &Config,
    member: &Member,
    card: &str,
    cx: &Cx,
) -> Result<Event, Refusal> {
    let gifts = gifts(config)?;
    if member.held(card, &cx.cards) == 0 || config.card(card).is_none() {
        return Err(labels::not_possible(Why::NotHeld));
    }
    may_give(gifts, member, cx)?;
    may_link(member)?;
    Ok(Event::Gave {
        card: card.into(),
        label: config.label(card),
        day: cx.day,
        gift: cx.item.clone(),
        giver: cx.member.clone(),
        until_ms: until_ms(gifts, cx),
    })
}

pub(crate) fn ask(config: &Config, member: &Member, card: &str, cx: &Cx) -> Result<Event, Refusal> {
    let gifts = gifts(config)?;
    may_ask(cx)?;
    let missing = config.card(card).filter(|it| !it.wild && member.held(card, &cx.cards) == 0);
    if missing.is_none() {
        return Err(labels::not_possible(Why::NoSuchCard));
    }
    may_receive(gifts, member, cx)?;
    may_link(member)?;
    let full = member.from.iter().filter(|(_, count)| {
        // As if every ask under way were answered by this friend.
        **count + member.awaited() + 1 > gifts.per_friend
    });
    Ok(Event::Asked {
        card: card.into(),
        label: config.label(card),
        day: cx.day,
        ask: cx.item.clone(),
        asker: cx.member.clone(),
        until_ms: until_ms(gifts, cx),
        full: full.map(|(friend, _)| friend.clone()).collect(),
    })
}

pub(crate) fn take(
    config: &Config,
    state: &State<'_, CardCollecting>,
    cx: &Cx,
) -> Result<Event, Refusal> {
    let gifts = gifts(config)?;
    let Some(Item::Gift { card, giver, until_ms, taken }) = state.item else { return gone() };
    if *giver == cx.member {
        return Err(labels::not_possible(Why::OwnLink));
    }
    if *taken {
        return Err(labels::not_possible(Why::LinkTaken));
    }
    if *until_ms <= cx.now_ms {
        return gone();
    }
    may_receive(gifts, state.member, cx)?;
    let from = state.member.from.get(giver).copied().unwrap_or(0);
    if from + state.member.awaited() >= gifts.per_friend {
        return Err(labels::limit_reached(Limit::Friend, gifts.per_friend, None));
    }
    let (card, giver) = (card.clone(), giver.clone());
    Ok(Event::Took { label: config.label(&card), card, day: cx.day, giver })
}

pub(crate) fn take_back(
    config: &Config,
    state: &State<'_, CardCollecting>,
    cx: &Cx,
) -> Result<Event, Refusal> {
    match state.item {
        Some(item @ Item::Gift { giver, .. }) if *giver == cx.member => {
            Ok(ended(config, &cx.item, item))
        }
        Some(Item::Gift { .. }) => Err(labels::not_possible(Why::NotOwnLink)),
        _ => gone(),
    }
}

pub(crate) fn answer(
    config: &Config,
    state: &State<'_, CardCollecting>,
    cx: &Cx,
) -> Result<Event, Refusal> {
    let gifts = gifts(config)?;
    let Some(Item::Ask { card, asker, until_ms, full, giver }) = state.item else { return gone() };
    if *asker == cx.member {
        return Err(labels::not_possible(Why::OwnLink));
    }
    if giver.is_some() {
        return Err(labels::not_possible(Why::LinkTaken));
    }
    if *until_ms <= cx.now_ms {
        return gone();
    }
    if full.contains(&cx.member) {
        return Err(labels::limit_reached(Limit::Friend, gifts.per_friend, None));
    }
    if state.member.held(card, &cx.cards) == 0 {
        return Err(labels::not_possible(Why::NotHeld));
    }
    may_give(gifts, state.member, cx)?;
    let (card, giver) = (card.clone(), cx.member.clone());
    Ok(Event::Answered { label: config.label(&card), card, day: cx.day, giver })
}

pub(crate) fn collect(
    config: &Config,
    state: &State<'_, CardCollecting>,
    cx: &Cx,
) -> Result<Event, Refusal> {
    match state.item {
        Some(item @ Item::Ask { asker, .. }) if *asker == cx.member => {
            Ok(ended(config, &cx.item, item))
        }
        Some(Item::Ask { .. }) => Err(labels::not_possible(Why::NotOwnLink)),
        _ => gone(),
    }
}

/// What a link comes to for whose it is, when it ends now.
fn ended(config: &Config, key: &str, item: &Item) -> Event {
    let key = key.to_owned();
    match item {
        Item::Gift { card, taken, .. } => {
            let (label, card) = (config.label(card), card.clone());
            if *taken {
                Event::Delivered { card, label, gift: key }
            } else {
                Event::CameBack { card, label, gift: key }
            }
        }
        Item::Ask { card, giver, .. } => {
            let (label, card) = (config.label(card), card.clone());
            match giver.clone() {
                Some(giver) => Event::Collected { card, label, ask: key, giver },
                None => Event::Withdrawn { card, label, ask: key },
            }
        }
    }
}

/// What time brings about for a link: what a friend did reaches whose link it is, and what nobody
/// followed ends.
pub(crate) fn due(config: &Config, key: &str, item: &Item, tick: &Tick) -> Option<Due<Event>> {
    let (member, until_ms, done) = match item {
        Item::Gift { giver, until_ms, taken, .. } => (giver, until_ms, *taken),
        Item::Ask { asker, until_ms, giver, .. } => (asker, until_ms, giver.is_some()),
    };
    let ends = done || tick.over || *until_ms <= tick.now_ms;
    let due = || Due {
        member: member.clone(),
        item: Some(key.to_owned()),
        event: ended(config, key, item),
    };
    ends.then(due)
}

pub(crate) fn evolve(member: &mut Member, item: &mut Option<Item>, event: &Event) {
    match event {
        Event::Gave { card, day, gift, giver, until_ms, .. } => {
            member.add(card, -1);
            member.turn(*day).gives += 1;
            member.gifts.insert(gift.clone(), card.clone());
            let (card, giver) = (card.clone(), giver.clone());
            *item = Some(Item::Gift { card, giver, until_ms: *until_ms, taken: false });
        }
        Event::Took { card, day, giver, .. } => {
            member.receive(card, giver);
            member.turn(*day).takes += 1;
            if let Some(Item::Gift { taken, .. }) = item {
                *taken = true;
            }
        }
        Event::CameBack { card, gift, .. } => {
            member.add(card, 1);
            member.gifts.remove(gift);
            *item = None;
        }
        Event::Delivered { gift, .. } => {
            member.gifts.remove(gift);
            *item = None;
        }
        Event::Asked { card, day, ask, asker, until_ms, full, .. } => {
            member.turn(*day).takes += 1;
            member.asks.insert(ask.clone(), card.clone());
            let (card, asker, full) = (card.clone(), asker.clone(), full.clone());
            *item = Some(Item::Ask { card, asker, until_ms: *until_ms, full, giver: None });
        }
        Event::Answered { card, day, giver: friend, .. } => {
            member.add(card, -1);
            member.turn(*day).gives += 1;
            if let Some(Item::Ask { giver, .. }) = item {
                *giver = Some(friend.clone());
            }
        }
        Event::Collected { card, ask, giver, .. } => {
            member.receive(card, giver);
            member.asks.remove(ask);
            *item = None;
        }
        Event::Withdrawn { ask, .. } => {
            member.asks.remove(ask);
            *item = None;
        }
        // Not of a link.
        Event::Drawn { .. } | Event::Completed { .. } | Event::PotShared { .. } => {}
    }
}

/// How many cards may still be given now; why none.
pub(crate) fn gives_left(config: &Config, member: &Member, cx: &Cx) -> (u32, Option<Words>) {
    let may = |gifts| may_give(gifts, member, cx).and_then(|()| may_link(member));
    let left = |gifts: &Gifts| gifts.gives_per_day.saturating_sub(member.on(cx.day).gives);
    left_or_why(gifts(config).and_then(|gifts| may(gifts).map(|()| left(gifts))), member)
}

/// How many cards friends may still be asked for now; why none.
pub(crate) fn asks_left(config: &Config, member: &Member, cx: &Cx) -> (u32, Option<Words>) {
    let may = |gifts| {
        may_ask(cx)?;
        may_receive(gifts, member, cx).and_then(|()| may_link(member))
    };
    let left = |gifts: &Gifts| {
        let today = gifts.takes_per_day.saturating_sub(member.on(cx.day).takes);
        today.min(gifts.takes_total.saturating_sub(member.received() + member.awaited()))
    };
    left_or_why(gifts(config).and_then(|gifts| may(gifts).map(|()| left(gifts))), member)
}

fn left_or_why(left: Result<u32, Refusal>, member: &Member) -> (u32, Option<Words>) {
    let links = u32::try_from(member.links()).unwrap_or(u32::MAX);
    match left {
        Ok(left) => (left.min(MOST_LINKS.saturating_sub(links)), None),
        Err(refused) => (0, Some(label(&refused))),
    }
}

/// What the link that led here is about: who made it is not told.
pub(crate) fn view(config: &Config, state: &State<'_, CardCollecting>, cx: &Cx) -> Option<Link> {
    if cx.item.is_empty() {
        return None;
    }
    let link = |kind, card: &str, state, can: bool, note| Link {
        item: cx.item.clone(),
        kind,
        card: card.into(),
        state,
        can,
        note,
    };
    let state_of = |refused: &Refusal| match refused {
        Refusal::NotPossible { why: Why::LinkTaken, .. } => LinkState::Taken,
        Refusal::NotPossible { why: Why::LinkGone, .. } => LinkState::Gone,
        _ => LinkState::Open,
    };
    let seen = |kind, card: &str, mine: bool, open, own, tried: Result<Event, Refusal>| {
        let name = config.label(card);
        match tried {
            _ if mine => link(kind, card, LinkState::Own, true, labels::of_card(own, &name)),
            Ok(_) => link(kind, card, LinkState::Open, true, labels::of_card(open, &name)),
            Err(refused) => link(kind, card, state_of(&refused), false, label(&refused)),
        }
    };
    let Some(item) = state.item else {
        let refused = labels::not_possible(Why::LinkGone);
        return Some(link(LinkKind::Gift, "", LinkState::Gone, false, label(&refused)));
    };
    Some(match item {
        Item::Gift { card, giver, taken, .. } => {
            let own = if *taken { labels::DELIVERED } else { labels::GIFT_OWN };
            let tried = take(config, state, cx);
            seen(LinkKind::Gift, card, *giver == cx.member, labels::GIFT_OPEN, own, tried)
        }
        Item::Ask { card, asker, giver, .. } => {
            let own = if giver.is_some() { labels::ASK_THERE } else { labels::ASK_OWN };
            let tried = answer(config, state, cx);
            seen(LinkKind::Ask, card, *asker == cx.member, labels::ASK_OPEN, own, tried)
        }
    })
}

/// What a view offers to do with links. An own link can always be ended: where a friend was faster,
/// that is what its end says.
pub(crate) fn moves(view: &View) -> Vec<Action> {
    let mut moves: Vec<_> = view.links.iter().map(|link| end(link.kind, &link.item)).collect();
    let followed = view.link.iter().filter(|link| link.can);
    for Link { item, kind, state, .. } in followed {
        let action = match (kind, state) {
            (_, LinkState::Own) => end(*kind, item),
            (LinkKind::Gift, _) => Action::Take { gift: item.clone() },
            (LinkKind::Ask, _) => Action::Answer { ask: item.clone() },
        };
        if !moves.contains(&action) {
            moves.push(action);
        }
    }
    moves
}

fn end(kind: LinkKind, item: &str) -> Action {
    match kind {
        LinkKind::Gift => Action::TakeBack { gift: item.into() },
        LinkKind::Ask => Action::Collect { ask: item.into() },
    }
}

fn gifts(config: &Config) -> Result<&Gifts, Refusal> {
    config.gifts.as_ref().ok_or_else(|| labels::not_possible(Why::NoGifts))
}

fn gone<T>() -> Result<T, Refusal> {
    Err(labels::not_possible(Why::LinkGone))
}

/// A card that a friend sends on request is what sharing the request brings.
fn may_ask(cx: &Cx) -> Result<(), Refusal> {
    if cx.sharing { Ok(()) } else { Err(labels::not_possible(Why::NoSharing)) }
}

fn may_give(gifts: &Gifts, member: &Member, cx: &Cx) -> Result<(), Refusal> {
    let limit = gifts.gives_per_day;
    if member.on(cx.day).gives < limit {
        return Ok(());
    }
    Err(labels::limit_reached(Limit::Gives, limit, Some(cx.next_day_at_ms)))
}

/// What is asked for counts as if it had come.
fn may_receive(gifts: &Gifts, member: &Member, cx: &Cx) -> Result<(), Refusal> {
    let Gifts { takes_per_day, takes_total, .. } = *gifts;
    if member.on(cx.day).takes >= takes_per_day {
        return Err(labels::limit_reached(Limit::Takes, takes_per_day, Some(cx.next_day_at_ms)));
    }
    if member.received() + member.awaited() >= takes_total {
        return Err(labels::limit_reached(Limit::TakesTotal, takes_total, None));
    }
    Ok(())
}

fn may_link(member: &Member) -> Result<(), Refusal> {
    if member.links() < MOST_LINKS as usize {
        return Ok(());
    }
    Err(labels::limit_reached(Limit::Links, MOST_LINKS, None))
}

fn until_ms(gifts: &Gifts, cx: &Cx) -> u64 {
    (cx.now_ms + u64::from(gifts.hours) * HOUR_MS).min(cx.closes_at_ms)
}

fn label(refusal: &Refusal) -> Words {
    match refusal {
        Refusal::NoChance { label, .. }
        | Refusal::NotEnoughPoints { label, .. }
        | Refusal::PaidLimit { label, .. }
        | Refusal::LimitReached { label, .. }
        | Refusal::NotPossible { label, .. }
        | Refusal::Unknown { label } => label.clone(),
    }
}
