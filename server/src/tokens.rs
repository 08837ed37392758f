//! Who is asking: the token that a store signed for its shopper.

use crate::{
    keys::Alg,
    metrics::{self, Token},
    problems::Failure,
    stores::OpenStore,
};
use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use funfair_engine::Standing;
use funfair_host_api::Code;
use jsonwebtoken::{DecodingKey, crypto};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock, PoisonError, atomic::AtomicBool},
};

/// A shopper whom a valid token names.
#[derive(Debug)]
pub struct Shopper {
    /// The store's own name for the shopper.
    pub sub: String,
    /// Whether it is a test token: it plays in the rehearsal, which spends nothing.
    pub test: bool,
    /// What the store says of the shopper: tier, tags, whether it is a guest.
    pub standing: Standing,
    /// The member, once the database was asked.
    pub member: OnceLock<String>,
    /// Whether the database says which member it is: each play records it until then.
    pub recorded: AtomicBool,
    until_s: u64,
    /// The state of stores, keys and activities by which the token was checked.
    version: u64,
}

/// A key of a store, ready to check signatures.
pub struct Key {
    /// Its id.
    pub kid: String,
    /// The one algorithm it is good for.
    pub alg: Alg,
    /// What checks.
    pub decoding: DecodingKey,
    /// The `iss` of its tokens.
    pub issuer: String,
}

/// The largest token read, in bytes.
const MAX_BYTES: usize = 4096;
/// The longest life of a token.
const MAX_LIFE_S: u64 = 300;
/// How far the store's clock and this one may be apart.
const LEEWAY_S: u64 = 60;
/// How many verified tokens a shard remembers in each of its two generations: 65,536 in all.
const REMEMBERED: usize = 2048;
const SHARDS: usize = 16;

/// Checks tokens, and remembers those that passed: until their time is over, or until anything of
/// any store changes, so that a key which is retired, or put in another's place, is gone at once.
#[derive(Default)]
pub struct Tokens {
    verified: [Mutex<Generations>; SHARDS],
}

/// Tokens by their hash. When the younger generation is full it becomes the older, and the older is
/// forgotten: bounded, and nobody ever waits for a sweep.
#[derive(Default)]
struct Generations {
    young: HashMap<Name, Arc<Shopper>>,
    old: HashMap<Name, Arc<Shopper>>,
}

type Name = [u8; 32];

#[derive(Deserialize)]
struct Header {
    typ: Option<String>,
    kid: Option<String>,
    alg: String,
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    sub: String,
    iat: u64,
    exp: u64,
    nbf: Option<u64>,
    jti: String,
    #[serde(default)]
    test: bool,
    tier: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    guest: bool,
    channel: Option<String>,
    #[serde(default)]
    consents: Vec<String>,
}

/// One audience; some libraries write even one as a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    List([String; 1]),
}

impl Tokens {
    /// The shopper whom the request's token names.
    pub fn shopper(
        &self,
        headers: &HeaderMap,
        store: &OpenStore,
        now_s: u64,
    ) -> Result<Arc<Shopper>, Failure> {
        let missing = || Failure::plain(Code::TokenMissing);
        let value = headers.get(header::AUTHORIZATION).ok_or_else(missing)?;
        let value = value.to_str().map_err(|_| malformed("it is not ASCII"))?;
        let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(missing());
        }
        self.of(token, store, now_s)
    }

    /// The shopper whom a token names.
    pub fn of(&self, token: &str, store: &OpenStore, now_s: u64) -> Result<Arc<Shopper>, Failure> {
        let name = digest(&store.row.store, token);
        let shard = &self.verified[usize::from(name[0]) % SHARDS];
        let known = shard.lock().unwrap_or_else(PoisonError::into_inner).find(&name);
        if let Some(known) = known
            && known.version == store.version
            && now_s <= known.until_s
        {
            metrics::token(Token::remembered);
            return unblocked(known, store);
        }
        let checked = check(token, store, now_s);
        metrics::token(if checked.is_ok() { Token::verified } else { Token::refused });
        let shopper = Arc::new(checked?);
        shard.lock().unwrap_or_else(PoisonError::into_inner).keep(name, Arc::clone(&shopper));
        unblocked(shopper, store)
    }
}

impl Generations {
    fn find(&mut self, name: &Name) -> Option<Arc<Shopper>> {
        if let Some(known) = self.young.get(name) {
            return Some(Arc::clone(known));
        }
        let known = self.old.remove(name)?;
        self.keep(*name, Arc::clone(&known));
        Some(known)
    }

    fn keep(&mut self, name: Name, shopper: Arc<Shopper>) {
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(name, shopper);
    }
}

/// All checks of a token but the last, in the order in which they are documented: nothing of a
/// token is believed before its signature, and each check costs less than the next.
fn check(token: &str, store: &OpenStore, now_s: u64) -> Result<Shopper, Failure> {
    if token.len() > MAX_BYTES {
        return Err(malformed("it is larger than 4096 bytes"));
    }
    let (message, signature) = token.rsplit_once('.').ok_or_else(|| malformed("it is no JWT"))?;
    let (header, claims) = message.split_once('.').ok_or_else(|| malformed("it is no JWT"))?;
    let header: Header = part(header, "header")?;
    if header.typ.as_deref() != Some("funfair+jwt") {
        return Err(malformed("its typ is not funfair+jwt"));
    }
    if header.crit.is_some() {
        return Err(malformed("its header has crit"));
    }
    let kid = header.kid.ok_or_else(|| malformed("its header has no kid"))?;
    let Some(key) = store.keys.iter().find(|key| key.kid == kid) else {
        return Err(Failure::plain(Code::TokenKeyUnknown));
    };
    if header.alg != key.alg.name() {
        let reason = format!("its key is for {}", key.alg.name());
        return Err(Failure::new(Code::TokenSignatureInvalid, reason));
    }
    let signed = crypto::verify(signature, message.as_bytes(), &key.decoding, key.alg.algorithm());
    if !signed.unwrap_or(false) {
        return Err(Failure::plain(Code::TokenSignatureInvalid));
    }
    let claims: Claims = part(claims, "claims")?;
    if claims.iss != key.issuer {
        return Err(Failure::new(Code::TokenForeign, "iss is not the key's issuer"));
    }
    let (Audience::One(aud) | Audience::List([aud])) = claims.aud;
    if aud.strip_prefix("funfair:") != Some(store.row.store.as_str()) {
        return Err(Failure::new(Code::TokenForeign, "aud is not this store"));
    }
    in_time(claims.iat, claims.exp, claims.nbf, now_s)?;
    // As facts name a shopper.
    let control = claims.sub.chars().any(char::is_control);
    if control || !(1..=128).contains(&claims.sub.chars().count()) {
        return Err(malformed("sub is not 1 to 128 characters"));
    }
    if claims.jti.is_empty() || claims.jti.len() > 128 {
        return Err(malformed("jti is not 1 to 128 characters"));
    }
    let named = |name: &String| (1..=64).contains(&name.chars().count());
    let Claims { tier, tags, guest, channel, consents, .. } = claims;
    let mut alone = tier.iter().chain(&channel);
    let listed = |list: &[String]| list.len() <= 64 && list.iter().all(named);
    if !alone.all(named) || !listed(&tags) || !listed(&consents) {
        let reason = "tier, channel, and up to 64 tags and consents are 1 to 64 characters each";
        return Err(malformed(reason));
    }
    Ok(Shopper {
        sub: claims.sub,
        test: claims.test,
        standing: Standing { tier, tags, guest, channel, consents },
        member: OnceLock::new(),
        recorded: AtomicBool::new(false),
        until_s: claims.exp.saturating_add(LEEWAY_S),
        version: store.version,
    })
}

fn in_time(iat: u64, exp: u64, nbf: Option<u64>, now_s: u64) -> Result<(), Failure> {
    let expired = |reason| Err(Failure::new(Code::TokenExpired, reason));
    if exp <= iat || exp - iat > MAX_LIFE_S {
        return expired("it is good for longer than 300 seconds, or for no time at all");
    }
    if now_s > exp.saturating_add(LEEWAY_S) {
        return expired("its time is over");
    }
    if now_s.saturating_add(LEEWAY_S) < iat.max(nbf.unwrap_or(0)) {
        return expired("its time has not come");
    }
    Ok(())
}

/// The last check, made for remembered tokens too: a block takes effect at once.
fn unblocked(shopper: Arc<Shopper>, store: &OpenStore) -> Result<Arc<Shopper>, Failure> {
    if store.blocked.contains(&shopper.sub) {
        return Err(Failure::plain(Code::TokenBlocked));
    }
    Ok(shopper)
}

fn malformed(reason: &str) -> Failure {
    Failure::new(Code::TokenMalformed, reason)
}

fn part<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, Failure> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let read = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    read.ok_or_else(|| malformed(&format!("its {what} cannot be read")))
}

fn digest(store: &str, token: &str) -> Name {
    Sha256::new().chain_update(store).chain_update("\n").chain_update(token).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_and_the_newest_stay() {
        let mut verified = Generations::default();
        let shopper = Arc::new(Shopper {
            sub: "ann".into(),
            test: false,
            standing: Standing::default(),
            member: OnceLock::new(),
            recorded: AtomicBool::new(false),
            until_s: 0,
            version: 0,
        });
        let name = |n: u64| -> Name { Sha256::digest(n.to_be_bytes()).into() };
        for n in 0..100_000 {
            verified.keep(name(n), Arc::clone(&shopper));
            // Asked for all the time, so it is never forgotten.
            assert!(verified.find(&name(0)).is_some(), "{n}");
        }
        assert!(verified.young.len() + verified.old.len() <= 2 * REMEMBERED);
        assert!(verified.find(&name(99_999)).is_some());
        assert!(verified.find(&name(1)).is_none());
    }
}
