//! Tokens minted by code that the server does not share, down to the bytes of the signature.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::{Signer as _, pkcs8::EncodePublicKey as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

/// A key with which a store signs its shoppers' tokens.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its id, as in the token's header.
    pub kid: String,
    secret: Secret,
}

#[derive(Clone, Debug)]
enum Secret {
    EdDsa(ed25519_dalek::SigningKey),
    Es256(p256::ecdsa::SigningKey),
    Hs256(Vec<u8>),
}

impl Key {
    /// An Ed25519 key; `seed` makes it another.
    pub fn eddsa(kid: &str, seed: u8) -> Self {
        let secret = Secret::EdDsa(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]));
        Self { kid: kid.into(), secret }
    }

    /// A P-256 key; `seed` (not 0) makes it another.
    pub fn es256(kid: &str, seed: u8) -> Self {
        let secret = p256::ecdsa::SigningKey::from_slice(&[seed; 32]).expect("a scalar");
        Self { kid: kid.into(), secret: Secret::Es256(secret) }
    }

    /// A shared secret.
    pub fn hs256(kid: &str, secret: &[u8]) -> Self {
        Self { kid: kid.into(), secret: Secret::Hs256(secret.into()) }
    }

    /// The algorithm's name in a token's header.
    pub fn alg(&self) -> &'static str {
        match self.secret {
            Secret::EdDsa(_) => "EdDSA",
            Secret::Es256(_) => "ES256",
            Secret::Hs256(_) => "HS256",
        }
    }

    /// What the store registers: a public key in PEM, or the shared secret in base64url.
    pub fn registered(&self) -> String {
        let ending = p256::pkcs8::LineEnding::LF;
        match &self.secret {
            Secret::EdDsa(key) => key.verifying_key().to_public_key_pem(ending).expect("PEM"),
            Secret::Es256(key) => {
                use p256::pkcs8::EncodePublicKey as _;
                key.verifying_key().to_public_key_pem(ending).expect("PEM")
            }
            Secret::Hs256(secret) => URL_SAFE_NO_PAD.encode(secret),
        }
    }

    /// What the store keeps: a private key in PEM as `openssl genpkey` writes it, or the shared
    /// secret as it is registered.
    pub fn private(&self) -> String {
        match &self.secret {
            Secret::EdDsa(key) => {
                // PKCS #8 without the public key, which some readers would not expect there.
                let before = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
                let der = [before.as_slice(), key.as_bytes()].concat();
                let text = STANDARD.encode(der);
                format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
            }
            Secret::Es256(key) => {
                use p256::pkcs8::EncodePrivateKey as _;
                let ending = p256::pkcs8::LineEnding::LF;
                p256::SecretKey::from(key).to_pkcs8_pem(ending).expect("PEM").to_string()
            }
            Secret::Hs256(_) => self.registered(),
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.secret {
            Secret::EdDsa(key) => key.sign(message).to_bytes().into(),
            Secret::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
            Secret::Hs256(secret) => {
                let mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length");
                mac.chain_update(message).finalize().into_bytes().to_vec()
            }
        }
    }
}

/// A token to be: right in everything until a test changes one thing.
#[derive(Clone, Debug)]
pub struct Token {
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl Token {
    /// A token of `store` for its shopper `sub`, good for four minutes.
    pub fn new(store: &str, sub: &str) -> Self {
        static JTI: AtomicU64 = AtomicU64::new(1);
        let jti = format!("jti-{}", JTI.fetch_add(1, Ordering::Relaxed));
        let header = json!({"typ": "funfair+jwt"});
        let claims = json!({
            "iss": store, "aud": format!("funfair:{store}"), "sub": sub,
            "iat": now(), "exp": now() + 240, "jti": jti,
        });
        let object = |value: Value| value.as_object().expect("an object").clone();
        Self { header: object(header), claims: object(claims) }
    }

    /// Sets a claim; `null` takes it away.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        put(&mut self.claims, name, value.into());
        self
    }

    /// Sets a field of the header; `null` takes it away.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        put(&mut self.header, name, value.into());
        self
    }

    /// Signs it. `alg` and `kid` are the key's unless the test has set them.
    pub fn sign(mut self, key: &Key) -> String {
        self.header.entry("alg").or_insert_with(|| key.alg().into());
        self.header.entry("kid").or_insert_with(|| key.kid.clone().into());
        self.header.retain(|_, value| !value.is_null());
        self.claims.retain(|_, value| !value.is_null());
        let message = format!("{}.{}", encoded(&self.header), encoded(&self.claims));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes())))
    }
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

/// SHA-256 of bytes given in hexadecimal, in hexadecimal.
pub fn sha256_of_hex(hex: &str) -> String {
    let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    let bytes: Vec<_> = (0..hex.len()).step_by(2).map(digits).collect();
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn put(map: &mut Map<String, Value>, name: &str, value: Value) {
    map.insert(name.into(), value);
}

fn encoded(map: &Map<String, Value>) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(map).expect("JSON"))
}
