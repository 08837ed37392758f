//! What a member may see, and what they may do about it.
//!
//! Marks and public configuration go in; the price itself only after the close.

use crate::{
    Action, Config, Disclosed, GuessPrice, Help, HelpState, Link, LinkState, Stage, View,
    rules::commitment,
};
use funfair_engine::{Cx, State};

pub(crate) fn view(config: &Config, state: &State<'_, GuessPrice>, cx: &Cx) -> View {
    let member = state.member;
    let (from_cents, to_cents) = config.possible(&member.guesses);
    let tries_left = config.tries.saturating_sub(member.tried());
    let asks = config.help.as_ref().map_or(0, |help| help.asks);
    let asked = u32::try_from(member.asked.len()).unwrap_or(u32::MAX);
    let standing = stage(config, state, cx);
    let on = matches!(standing, Stage::Open | Stage::UsedUp) && !cx.over;
    let help = |asked: &crate::Asked| Help { link: asked.link.clone(), state: asked.state };
    View {
        chances: cx.chances_left(),
        label: config.item.label.clone(),
        picture: config.item.picture.clone(),
        low_cents: config.low_cents,
        high_cents: config.high_cents,
        step_cents: config.step_cents,
        win: config.win_view(),
        prize: config.prize.label.clone(),
        stage: standing,
        tries: config.tries,
        tries_left,
        from_cents,
        to_cents,
        suggest_cents: suggest(config, state, from_cents, to_cents),
        guesses: member.guesses.clone(),
        helps: member.asked.iter().map(help).collect(),
        asks_left: if on && cx.sharing { asks.saturating_sub(asked) } else { 0 },
        link: link(config, state, cx),
        commitment: commitment(config.answer_cents, &cx.seal),
        disclosed: cx
            .over
            .then(|| Disclosed { answer_cents: config.answer_cents, seal: cx.seal.clone() }),
    }
}

pub(crate) fn moves(view: &View) -> Vec<Action> {
    if view.disclosed.is_some() {
        return Vec::new();
    }
    let mut moves = Vec::new();
    if view.stage == Stage::Open {
        for guess_cents in view.suggest_cents.iter().copied() {
            let guess = |pay| Action::Guess { guess_cents, pay };
            moves.extend(view.chances.ways().into_iter().map(guess));
        }
    }
    if view.asks_left > 0 {
        moves.push(Action::Invite {});
    }
    let found = view.helps.iter().filter(|help| help.state == HelpState::Found);
    if view.stage == Stage::Collect {
        moves.extend(found.map(|help| Action::Collect { link: help.link.clone() }));
    }
    match &view.link {
        Some(Link { key, state: LinkState::Open, suggest_cents }) => {
            for guess_cents in [*suggest_cents, view.low_cents, view.high_cents] {
                moves.push(Action::Help { link: key.clone(), guess_cents });
            }
        }
        Some(Link { key, state: LinkState::Answered, .. }) => {
            moves.push(Action::Collect { link: key.clone() });
        }
        _ => {}
    }
    moves
}

fn stage(config: &Config, state: &State<'_, GuessPrice>, cx: &Cx) -> Stage {
    let member = state.member;
    let place = state.shared.place(&cx.member).filter(|_| cx.over);
    if member.won || place.zip(config.winners()).is_some_and(|(place, most)| place < most) {
        Stage::Won
    } else if member.found().is_some() {
        Stage::Collect
    } else if member.has_found() {
        Stage::Missed
    } else if config.is_sold_out(state.shared) {
        Stage::SoldOut
    } else if member.tried() >= config.tries {
        Stage::UsedUp
    } else {
        Stage::Open
    }
}

fn link(config: &Config, state: &State<'_, GuessPrice>, cx: &Cx) -> Option<Link> {
    if cx.item.is_empty() {
        return None;
    }
    let member = state.member;
    let link_state = match (state.item, &config.help) {
        (Some(item), _) if item.owner == cx.member && item.answer.is_some() => LinkState::Answered,
        (Some(item), _) if item.owner == cx.member => LinkState::Mine,
        (Some(item), Some(rule)) if item.answer.is_none() && !cx.over => {
            let most = member.helped >= rule.total || member.helped_on(cx.day) >= rule.per_day;
            match () {
                () if config.is_sold_out(state.shared) => LinkState::Used,
                () if most => LinkState::Limit,
                () => LinkState::Open,
            }
        }
        _ => LinkState::Used,
    };
    let middle = config.low_cents + config.prices() / 2 * config.step_cents;
    let suggest_cents = middle.min(config.high_cents);
    Some(Link { key: cx.item.clone(), state: link_state, suggest_cents })
}

/// Three prices that were not guessed yet, from the middle of what is possible outwards.
fn suggest(config: &Config, state: &State<'_, GuessPrice>, from: u64, to: u64) -> Vec<u64> {
    let step = config.step_cents.max(1);
    let last = to.saturating_sub(from) / step;
    let parts = [(1, 2), (1, 4), (3, 4), (3, 8), (5, 8)];
    let first = parts.into_iter().map(|(part, of)| last * part / of);
    let mut found = Vec::new();
    // No more are guessed than a member has tries and friends, so this looks at a few.
    for index in first.chain(0..=last) {
        let cents = from + index * step;
        let guessed = state.member.guesses.iter().any(|mark| mark.cents == cents);
        if !guessed && !found.contains(&cents) {
            found.push(cents);
        }
        if found.len() == 3 {
            break;
        }
    }
    found
}
