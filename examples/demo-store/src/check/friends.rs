use crate::check::{
    shopper::Shopper,
    visit::{Seen, number},
};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

const CARDS: &str = "cards";
const GUESS: &str = "guess";
const POLL: &str = "stock";

/// Draws what is free, and gives one card to a friend, who takes it once.
pub async fn cards(shopper: &Shopper<'_>, friend: &Shopper<'_>, seen: &mut Seen) -> Result<()> {
    let mut me = shopper.me(CARDS).await?;
    let free = number(&me["view"]["chances"]["free"])?;
    ensure!(free > 0, "a new shopper has no free card: {me}");
    for _ in 0..free {
        let answer = seen.yes(shopper.play(CARDS, draw("free")).await?)?;
        let draws = answer["receipt"]["proof"]["draws"].as_array();
        ensure!(draws.is_some_and(|draws| !draws.is_empty()), "a card without a draw: {answer}");
        me = answer["me"].clone();
    }
    seen.refused(shopper.play(CARDS, draw("free")).await?, &["no_chance"])?;

    let cards = me["view"]["cards"].as_array().context("the view has no cards")?;
    let held = cards.iter().find(|card| card["count"].as_u64() > Some(0) && card["wild"] != true);
    let Some(card) = held.map(|card| card["card"].clone()) else { return Ok(()) };
    let give = json!({ "type": "give", "card": card });
    let given = seen.yes(shopper.play(CARDS, give).await?)?;
    let key = link(&given)?;
    // The giver sees the own link, and cannot take from it.
    let take = json!({ "type": "take", "gift": key });
    seen.refused_somehow(shopper.play(CARDS, take.clone()).await?)?;
    let shown = friend.get(&format!("/activities/{CARDS}/me?item={key}")).await?;
    ensure!(shown["view"]["link"].is_object(), "the link shows nothing: {shown}");
    seen.yes(friend.play(CARDS, take.clone()).await?)?;
    seen.refused_somehow(friend.play(CARDS, take).await?)
}

/// Guesses until the tries are used up or the price is found; a friend helps once.
pub async fn guess(shopper: &Shopper<'_>, friend: &Shopper<'_>, seen: &mut Seen) -> Result<()> {
    let me = shopper.me(GUESS).await?;
    let commitment = me["view"]["commitment"].as_str().context("no commitment to the price")?;
    ensure!(commitment.len() == 64, "not a hash: {commitment}");
    ensure!(me["view"]["answer_cents"].is_null(), "the price is told: {me}");
    let invited = seen.yes(shopper.play(GUESS, json!({ "type": "invite" })).await?)?;
    let key = link(&invited)?;
    let low = number(&me["view"]["low_cents"])?;
    let help = json!({ "type": "help", "link": key, "guess_cents": low });
    seen.yes(friend.play(GUESS, help.clone()).await?)?;
    seen.refused_somehow(friend.play(GUESS, help).await?)?;
    let mut next = low;
    loop {
        next += number(&me["view"]["step_cents"])?;
        let guess = json!({ "type": "guess", "guess_cents": next, "pay": "free" });
        let played = shopper.play(GUESS, guess).await?;
        if played.answer.is_err() {
            return seen.refused_somehow(played);
        }
        seen.yes(played)?;
    }
}

/// Votes, changes the vote, and proposes something.
pub async fn poll(shopper: &Shopper<'_>, seen: &mut Seen) -> Result<()> {
    let me = shopper.me(POLL).await?;
    let options = me["view"]["options"].as_array().context("the view has no options")?;
    ensure!(options.iter().all(|option| option["count"].is_null()), "counts before the vote: {me}");
    let vote = |at: usize| json!({ "type": "vote", "options": [options[at]["id"]] });
    let ballots = |answer: &Value| number(&answer["me"]["view"]["ballots"]);
    let voted = seen.yes(shopper.play(POLL, vote(0)).await?)?;
    let changed = seen.yes(shopper.play(POLL, vote(1)).await?)?;
    ensure!(ballots(&voted)? == ballots(&changed)?, "a changed ballot is counted twice: {changed}");
    ensure!(
        changed["receipt"]["rewards"] == json!([]),
        "a changed ballot is paid again: {changed}"
    );
    let name = format!("{} {}", "Tea tray", shopper.name);
    let text: String = name.chars().rev().take(18).collect();
    seen.yes(shopper.play(POLL, json!({ "type": "nominate", "text": text })).await?)?;
    let link = json!({ "type": "nominate", "text": "www.example.com" });
    seen.refused_somehow(shopper.play(POLL, link).await?)
}

/// What the hub lists, and what a shopper may not claim.
pub async fn hub(shopper: &Shopper<'_>) -> Result<()> {
    let listed = shopper.get("/activities").await?;
    let listed = listed.as_array().context("the hub is no list")?;
    let ids: Vec<_> = listed.iter().filter_map(|row| row["activity"].as_str()).collect();
    for (activity, _) in funfair_demo_store::ACTIVITIES {
        ensure!(ids.contains(&activity), "the hub does not list {activity}: {ids:?}");
    }
    let claim = json!({ "address": null, "consent": false });
    let claimed = shopper.send("/wallet/prizes/none/claim", &claim).await?;
    let Err(problem) = claimed else { bail!("a prize that is not there was claimed") };
    ensure!(problem["code"] == "prize_unknown", "another problem: {problem}");
    Ok(())
}

fn draw(pay: &str) -> Value {
    json!({ "type": "draw", "pay": pay })
}

/// The key that a play's outcome gives out, to be shared.
fn link(answer: &Value) -> Result<String> {
    let outcome = &answer["receipt"]["outcome"];
    let key = ["link", "gift", "ask"].iter().find_map(|name| outcome[*name].as_str());
    key.map(String::from).with_context(|| format!("no key to share: {outcome}"))
}
