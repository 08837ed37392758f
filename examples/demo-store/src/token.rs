//! **For the demonstration only**: the store's side of the token, which in life is the merchant's.
//!
//! Nothing here belongs to the reference backend. A merchant's own system holds the private key and
//! signs a short token for whoever is signed in there; Funfair knows the public key and nothing
//! else. This module plays that system, with a key that it makes up and keeps in a file beside the
//! database.

use ed25519_dalek::{
    SigningKey,
    pkcs8::{EncodePrivateKey, EncodePublicKey, spki::der::pem::LineEnding},
};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// How long a token is good for. Five minutes is the most that Funfair takes.
const LIFE_S: u64 = 240;

/// All that the store must keep to itself: what signs tokens and what signs its cookies.
#[derive(Clone)]
pub struct StoreSecret {
    seed: [u8; 32],
    kid: String,
}

impl std::fmt::Debug for StoreSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoreSecret({})", self.kid)
    }
}

/// The claims of a token, as Funfair asks for them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Who signed: the store.
    pub iss: String,
    /// For whom: `funfair:{store}`, so that a token of one store is worth nothing at another.
    pub aud: String,
    /// The shopper, as an opaque id that means nothing outside the store.
    pub sub: String,
    /// Since when, in seconds since 1970.
    pub iat: u64,
    /// Until when.
    pub exp: u64,
    /// This token's own id.
    pub jti: String,
}

impl StoreSecret {
    /// The secret with these bytes.
    pub fn new(seed: [u8; 32]) -> Self {
        let public = SigningKey::from_bytes(&seed).verifying_key();
        let mark = public.as_bytes().iter().take(4);
        Self { seed, kid: format!("demo-{}", hex::encode(mark.copied().collect::<Vec<_>>())) }
    }

    /// The secret in the file at `path`, which is made when there is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        if let Ok(text) = fs::read_to_string(path) {
            let mut seed = [0; 32];
            hex::decode_to_slice(text.trim(), &mut seed).map_err(|why| {
                let what = format!("{} is not 64 hexadecimal digits: {why}", path.display());
                io::Error::new(io::ErrorKind::InvalidData, what)
            })?;
            return Ok(Self::new(seed));
        }
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(io::Error::other)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        writeln!(options.open(path)?, "{}", hex::encode(seed))?;
        Ok(Self::new(seed))
    }

    /// The key's id, as in the token's header.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key in PEM: the only half that Funfair is given.
    pub fn public_pem(&self) -> String {
        let public = SigningKey::from_bytes(&self.seed).verifying_key();
        public.to_public_key_pem(LineEnding::LF).expect("an Ed25519 key has a PEM form")
    }

    /// A token for the shopper of this name, at `now_s` seconds since 1970.
    pub fn mint(&self, store: &str, name: &str, now_s: u64) -> String {
        let mut jti = [0; 12];
        getrandom::fill(&mut jti).expect("the system has randomness");
        let claims = Claims {
            iss: store.into(),
            aud: format!("funfair:{store}"),
            sub: self.shopper(name),
            iat: now_s,
            exp: now_s + LIFE_S,
            jti: hex::encode(jti),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("funfair+jwt".into());
        header.kid = Some(self.kid.clone());
        let key = SigningKey::from_bytes(&self.seed).to_pkcs8_der().expect("a key has a DER form");
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(key.as_bytes()))
            .expect("an EdDSA key signs")
    }

    /// The shopper's opaque id: the same name comes back to the same points, and the name itself
    /// never reaches Funfair.
    pub fn shopper(&self, name: &str) -> String {
        hex::encode(&self.mac("shopper", name)[..12])
    }

    /// HMAC-SHA-256 of `text` for one purpose.
    pub(crate) fn mac(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mac = Hmac::<Sha256>::new_from_slice(&self.seed).expect("a key of any length");
        mac.chain_update(format!("{purpose}\n{text}")).finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{DecodingKey, Validation};

    const NOW: u64 = 1_762_848_000;

    fn claims(token: &str, audience: &str, key: &StoreSecret) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[audience]);
        validation.validate_exp = false;
        let key = DecodingKey::from_ed_pem(key.public_pem().as_bytes()).unwrap();
        Some(jsonwebtoken::decode(token, &key, &validation).ok()?.claims)
    }

    #[test]
    fn a_token_carries_what_funfair_asks_for_and_no_name() {
        let key = StoreSecret::new([1; 32]);
        let token = key.mint("acme", "小满", NOW);
        let found = claims(&token, "funfair:acme", &key).unwrap();
        assert_eq!((found.iss.as_str(), found.iat), ("acme", NOW));
        assert!(found.exp > NOW && found.exp - NOW <= 300);
        assert_eq!(found.sub, key.shopper("小满"));
        assert!(!found.jti.is_empty());
        let header = jsonwebtoken::decode_header(&token).unwrap();
        assert_eq!(header.typ.as_deref(), Some("funfair+jwt"));
        assert_eq!(header.kid.as_deref(), Some(key.kid()));
    }

    #[test]
    fn a_token_is_worth_nothing_for_another_store_or_under_another_key() {
        let key = StoreSecret::new([1; 32]);
        let token = key.mint("acme", "小满", NOW);
        assert!(claims(&token, "funfair:other", &key).is_none());
        assert!(claims(&token, "funfair:acme", &StoreSecret::new([2; 32])).is_none());
    }

    #[test]
    fn one_name_is_one_shopper_and_two_names_are_two() {
        let key = StoreSecret::new([1; 32]);
        assert_eq!(key.shopper("a"), key.shopper("a"));
        assert_ne!(key.shopper("a"), key.shopper("b"));
        assert_ne!(key.mint("acme", "a", NOW), key.mint("acme", "a", NOW));
    }
}
