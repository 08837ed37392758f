use funfair_engine::{
    Asker, Clock, Denial, Desk, Fault, Lane, MemoryStore, Play, Running, SecretKey, Setup, Store,
    StoreError,
};
use funfair_host_api::{
    ActivityState, Code, Me, PlayRequest, Problem, Unlock,
    json::{self, Raw},
};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The playground's store, and the programme that it is alone in.
pub const STORE: &str = "playground";

/// Whose clock the examples follow.
const ZONE: &str = "Asia/Shanghai";

/// The one member who plays here.
const MEMBER: &str = "visitor";

/// The host API without a server: requests in, answers out, over a store in memory.
pub struct Backend {
    store: MemoryStore,
    activities: Vec<Arc<Running>>,
}

/// What a widget asks: one request of the host API.
#[derive(Debug)]
pub struct Asked<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub key: &'a str,
    pub body: &'a str,
}

/// Status and body.
pub type Said = (u32, String);

impl Backend {
    /// Opens one activity a kind from the kind's own example; its id is the kind's slug.
    pub fn open(key: [u8; 32]) -> Result<Self, Vec<Fault>> {
        let clock = Clock::new(ZONE, 0).map_err(|fault| vec![fault])?;
        let kinds = funfair_catalogue::kinds();
        let mut activities = Vec::new();
        for entry in funfair_catalogue::ENTRIES {
            let lane =
                Lane { programme: STORE.into(), store: STORE.into(), activity: entry.slug.into() };
            let setup = Setup::parse(entry.example, &clock)?;
            let key =
                SecretKey::new(Sha256::digest([&key[..], entry.slug.as_bytes()].concat()).into());
            let at = Running::new(lane, setup, ActivityState::Live, key, &kinds)?;
            activities.push(Arc::new(at));
        }
        let store = MemoryStore::default();
        for at in &activities {
            // A store in memory opens every lane.
            let _ = store.open(&at.lane, &at.head(), &at.pools());
        }
        Ok(Self { store, activities })
    }

    /// The slugs of the activities, in the catalogue's order.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.activities.iter().map(|at| at.lane.activity.as_str())
    }

    /// A morning on which all of them are open.
    pub fn morning_ms(&self) -> u64 {
        let latest = self.activities.iter().map(|at| at.setup.opens_at_ms).max();
        latest.unwrap_or_default() + 10 * 3_600_000
    }

    /// The store's date at a moment.
    pub fn date(&self, now_ms: u64) -> String {
        self.activities.first().map_or_else(String::new, |at| at.clock.day(now_ms).text())
    }

    /// The visitor's points.
    pub fn balance(&self, now_ms: u64) -> u64 {
        let first = self.activities.first();
        let me = first.map(|at| Desk::me(&self.store, at, &Asker::from(MEMBER), None, now_ms));
        me.and_then(|me| me.ok()?.ok()).map_or(0, |me| me.balance)
    }

    /// Answers one request at a moment.
    pub fn answer(&self, asked: &Asked<'_>, now_ms: u64) -> Said {
        let (path, query) = asked.path.split_once('?').unwrap_or((asked.path, ""));
        let parts: Vec<_> = path.split('/').skip(1).collect();
        let ["v1", "stores", STORE, "activities", slug, rest @ ..] = &parts[..] else {
            return no(Code::RouteUnknown, |_| {});
        };
        let Some(at) = self.activities.iter().find(|at| at.lane.activity == *slug) else {
            return no(Code::ActivityUnknown, |_| {});
        };
        match (asked.method, rest) {
            ("GET", []) => (200, json::write(&at.public(now_ms))),
            ("GET", ["me"]) => {
                let item = query.strip_prefix("item=");
                said(Desk::me(&self.store, at, &MEMBER.into(), item, now_ms), at, now_ms)
            }
            ("POST", ["unlock"]) => match json::read::<Unlock>(asked.body) {
                Some(typed) => {
                    let (member, typed) = (MEMBER.into(), &typed.passphrase);
                    said(Desk::unlock(&self.store, at, &member, None, typed, now_ms), at, now_ms)
                }
                None => no(Code::InvalidBody, |_| {}),
            },
            ("POST", ["plays"]) => self.play(at, asked, now_ms),
            _ => no(Code::RouteUnknown, |_| {}),
        }
    }

    fn play(&self, at: &Arc<Running>, asked: &Asked<'_>, now_ms: u64) -> Said {
        let Some(request) = json::read::<PlayRequest<Raw>>(asked.body) else {
            return no(Code::InvalidBody, |_| {});
        };
        let play = Play {
            at: Arc::clone(at),
            asker: MEMBER.into(),
            identity: None,
            key: asked.key.into(),
            body_hash: hex::encode(Sha256::digest(asked.body)),
            action: request.action,
            client_seed: request.client_seed,
            commitment: request.commitment,
            revision: request.revision,
        };
        let Ok(mut answers) = Desk::run(&self.store, now_ms, &[play]) else {
            return no(Code::Internal, |_| {});
        };
        match answers.pop() {
            Some(Ok(answer)) => {
                let me = json::write(&answer.me);
                (200, format!("{{\"receipt\":{},\"me\":{me}}}", answer.receipt))
            }
            Some(Err(denial)) => denied(denial, at, now_ms),
            None => no(Code::Internal, |_| {}),
        }
    }
}

/// How the member stands, or why not.
fn said(me: Result<Result<Me<Raw>, Denial>, StoreError>, at: &Running, now_ms: u64) -> Said {
    match me {
        Ok(Ok(me)) => (200, json::write(&me)),
        Ok(Err(denial)) => denied(denial, at, now_ms),
        Err(_) => no(Code::Internal, |_| {}),
    }
}

/// A denial as the host API words it.
fn denied(denial: Denial, at: &Running, now_ms: u64) -> Said {
    match denial {
        Denial::KeyReused => no(Code::IdempotencyKeyReused, |_| {}),
        Denial::NotOpen => no(Code::ActivityNotOpen, |_| {}),
        Denial::RevisionChanged | Denial::Stale => {
            no(Code::RevisionChanged, |problem| problem.activity = Some(at.public(now_ms)))
        }
        Denial::CommitmentUsed { next } => {
            no(Code::CommitmentUsed, |problem| problem.commitment = Some(next))
        }
        Denial::Barred(barrier) => no(Code::Barred, |problem| problem.barrier = Some(barrier)),
        Denial::Refused(refusal) => no(Code::Refused, |problem| problem.refusal = Some(refusal)),
        Denial::BadAction(why) => no(Code::InvalidBody, |problem| problem.detail = why),
        Denial::Broken(why) => no(Code::Internal, |problem| problem.detail = why),
    }
}

fn no(code: Code, say_more: impl FnOnce(&mut Problem)) -> Said {
    let mut problem = Problem {
        code,
        status: code.status(),
        title: code.name().into(),
        detail: String::new(),
        refusal: None,
        activity: None,
        commitment: None,
        barrier: None,
    };
    say_more(&mut problem);
    (problem.status, json::write(&problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: u64 = 24 * 3_600_000;

    fn ask(backend: &Backend, method: &str, path: &str, body: &str, now_ms: u64) -> Said {
        let path = format!("/v1/stores/{STORE}/activities/{path}");
        let key = format!("key-{now_ms}-{}", body.len());
        backend.answer(&Asked { method, path: &path, key: &key, body }, now_ms)
    }

    fn sign_in(backend: &Backend, now_ms: u64) -> Said {
        let slug = "sign-in-calendar";
        let (_, me) = ask(backend, "GET", &format!("{slug}/me"), "", now_ms);
        let me: Me<Raw> = json::read(&me).unwrap();
        let at = backend.activities.iter().find(|at| at.lane.activity == slug).unwrap();
        let body = PlayRequest {
            action: Raw::parse(r#"{"type":"sign_in"}"#).unwrap(),
            client_seed: "abcdefgh".into(),
            commitment: me.commitment,
            revision: at.revision.clone(),
        };
        ask(backend, "POST", &format!("{slug}/plays"), &json::write(&body), now_ms)
    }

    #[test]
    fn every_kind_of_the_catalogue_opens_and_answers() {
        let backend = Backend::open([7; 32]).unwrap();
        let now_ms = backend.morning_ms();
        let slugs: Vec<_> = backend.slugs().collect();
        assert!(slugs.contains(&"spin-wheel") && slugs.contains(&"sign-in-calendar"));
        for slug in slugs {
            assert_eq!(ask(&backend, "GET", slug, "", now_ms).0, 200);
            assert_eq!(ask(&backend, "GET", &format!("{slug}/me"), "", now_ms).0, 200);
        }
    }

    #[test]
    fn the_next_day_brings_the_next_sign_in() {
        let backend = Backend::open([7; 32]).unwrap();
        let morning = backend.morning_ms();
        assert_eq!(sign_in(&backend, morning).0, 200);
        let points = backend.balance(morning);
        assert!(points > 0);
        let (status, problem) = sign_in(&backend, morning + 1);
        assert_eq!(status, 409);
        assert!(problem.contains(r#""type":"already_signed""#), "{problem}");
        assert_eq!(sign_in(&backend, morning + DAY_MS).0, 200);
        assert!(backend.balance(morning + DAY_MS) > points);
        assert_ne!(backend.date(morning), backend.date(morning + DAY_MS));
    }

    #[test]
    fn what_is_not_there_is_said_to_be_so() {
        let backend = Backend::open([7; 32]).unwrap();
        assert_eq!(ask(&backend, "GET", "no-such-kind", "", 0).0, 404);
        assert_eq!(ask(&backend, "DELETE", "spin-wheel", "", 0).0, 404);
        assert_eq!(ask(&backend, "POST", "spin-wheel/plays", "{}", 0).0, 400);
    }
}
