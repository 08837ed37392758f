use crate::{
    Admin, Config,
    address::Proxies,
    admission::Admission,
    database::{self, Database, Location, SchemaError},
    jobs::Jobs,
    limits::Limiter,
    now_ms,
    problems::Failure,
    routes,
    stores::Stores,
    tokens::Tokens,
    writer::{Limits, Writer},
};
use axum::Router;
use funfair_host_api::Code;
use std::{io, ops::Deref, path::PathBuf, sync::Arc, time::Duration};

/// A server: its database, its writer and what it holds in memory. Clones are the same server.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What handlers share.
pub struct Inner {
    pub(crate) db: Arc<dyn Database>,
    pub(crate) stores: Arc<Stores>,
    pub(crate) tokens: Tokens,
    pub(crate) writer: Writer,
    pub(crate) reads: Admission,
    /// For those who ask whether the database is there.
    pub(crate) looks: Admission,
    pub(crate) proxies: Proxies,
    pub(crate) members: Option<Limiter>,
    pub(crate) addresses: Option<Limiter>,
    jobs: Jobs,
    pub(crate) activity_max_age_s: u32,
    dist: Option<PathBuf>,
    playground: bool,
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database cannot be used.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The operating system refuses.
    #[error("a thread does not start: {0}")]
    Thread(#[from] io::Error),
}

/// Opens the database and starts the writer, and what time brings about.
pub fn open(config: &Config) -> Result<App, OpenError> {
    let writers = match &config.database {
        // The file has one writer.
        Location::Sqlite(_) => 1,
        Location::Postgres(_) => config.writers,
    };
    // The writers look at what is sold out over connections that only read.
    let db = database::open(config, config.readers + writers)?;
    let reads = Admission::new(config.readers);
    let kinds = funfair_catalogue::kinds();
    let stores = Arc::new(Stores::new(Arc::clone(&db), kinds, reads.clone()));
    let wait = Some(Duration::from_millis(config.queue_wait_ms)).filter(|wait| !wait.is_zero());
    let limits = Limits { batch: config.batch_limit, queue: config.queue_limit, wait, writers };
    let every = Duration::from_secs(config.settle_every_s.into());
    Ok(App(Arc::new(Inner {
        jobs: Jobs::start(&db, &stores, every, config.retention())?,
        stores,
        reads,
        looks: Admission::new(1),
        proxies: Proxies::new(config.trusted_proxies.clone(), config.address_header.clone()),
        members: Limiter::new(config.member_rate, config.member_burst),
        addresses: Limiter::new(config.address_rate, config.address_burst),
        tokens: Tokens::default(),
        writer: Writer::start(Arc::clone(&db) as _, limits)?,
        activity_max_age_s: config.activity_max_age_s,
        dist: Some(config.dist.clone()).filter(|dist| !dist.as_os_str().is_empty()),
        playground: config.playground,
        db,
    })))
}

impl App {
    /// The routes of the host API and the widgets' files, without a fallback of their own beyond
    /// `/v1/` and `/funfair/`: a host merges them into its own router.
    pub fn router(&self) -> Router {
        routes::all(self.clone(), self.0.dist.as_deref(), self.0.playground)
    }

    /// The same for a server of its own: every other path is a problem too.
    pub fn standalone(&self) -> Router {
        self.router().fallback(async || Failure::plain(Code::RouteUnknown))
    }

    /// Stores, keys and activities of this server's database.
    pub fn admin(&self) -> Admin<'_> {
        Admin::new(&*self.db, Some(&self.stores))
    }

    /// Answers what was accepted, and ends the threads. To be called when no request comes any
    /// more.
    pub async fn shutdown(&self) {
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            this.jobs.finish();
            this.writer.finish();
        });
        let done = done.await;
        if let Err(error) = done {
            tracing::error!(%error, "the writer did not finish");
        }
        tracing::info!(at_ms = now_ms(), "stopped");
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
