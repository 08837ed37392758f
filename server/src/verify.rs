use funfair_engine::{Dice, Seed};
use funfair_host_api::{Proof, Receipt, json::Raw};

/// What in a receipt does not follow from the rest of it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// It is no receipt.
    #[error(
        "this is no receipt: {0}; give a receipt, a list of receipts, or a play's whole answer"
    )]
    Unreadable(String),
    /// The draw is of a version that this release does not know.
    #[error("the draw is of version \"{0}\"; this release computes \"funfair/1\"")]
    Version(String),
    /// The seed is not the one that the server had bound itself to.
    #[error("the server's seed is not the one committed to before the play")]
    Commitment,
    /// A draw comes out otherwise.
    #[error("draw {index}: the seeds give \"{computed}\", the receipt says \"{claimed}\"")]
    Draw {
        /// Which, from 0.
        index: usize,
        /// What the seeds give.
        computed: String,
        /// What the receipt says.
        claimed: String,
    },
    /// The outcome names another prize than the draws gave.
    #[error("the draws give \"{drawn}\", the outcome says \"{claimed}\"")]
    Outcome {
        /// What was drawn last.
        drawn: String,
        /// What the outcome names.
        claimed: String,
    },
    /// The proof is another activity's.
    #[error("the proof is of the activity \"{0}\", the receipt of another")]
    Activity(String),
    /// Of a list, this one does not verify.
    #[error("receipt {index} of the list: {mismatch}")]
    Listed {
        /// Which, from 0.
        index: usize,
        /// What is wrong with it.
        mismatch: Box<Mismatch>,
    },
}

/// Computes every draw of a receipt, or of a list of them, again; answers how many there were. It
/// needs nothing but the receipts: no database, no server.
pub fn verify(text: &str) -> Result<usize, Mismatch> {
    let value = serde_json::from_str(text).map_err(unreadable)?;
    let serde_json::Value::Array(list) = value else { return verify_one(value) };
    if list.is_empty() {
        return Err(Mismatch::Unreadable("the list is empty".into()));
    }
    let listed = |(index, receipt)| {
        verify_one(receipt)
            .map_err(|mismatch| Mismatch::Listed { index, mismatch: Box::new(mismatch) })
    };
    list.into_iter().enumerate().map(listed).sum()
}

fn verify_one(value: serde_json::Value) -> Result<usize, Mismatch> {
    // The whole answer to a play will do as well.
    let receipt = value.get("receipt").cloned().unwrap_or(value);
    let receipt: Receipt<Raw> = serde_json::from_str(&receipt.to_string()).map_err(unreadable)?;
    if receipt.proof.activity != receipt.activity {
        return Err(Mismatch::Activity(receipt.proof.activity));
    }
    let count = check(&receipt.proof)?;
    // What a draw gave is what the outcome names; a kind whose outcome names no prize says it
    // otherwise.
    let outcome: serde_json::Value =
        serde_json::from_str(receipt.outcome.text()).map_err(unreadable)?;
    if let (Some(claimed), Some(last)) = (outcome["prize"].as_str(), receipt.proof.draws.last())
        && claimed != last.picked
    {
        let (drawn, claimed) = (last.picked.clone(), claimed.into());
        return Err(Mismatch::Outcome { drawn, claimed });
    }
    Ok(count)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn unreadable(error: serde_json::Error) -> Mismatch {
    Mismatch::Unreadable(error.to_string())
}

fn check(proof: &Proof) -> Result<usize, Mismatch> {
    if proof.version != "funfair/1" {
        return Err(Mismatch::Version(proof.version.clone()));
    }
    if proof.draws.is_empty() && proof.server_seed.is_empty() {
        return Ok(0);
    }
    let seed = Seed::from_hex(&proof.server_seed).ok_or(Mismatch::Commitment)?;
    if seed.commitment() != proof.commitment {
        return Err(Mismatch::Commitment);
    }
    let mut dice = Dice::new(seed, &proof.activity, &proof.revision, proof.n, &proof.client_seed);
    for (index, draw) in proof.draws.iter().enumerate() {
        let computed = dice.pick(draw.table.clone()).unwrap_or_default();
        let counted = dice.draws().last().is_some_and(|last| last.counter == draw.counter);
        if computed != draw.picked || !counted {
            let claimed = draw.picked.clone();
            return Err(Mismatch::Draw { index, computed, claimed });
        }
    }
    Ok(proof.draws.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use funfair_engine::SecretKey;
    use funfair_host_api::Weight;
    use serde_json::{Value, json};

    fn receipt() -> Value {
        let seed = SecretKey::new([3; 32]).seed("acme", "member", 0);
        let mut dice = Dice::new(seed, "double11", "revision", 0, "client-seed");
        let line = |prize: &str, weight| Weight { prize: prize.into(), weight };
        let picked = dice.pick(vec![line("mug", 1), line("points", 3)]).unwrap();
        json!({
            "id": "1", "activity": "double11", "status": "settled", "rewards": [], "at_ms": 1,
            "outcome": { "type": "won", "prize": picked },
            "proof": {
                "version": "funfair/1", "activity": "double11", "revision": "revision", "n": 0,
                "client_seed": "client-seed", "server_seed": seed.reveal(),
                "commitment": seed.commitment(), "draws": dice.draws(),
            },
        })
    }

    #[track_caller]
    fn check_changed(pointer: &str, to: &str, expected: &str) {
        let mut changed = receipt();
        *changed.pointer_mut(pointer).unwrap() = json!(to);
        let said = verify(&changed.to_string()).unwrap_err().to_string();
        assert!(said.starts_with(expected), "{said}");
    }

    #[test]
    fn a_true_receipt_and_a_whole_answer_are_verified() {
        assert_eq!(verify(&receipt().to_string()), Ok(1));
        assert_eq!(verify(&json!({ "receipt": receipt(), "me": {} }).to_string()), Ok(1));
    }

    #[test]
    fn every_receipt_of_a_list_is_verified() {
        let of = |receipts: &[Value]| verify(&json!(receipts).to_string());
        assert_eq!(of(&[receipt(), json!({ "receipt": receipt() })]), Ok(2));
        let mut forged = receipt();
        forged["outcome"]["prize"] = json!("car");
        let said = of(&[receipt(), forged]).unwrap_err().to_string();
        assert!(said.starts_with("receipt 1 of the list: the draws give"), "{said}");
        let said = of(&[]).unwrap_err().to_string();
        assert!(said.contains("the list is empty; give a receipt, a list"), "{said}");
    }

    #[test]
    fn whatever_is_changed_is_named() {
        check_changed("/outcome/prize", "car", "the draws give");
        check_changed("/activity", "other", "the proof is of the activity");
        check_changed("/proof/draws/0/picked", "car", "draw 0: the seeds give");
        check_changed("/proof/server_seed", &"0".repeat(64), "the server's seed is not");
        check_changed("/proof/version", "funfair/0", "the draw is of version");
    }
}
