//! Who speaks for a store: the secret key of the merchant's own server.

use crate::{
    Admin, AdminError, database::SecretRow, now_ms, problems::Failure, random, stores::OpenStore,
};
use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use funfair_host_api::Code;
use sha2::{Digest, Sha256};

/// How every secret key begins, so that one that leaks is recognised for what it is.
const PREFIX: &str = "ffs_";
/// How much of a key's hash is its name.
const ID: usize = 12;

impl Admin<'_> {
    /// Makes a secret key for a merchant's server; answers its id, and the key, which nothing
    /// shows again.
    pub fn add_secret(&self, store: &str) -> Result<(String, String), AdminError> {
        let store = self.store(store)?;
        let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random()?));
        let hash = hex::encode(hashed(&secret));
        let id = hash.get(..ID).unwrap_or_default().to_owned();
        self.db.add_secret(&store, &id, &hash, now_ms())?;
        self.seen();
        Ok((id, secret))
    }

    /// A store's secret keys, retired ones too.
    pub fn secrets(&self, store: &str) -> Result<Vec<SecretRow>, AdminError> {
        Ok(self.db.secrets(&self.store(store)?)?)
    }

    /// Retires a secret key.
    pub fn retire_secret(&self, store: &str, id: &str) -> Result<(), AdminError> {
        let row = self.store(store)?;
        let active = |key: &SecretRow| key.id == id && key.retired_at_ms.is_none();
        if !self.db.secrets(&row)?.iter().any(active) {
            let cure = "`funfair store secret STORE list` lists them";
            return Err(AdminError::Unknown { what: "active secret key", name: id.into(), cure });
        }
        self.db.retire_secret(&row, id, now_ms())?;
        self.seen();
        Ok(())
    }
}

/// The hashes of a store's active secret keys.
pub(crate) fn active(rows: Vec<SecretRow>) -> Vec<[u8; 32]> {
    let active = rows.into_iter().filter(|row| row.retired_at_ms.is_none());
    active
        .filter_map(|row| {
            let mut hash = [0; 32];
            hex::decode_to_slice(&row.hash, &mut hash).ok()?;
            Some(hash)
        })
        .collect()
}

/// Lets a request pass that shows one of the store's secret keys.
pub(crate) fn check(headers: &HeaderMap, store: &OpenStore) -> Result<(), Failure> {
    let refused = |reason| Failure::new(Code::SecretKeyInvalid, reason);
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (given.next(), given.next()) else {
        return Err(refused("there is not exactly one Authorization"));
    };
    let secret = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
    let secret = secret.filter(|secret| secret.starts_with(PREFIX) && secret.len() <= 128);
    let secret = secret.ok_or_else(|| refused("it is not Bearer and a secret key (ffs_…)"))?;
    let hash = hashed(secret);
    // Every key is compared to its last byte, whether an earlier one fits or not.
    let found = store.secrets.iter().fold(false, |found, key| same(key, &hash) | found);
    found.then_some(()).ok_or_else(|| refused("the store has no such active key"))
}

/// Whether two hashes are the same, in a time that does not depend on where they differ.
fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let differs = a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b));
    std::hint::black_box(differs) == 0
}

/// The hash under which a secret is kept: it is long and random, so a fast one will do.
pub(crate) fn hashed(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}
