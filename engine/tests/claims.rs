//! A prize is claimed by its member, once, with all that sending it needs.

use funfair_engine::{
    Desk, HeldKey, HeldRow, Lane, MemoryStore, Rows, Store, Unclaimed, Wants, Writes,
};
use funfair_host_api::{Address, Claim, HeldStatus, Reward, Words};

fn words() -> Words {
    Words::of(&[("en", "Mug"), ("zh-CN", "马克杯")])
}

fn goods() -> Reward {
    Reward::Goods { label: words(), sku: "MUG-1".into(), postage_cents: 0 }
}

/// A store in which `ann` holds one prize.
fn held(reward: Reward, status: HeldStatus) -> (MemoryStore, HeldKey) {
    let store = MemoryStore::default();
    let lane = Lane { programme: "p".into(), store: "acme".into(), activity: "wheel".into() };
    let row = HeldRow {
        programme: "p".into(),
        member: "ann".into(),
        id: "prize-0".into(),
        reward,
        lane,
        play: "play".into(),
        at_ms: 1,
        status,
        tracking: None,
    };
    let key = row.key();
    let mut row = Some(row);
    let mut put = |_: &Rows| {
        let held = row.take().into_iter().map(|row| (row.key(), row)).collect();
        Writes { held, ..Writes::default() }
    };
    store.commit(&Wants::default(), &mut put).unwrap();
    (store, key)
}

fn address() -> Address {
    Address {
        name: "王小明".into(),
        phone: "+86 138 0000 0000".into(),
        region: "浙江省 杭州市 西湖区".into(),
        street: "文三路 1 号 2 幢 301".into(),
    }
}

fn claim(address: Option<Address>) -> Claim {
    Claim { consent: address.is_some(), address }
}

fn status(store: &MemoryStore, key: &HeldKey) -> HeldStatus {
    let wants = Wants { held: [key.clone()].into(), ..Wants::default() };
    store.load(&wants).unwrap().held[key].status
}

#[test]
fn goods_are_claimed_with_an_address_and_the_same_claim_answers_the_same() {
    let (store, key) = held(goods(), HeldStatus::Granted);
    let claim = claim(Some(address()));
    let first = Desk::claim(&store, &key, &claim, 5).unwrap().unwrap();
    assert_eq!(first.status, HeldStatus::Claimed);
    assert_eq!(Desk::claim(&store, &key, &claim, 9).unwrap(), Ok(first));
    let other = Claim { address: Some(Address { street: "别处".into(), ..address() }), ..claim };
    assert!(Desk::claim(&store, &key, &other, 10).unwrap().is_ok());
}

#[test]
fn nobody_claims_what_another_member_holds() {
    let (store, key) = held(goods(), HeldStatus::Granted);
    let claim = claim(Some(address()));
    for thief in [
        HeldKey { member: "bob".into(), ..key.clone() },
        HeldKey { programme: "q".into(), ..key.clone() },
        HeldKey { id: "prize-1".into(), ..key.clone() },
    ] {
        assert_eq!(Desk::claim(&store, &thief, &claim, 5).unwrap(), Err(Unclaimed::Unknown));
    }
    assert_eq!(status(&store, &key), HeldStatus::Granted);
}

#[test]
fn a_prize_that_is_on_its_way_or_void_is_not_claimed_again() {
    for closed in [HeldStatus::Shipped, HeldStatus::Delivered, HeldStatus::Void] {
        let (store, key) = held(goods(), closed);
        let said = Desk::claim(&store, &key, &claim(Some(address())), 5).unwrap();
        assert_eq!(said, Err(Unclaimed::Closed(closed)));
    }
}

/// Claims goods with one thing changed, and expects these fields to be named.
#[track_caller]
fn invalid(fields: &[&str], change: impl FnOnce(&mut Claim)) {
    let (store, key) = held(goods(), HeldStatus::Granted);
    let mut claim = claim(Some(address()));
    change(&mut claim);
    let Err(Unclaimed::Invalid(faults)) = Desk::claim(&store, &key, &claim, 5).unwrap() else {
        panic!("{claim:?} was taken");
    };
    assert_eq!(faults.iter().map(|(field, _)| *field).collect::<Vec<_>>(), fields);
    assert_eq!(status(&store, &key), HeldStatus::Granted);
}

#[test]
fn what_a_claim_lacks_is_named() {
    invalid(&["consent"], |claim| claim.consent = false);
    invalid(&["address"], |claim| claim.address = None);
    invalid(&["consent", "address"], |claim| *claim = empty_claim());
    let change =
        |change: fn(&mut Address)| move |claim: &mut Claim| change(claim.address.as_mut().unwrap());
    invalid(&["address.name"], change(|to| to.name = String::new()));
    invalid(&["address.name"], change(|to| to.name = "  ".into()));
    invalid(&["address.name"], change(|to| to.name = "n".repeat(65)));
    invalid(&["address.phone"], change(|to| to.phone = "none".into()));
    invalid(&["address.phone"], change(|to| to.phone = "12".into()));
    invalid(&["address.phone"], change(|to| to.phone = "=HYPERLINK(12345)".into()));
    invalid(&["address.region"], change(|to| to.region = "a\nb".into()));
    invalid(&["address.region"], change(|to| to.region = "r".repeat(129)));
    invalid(&["address.street"], change(|to| to.street = "a\u{202e}b".into()));
    invalid(&["address.street"], change(|to| to.street = "a\u{0}b".into()));
    invalid(&["address.street"], change(|to| to.street = "s".repeat(257)));
    invalid(
        &["address.name", "address.phone"],
        change(|to| (to.name, to.phone) = (String::new(), String::new())),
    );
}

fn empty_claim() -> Claim {
    Claim { address: None, consent: false }
}

#[test]
fn nothing_is_asked_for_what_is_not_sent() {
    for reward in [
        Reward::RedPacket { label: words(), amount_cents: 100 },
        Reward::Benefit { label: words(), code: "lounge".into() },
    ] {
        let (store, key) = held(reward, HeldStatus::Granted);
        let with_address = Desk::claim(&store, &key, &claim(Some(address())), 5).unwrap();
        assert!(matches!(with_address, Err(Unclaimed::Invalid(_))), "no address is kept");
        let first = Desk::claim(&store, &key, &claim(None), 5).unwrap().unwrap();
        assert_eq!(first.status, HeldStatus::Claimed);
        assert_eq!(Desk::claim(&store, &key, &claim(None), 9).unwrap(), Ok(first));
    }
}
