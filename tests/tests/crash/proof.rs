//! What has to hold after whatever happened.

use crate::{
    crowd::{Answered, CAMERA, Heard, Member, Reply, Sent, client},
    shop::{STORE, Shop, Wheel},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// What became of the plays that nobody had been answered.
#[derive(Debug, Default)]
pub struct Retried {
    pub answered: Vec<Answered>,
    /// The rules said no to them.
    pub refused: usize,
    /// Those that had happened: committed, and the answer lost.
    pub happened: usize,
    pub strange: Vec<String>,
}

/// Sends every play that was not answered once more, and again.
pub async fn retry(shop: &Shop, wheel: &Wheel, unanswered: &[Sent]) -> Retried {
    let http = client();
    let mut tasks = tokio::task::JoinSet::new();
    for sent in unanswered {
        let member = Member::new(&http, shop, wheel, &sent.member);
        let sent = sent.clone();
        tasks.spawn(async move {
            let first = member.settles(&sent).await;
            let second = member.settles(&sent).await;
            (sent, first, second)
        });
    }
    let mut all = Retried::default();
    for (sent, first, second) in tasks.join_all().await {
        match (first, second) {
            (
                Ok(Reply::Receipt { receipt, replayed, .. }),
                Ok(Reply::Receipt { receipt: two, .. }),
            ) => {
                if receipt != two {
                    all.strange.push(format!("{} has two outcomes", sent.key));
                }
                all.happened += usize::from(replayed);
                all.answered.push(Answered { sent, receipt, until: 0 });
            }
            (Ok(Reply::Refused), Ok(Reply::Refused)) => all.refused += 1,
            (Ok(Reply::Strange(what)), _) | (_, Ok(Reply::Strange(what))) => all.strange.push(what),
            _ => all.strange.push(format!("{} is not answered by a healthy server", sent.key)),
        }
    }
    all
}

/// What is wrong with the plays of a wheel, of which `heard` and `retried` is all that was
/// answered, ever. Nobody plays meanwhile.
pub fn faults<'a>(
    shop: &Shop,
    wheel: &Wheel,
    answered: impl IntoIterator<Item = &'a Answered>,
) -> Vec<String> {
    let sql = format!("SELECT key, receipt FROM play WHERE activity = '{}'", wheel.id);
    let rows = shop.pairs(&sql);
    let stored: BTreeMap<_, _> = rows.iter().cloned().collect();
    let mut faults = Vec::new();
    let mut expect = |holds: bool, fault: String| {
        if !holds {
            faults.push(fault);
        }
    };
    expect(stored.len() == rows.len(), "a key has two plays".into());
    let mut known = BTreeSet::new();
    for Answered { sent, receipt, .. } in answered {
        let have = stored.get(&sent.key);
        expect(have == Some(receipt), format!("{} was {receipt}, and is {have:?}", sent.key));
        known.insert(&sent.key);
    }
    for stranger in stored.keys().filter(|key| !known.contains(key)) {
        expect(false, format!("{stranger} is there, and nobody was ever told"));
    }
    let given = stored.values().filter(|receipt| receipt.contains(CAMERA)).count();
    let sql = format!(
        "SELECT pool, CAST(remaining AS TEXT) FROM pool
         WHERE programme = '{STORE}' AND pool LIKE '%{}/camera'",
        wheel.id
    );
    let left = shop.pairs(&sql).first().and_then(|(_, left)| left.parse::<usize>().ok());
    let whole = left.is_some_and(|left| given + left == wheel.stock);
    expect(whole, format!("{given} of {} cameras were given, and {left:?} are left", wheel.stock));
    expect(given <= wheel.stock, format!("{given} of {} cameras were given", wheel.stock));
    if let Err(said) = shop.command("funfair", &["audit", STORE]).result() {
        faults.push(said);
    }
    faults.extend(undrawn(shop, stored.into_values()));
    faults
}

/// Receipts whose draws do not come out again.
fn undrawn(shop: &Shop, receipts: impl Iterator<Item = String>) -> Option<String> {
    let receipts: Vec<_> = receipts.collect();
    if receipts.is_empty() {
        return None;
    }
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), format!("[{}]", receipts.join(","))).expect("a file");
    let mut verify = shop.command("funfair", &["verify"]);
    verify.0.arg(file.path());
    verify.result().err()
}

/// All that was answered, by a crowd and by what was sent again.
pub fn all<'a>(heard: &'a Heard, retried: &'a Retried) -> impl Iterator<Item = &'a Answered> {
    heard.answered.iter().chain(&retried.answered)
}
