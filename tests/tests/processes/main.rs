//! Several server processes on one PostgreSQL that forgets nothing: they share every row, and know
//! of each other only by its locks.

mod hot;
mod jobs;

use funfair_cluster::{Cluster, Options};
use funfair_tests::{Engine, Rows, Store};
use std::sync::OnceLock;
use tokio::task::JoinSet;

/// A PostgreSQL as a shop runs it, fsync and all.
fn durable(engine: Engine) -> Rows {
    static DURABLE: OnceLock<Cluster> = OnceLock::new();
    let options = || Options {
        fsync: true,
        // A deadlock is found while the test runs, and not after each statement's patience.
        settings: vec![("deadlock_timeout".into(), "100ms".into())],
        ..Options::default()
    };
    Rows::empty_in(DURABLE.get_or_init(|| Cluster::start(&options())), engine)
}

/// This many processes on one database.
async fn processes(engine: Engine, count: usize) -> Vec<Store> {
    let mut all = vec![Store::open_on(durable(engine)).await];
    while all.len() < count {
        all.push(all[0].beside().await);
    }
    all
}

/// All of them at once; in the order in which they are done.
async fn together<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    tasks.into_iter().collect::<JoinSet<_>>().join_all().await
}
