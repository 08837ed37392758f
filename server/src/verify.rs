use funfair_engine::{Dice, Seed};
use funfair_host_api::{Proof, Receipt, json::Raw};

/// What in a receipt does not follow from the rest of it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// It is no receipt.
    #[error("this is no receipt: {0}")]
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
}

/// Computes every draw of a receipt again; answers how many there were. It needs nothing but the
/// receipt: no database, no server.
pub fn verify(receipt: &str) -> Result<usize, Mismatch> {
    let unreadable = |error: serde_json::Error| Mismatch::Unreadable(error.to_string());
    let value: serde_json::Value = serde_json::from_str(receipt).map_err(unreadable)?;
    // The whole answer to a play will do as well.
    let receipt = value.get("receipt").cloned().unwrap_or(value);
    let receipt: Receipt<Raw> = serde_json::from_str(&receipt.to_string()).map_err(unreadable)?;
    check(&receipt.proof)
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
