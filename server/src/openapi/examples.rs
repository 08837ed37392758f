//! One example of each body: made from the types that are on the wire, and those of an activity by
//! playing one.

use crate::problems::Failure;
use funfair_engine::{
    Asker, Clock, Desk, Lane, MemoryStore, Play, Running, SecretKey, Setup, Store,
};
use funfair_host_api::{
    ActivityState, Address, Adjusted, Adjustment, ChanceLot, Claim, Code, Day, Exchange, Exchanged,
    Expiring, Fact, FactBatch, FactReply, Held, HeldStatus, LedgerEntry, Listed, NewTicket,
    PlayRequest, Reason, Recorded, Reward, Ticket, Unlock, Wallet, Words, json::Raw,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

/// The example of a schema's body.
pub fn of(schema: &str) -> Option<&'static Value> {
    static ALL: OnceLock<BTreeMap<&'static str, Value>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all = wallets();
        all.extend(merchants());
        all.extend(played().unwrap_or_default());
        all
    });
    all.get(schema)
}

/// Every problem as it is answered where nothing more is to be said of it.
pub fn problems() -> Map<String, Value> {
    let example = |code: &Code| {
        let value = Failure::plain(*code).example();
        (code.name().into(), json!({ "value": value }))
    };
    Code::ALL.iter().map(example).collect()
}

/// 2026-11-11 12:00 in Shanghai.
const NOON_MS: u64 = 1_794_369_600_000;
/// A play's id.
const PLAY: &str = "5b8c06a1d5ff0e2c9a7b3d41";

/// A token, cut short.
const TOKEN: &str = "eyJ0eXAiOiJmdW5mYWlyK2p3dCIs….eyJzdWIiOiJzaG9wcGVyLTQ3MTEi….…";
/// A ticket.
const TICKET: &str = "fft_Hn3x0cVUyuk4eQ2cGDqmnuIvOnAUcyRQFZSwWJzkw7M";

fn value<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn words(en: &str, zh: &str) -> Words {
    Words::of(&[("en", en), ("zh-CN", zh)])
}

fn wallets() -> BTreeMap<&'static str, Value> {
    let title = || words("Double 11 prize wheel", "双11幸运大转盘");
    let day = Day::parse("2026-11-11").unwrap_or_default();
    let held = |status, tracking: Option<&str>| Held {
        id: format!("{PLAY}-0"),
        reward: Reward::Goods {
            label: words("Enamel mug", "珐琅杯"),
            sku: "MUG-1".into(),
            postage_cents: 0,
        },
        status,
        activity: "double11".into(),
        play: PLAY.into(),
        at_ms: NOON_MS,
        title: title(),
        tracking: tracking.map(str::to_owned),
    };
    let wallet = Wallet {
        balance: 118,
        owed: 0,
        worth_cents: Some(100),
        day,
        now_ms: NOON_MS,
        expiring: vec![Expiring { amount: 100, expires_on: Day(day.0 + 50) }],
        entries: vec![LedgerEntry {
            id: format!("{PLAY}-0"),
            at_ms: NOON_MS,
            amount: -20,
            reason: Reason::Redeem,
            activity: Some("double11".into()),
            title: Some(title()),
            of: None,
            play: Some(PLAY.into()),
        }],
        next: None,
        rewards: vec![held(HeldStatus::Shipped, Some("SF1234567890"))],
        chances: vec![ChanceLot {
            activity: "double11".into(),
            title: title(),
            count: 1,
            expires_at_ms: Some(NOON_MS + 7 * 86_400_000),
        }],
    };
    let claim = Claim {
        address: Some(Address {
            name: "王小明".into(),
            phone: "138 0000 0000".into(),
            region: "浙江省 杭州市 西湖区".into(),
            street: "文三路 1 号 2 幢 301".into(),
        }),
        consent: true,
    };
    BTreeMap::from([
        ("Wallet", value(&wallet)),
        ("Held", value(&held(HeldStatus::Claimed, None))),
        ("Claim", value(&claim)),
        ("Listed", value(&listed(title()))),
        ("Unlock", value(&Unlock { passphrase: "双11大卖".into() })),
        (
            "Readiness",
            json!({ "ready": true, "database": true, "writer": true, "read_only": false }),
        ),
        ("Health", json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "tz": "2026a" })),
    ])
}

fn listed(title: Words) -> Listed {
    Listed {
        activity: "double11".into(),
        kind: "spin-wheel".into(),
        title,
        state: ActivityState::Live,
        opens_at_ms: NOON_MS - 86_400_000,
        closes_at_ms: NOON_MS + 86_400_000,
        look: "double-11".into(),
        open: false,
        barrier: None,
        next_at_ms: Some(NOON_MS + 43_200_000),
    }
}

fn merchants() -> BTreeMap<&'static str, Value> {
    let fact = Fact {
        id: "order-90017-paid".into(),
        fact: "order.paid".into(),
        sub: "shopper-4711".into(),
        at_ms: NOON_MS,
        order: Some("90017".into()),
        amount_cents: Some(12_900),
        item: None,
        dwell_seconds: None,
        tier: None,
        tags: None,
        prize: None,
        tracking: None,
        channel: None,
    };
    let recorded =
        Recorded { id: "order-90017-paid".into(), repeated: false, points: 129, chances: 1 };
    let adjustment = Adjustment {
        id: "goodwill-17".into(),
        sub: "shopper-4711".into(),
        points: Some(50),
        refund_of: None,
        note: "for the late parcel".into(),
    };
    let adjusted =
        Adjusted { entry: "goodwill-17-0".into(), repeated: false, balance: 168, owed: 0 };
    BTreeMap::from([
        ("FactBatch", value(&FactBatch { facts: vec![fact] })),
        ("FactReply", value(&FactReply { facts: vec![recorded] })),
        ("Adjustment", value(&adjustment)),
        ("Adjusted", value(&adjusted)),
        ("NewTicket", value(&NewTicket { token: TOKEN.into() })),
        ("Ticket", value(&Ticket { ticket: TICKET.into(), expires_at_ms: NOON_MS + 60_000 })),
        ("Exchange", value(&Exchange { ticket: TICKET.into() })),
        ("Exchanged", value(&Exchanged { token: TOKEN.into() })),
    ])
}

/// A small wheel. Not the kind's own example, which may change with every campaign.
const WHEEL: &str = r#"
kind = "spin-wheel"
title = { en = "Double 11 prize wheel", zh-CN = "双11幸运大转盘" }
terms = { en = "For every member.", zh-CN = "全店会员均可参与。" }
opens_at = "2026-11-01T00:00:00"
closes_at = "2026-11-12T00:00:00"
look = "double-11"
[chances]
free_per_day = 1
points_each = 20
bought_per_day = 3
[[rules.prizes]]
id = "mug"
label = { en = "Enamel mug", zh-CN = "珐琅杯" }
tier = 1
weight = 100
stock = 50
per_member = 1
icon = "goods"
reward = { type = "goods", sku = "MUG-1" }
[[rules.prizes]]
id = "coupon-10"
label = { en = "¥10 off", zh-CN = "10元券" }
tier = 2
weight = 900
stock = 1000
daily = 100
icon = "coupon"
reward = { type = "coupon", value_cents = 1000, threshold_cents = 9900, days = 30 }
[[rules.prizes]]
id = "points-5"
label = { en = "5 points", zh-CN = "5积分" }
tier = 3
weight = 4000
icon = "points"
reward = { type = "points", amount = 5 }
[[rules.prizes]]
id = "thanks"
label = { en = "Next time", zh-CN = "谢谢参与" }
tier = 0
weight = 5000
icon = "none"
fallback = true
"#;

/// What is asked and answered at an activity.
fn played() -> Option<BTreeMap<&'static str, Value>> {
    let setup = Setup::parse(WHEEL, &Clock::new("Asia/Shanghai", 0).ok()?).ok()?;
    let now_ms = setup.opens_at_ms + 3_600_000;
    let lane = Lane { programme: "acme".into(), store: "acme".into(), activity: "double11".into() };
    let kinds = funfair_catalogue::kinds();
    let key = SecretKey::new([1; 32]);
    let at = Arc::new(Running::new(lane, setup, ActivityState::Live, key, &kinds).ok()?);
    let store = MemoryStore::default();
    store.open(&at.lane, &at.head(), &at.pools()).ok()?;
    let asker = Asker::from("9f86d081884c7d65");
    let me = Desk::me(&store, &at, &asker, None, now_ms).ok()?.ok()?;
    let request = PlayRequest {
        action: at.game.moves(&me.view).into_iter().next()?,
        client_seed: "q3VX2aPzT0w".into(),
        commitment: me.commitment.clone(),
        revision: at.revision.clone(),
    };
    let play = Play {
        at: Arc::clone(&at),
        asker,
        identity: None,
        key: "0d5f1c1a-7a0e-4b52-9a51".into(),
        body_hash: String::new(),
        action: request.action.clone(),
        client_seed: request.client_seed.clone(),
        commitment: request.commitment.clone(),
        revision: request.revision.clone(),
    };
    let answer = Desk::run(&store, now_ms, &[play]).ok()?.pop()?.ok()?;
    let receipt: Value = serde_json::from_str(&answer.receipt).ok()?;
    Some(BTreeMap::from([
        ("Activity", value(&at.public(now_ms))),
        ("Me", value(&me)),
        ("PlayRequest", value::<PlayRequest<Raw>>(&request)),
        ("PlayReply", json!({ "receipt": receipt.clone(), "me": answer.me })),
        ("History", json!({ "plays": [receipt.clone()], "next": null })),
        ("Receipt", receipt),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_has_an_example() {
        for name in ["Activity", "Me", "PlayRequest", "PlayReply", "Receipt", "Wallet", "FactReply"]
        {
            assert!(of(name).is_some(), "{name}");
        }
    }
}
