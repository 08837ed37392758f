//! Asking for a prize: where it is to be sent, and that this may be kept.

use crate::{AddressRow, Desk, HeldKey, HeldRow, Rows, Store, StoreError, Wants, Writes};
use funfair_host_api::{Address, Claim, HeldStatus, Reward};

/// Why a prize was not claimed; nothing of it leaves a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unclaimed {
    /// The member holds no such prize.
    Unknown,
    /// What sending it needs is missing or not of its form: each field, and what is wrong.
    Invalid(Vec<(&'static str, &'static str)>),
    /// It is on its way, or taken back.
    Closed(HeldStatus),
}

/// The fields of an address: name, the fewest and the most characters.
type Field<'a> = (&'static str, &'a str, usize, usize);

impl Desk {
    /// Claims a prize. The same claim again answers the same; another address takes the place of
    /// the one before until the prize is sent.
    pub fn claim(
        store: &dyn Store,
        key: &HeldKey,
        claim: &Claim,
        now_ms: u64,
    ) -> Result<Result<HeldRow, Unclaimed>, StoreError> {
        let wants = Wants { held: [key.clone()].into(), ..Wants::default() };
        let mut said = Err(Unclaimed::Unknown);
        store.commit(&wants, &mut |rows| {
            let (answer, writes) = match decide(rows, key, claim, now_ms) {
                Ok((row, writes)) => (Ok(row), writes),
                Err(why) => (Err(why), Writes::default()),
            };
            said = answer;
            writes
        })?;
        Ok(said)
    }
}

fn decide(
    rows: &Rows,
    key: &HeldKey,
    claim: &Claim,
    now_ms: u64,
) -> Result<(HeldRow, Writes), Unclaimed> {
    let mut row = rows.held.get(key).cloned().ok_or(Unclaimed::Unknown)?;
    let mut writes = Writes::default();
    match row.status {
        HeldStatus::Granted | HeldStatus::Claimed => {}
        HeldStatus::Shipped | HeldStatus::Delivered | HeldStatus::Void => {
            return Err(Unclaimed::Closed(row.status));
        }
    }
    if matches!(row.reward, Reward::Goods { .. }) {
        let address = deliverable(claim).map_err(Unclaimed::Invalid)?;
        writes.addresses.push(AddressRow { key: key.clone(), address, at_ms: now_ms });
    } else if claim.address.is_some() {
        // What is not needed is not kept, and whoever sends it is told.
        let why = "this prize is not sent, so no address is kept: leave it out";
        return Err(Unclaimed::Invalid(vec![("address", why)]));
    }
    if row.status == HeldStatus::Granted {
        row.status = HeldStatus::Claimed;
        writes.held.insert(key.clone(), row.clone());
    }
    Ok((row, writes))
}

/// The address of a claim, without surrounding space, or everything that is wrong with it.
fn deliverable(claim: &Claim) -> Result<Address, Vec<(&'static str, &'static str)>> {
    let mut wrong = Vec::new();
    if !claim.consent {
        wrong.push(("consent", "it has to be true: the address is kept only with it"));
    }
    let Some(address) = &claim.address else {
        wrong.push(("address", "it is missing: goods have to be sent somewhere"));
        return Err(wrong);
    };
    let Address { name, phone, region, street } = address;
    let fields: [Field<'_>; 4] = [
        ("address.name", name, 1, 64),
        ("address.phone", phone, 5, 32),
        ("address.region", region, 1, 128),
        ("address.street", street, 1, 256),
    ];
    for (field, text, least, most) in fields {
        wrong.extend(fault(text, least, most).map(|why| (field, why)));
    }
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    let dialled = |c: char| c.is_ascii_digit() || " +-()#*.".contains(c);
    let named = wrong.iter().any(|(field, _)| *field == "address.phone");
    if !named && (digits < 5 || !phone.trim().chars().all(dialled)) {
        wrong.push(("address.phone", "it is no telephone number"));
    }
    let trimmed = |text: &str| text.trim().to_owned();
    let whole = Address {
        name: trimmed(name),
        phone: trimmed(phone),
        region: trimmed(region),
        street: trimmed(street),
    };
    if wrong.is_empty() { Ok(whole) } else { Err(wrong) }
}

fn fault(text: &str, least: usize, most: usize) -> Option<&'static str> {
    let length = text.trim().chars().count();
    // A line feed in an address is another line in a list of parcels; what turns the direction of
    // writing makes a label read as something else.
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if length == 0 {
        Some("it is missing")
    } else if text.chars().any(hidden) {
        Some("it has control characters")
    } else if length < least {
        Some("it is too short")
    } else if length > most {
        Some("it is too long")
    } else {
        None
    }
}
