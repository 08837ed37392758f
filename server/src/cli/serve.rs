use clap::Args;
use funfair_server::{
    App, Config,
    listen::{self, Bounds},
    metrics, open, otel, start_log,
};
use std::{future::pending, net::SocketAddr, path::PathBuf, time::Duration};
use tokio::{signal, sync::oneshot};

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
        otel::start(&config).map_err(anyhow::Error::msg)?;
        let app = open(&config)?;
        let served = tokio::runtime::Runtime::new()?.block_on(serve(&app, &config));
        otel::stop();
        served
    }
}

/// Serves until the process is asked to end, then answers what was accepted.
async fn serve(app: &App, config: &Config) -> anyhow::Result<()> {
    let bounds = Bounds::of(config).within_files();
    let listener = listen::listen(config.listen).map_err(|error| {
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
    if let Some(address) = config.metrics_listen {
        let listener = listen::listen(address)
            .map_err(|error| anyhow::anyhow!("{address} (metrics_listen): {error}"))?;
        tracing::info!(address = %listener.local_addr()?, "metrics");
        let bounds = Bounds { connections: 16, ..bounds };
        tokio::spawn(listen::serve(listener, metrics::routes(), bounds, pending::<()>()));
    }
    let (stopping, stopped) = oneshot::channel();
    let routes = app.standalone();
    let server = listen::serve(listener, routes, bounds, async {
        asked_to_end().await;
        tracing::info!("stopping");
        // Nobody waits any more where the server ended by itself.
        let _ = stopping.send(());
    });
    let grace = Duration::from_secs(config.shutdown_grace_s.into());
    let over = async {
        // Without the sender the server has ended, and `select` has its answer.
        if stopped.await.is_err() {
            pending::<()>().await;
        }
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        () = server => {}
        () = over => tracing::warn!("connections were still open after the grace"),
    }
    app.shutdown().await;
    Ok(())
}

async fn asked_to_end() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut asked) => {
                asked.recv().await;
            }
            Err(_) => pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
