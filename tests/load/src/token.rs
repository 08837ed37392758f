//! Tokens as a store's backend signs them.

use anyhow::Result;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{
    Signer as _, SigningKey,
    pkcs8::{EncodePublicKey as _, spki::der::pem::LineEnding},
};
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

/// The key with which every store of a load signs.
#[derive(Debug)]
pub struct Signer(SigningKey);

/// The longest life that a server takes.
const LIFE_S: u64 = 300;

impl Signer {
    /// The key's id.
    pub const KID: &str = "load";

    /// The key of every load: what it signs for exists for the run alone.
    pub fn new() -> Self {
        Self(SigningKey::from_bytes(&[9; 32]))
    }

    /// What a store registers.
    pub fn registered(&self) -> Result<String> {
        Ok(self.0.verifying_key().to_public_key_pem(LineEnding::LF)?)
    }

    /// A token of `store` for its shopper `sub`.
    pub fn token(&self, store: &str, sub: &str) -> String {
        let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
        let header = json!({"typ": "funfair+jwt", "alg": "EdDSA", "kid": Self::KID});
        let claims = json!({
            "iss": store, "aud": format!("funfair:{store}"), "sub": sub,
            "iat": now_s, "exp": now_s + LIFE_S, "jti": format!("{sub}-{now_s}"),
        });
        let encoded = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encoded(&header), encoded(&claims));
        let signature = self.0.sign(message.as_bytes()).to_bytes();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
