//! The compact codec and serde agree on every wire type.
#![cfg(feature = "serde")]

use funfair_host_api::{
    Address, Barrier, ChanceLot, Claim, Day, Draw, Expiring, Fact, FactBatch, Held, HeldStatus,
    LedgerEntry, Me, PlayReply, PlayRequest, Proof, Reason, Receipt, ReceiptStatus, Reward, Wallet,
    Weight, Words,
    json::{self, Raw, Wire},
};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// Both write the same text, and both read it back to the same value.
#[track_caller]
fn check<T: Wire + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let compact = json::write(value);
    assert_eq!(compact, serde_json::to_string(value).unwrap());
    assert_eq!(json::read::<T>(&compact).as_ref(), Some(value));
    assert_eq!(&serde_json::from_str::<T>(&compact).unwrap(), value);
    let spaced = serde_json::to_string_pretty(value).unwrap();
    assert!(json::read::<T>(&spaced).is_some(), "white space is passed over");
}

fn words() -> impl Strategy<Value = Words> {
    prop::collection::btree_map("[a-z]{2}(-[A-Z]{2})?", any::<String>(), 0..3)
        .prop_map(|map| map.into_iter().collect())
}

fn day() -> impl Strategy<Value = Day> {
    (0..100_000i32).prop_map(Day)
}

fn reward() -> impl Strategy<Value = Reward> {
    prop_oneof![
        (words(), any::<u64>(), prop::option::of(day()))
            .prop_map(|(label, amount, expires_on)| Reward::Points { label, amount, expires_on }),
        (
            words(),
            any::<u64>(),
            any::<u64>(),
            prop::option::of(day()),
            prop::option::of(any::<String>()),
            prop::collection::vec(any::<String>(), 0..3)
        )
            .prop_map(|(label, value_cents, threshold_cents, valid_until, code, items)| {
                Reward::Coupon { label, value_cents, threshold_cents, valid_until, code, items }
            }),
        (words(), any::<String>(), any::<u64>())
            .prop_map(|(label, sku, postage_cents)| Reward::Goods { label, sku, postage_cents }),
        (words(), any::<String>(), any::<u64>(), prop::option::of(day())).prop_map(
            |(label, activity, count, expires_on)| Reward::Chance {
                label,
                activity,
                count,
                expires_on
            }
        ),
        (words(), any::<String>(), any::<String>())
            .prop_map(|(label, activity, card)| Reward::Card { label, activity, card }),
        words().prop_map(|label| Reward::Unknown { label }),
    ]
}

fn barrier() -> impl Strategy<Value = Barrier> {
    prop_oneof![
        (words(), any::<bool>()).prop_map(|(label, hidden)| Barrier::NotEligible { label, hidden }),
        (words(), any::<u32>(), prop::option::of(any::<u64>())).prop_map(
            |(label, attempts_left, again_at_ms)| Barrier::Passphrase {
                label,
                attempts_left,
                again_at_ms
            }
        ),
        (words(), prop::option::of(any::<u64>()))
            .prop_map(|(label, opens_at_ms)| Barrier::Resting { label, opens_at_ms }),
        (words(), prop::option::of(any::<u64>()))
            .prop_map(|(label, opens_at_ms)| Barrier::SlotGone { label, opens_at_ms }),
    ]
}

fn receipt() -> impl Strategy<Value = Receipt<Words>> {
    (any::<String>(), words(), prop::collection::vec(reward(), 0..3), any::<u64>(), "[0-9a-f]{64}")
        .prop_map(|(text, outcome, rewards, number, hash)| Receipt {
            id: text.clone(),
            activity: text.clone(),
            status: ReceiptStatus::Settled,
            outcome,
            rewards,
            proof: Proof {
                version: "funfair/1".into(),
                activity: text.clone(),
                revision: hash.clone(),
                n: number,
                client_seed: text.clone(),
                server_seed: hash.clone(),
                commitment: hash,
                draws: vec![Draw {
                    counter: number,
                    table: vec![Weight { prize: text.clone(), weight: number }],
                    picked: text,
                }],
            },
            at_ms: number,
        })
}

proptest! {
    #[test]
    fn both_codecs_agree_on_receipts(receipt in receipt()) {
        check(&receipt);
    }

    #[test]
    fn both_codecs_agree_on_replies(
        receipt in receipt(), day in day(), balance: u64, view: Vec<u32>,
        barrier in prop::option::of(barrier()),
    ) {
        let me = Me {
            member: "m".into(), view, commitment: "c".into(), balance, day, now_ms: balance, barrier,
        };
        check(&PlayReply { receipt, me });
    }

    #[test]
    fn both_codecs_agree_on_wallets(
        reward in reward(), amount: i64, day in day(), text: String, title in words(),
        next in prop::option::of(any::<String>()), owed: u64, worth in prop::option::of(any::<u64>()),
    ) {
        check(&Wallet {
            balance: amount.unsigned_abs(),
            owed,
            worth_cents: worth,
            day,
            now_ms: owed,
            expiring: vec![Expiring { amount: 1, expires_on: day }],
            entries: vec![LedgerEntry {
                id: text.clone(), at_ms: 1, amount, reason: Reason::Redeem, activity: next.clone(), play: None,
                title: Some(title.clone()), of: next.clone(),
            }],
            next: next.clone(),
            rewards: vec![Held {
                id: text.clone(), reward, status: HeldStatus::Granted, activity: text.clone(),
                play: text.clone(), at_ms: 2, title: title.clone(), tracking: next,
            }],
            chances: vec![ChanceLot { activity: text, title, count: owed, expires_at_ms: worth }],
        });
    }

    #[test]
    fn both_codecs_agree_on_claims_and_facts(
        text: String, more in prop::option::of(any::<String>()), n: u64, consent: bool,
        tags in prop::option::of(prop::collection::vec(any::<String>(), 0..3)),
    ) {
        let address = Address {
            name: text.clone(), phone: text.clone(), region: text.clone(), street: text.clone(),
        };
        check(&Claim { address: more.is_some().then_some(address), consent });
        check(&FactBatch {
            facts: vec![Fact {
                id: text.clone(), fact: "order.paid".into(), sub: text, at_ms: n, order: more.clone(),
                amount_cents: Some(n), item: more.clone(), dwell_seconds: None, tier: more.clone(),
                tags, prize: more.clone(), tracking: more,
                channel: None,
            }],
        });
    }

    /// Whatever arrives, the reader answers; what it accepts serde accepts too, as JSON.
    #[test]
    fn the_reader_survives_any_text(text in any::<String>()) {
        if json::read::<Raw>(&text).is_some_and(|raw| raw.text().starts_with(['{', '[', '"'])) {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
        }
        let _ = json::read::<Receipt<Raw>>(&text);
        let _ = json::read::<Wallet>(&text);
    }

    #[test]
    fn days_and_dates_agree(number in -700_000..2_900_000i32) {
        let day = Day(number);
        let (year, month, date) = day.date();
        prop_assert_eq!(Day::from_date(year, month, date), Some(day));
        prop_assert!(date <= day.days_in_month());
        prop_assert_eq!(day.first_of_month().day_of_month(), 1);
        if (0..=9999).contains(&year) {
            prop_assert_eq!(Day::parse(&day.text()), Some(day));
        }
    }
}

#[test]
fn an_unknown_variant_is_read_by_its_label() {
    let read: Reward =
        json::read(r#"{"type":"spaceship","seats":[1,{"a":null}],"label":{"en":"A spaceship"}}"#)
            .unwrap();
    assert_eq!(read, Reward::Unknown { label: Words::of(&[("en", "A spaceship")]) });
}

#[test]
fn an_unknown_field_is_skipped_by_widgets_and_refused_by_the_server() {
    let body = r#"{"action":1,"client_seed":"s","commitment":"c","revision":"r","outcome":"won"}"#;
    assert!(json::read::<PlayRequest<u32>>(body).is_some());
    let error = serde_json::from_str::<PlayRequest<u32>>(body).unwrap_err().to_string();
    assert!(error.starts_with("unknown field `outcome`"), "{error}");
}

#[test]
fn a_nest_deeper_than_the_limit_is_no_value() {
    let deep = "[".repeat(5000) + &"]".repeat(5000);
    assert_eq!(json::read::<Raw>(&deep), None);
}

#[test]
fn dates_that_do_not_exist_are_refused() {
    for text in
        ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20261111", "2026-11-11-", ""]
    {
        assert_eq!(Day::parse(text), None, "{text}");
    }
    assert!(Day::parse("2024-02-29").is_some());
}
