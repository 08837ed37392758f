//! What is kept about a shopper: all of it read, or all that names them gone.

use super::{
    Snapshot, StoreRow, directory, rehearsal,
    sql::{Row, Sql, Value, values},
};
use funfair_engine::{Order, StoreError};
use serde::Serialize;
use serde_json::{Map, json};

/// A shopper as a member: the programme, or its rehearsal, and the member's id in it.
pub type Membership = (String, String);

/// What an erasure came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Links between the shopper's name and a member: one, and one more for rehearsals.
    pub identities: u64,
    /// Addresses.
    pub addresses: u64,
    /// Parcels' numbers.
    pub parcels: u64,
    /// What facts had told of the member.
    pub profiles: u64,
    /// Facts and adjustments of which no more is left than the books need.
    pub facts: u64,
    /// Orders that are nobody's from now on.
    pub orders: u64,
    /// Whether the shopper was blocked.
    pub blocks: u64,
}

impl Erased {
    /// Adds what another pass came to.
    pub(crate) fn and(self, more: Self) -> Self {
        Self {
            identities: self.identities + more.identities,
            addresses: self.addresses + more.addresses,
            parcels: self.parcels + more.parcels,
            profiles: self.profiles + more.profiles,
            facts: self.facts + more.facts,
            orders: self.orders + more.orders,
            blocks: self.blocks + more.blocks,
        }
    }
}

/// A shopper's memberships: in the store's programme, and in its rehearsal.
pub(super) fn memberships(
    db: &dyn Sql,
    of: &StoreRow,
    sub: &str,
) -> Result<Vec<Membership>, StoreError> {
    let mut found = Vec::new();
    for programme in [of.programme.clone(), rehearsal(&of.programme)] {
        let sql = "SELECT member FROM identity WHERE programme = $1 AND store = $2 AND sub = $3";
        let member = db.one(sql, values![&programme, &of.store, sub], |row| row.get(0))?;
        found.extend(member.map(|member| (programme, member)));
    }
    Ok(found)
}

/// Rows about a member: how they are called, their columns, and where they are.
const PARTS: [(&str, &[&str], &str); 7] = [
    (
        "activities",
        &["store", "activity", "state"],
        "FROM member_row WHERE programme = $1 AND member = $2 ORDER BY store, activity",
    ),
    (
        "plays",
        &["store", "activity", "seq", "id", "key", "at_ms", "receipt"],
        "FROM play WHERE programme = $1 AND member = $2 ORDER BY at_ms, id",
    ),
    (
        "transfers",
        &[
            "id", "debit", "credit", "amount", "reason", "lots", "store", "activity", "play",
            "at_ms", "of_id",
        ],
        "FROM transfer WHERE programme = $1 AND member = $2 ORDER BY at_ms, id",
    ),
    (
        "rewards",
        &["id", "reward", "store", "activity", "play", "at_ms", "status", "tracking"],
        "FROM held WHERE programme = $1 AND member = $2 ORDER BY at_ms, id",
    ),
    (
        "addresses",
        &["held", "address", "at_ms"],
        "FROM address WHERE programme = $1 AND member = $2 ORDER BY held",
    ),
    ("profile", &["state"], "FROM profile WHERE programme = $1 AND member = $2"),
    (
        "facts",
        &["store", "id", "said", "result", "at_ms"],
        "FROM fact WHERE programme = $1 AND member = $2 ORDER BY at_ms, id",
    ),
];

const ORDERS: &str = "FROM orders WHERE programme = $1 AND state LIKE $2 ORDER BY store, id";

/// Rows that name a member in their text.
const MENTIONS: [(&str, &[&str], &str); 2] = [
    ("orders", &["store", "id", "state"], ORDERS),
    (
        "items",
        &["store", "activity", "item", "state"],
        "FROM item WHERE programme = $1 AND state LIKE $2 ORDER BY store, activity, item",
    ),
];

/// All that is held about a shopper; nothing where nobody goes by the name.
pub(super) fn export(
    db: &dyn Sql,
    of: &StoreRow,
    sub: &str,
) -> Result<Option<serde_json::Value>, StoreError> {
    let blocked = db.one(
        "SELECT blocked_at_ms FROM blocked WHERE programme = $1 AND store = $2 AND sub = $3",
        values![&of.programme, &of.store, sub],
        |row| row.get::<u64>(0),
    )?;
    let members = memberships(db, of, sub)?;
    if members.is_empty() && blocked.is_none() {
        return Ok(None);
    }
    let mut told = Vec::new();
    for (programme, member) in members {
        let purse = Snapshot(db).purse(&programme, &member)?;
        let mut all = Map::new();
        all.insert("programme".into(), json!(programme));
        all.insert("rehearsal".into(), json!(programme != of.programme));
        all.insert("member".into(), json!(member));
        all.insert(
            "points".into(),
            json!({ "points": purse.points, "owed": purse.owed, "lots": purse.lots }),
        );
        for (name, columns, from) in PARTS {
            all.insert(name.into(), rows(db, columns, from, values![&programme, &member])?);
        }
        let mention = mention(&member);
        for (name, columns, from) in MENTIONS {
            all.insert(name.into(), rows(db, columns, from, values![&programme, &mention])?);
        }
        told.push(serde_json::Value::Object(all));
    }
    Ok(Some(json!({
        "store": of.store, "sub": sub, "blocked_at_ms": blocked, "memberships": told,
    })))
}

fn rows(
    db: &dyn Sql,
    columns: &[&str],
    from: &str,
    names: &[Value],
) -> Result<serde_json::Value, StoreError> {
    let sql = format!("SELECT {} {from}", columns.join(", "));
    let object = |row: &Row| {
        let value = |(name, value): (&&str, &Value)| ((*name).to_owned(), shown(value));
        Ok(serde_json::Value::Object(columns.iter().zip(&row.0).map(value).collect()))
    };
    Ok(serde_json::Value::Array(db.many(&sql, names, object)?))
}

/// A column as it is exported: JSON that stands in a text is shown as JSON.
fn shown(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => json!(number),
        Value::Bytes(bytes) => json!(hex::encode(bytes)),
        Value::Text(text) if text.starts_with(['{', '[']) => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
        Value::Text(text) => json!(text),
    }
}

/// Takes away what names a shopper, and what is kept for their sake alone. The members' ids stay in
/// plays and transfers, where nothing leads from or to the shopper any more: `fresh_key` takes the
/// place of the key that they derive from, so that the name gives another member from now on.
pub(super) fn erase(
    db: &dyn Sql,
    of: &StoreRow,
    sub: &str,
    members: &[Membership],
    fresh_key: Option<&[u8]>,
) -> Result<Erased, StoreError> {
    let mut erased = Erased::default();
    for (programme, member) in members {
        let whose = values![programme, member];
        erased.profiles +=
            db.run("DELETE FROM profile WHERE programme = $1 AND member = $2", whose)?;
        erased.facts += facts(db, programme, member)?;
        erased.orders += orders(db, programme, member)?;
        erased.parcels += db.run(
            "UPDATE held SET tracking = NULL
             WHERE programme = $1 AND member = $2 AND tracking IS NOT NULL",
            whose,
        )?;
        erased.addresses +=
            db.run("DELETE FROM address WHERE programme = $1 AND member = $2", whose)?;
        erased.identities += db.run(
            "DELETE FROM identity
             WHERE programme = $1 AND store = $2 AND sub = $3 AND member = $4",
            values![programme, &of.store, sub, member],
        )?;
    }
    if let Some(key) = fresh_key {
        erased.blocks = db.run(
            "DELETE FROM blocked WHERE programme = $1 AND store = $2 AND sub = $3",
            values![&of.programme, &of.store, sub],
        )?;
        db.run(
            "UPDATE programme SET identity_key = $1 WHERE programme = $2",
            values![key, &of.programme],
        )?;
    }
    // Running servers hold who goes by which name.
    directory::moved(db)?;
    Ok(erased)
}

fn facts(db: &dyn Sql, programme: &str, member: &str) -> Result<u64, StoreError> {
    let sql = "SELECT store, id, said FROM fact
               WHERE programme = $1 AND member = $2 AND faded = 0";
    let said = db
        .many(sql, values![programme, member], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    said.iter().try_for_each(|(store, id, said)| fade(db, programme, (store, id, said)))?;
    Ok(said.len() as u64)
}

/// Leaves orders without a shopper: what is said of them later finds nobody.
fn orders(db: &dyn Sql, programme: &str, member: &str) -> Result<u64, StoreError> {
    let (sql, of) = (format!("SELECT store, id, state {ORDERS}"), mention(member));
    // A fact may rewrite the row at the same time.
    db.lock(&sql, values![programme, &of])?;
    let found = db.many(&sql, values![programme, &of], |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.json::<Order>(2, "order")?))
    })?;
    for (store, id, order) in &found {
        let order = Order { member: String::new(), ..order.clone() };
        let state = serde_json::to_string(&order)
            .map_err(|error| StoreError::Database(error.to_string()))?;
        let sql = "UPDATE orders SET state = $1 WHERE programme = $2 AND store = $3 AND id = $4";
        db.run(sql, values![&state, programme, store, id])?;
    }
    Ok(found.len() as u64)
}

/// What a text that names a member is like.
fn mention(member: &str) -> String {
    format!("%\"{member}\"%")
}

/// Leaves of a fact (store, id, what was said) no more than the books need.
pub(super) fn fade(
    db: &dyn Sql,
    programme: &str,
    (store, id, said): (&String, &String, &String),
) -> Result<(), StoreError> {
    let sql = "UPDATE fact SET said = $1, faded = 1
               WHERE programme = $2 AND store = $3 AND id = $4";
    db.run(sql, values![&impersonal(said), programme, store, id]).map(drop)
}

/// What the books need of a fact or an adjustment: what it was, when, of which order or transfer,
/// and how much.
const BOOKED: [&str; 7] = ["id", "fact", "at_ms", "order", "amount_cents", "points", "refund_of"];

fn impersonal(said: &str) -> String {
    let mut said = serde_json::from_str::<Map<_, _>>(said).unwrap_or_default();
    said.retain(|name, value| BOOKED.contains(&name.as_str()) && !value.is_null());
    serde_json::Value::Object(said).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_keeps_what_was_booked_and_nothing_of_the_shopper() {
        let said = r#"{"id":"f1","fact":"order.paid","sub":"ann","at_ms":5,"order":"o1","tags":["vip"],
            "amount_cents":900,"item":"shoes","tracking":"SF1","note":"for Ann"}"#;
        let left = impersonal(said);
        assert_eq!(
            left,
            r#"{"amount_cents":900,"at_ms":5,"fact":"order.paid","id":"f1","order":"o1"}"#
        );
        assert_eq!(impersonal(&left), left);
        assert_eq!(impersonal("no JSON"), "{}");
    }
}
