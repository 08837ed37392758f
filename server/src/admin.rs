use crate::{
    Applied, ApplyError, apply,
    database::{Activities, ActivityWrite, Database, KeyRow, RevisionRow, StoreRow},
    keys::{self, Alg, Generated, KeyError},
    now_ms, random,
    stores::{OpenActivity, Stores},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use funfair_engine::{AnyKind, Clock, Fault, StoreError};
use funfair_host_api::ActivityState;
use jsonwebtoken::crypto;
use std::{path::Path, sync::Arc};

/// What an operator does: stores, keys, origins, activities. The commands of `funfair` and hosts
/// that embed the server both come through here; a running server sees a change within a fraction
/// of a second.
pub struct Admin<'a> {
    pub(crate) db: &'a dyn Database,
    cache: Option<&'a Arc<Stores>>,
}

/// A store to be registered.
#[derive(Clone, Debug)]
pub struct NewStore<'a> {
    /// Its id, as URLs and tokens name it.
    pub id: &'a str,
    /// The programme it belongs to; its own where there is none. A shopper is another member in
    /// each of its stores.
    pub programme: Option<&'a str>,
    /// Its IANA time zone.
    pub zone: &'a str,
    /// The hour at which its business day begins.
    pub cutover_hour: u8,
    /// Whether `funfair token` may sign for it.
    pub development: bool,
}

/// A key to be added.
#[derive(Clone, Debug)]
pub struct NewKey<'a> {
    /// The algorithm.
    pub alg: Alg,
    /// Its id; the beginning of its hash where there is none.
    pub kid: Option<&'a str>,
    /// The `iss` of its tokens; the store's id where there is none.
    pub issuer: Option<&'a str>,
}

/// Why an operator's wish is not done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A zone, an hour or a stored activity is wrong.
    #[error("{0}")]
    Fault(Fault),
    /// The key is not taken.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Nothing goes by this name.
    #[error("there is no {what} \"{name}\": {cure}")]
    Unknown {
        /// What was asked for.
        what: &'static str,
        /// Its name.
        name: String,
        /// What to do.
        cure: &'static str,
    },
    /// A name is not of its form.
    #[error(
        "\"{0}\" is no id: write 1 to 40 of a-z, 0-9 and '-', beginning with a letter or digit"
    )]
    Name(String),
    /// An origin is not of its form.
    #[error("\"{0}\" is no origin: write it as browsers send it, such as https://shop.example")]
    Origin(String),
    /// A state cannot follow another.
    #[error("the activity is {from}, and cannot become {to}: {cure}")]
    State {
        /// Where it stands.
        from: &'static str,
        /// Where it was to go.
        to: &'static str,
        /// What to do.
        cure: &'static str,
    },
    /// The store is not for development.
    #[error(
        "store \"{0}\" was not added with --development, so this server holds no key to sign with; \
         the store's own backend mints its tokens"
    )]
    NotDevelopment(String),
    /// The system has no random bytes.
    #[error("the system's random source failed: {0}")]
    Random(#[from] getrandom::Error),
}

impl<'a> Admin<'a> {
    /// The administration of a database, and of the server that runs on it in this process.
    pub fn new(db: &'a dyn Database, cache: Option<&'a Arc<Stores>>) -> Self {
        Self { db, cache }
    }

    /// Registers a store; false where it exists, which is left as it is.
    pub fn ensure_store(&self, new: &NewStore<'_>) -> Result<bool, AdminError> {
        let programme = new.programme.unwrap_or(new.id);
        for name in [new.id, programme] {
            id_form(name)?;
        }
        Clock::new(new.zone, new.cutover_hour).map_err(AdminError::Fault)?;
        let row = StoreRow {
            store: new.id.into(),
            programme: programme.into(),
            zone: new.zone.into(),
            cutover_hour: new.cutover_hour,
            development: new.development,
            points: String::new(),
        };
        let added = self.db.add_store(&row, random()?, now_ms())?;
        if added && new.development {
            let key = NewKey { alg: Alg::EdDsa, kid: Some("development"), issuer: None };
            self.generate_key(new.id, &key)?;
        }
        self.seen();
        Ok(added)
    }

    /// A store by its id.
    pub fn store(&self, id: &str) -> Result<StoreRow, AdminError> {
        self.db.store(id)?.ok_or_else(|| AdminError::Unknown {
            what: "store",
            name: id.into(),
            cure: "add it with `funfair store add`",
        })
    }

    /// All stores.
    pub fn stores(&self) -> Result<Vec<StoreRow>, AdminError> {
        Ok(self.db.stores()?)
    }

    /// Adds a merchant's key: a public key in PEM, or a shared secret in base64url. Answers its id.
    pub fn add_key(&self, store: &str, new: &NewKey<'_>, text: &str) -> Result<String, AdminError> {
        let verifying = keys::read(new.alg, text)?;
        self.put_key(&self.store(store)?, new, verifying, None)
    }

    /// Makes a key and adds it. Only a development store keeps the half that signs.
    pub fn generate_key(
        &self,
        store: &str,
        new: &NewKey<'_>,
    ) -> Result<(String, Generated), AdminError> {
        let store = self.store(store)?;
        let made = keys::generate(new.alg, random()?)?;
        let signing = store.development.then(|| made.signing.clone());
        let kid = self.put_key(&store, new, made.verifying.clone(), signing)?;
        Ok((kid, made))
    }

    /// A store's keys, retired ones too.
    pub fn keys(&self, store: &str) -> Result<Vec<KeyRow>, AdminError> {
        Ok(self.db.keys(&self.store(store)?)?)
    }

    /// Retires a key.
    pub fn retire_key(&self, store: &str, kid: &str) -> Result<(), AdminError> {
        let row = self.store(store)?;
        let active = |key: &KeyRow| key.kid == kid && key.retired_at_ms.is_none();
        if !self.db.keys(&row)?.iter().any(active) {
            let cure = "`funfair store key STORE list` lists them";
            return Err(AdminError::Unknown { what: "active key", name: kid.into(), cure });
        }
        self.db.retire_key(&row, kid, now_ms())?;
        self.seen();
        Ok(())
    }

    /// The origins whose pages may ask.
    pub fn origins(&self, store: &str) -> Result<Vec<String>, AdminError> {
        Ok(self.db.origins(&self.store(store)?)?)
    }

    /// Allows an origin, or no longer.
    pub fn allow_origin(&self, store: &str, origin: &str, allow: bool) -> Result<(), AdminError> {
        let row = self.store(store)?;
        if !is_origin(origin) {
            return Err(AdminError::Origin(origin.into()));
        }
        if allow {
            self.db.add_origin(&row, origin)?;
        } else {
            self.db.remove_origin(&row, origin)?;
        }
        self.seen();
        Ok(())
    }

    /// Turns a shopper's tokens away, or no longer.
    pub fn block(&self, store: &str, sub: &str, blocked: bool) -> Result<(), AdminError> {
        self.db.block(&self.store(store)?, sub, blocked, now_ms())?;
        self.seen();
        Ok(())
    }

    /// Applies every activity file of a folder to a store: all of them, or none.
    pub fn apply_folder(
        &self,
        store: &str,
        folder: &Path,
        dry_run: bool,
    ) -> Result<Vec<Applied>, ApplyError> {
        let row = self.store(store)?;
        let applied = apply::folder(self.db, &row, &self.kinds(), folder, dry_run)?;
        self.seen();
        Ok(applied)
    }

    /// Moves an activity to another state.
    pub fn set_state(
        &self,
        store: &str,
        activity: &str,
        to: ActivityState,
    ) -> Result<OpenActivity, AdminError> {
        let store = self.store(store)?;
        let open = self.db.change_activities(&store, |activities| {
            let found = found(activities, activity)?;
            let from = found.state;
            if let Some(cure) = forbidden(from, to) {
                return Err(AdminError::State { from: from.name(), to: to.name(), cure });
            }
            let row = RevisionRow { state: to, ..found };
            let open = self.opened(&store, &row)?;
            let live = &open.live;
            let lanes = match to {
                ActivityState::Draft => Vec::new(),
                _ => vec![(live.lane.clone(), live.head(), live.pools())],
            };
            let lane = live.lane.clone();
            activities.put(&ActivityWrite { lane, row, lanes, raised: Vec::new() }, now_ms())?;
            Ok(open)
        })?;
        self.seen();
        Ok(open)
    }

    /// A store's activities.
    pub fn activities(&self, store: &str) -> Result<Vec<RevisionRow>, AdminError> {
        Ok(self.db.activities(&self.store(store)?)?)
    }

    /// A token as the store's own backend would mint it, good for 300 seconds; development only.
    pub fn token(&self, store: &str, sub: &str, test: bool) -> Result<String, AdminError> {
        let row = self.store(store)?;
        let key = self
            .db
            .keys(&row)?
            .into_iter()
            .find(|key| key.retired_at_ms.is_none() && key.signing.is_some());
        let refused = || AdminError::NotDevelopment(store.into());
        let key = key.filter(|_| row.development).ok_or_else(refused)?;
        let (alg, signing) = Alg::parse(&key.alg).zip(key.signing).ok_or_else(refused)?;
        let header = serde_json::json!({"typ": "funfair+jwt", "alg": key.alg, "kid": key.kid});
        let now_s = now_ms() / 1000;
        let claims = serde_json::json!({
            "iss": key.issuer, "aud": format!("funfair:{store}"), "sub": sub, "test": test,
            "iat": now_s, "exp": now_s + 300, "jti": hex::encode(random()?),
        });
        let encoded = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encoded(&header), encoded(&claims));
        let signature = crypto::sign(message.as_bytes(), &alg.encoding(&signing), alg.algorithm());
        Ok(format!("{message}.{}", signature.map_err(|_| refused())?))
    }

    fn put_key(
        &self,
        store: &StoreRow,
        new: &NewKey<'_>,
        verifying: Vec<u8>,
        signing: Option<Vec<u8>>,
    ) -> Result<String, AdminError> {
        let kid = new.kid.map_or_else(|| keys::kid(&verifying), str::to_owned);
        keys::fits(&self.db.keys(store)?, &kid)?;
        let key = KeyRow {
            kid: kid.clone(),
            alg: new.alg.name().into(),
            verifying,
            signing,
            issuer: new.issuer.unwrap_or(&store.store).into(),
            retired_at_ms: None,
        };
        self.db.add_key(store, &key, now_ms())?;
        self.seen();
        Ok(kid)
    }

    fn opened(&self, store: &StoreRow, row: &RevisionRow) -> Result<OpenActivity, AdminError> {
        OpenActivity::read(store, row, &self.kinds()).map_err(|faults| {
            let unreadable = || Fault::new("activity", "it cannot be read", "apply it again");
            AdminError::Fault(faults.into_iter().next().unwrap_or_else(unreadable))
        })
    }

    /// An activity as it stands.
    pub(crate) fn open(
        &self,
        store: &str,
        activity: &str,
    ) -> Result<(OpenActivity, ActivityState), AdminError> {
        let store = self.store(store)?;
        let row = self.db.activities(&store)?.into_iter().find(|row| row.activity == activity);
        let row = row.ok_or_else(|| unknown_activity(activity))?;
        Ok((self.opened(&store, &row)?, row.state))
    }

    pub(crate) fn kinds(&self) -> Vec<Arc<dyn AnyKind>> {
        self.cache.map_or_else(funfair_catalogue::kinds, |cache| cache.kinds().to_vec())
    }

    /// Lets the server of this process see a change at once.
    pub(crate) fn seen(&self) {
        if let Some(cache) = self.cache {
            cache.forget();
        }
    }
}

fn found(activities: &Activities<'_>, id: &str) -> Result<RevisionRow, AdminError> {
    let found = activities.all()?.into_iter().find(|row| row.activity == id);
    found.ok_or_else(|| unknown_activity(id))
}

fn unknown_activity(id: &str) -> AdminError {
    AdminError::Unknown {
        what: "activity",
        name: id.into(),
        cure: "apply its file with `funfair apply FOLDER --store STORE`",
    }
}

/// Why an activity cannot go from one state to another; nothing where it can.
fn forbidden(from: ActivityState, to: ActivityState) -> Option<&'static str> {
    use ActivityState::{Closed, Draft, Live, Paused};
    match (from, to) {
        _ if from == to => None,
        (Closed, _) => {
            Some("a closed one is over for good, and its key is public; apply a new one")
        }
        (Draft, Paused) => Some("a draft is not played yet; set it live when it is ready"),
        (_, Draft) => Some("what was live stays public; pause it or close it"),
        (Draft | Live | Paused, Live | Paused | Closed) => None,
    }
}

/// Whether a store's, programme's or activity's id is of its form: it stands in URLs and in rows.
pub(crate) fn id_form(id: &str) -> Result<(), AdminError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() || id.len() > 40 || id.starts_with('-') || !id.chars().all(plain) {
        return Err(AdminError::Name(id.into()));
    }
    Ok(())
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
    host.is_some_and(|host| !host.is_empty() && host.chars().all(plain))
}
