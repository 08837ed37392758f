use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{fs, path::Path, process::Command};

/// What the two independent verifiers say.
#[derive(Debug, Serialize)]
pub struct Proofs {
    draws: usize,
    draws_verified: Counts,
    flipped_bytes: usize,
    flipped_byte_rejected: bool,
    receipts: String,
}

#[derive(Debug, Serialize)]
struct Counts {
    py: usize,
    mjs: usize,
}

/// The last line of either verifier.
#[derive(Debug, Deserialize)]
struct Verdict {
    receipts: usize,
    draws_verified: usize,
    wrong: usize,
}

/// Writes the receipts to `path`, lets both verifiers recompute every draw, and shows that they
/// reject each copy in which one thing was changed.
pub fn verify(receipts: &[Value], path: &Path, examples: &Path) -> Result<Proofs> {
    let draws = receipts.iter().map(|receipt| list(&receipt["proof"]["draws"]).len()).sum();
    write(path, receipts)?;
    let mut counts = Counts { py: 0, mjs: 0 };
    let flipped: Vec<_> = receipts.iter().enumerate().flat_map(|(at, it)| flips(it, at)).collect();
    let flipped_path = path.with_extension("flipped.json");
    write(&flipped_path, &flipped)?;
    for (program, script, count) in
        [("python3", "verify.py", &mut counts.py), ("node", "verify.mjs", &mut counts.mjs)]
    {
        let verdict = run(program, &examples.join(script), path, true)?;
        let all = (receipts.len(), draws, 0);
        let found = (verdict.receipts, verdict.draws_verified, verdict.wrong);
        ensure!(found == all, "{script} found {verdict:?} in {} receipts", receipts.len());
        *count = verdict.draws_verified;
        println!("{script}: {} draws recomputed", verdict.draws_verified);

        let verdict = run(program, &examples.join(script), &flipped_path, false)?;
        ensure!(verdict.wrong == flipped.len(), "{script} took a flipped byte: {verdict:?}");
        println!("{script}: all {} flipped copies rejected", verdict.wrong);
    }
    ensure!(draws > 0 && !flipped.is_empty(), "nothing was drawn, so nothing is proven");
    Ok(Proofs {
        draws,
        draws_verified: counts,
        flipped_bytes: flipped.len(),
        flipped_byte_rejected: true,
        receipts: path.display().to_string(),
    })
}

/// Copies of a drawn receipt with one thing changed each: a byte of the revealed seed (another one
/// from receipt to receipt), a digit of the commitment, the prize, the counter.
fn flips(receipt: &Value, at: usize) -> Vec<Value> {
    let proof = &receipt["proof"];
    let Some(draw) = list(&proof["draws"]).first() else { return Vec::new() };
    let digit = at * 7 % 64;
    let changed = |pointer: &str, value: Value| {
        let mut copy = receipt.clone();
        *copy.pointer_mut(pointer).expect("a receipt has this field") = value;
        copy
    };
    let seed = flip(proof["server_seed"].as_str().unwrap_or_default(), digit);
    let commitment = flip(proof["commitment"].as_str().unwrap_or_default(), digit);
    let mut prizes = list(&draw["table"]).iter().map(|line| &line["prize"]);
    let other = prizes.find(|prize| **prize != draw["picked"]).cloned();
    vec![
        changed("/proof/server_seed", seed.into()),
        changed("/proof/commitment", commitment.into()),
        changed("/proof/draws/0/picked", other.unwrap_or_else(|| "another".into())),
        changed("/proof/draws/0/counter", 1000.into()),
    ]
}

/// The text with the lowest bit of one hexadecimal digit flipped.
fn flip(hexadecimal: &str, at: usize) -> String {
    let flipped = |digit: char| {
        digit.to_digit(16).and_then(|value| char::from_digit(value ^ 1, 16)).unwrap_or('0')
    };
    let digits = hexadecimal.chars().enumerate();
    digits.map(|(index, digit)| if index == at { flipped(digit) } else { digit }).collect()
}

fn run(program: &str, script: &Path, receipts: &Path, fits: bool) -> Result<Verdict> {
    let output = Command::new(program)
        .args([script, receipts])
        .output()
        .with_context(|| format!("{program} does not start"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let code = i32::from(!fits);
    ensure!(output.status.code() == Some(code), "{program}: {}, {said}", output.status);
    let last = String::from_utf8_lossy(&output.stdout);
    let last = last.lines().last().unwrap_or_default();
    serde_json::from_str(last).with_context(|| format!("{program} ends with {last:?}"))
}

fn write(path: &Path, receipts: &[Value]) -> Result<()> {
    fs::write(path, serde_json::to_vec_pretty(receipts)?)
        .with_context(|| format!("cannot write {}", path.display()))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, KeyInit, Mac};
    use serde_json::json;
    use sha2::{Digest, Sha256};

    /// A receipt of one draw between two prizes, made by the words of host-api's `Proof` alone.
    fn receipt(n: u64) -> Value {
        let seed = [9; 32];
        let mut mac = Hmac::<Sha256>::new_from_slice(&seed).unwrap();
        mac.update(format!("funfair/1\ndouble11\nrev\n{n}\nabcdefgh\n0").as_bytes());
        let first = mac
            .finalize()
            .into_bytes()
            .iter()
            .take(8)
            .fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
        let picked = if first % 10 < 3 { "mug" } else { "points" };
        json!({
            "id": format!("play-{n}"), "activity": "double11", "status": "settled",
            "outcome": { "type": "won", "prize": picked }, "rewards": [], "at_ms": 0,
            "proof": {
                "version": "funfair/1", "activity": "double11", "revision": "rev", "n": n,
                "client_seed": "abcdefgh", "server_seed": hex::encode(seed),
                "commitment": hex::encode(Sha256::digest(seed)),
                "draws": [{
                    "counter": 0, "picked": picked,
                    "table": [{ "prize": "mug", "weight": 3 }, { "prize": "points", "weight": 7 }],
                }],
            },
        })
    }

    #[test]
    fn both_verifiers_take_true_receipts_and_reject_each_flipped_byte() {
        let folder = tempfile::tempdir().unwrap();
        let receipts: Vec<_> = (0..5).map(receipt).collect();
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let found = verify(&receipts, &folder.path().join("receipts.json"), &examples).unwrap();
        assert_eq!((found.draws_verified.py, found.draws_verified.mjs), (5, 5));
        assert_eq!(found.flipped_bytes, 20);
    }

    #[test]
    fn a_flipped_byte_that_was_sold_as_true_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let lie = flips(&receipt(0), 3).swap_remove(0);
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert!(verify(&[lie], &folder.path().join("receipts.json"), &examples).is_err());
    }

    #[test]
    fn a_flip_changes_one_digit() {
        assert_eq!(flip("00ff", 1), "01ff");
        assert_eq!(flip("00ff", 2), "00ef");
    }
}
