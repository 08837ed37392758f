use funfair_host_api::{Draw, Weight};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// The version of the draw that proofs name.
pub(crate) const VERSION: &str = "funfair/1";

/// An activity's key, from which all its draws derive. Published after the close, never before.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl SecretKey {
    /// Wraps 32 bytes of a cryptographic random source.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for storing them and for publishing them after the close.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// SHA-256 of the key, hexadecimal: what is published before the first draw.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0))
    }

    /// A name that only the key's holder can compute, hexadecimal: of a revision, of a new item, of
    /// the activity's seal.
    pub(crate) fn name(&self, what: &str, parts: &[&str]) -> String {
        hex::encode(mac(&self.0, &format!("{what}\n{}", parts.join("\n"))))
    }

    /// The server's seed of a member's draw number `n`: computed, never stored, so that a retry
    /// after a crash redraws the same.
    pub fn seed(&self, programme: &str, member: &str, n: u64) -> Seed {
        Seed(mac(&self.0, &format!("{programme}\n{member}\n{n}")))
    }
}

/// The server's side of one play's randomness: committed to before the play, revealed by it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl Seed {
    /// SHA-256 of the seed, hexadecimal: what `me` shows before the play.
    pub fn commitment(&self) -> String {
        hex::encode(Sha256::digest(self.0))
    }

    /// The seed, hexadecimal: what the receipt reveals.
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads a revealed seed; `None` where it is not 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

/// The draws of one play: deterministic in the seed and the lines, recomputable by anyone.
///
/// ```
/// use funfair_engine::{Dice, SecretKey};
/// use funfair_host_api::Weight;
/// let seed = SecretKey::new([7; 32]).seed("acme", "m1", 0);
/// let table = || vec![
///     Weight { prize: "mug".into(), weight: 1 },
///     Weight { prize: "points".into(), weight: 9 },
/// ];
/// let mut one = Dice::new(seed, "double11", "rev", 0, "abcdefgh");
/// let mut two = Dice::new(seed, "double11", "rev", 0, "abcdefgh");
/// assert_eq!(one.pick(table()), two.pick(table()));
/// assert_eq!(one.draws().len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Dice {
    seed: Seed,
    lines: String,
    counter: u64,
    draws: Vec<Draw>,
}

impl Dice {
    /// The dice of the play that spends the member's draw counter `n`.
    pub fn new(seed: Seed, activity: &str, revision: &str, n: u64, client_seed: &str) -> Self {
        let lines = format!("{VERSION}\n{activity}\n{revision}\n{n}\n{client_seed}\n");
        Self { seed, lines, counter: 0, draws: Vec::new() }
    }

    /// Dice for looking only: nobody was promised what they draw.
    pub(crate) fn idle() -> Self {
        Self::new(Seed([0; 32]), "", "", 0, "")
    }

    /// Picks a line of the table by weight, and notes the draw for the proof. `None` where all
    /// weights are 0 or their sum is beyond 2^63: then nothing is drawn.
    pub fn pick(&mut self, table: Vec<Weight>) -> Option<String> {
        let total = table
            .iter()
            .try_fold(0u64, |sum, line| sum.checked_add(line.weight))
            .filter(|total| (1..=1 << 63).contains(total))?;
        let counter = self.counter;
        // The largest multiple of `total` that fits: a value above it would favour the first lines.
        let fair = u64::MAX - (u64::MAX % total + 1) % total;
        let mut value = self.next();
        while value > fair {
            value = self.next();
        }
        let mut rest = value % total;
        let picked = table.iter().find(|line| {
            let here = rest < line.weight;
            rest = rest.saturating_sub(line.weight);
            here
        })?;
        let picked = picked.prize.clone();
        self.draws.push(Draw { counter, table, picked: picked.clone() });
        Some(picked)
    }

    /// What was drawn so far.
    pub fn draws(&self) -> &[Draw] {
        &self.draws
    }

    fn next(&mut self) -> u64 {
        let bytes = mac(&self.seed.0, &format!("{}{}", self.lines, self.counter));
        self.counter += 1;
        bytes.iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte))
    }
}

/// HMAC-SHA-256 of `message` under `key`.
pub(crate) fn mac(key: &[u8; 32], message: &str) -> [u8; 32] {
    // HMAC fills a short key up with zeros to the hash's block.
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().into()
}
