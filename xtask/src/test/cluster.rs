//! The PostgreSQL that all stages share: started when the first asks, gone when xtask ends.

use std::env;
use std::process::Command;
use std::sync::OnceLock;

use funfair_cluster::{Cluster, SHARED};

/// The variable with the address of a server that somebody wants the stages `postgres` and
/// `distributed` to run on. Its user has to be allowed to create databases; no other is touched.
const BY_HAND: &str = "DATABASE_URL";

pub fn get() -> &'static Cluster {
    Cluster::shared()
}

/// A command whose tests use the shared server.
pub fn shared(command: Command) -> Command {
    on(get(), command)
}

/// A command whose tests use this server.
pub fn on(cluster: &Cluster, mut command: Command) -> Command {
    command.env(SHARED, cluster.address());
    command
}

/// The server named by hand, else the shared one.
pub fn named() -> &'static Cluster {
    static NAMED: OnceLock<Option<Cluster>> = OnceLock::new();
    let named = NAMED.get_or_init(|| {
        let url = env::var(BY_HAND).ok()?;
        eprintln!("{BY_HAND} is set: databases funfair_… are made and dropped on that server");
        Some(Cluster::at(&url))
    });
    named.as_ref().unwrap_or_else(get)
}
