//! `demo-store`: the demo store with the reference backend behind the same origin, and the check
//! that plays against it.

mod check;

use anyhow::{Context, Result};
use axum::Router;
use clap::{Args, Parser, Subcommand};
use funfair_demo_store::{STORE, StoreSecret, Teller, pages, script_tags, shop};
use funfair_host_api::ActivityState;
use funfair_server::{Admin, Alg, App, Config, NewKey, NewStore, database::Location};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};
use tokio::{net::TcpListener, signal, task, time};

/// How long requests may still take once the process is told to end.
const GRACE: Duration = Duration::from_secs(3);

#[derive(Parser)]
#[command(
    version,
    about = "A store that embeds Funfair's widgets",
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Plays every kind against a demo store that runs, and recomputes every draw.
    Check(check::Check),
}

#[derive(Args)]
struct Serve {
    /// The database: a path, made when there is none, or postgres://… with a database in which
    /// nothing else is.
    #[arg(long, default_value = "target/demo/funfair.db")]
    db: String,
    /// The folder of the store's own secrets; without it that of the database's file.
    #[arg(long)]
    secrets: Option<PathBuf>,
    /// The folder with the widgets' versions, as `cargo xtask build` writes it.
    #[arg(long, default_value = "dist")]
    dist: PathBuf,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder with the activities, as `funfair apply` reads it.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/activities"))]
    activities: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo-store: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    match arguments.command {
        Some(Command::Check(check)) => {
            let summary = check.run().await?;
            println!("{}", serde_json::to_string(&summary)?);
            Ok(())
        }
        None => arguments.serve.run().await,
    }
}

impl Serve {
    async fn run(self) -> Result<()> {
        let database = Location::from(self.db.as_str());
        let secrets = self.secrets(&database);
        let folder = secrets.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let config = Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)),
            database,
            dist: self.dist.clone(),
            log: "warn".into(),
            ..Config::default()
        };
        funfair_server::start_log(&config);
        let secret_path = secrets.with_extension("shop-key");
        let secret = StoreSecret::open(&secret_path).context("the store's own secret")?;
        // A database answers as soon as it can, and this thread waits.
        let (app, key) = task::block_in_place(|| {
            let app = funfair_server::open(&config)?;
            prepare(&app.admin(), &secret, &self.activities)?;
            let key = server_key(&app.admin(), &secrets.with_extension("server-key"))?;
            anyhow::Ok((app, key))
        })?;

        let version = env!("CARGO_PKG_VERSION");
        let tags = script_tags(version, &integrity(&self.dist.join(version))?);
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("port {} is taken; try --port 0", self.port))?;
        let base = format!("http://{}", listener.local_addr()?);
        let routes = one_origin(&app, secret, Teller::new(&base, &key), &tags);
        println!("{base}");
        let serving = axum::serve(listener, routes).with_graceful_shutdown(stopped());
        tokio::select! {
            done = serving.into_future() => done?,
            // A browser may hold a connection open for minutes without asking anything.
            () = async { stopped().await; time::sleep(GRACE).await } => {}
        }
        app.shutdown().await;
        Ok(())
    }

    /// Where the secrets stand but for their endings: those of one database are of no use to
    /// another.
    fn secrets(&self, database: &Location) -> PathBuf {
        let (folder, name) = match database {
            Location::Sqlite(path) => (path.parent().unwrap_or(Path::new("")), path.file_name()),
            Location::Postgres(_) => (Path::new("target/demo"), None),
        };
        let digest = || hex::encode(&Sha256::digest(&self.db)[..8]).into();
        let name = name.map_or_else(digest, ToOwned::to_owned);
        self.secrets.as_deref().unwrap_or(folder).join(name)
    }
}

/// The shop and the server, side by side.
fn one_origin(app: &App, secret: StoreSecret, teller: Teller, tags: &str) -> Router {
    app.router().merge(shop(secret, teller)).merge(pages(tags))
}

/// The secret key by which the shop's backend reports facts; made once, kept beside the database.
fn server_key(admin: &Admin<'_>, path: &Path) -> Result<String> {
    if let Ok(key) = fs::read_to_string(path) {
        let hash = hex::encode(Sha256::digest(&key));
        // Where somebody has dropped the database, the file is a key to nothing.
        if admin.secrets(STORE)?.iter().any(|row| row.hash == hash) {
            return Ok(key);
        }
    }
    let (_, key) = admin.add_secret(STORE)?;
    fs::write(path, &key).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(key)
}

/// What a merchant does once, by `funfair store add`, `store key`, `apply` and `activity live`:
/// the same functions, and as harmless when done again.
fn prepare(admin: &Admin<'_>, secret: &StoreSecret, activities: &Path) -> Result<()> {
    admin.ensure_store(&NewStore {
        id: STORE,
        programme: None,
        zone: "Asia/Shanghai",
        cutover_hour: 0,
        development: false,
    })?;
    if !admin.keys(STORE)?.iter().any(|key| key.kid == secret.kid()) {
        let key = NewKey { alg: Alg::EdDsa, kid: Some(secret.kid()), issuer: None };
        admin.add_key(STORE, &key, &secret.public_pem())?;
    }
    for applied in admin.apply_folder(STORE, activities, false)? {
        if applied.state == ActivityState::Draft {
            admin.set_state(STORE, &applied.activity, ActivityState::Live)?;
        }
    }
    Ok(())
}

/// The integrity of the bundles for their script tags; none while nothing is built.
fn integrity(version: &Path) -> Result<BTreeMap<String, String>> {
    let path = version.join("integrity.json");
    let Ok(text) = fs::read_to_string(&path) else {
        eprintln!("{} is missing: run `cargo xtask build` to see the widgets", path.display());
        return Ok(BTreeMap::new());
    };
    serde_json::from_str(&text).with_context(|| path.display().to_string())
}

/// Waits until somebody wants the process to end.
async fn stopped() {
    let interrupted = signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminated = signal::unix::signal(signal::unix::SignalKind::terminate())
            .expect("the process can be told to end");
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        body::Body,
        http::{Request, StatusCode},
    };
    use funfair_demo_store::ACTIVITIES;
    use tower::ServiceExt;

    const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/activities");

    fn opened(folder: &Path) -> App {
        let database = folder.join("funfair.db");
        funfair_server::open(&Config { database: Location::Sqlite(database), ..Config::default() })
            .unwrap()
    }

    #[tokio::test]
    async fn a_second_start_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let app = opened(folder.path());
        let path = folder.path().join("funfair.shop-key");
        let mut seen = Vec::new();
        for _ in 0..2 {
            let secret = StoreSecret::open(&path).unwrap();
            prepare(&app.admin(), &secret, Path::new(FILES)).unwrap();
            let keys = app.admin().keys(STORE).unwrap();
            assert_eq!(keys.iter().map(|key| key.kid.as_str()).collect::<Vec<_>>(), [secret.kid()]);
            let activities = app.admin().activities(STORE).unwrap();
            assert!(activities.iter().all(|row| row.state == ActivityState::Live));
            let activities = activities.into_iter().map(|row| (row.activity, row.revision));
            seen.push(activities.collect::<Vec<_>>());
        }
        assert_eq!(seen[0], seen[1]);
        let ids: Vec<_> = seen[0].iter().map(|(activity, _)| activity.as_str()).collect();
        assert_eq!(ids, ACTIVITIES.map(|(id, _)| id));
    }

    #[tokio::test]
    async fn a_token_of_the_shop_opens_the_server_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let app = opened(folder.path());
        let secret = StoreSecret::new([1; 32]);
        prepare(&app.admin(), &secret, Path::new(FILES)).unwrap();
        let token = secret.mint(STORE, "小满", funfair_server::now_ms() / 1000);
        let foreign =
            StoreSecret::new([2; 32]).mint(STORE, "小满", funfair_server::now_ms() / 1000);
        let routes = one_origin(&app, secret, Teller::new("http://127.0.0.1:9", "ffs_none"), "");
        let ask = async |path: &str, token: &str| {
            let request = Request::get(path).header("authorization", format!("Bearer {token}"));
            let answer = routes.clone().oneshot(request.body(Body::empty()).unwrap()).await;
            answer.unwrap().status()
        };
        for path in [
            "/",
            "/?lang=en",
            "/wallet",
            "/activities/cards",
            "/shop/me",
            "/shop/assets/shop.js",
            "/healthz",
        ] {
            assert_eq!(ask(path, "").await, StatusCode::OK, "{path}");
        }
        for (activity, _) in ACTIVITIES {
            let me = format!("/v1/stores/{STORE}/activities/{activity}/me");
            assert_eq!(ask(&me, &token).await, StatusCode::OK);
            assert_eq!(ask(&me, &foreign).await, StatusCode::UNAUTHORIZED);
        }
    }
}
