use clap::Args;
use funfair_server::{App, Config, open, start_log};
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::{net::TcpListener, signal, sync::oneshot};

#[derive(Args)]
pub struct Serve {
    /// Address and port; goes before the setting `listen`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The folder of the widgets' files; goes before the setting `dist`.
    #[arg(long, value_name = "DIR")]
    dist: Option<PathBuf>,
}

impl Serve {
    pub fn run(self, mut config: Config) -> anyhow::Result<()> {
        config.listen = self.listen.unwrap_or(config.listen);
        config.dist = self.dist.unwrap_or(config.dist);
        start_log(&config);
        let app = open(&config)?;
        tokio::runtime::Runtime::new()?.block_on(serve(&app, &config))
    }
}

/// Serves until the process is asked to end, then answers what was accepted.
async fn serve(app: &App, config: &Config) -> anyhow::Result<()> {
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        anyhow::anyhow!(
            "{} cannot be listened on: {error}; end what uses it, or give another address with \
             --listen or the setting `listen`",
            config.listen
        )
    })?;
    tracing::info!(
        address = %listener.local_addr()?,
        version = env!("CARGO_PKG_VERSION"),
        tz = funfair_server::tz_version(),
        "listening"
    );
    let (stopping, stopped) = oneshot::channel();
    let routes = app.standalone();
    let server = axum::serve(listener, routes).with_graceful_shutdown(async {
        asked_to_end().await;
        tracing::info!("stopping");
        // Nobody waits any more where the server ended by itself.
        let _ = stopping.send(());
    });
    let grace = Duration::from_secs(config.shutdown_grace_s.into());
    let over = async {
        // Without the sender the server has ended, and `select` has its answer.
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        ended = server.into_future() => ended?,
        () = over => tracing::warn!("connections were still open after the grace"),
    }
    app.shutdown().await;
    Ok(())
}

async fn asked_to_end() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut asked) => {
                asked.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
