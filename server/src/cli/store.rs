use super::print;
use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use funfair_server::{Admin, Alg, NewKey, NewStore};
use std::{fs, path::PathBuf};

#[derive(Subcommand)]
pub enum Store {
    /// Registers a store.
    Add {
        /// Its id, as URLs and tokens name it.
        id: String,
        /// Its IANA time zone, such as Asia/Shanghai.
        #[arg(long)]
        zone: String,
        /// The hour at which its business day begins.
        #[arg(long, default_value_t = 0, value_name = "HOUR")]
        cutover_hour: u8,
        /// The programme it belongs to; its own when absent. Members are not linked across stores
        /// yet: a shopper is another member, with other points, in each store of a programme.
        #[arg(long, value_name = "ID")]
        programme: Option<String>,
        /// Keeps a key with which `funfair token` signs for any shopper. Never in production.
        #[arg(long)]
        development: bool,
    },
    /// Lists the stores.
    List,
    /// The keys that sign a store's tokens.
    Key(Key),
    /// The origins whose pages may ask this server.
    Origin(Origin),
    /// The secret keys with which the store's own server reports facts and adjusts points.
    Secret(Secret),
}

#[derive(Args)]
pub struct Secret {
    /// The store.
    store: String,
    #[command(subcommand)]
    command: SecretCommand,
}

#[derive(Subcommand)]
enum SecretCommand {
    /// Makes a key and prints it, once.
    Add,
    /// Lists the keys by their ids.
    List,
    /// Retires a key: requests that show it are refused from now on.
    Retire {
        /// Its id.
        id: String,
    },
}

#[derive(Args)]
pub struct Key {
    /// The store.
    store: String,
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Adds a key: one of the store's, or a new one.
    Add {
        /// The algorithm of its signatures.
        #[arg(long, default_value = "EdDSA")]
        alg: Algorithm,
        /// The public key as PEM; for HS256 the secret in base64url.
        #[arg(long, value_name = "FILE", required_unless_present = "generate")]
        public_key: Option<PathBuf>,
        /// Makes a key and prints the half that signs, once.
        #[arg(long, conflicts_with = "public_key")]
        generate: bool,
        /// Its id; the beginning of its hash when absent.
        #[arg(long)]
        kid: Option<String>,
        /// The `iss` of its tokens; the store's id when absent.
        #[arg(long)]
        issuer: Option<String>,
    },
    /// Lists the keys.
    List,
    /// Retires a key: its tokens are refused from now on.
    Retire {
        /// Its id.
        kid: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Algorithm {
    #[value(name = "EdDSA", alias = "eddsa")]
    EdDsa,
    #[value(name = "ES256", alias = "es256")]
    Es256,
    #[value(name = "HS256", alias = "hs256")]
    Hs256,
}

#[derive(Args)]
pub struct Origin {
    /// The store.
    store: String,
    #[command(subcommand)]
    command: OriginCommand,
}

#[derive(Subcommand)]
enum OriginCommand {
    /// Allows an origin.
    Add {
        /// As browsers send it, such as `https://shop.example`.
        origin: String,
    },
    /// Forbids an origin again.
    Remove {
        /// As it was added.
        origin: String,
    },
    /// Lists the origins.
    List,
}

#[derive(Args)]
pub struct Token {
    /// The store.
    store: String,
    /// The shopper, by the store's own name.
    sub: String,
    /// A test token: it sees drafts, and spends nothing.
    #[arg(long)]
    test: bool,
}

#[derive(Args)]
pub struct Block {
    /// The store.
    store: String,
    /// The shopper, by the store's own name.
    sub: String,
    /// Lets the shopper in again.
    #[arg(long)]
    lift: bool,
}

impl Store {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        match self {
            Self::Add { id, zone, cutover_hour, programme, development } => {
                let programme = programme.as_deref();
                let new = NewStore { id: &id, programme, zone: &zone, cutover_hour, development };
                if !admin.ensure_store(&new)? {
                    anyhow::bail!(
                        "there is a store \"{id}\" already; `funfair store list` shows it"
                    );
                }
                print(&format!("store {id} added\n"))
            }
            Self::List => admin.stores()?.into_iter().try_for_each(|row| {
                let mark = if row.development { " development" } else { "" };
                print(&format!(
                    "{} programme={} zone={} cutover_hour={}{mark}\n",
                    row.store, row.programme, row.zone, row.cutover_hour
                ))
            }),
            Self::Key(key) => key.run(admin),
            Self::Origin(origin) => origin.run(admin),
            Self::Secret(secret) => secret.run(admin),
        }
    }
}

impl Key {
    fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let store = &self.store;
        match self.command {
            KeyCommand::Add { alg, public_key, generate: _, kid, issuer } => {
                let (kid, issuer) = (kid.as_deref(), issuer.as_deref());
                let new = NewKey { alg: alg.into(), kid, issuer };
                let Some(path) = public_key else {
                    let (kid, made) = admin.generate_key(store, &new)?;
                    return print(&format!("kid {kid}\n{}\n{}", made.secret.trim(), made.public));
                };
                let text = fs::read_to_string(&path)
                    .with_context(|| format!("{} cannot be read", path.display()))?;
                let kid = admin.add_key(store, &new, &text)?;
                print(&format!("kid {kid}\n"))
            }
            KeyCommand::List => admin.keys(store)?.into_iter().try_for_each(|key| {
                let mark = if key.retired_at_ms.is_some() { " retired" } else { "" };
                print(&format!("{} alg={} issuer={}{mark}\n", key.kid, key.alg, key.issuer))
            }),
            KeyCommand::Retire { kid } => {
                admin.retire_key(store, &kid)?;
                print(&format!("key {kid} retired\n"))
            }
        }
    }
}

impl Secret {
    fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let store = &self.store;
        match self.command {
            SecretCommand::Add => {
                let (id, secret) = admin.add_secret(store)?;
                print(&format!("id {id}\n{secret}\n"))
            }
            SecretCommand::List => admin.secrets(store)?.into_iter().try_for_each(|key| {
                let mark = if key.retired_at_ms.is_some() { " retired" } else { "" };
                print(&format!("{} created_at_ms={}{mark}\n", key.id, key.created_at_ms))
            }),
            SecretCommand::Retire { id } => {
                admin.retire_secret(store, &id)?;
                print(&format!("secret key {id} retired\n"))
            }
        }
    }
}

impl Origin {
    fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        match self.command {
            OriginCommand::Add { origin } => admin.allow_origin(&self.store, &origin, true)?,
            OriginCommand::Remove { origin } => admin.allow_origin(&self.store, &origin, false)?,
            OriginCommand::List => {
                let origins = admin.origins(&self.store)?;
                return origins.iter().try_for_each(|origin| print(&format!("{origin}\n")));
            }
        }
        Ok(())
    }
}

impl Token {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        print(&format!("{}\n", admin.token(&self.store, &self.sub, self.test)?))
    }
}

impl Block {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        Ok(admin.block(&self.store, &self.sub, !self.lift)?)
    }
}

impl From<Algorithm> for Alg {
    fn from(algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::EdDsa => Self::EdDsa,
            Algorithm::Es256 => Self::Es256,
            Algorithm::Hs256 => Self::Hs256,
        }
    }
}
