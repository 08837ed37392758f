use crate::database::KeyRow;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::pkcs8::{
    DecodePublicKey, EncodePrivateKey, EncodePublicKey, spki::der::pem::LineEnding,
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};

/// The algorithms that a store's key can be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alg {
    /// Ed25519: the one to take.
    EdDsa,
    /// ECDSA on P-256.
    Es256,
    /// A shared secret: for shops that can do nothing else.
    Hs256,
}

/// Why a key is not taken.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not a key of the algorithm.
    #[error("this is no {alg} key: {cure}")]
    Unreadable {
        /// The algorithm.
        alg: &'static str,
        /// What it has to be.
        cure: &'static str,
    },
    /// There are two already.
    #[error(
        "the store has two active keys, which is as many as a rotation needs: retire one of {0} \
         with `funfair store key STORE retire KID`"
    )]
    TwoActive(String),
    /// The id is taken.
    #[error("the store has a key \"{0}\" already: give another --kid")]
    KidTaken(String),
    /// The id is not of its form.
    #[error("\"{0}\" is no key id: write 1 to 64 of 0-9, a-z, A-Z, '.', '_' and '-'")]
    KidForm(String),
}

impl Alg {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::EdDsa, Self::Es256, Self::Hs256];

    /// The name in a token's header.
    pub fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Hs256 => "HS256",
        }
    }

    /// The algorithm of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.name() == name)
    }

    /// As the token library calls it.
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::EdDsa => Algorithm::EdDSA,
            Self::Es256 => Algorithm::ES256,
            Self::Hs256 => Algorithm::HS256,
        }
    }

    /// What checks a signature, from the bytes that a store keeps.
    pub fn decoding(self, verifying: &[u8]) -> DecodingKey {
        match self {
            Self::EdDsa => DecodingKey::from_ed_der(verifying),
            Self::Es256 => DecodingKey::from_ec_der(verifying),
            Self::Hs256 => DecodingKey::from_secret(verifying),
        }
    }

    /// What signs, from the bytes that a development store keeps.
    pub fn encoding(self, signing: &[u8]) -> EncodingKey {
        match self {
            Self::EdDsa => EncodingKey::from_ed_der(signing),
            Self::Es256 => EncodingKey::from_ec_der(signing),
            Self::Hs256 => EncodingKey::from_secret(signing),
        }
    }
}

/// The bytes of a key that a merchant hands over: a public key in PEM, or a secret in base64url.
pub fn read(alg: Alg, text: &str) -> Result<Vec<u8>, KeyError> {
    let unreadable = |cure| KeyError::Unreadable { alg: alg.name(), cure };
    match alg {
        Alg::EdDsa => ed25519_dalek::VerifyingKey::from_public_key_pem(text.trim())
            .map(|key| key.to_bytes().to_vec())
            .map_err(|_| unreadable("give the public key as PEM (-----BEGIN PUBLIC KEY-----)")),
        Alg::Es256 => p256::PublicKey::from_public_key_pem(text.trim())
            .map(|key| key.to_sec1_bytes().to_vec())
            .map_err(|_| {
                unreadable("give the P-256 public key as PEM (-----BEGIN PUBLIC KEY-----)")
            }),
        Alg::Hs256 => URL_SAFE_NO_PAD
            .decode(text.trim().trim_end_matches('='))
            .ok()
            .filter(|secret| secret.len() >= 32)
            .ok_or_else(|| unreadable("give at least 32 random bytes in base64url")),
    }
}

/// A fresh key pair.
pub struct Generated {
    /// What the server keeps.
    pub verifying: Vec<u8>,
    /// What signs, as a development store keeps it.
    pub signing: Vec<u8>,
    /// What signs, as a merchant keeps it: PKCS #8 PEM, or the secret in base64url.
    pub secret: String,
    /// What can be handed on: SPKI PEM; empty for a shared secret.
    pub public: String,
}

/// Makes a key from 32 bytes of a cryptographic random source.
pub fn generate(alg: Alg, random: [u8; 32]) -> Result<Generated, KeyError> {
    // One in 2^32 scalars is not one of the curve: asking again is the cure.
    let unlucky = || KeyError::Unreadable { alg: alg.name(), cure: "try again" };
    match alg {
        Alg::EdDsa => {
            let key = ed25519_dalek::SigningKey::from_bytes(&random);
            let public = key.verifying_key();
            let der = key.to_pkcs8_der().map_err(|_| unlucky())?;
            Ok(Generated {
                verifying: public.to_bytes().to_vec(),
                signing: der.as_bytes().to_vec(),
                secret: key.to_pkcs8_pem(LineEnding::LF).map_err(|_| unlucky())?.to_string(),
                public: public.to_public_key_pem(LineEnding::LF).map_err(|_| unlucky())?,
            })
        }
        Alg::Es256 => {
            let key = p256::SecretKey::from_slice(&random).map_err(|_| unlucky())?;
            let public = key.public_key();
            let der = key.to_pkcs8_der().map_err(|_| unlucky())?;
            Ok(Generated {
                verifying: public.to_sec1_bytes().to_vec(),
                signing: der.as_bytes().to_vec(),
                secret: key.to_pkcs8_pem(LineEnding::LF).map_err(|_| unlucky())?.to_string(),
                public: public.to_public_key_pem(LineEnding::LF).map_err(|_| unlucky())?,
            })
        }
        Alg::Hs256 => Ok(Generated {
            verifying: random.to_vec(),
            signing: random.to_vec(),
            secret: URL_SAFE_NO_PAD.encode(random),
            public: String::new(),
        }),
    }
}

/// Checks that a key can be added beside those that a store has.
pub fn fits(have: &[KeyRow], kid: &str) -> Result<(), KeyError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    if kid.is_empty() || kid.len() > 64 || !kid.chars().all(plain) {
        return Err(KeyError::KidForm(kid.into()));
    }
    if have.iter().any(|key| key.kid == kid) {
        return Err(KeyError::KidTaken(kid.into()));
    }
    let active: Vec<_> = have.iter().filter(|key| key.retired_at_ms.is_none()).collect();
    if active.len() >= 2 {
        let kids: Vec<_> = active.iter().map(|key| key.kid.as_str()).collect();
        return Err(KeyError::TwoActive(kids.join(", ")));
    }
    Ok(())
}

/// The id of a key that was given none: the beginning of its hash. A shared secret's says nothing
/// of the secret.
pub fn kid(verifying: &[u8]) -> String {
    let hash = Sha256::digest(Sha256::digest(verifying));
    hex::encode(hash.get(..4).unwrap_or_default())
}
