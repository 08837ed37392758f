use crate::check::shopper::{Played, Shopper, random};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

const WHEEL: &str = "double11";
const CALENDAR: &str = "signin";

/// Everything that happened on all visits.
#[derive(Default)]
pub struct Seen {
    pub receipts: Vec<Value>,
    pub refusals: usize,
    pub problems: usize,
}

/// Signs in for today, once, and tries to make up a missed day.
pub async fn calendar(shopper: &mut Shopper<'_>, seen: &mut Seen) -> Result<()> {
    let me = shopper.me(CALENDAR).await?;
    ensure!(me["view"]["signed_today"] == false, "a new shopper has signed in already: {me}");
    let signed = seen.yes(shopper.play(CALENDAR, json!({ "type": "sign_in" })).await?)?;
    ensure!(signed["receipt"]["outcome"]["type"] == "signed", "not signed in: {signed}");
    ensure!(number(&signed["me"]["balance"])? > number(&me["balance"])?, "no points for it");
    let again = shopper.play(CALENDAR, json!({ "type": "sign_in" })).await?;
    seen.refused(again, &["already_signed"])?;

    let cells = signed["me"]["view"]["days"].as_array().context("the view has no days")?;
    let Some(missed) = cells.iter().find(|cell| cell["state"] == "missed") else { return Ok(()) };
    let action = json!({ "type": "make_up", "day": missed["day"] });
    let made_up = shopper.play(CALENDAR, action.clone()).await?;
    if made_up.answer.is_err() {
        return seen.refused(made_up, &["day_not_open", "make_up_limit", "not_enough_points"]);
    }
    seen.yes(made_up)?;
    let twice = shopper.play(CALENDAR, action).await?;
    seen.refused(twice, &["day_not_open", "make_up_limit"])
}

/// Spins what is free, then for points until the rules say no.
pub async fn wheel(shopper: &mut Shopper<'_>, seen: &mut Seen) -> Result<()> {
    let mut me = shopper.me(WHEEL).await?;
    ensure!(number(&me["view"]["chances"]["free"])? > 0, "a new shopper has no free spin: {me}");
    while number(&me["view"]["chances"]["free"])? > 0 {
        let spun = seen.yes(spin(shopper, "free").await?)?;
        drawn(&spun, &me, 0)?;
        me = spun["me"].clone();
    }
    seen.refused(spin(shopper, "free").await?, &["no_chance"])?;
    seen.refused(spin(shopper, "chance").await?, &["no_chance"])?;
    me = bought(shopper, seen).await?;

    let cost = number(&me["view"]["chances"]["points_each"]).context("no spin for points")?;
    while number(&me["balance"])? >= cost && me["view"]["chances"]["paid_left"] != 0 {
        let spun = seen.yes(spin(shopper, "points").await?)?;
        drawn(&spun, &me, cost)?;
        me = spun["me"].clone();
    }
    seen.refused(spin(shopper, "points").await?, &["not_enough_points", "paid_limit"])
}

/// Buys a mug, which brings a spin and points; spins; returns it, which takes the points back.
async fn bought(shopper: &Shopper<'_>, seen: &mut Seen) -> Result<Value> {
    let before = number(&shopper.me(WHEEL).await?["balance"])?;
    let order = shopper.order("/shop/orders", "sku=MUG-350").await?;
    let points = number(&order["points"])?;
    ensure!(points == 59 && order["chances"] == 1, "a mug of 59.80 brought {order}");
    let me = shopper.me(WHEEL).await?;
    ensure!(number(&me["balance"])? == before + points, "no points for the mug: {me}");
    ensure!(me["view"]["chances"]["earned"] == 1, "no spin for the mug: {me}");
    let spun = seen.yes(spin(shopper, "chance").await?)?;
    drawn(&spun, &me, 0)?;
    let number_of_order = order["order"].as_str().context("an order has no number")?;
    for returned in [-points, 0] {
        let form = format!("order={number_of_order}");
        let answer = shopper.order("/shop/orders/return", &form).await?;
        ensure!(number(&answer["points"])? == returned, "a return brought {answer}");
    }
    shopper.me(WHEEL).await
}

/// Compares what the wallet and the history say with what was answered to the plays.
pub async fn books(shopper: &Shopper<'_>, seen: &mut Seen) -> Result<()> {
    let wallet = shopper.get("/wallet").await?;
    let me = shopper.me(WHEEL).await?;
    ensure!(wallet["balance"] == me["balance"], "two balances: {wallet} and {me}");
    let mut sum = 0;
    let mut page = wallet.clone();
    loop {
        for entry in page["entries"].as_array().context("the wallet has no entries")? {
            sum += entry["amount"].as_i64().context("an entry has no amount")?;
        }
        let Some(next) = page["next"].as_str() else { break };
        page = shopper.get(&format!("/wallet?before={next}")).await?;
    }
    ensure!(sum == number(&wallet["balance"])?, "the entries add up to {sum}: {wallet}");

    let history = shopper.get(&format!("/activities/{WHEEL}/plays")).await?;
    let newest = history["plays"].get(0).context("the history is empty")?;
    let id = newest["id"].as_str().context("a receipt has no id")?;
    let again = shopper.get(&format!("/activities/{WHEEL}/plays/{id}")).await?;
    ensure!(again == *newest, "the receipt {id} reads differently: {again} and {newest}");
    ensure!(seen.receipts.contains(newest), "the history has a receipt that was not answered");
    Ok(())
}

/// What must be turned away, and what must be answered twice alike.
pub async fn bad_input(shopper: &Shopper<'_>, seen: &mut Seen) -> Result<()> {
    let wallet = async || {
        let mut wallet = shopper.get("/wallet").await?;
        // The only thing that time alone changes.
        wallet["now_ms"] = Value::Null;
        anyhow::Ok(wallet)
    };
    let before = wallet().await?;
    let sign_in = json!({ "type": "sign_in" });
    let shown = shopper.me(CALENDAR).await?;
    let public = shopper.activity(CALENDAR).await?;
    let body = json!({
        "action": sign_in, "client_seed": random(16)?,
        "commitment": shown["commitment"], "revision": public["revision"],
    });
    let with = |name: &str, value: Value| {
        let mut changed = body.clone();
        changed[name] = value;
        changed
    };
    let token = shopper.token().to_owned();
    let (head, tail) = token.split_at(token.len() - 20);
    let swapped = if tail.starts_with('A') { "B" } else { "A" };
    let forged = format!("{head}{swapped}{}", &tail[1..]);
    let wrong_outcome = with("outcome", json!({ "type": "won" }));
    let cases = [
        ("token_missing", body.clone(), None),
        ("token_signature_invalid", body.clone(), Some(forged.as_str())),
        ("unknown_field", wrong_outcome, Some(token.as_str())),
        ("invalid_body", with("action", json!({ "type": "give_me" })), Some(token.as_str())),
        ("revision_changed", with("revision", "0".repeat(64).into()), Some(token.as_str())),
        ("commitment_used", with("commitment", "0".repeat(64).into()), Some(token.as_str())),
    ];
    for (code, body, token) in cases {
        let answered = shopper.post(CALENDAR, &random(16)?, body, token).await?;
        seen.problem(answered, code)?;
    }
    let after = wallet().await?;
    ensure!(before == after, "bad input left a trace: {before} and {after}");
    Ok(())
}

async fn spin(shopper: &Shopper<'_>, pay: &str) -> Result<Played> {
    let played = shopper.play(WHEEL, json!({ "type": "spin", "pay": pay })).await?;
    let Ok(first) = &played.answer else { return Ok(played) };
    // The same key again, as after a lost answer: the same receipt, and nothing more is charged.
    let token = Some(shopper.token());
    let again = shopper.post(WHEEL, &played.key, played.body.clone(), token).await?;
    let Ok(again) = &again.answer else { bail!("a repeated play was turned away") };
    ensure!(again["receipt"] == first["receipt"], "a repeated play has another receipt: {again}");
    ensure!(again["me"]["balance"] == first["me"]["balance"], "a repeated play was charged again");
    // The same key with another body is nobody's retry.
    let mut other = played.body.clone();
    other["client_seed"] = random(16)?.into();
    let reused = shopper.post(WHEEL, &played.key, other, token).await?;
    let Err(problem) = &reused.answer else { bail!("one key was taken for two plays") };
    ensure!(problem["code"] == "idempotency_key_reused", "another problem: {problem}");
    Ok(played)
}

/// Checks a spin against what was shown before it: drawn, and charged to the point.
fn drawn(spun: &Value, before: &Value, cost: i64) -> Result<()> {
    let receipt = &spun["receipt"];
    let draws = receipt["proof"]["draws"].as_array().context("a proof has no draws")?;
    ensure!(!draws.is_empty(), "a spin without a draw: {receipt}");
    let rewards = receipt["rewards"].as_array().context("a receipt has no rewards")?;
    let won: i64 = rewards.iter().filter_map(|reward| reward["amount"].as_i64()).sum();
    let expected = number(&before["balance"])? - cost + won;
    let balance = number(&spun["me"]["balance"])?;
    ensure!(balance == expected, "the balance is {balance}, not {expected}: {receipt}");
    Ok(())
}

impl Seen {
    /// Keeps the receipt of a play that had to be accepted, and returns its answer.
    pub fn yes(&mut self, played: Played) -> Result<Value> {
        match played.answer {
            Ok(answer) => {
                self.receipts.push(answer["receipt"].clone());
                Ok(answer)
            }
            Err(problem) => bail!("an unexpected no to {}: {problem}", played.body),
        }
    }

    /// Counts a play that the rules had to refuse in one of these ways.
    pub fn refused(&mut self, played: Played, types: &[&str]) -> Result<()> {
        let Err(problem) = played.answer else { bail!("an unexpected yes to {}", played.body) };
        let refusal = &problem["refusal"];
        let known = refusal["type"].as_str().is_some_and(|found| types.contains(&found));
        ensure!(problem["code"] == "refused" && known, "not one of {types:?}: {problem}");
        ensure!(refusal["label"].is_object(), "a refusal without words: {refusal}");
        self.refusals += 1;
        Ok(())
    }

    /// Counts a play that the rules had to refuse, in whatever way.
    pub fn refused_somehow(&mut self, played: Played) -> Result<()> {
        let Err(problem) = &played.answer else { bail!("an unexpected yes to {}", played.body) };
        let tag = problem["refusal"]["type"].as_str().unwrap_or_default().to_owned();
        self.refused(played, &[&tag])
    }

    /// Counts a request that had to be turned away with this code.
    fn problem(&mut self, played: Played, code: &str) -> Result<()> {
        let Err(problem) = played.answer else { bail!("an unexpected yes, not {code}") };
        ensure!(problem["code"] == code, "not {code}: {problem}");
        self.problems += 1;
        Ok(())
    }
}

pub fn number(value: &Value) -> Result<i64> {
    value.as_i64().with_context(|| format!("{value} is not a number"))
}
