use super::{
    failure::{self, Failure},
    tls,
};
use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    task::Poll,
    time::Duration,
};
use tokio::{
    runtime::{Builder, Runtime},
    time::timeout,
};
use tokio_postgres::{Client, Config, Row, Statement, types::ToSql};
use tokio_postgres_rustls::MakeRustlsConnect;

/// One connection, and the runtime that drives it from the calling thread: a task on the server's
/// own runtime would wait behind requests while a batch holds its locks.
pub(super) struct Link {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    client: Client,
    statements: HashMap<&'static str, Statement>,
    /// Whether a transaction was begun and not ended.
    open: bool,
    lost: bool,
    #[cfg(feature = "failpoints")]
    late: bool,
}

/// One statement with its values.
pub(super) struct Ask<'a> {
    sql: &'static str,
    values: Vec<Box<dyn ToSql + Sync + 'a>>,
}

/// How long a connection may take to be there.
pub(super) const CONNECT: Duration = Duration::from_secs(2);

/// How long a turn may take: longer than the server's own limits, which end most waits.
const TURN: Duration = Duration::from_secs(15);

/// The session's settings; what the URL's `options` say goes before them. No lock outlives a
/// server that hangs, and the planner keeps to the indexes: rows are always asked for by key, and a
/// plan that was made while a table was small would read all of it once it is large.
const SETTINGS: &str = "-c statement_timeout=10s -c lock_timeout=5s \
    -c idle_in_transaction_session_timeout=10s -c plan_cache_mode=force_generic_plan \
    -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

/// Where a link leads, and how it is encrypted.
#[derive(Clone)]
pub(super) struct Target {
    config: Config,
    tls: MakeRustlsConnect,
}

/// A URL with what every session has in common.
pub(super) fn target(url: &str) -> Result<Target, String> {
    let (url, asked) = tls::asked(url)?;
    let mut config: Config = url.parse().map_err(|error| failure::whole(&error))?;
    let options = format!("{SETTINGS} {}", config.get_options().unwrap_or_default());
    config.options(options.trim_end()).connect_timeout(CONNECT).tcp_user_timeout(TURN);
    if config.get_application_name().is_none() {
        config.application_name("funfair");
    }
    Ok(Target { config, tls: asked.connector()? })
}

impl Link {
    /// Connects, and prepares the statements that are sure to be asked.
    pub(super) fn connect(to: &Target, ready: &[&'static str]) -> Result<Self, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::Lost(error.to_string()))?;
        let connected = runtime.block_on(async {
            // The connection's own limit is one for each address of the host.
            timeout(CONNECT, to.config.connect(to.tls.clone())).await
        });
        let (client, connection) = match connected {
            Ok(connected) => connected.map_err(Failure::from)?,
            Err(_) => return Err(Failure::Lost(format!("no connection within {CONNECT:?}"))),
        };
        // It ends with the client, and what breaks it is told to whoever asks next.
        runtime.spawn(connection);
        let statements = HashMap::new();
        let mut link = Self {
            runtime: Some(runtime),
            client,
            statements,
            open: false,
            lost: false,
            #[cfg(feature = "failpoints")]
            late: false,
        };
        link.prepare(ready.iter().copied())?;
        Ok(link)
    }

    /// Whether it can be used again.
    pub(super) fn is_whole(&self) -> bool {
        !self.open && !self.lost && !self.client.is_closed()
    }

    /// Whether a transaction was begun and not ended.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// Begins a transaction with these statements.
    pub(super) fn begin(&mut self, asks: Vec<Ask<'_>>) -> Result<Vec<Vec<Row>>, Failure> {
        #[cfg(feature = "failpoints")]
        if std::mem::take(&mut self.late) {
            self.turn(&[Ask::of(COMMIT)])?;
        }
        self.open = true;
        let mut turn = vec![Ask::of(BEGIN)];
        turn.extend(asks);
        let mut answers = self.turn(&turn)?;
        answers.remove(0);
        Ok(answers)
    }

    /// Begins a transaction as this text says.
    pub(super) fn begin_with(&mut self, sql: &str) -> Result<(), Failure> {
        self.open = true;
        self.script(sql)
    }

    /// Ends the transaction with these statements. All of them are done, or none, or the link is
    /// lost and nobody knows: a COMMIT after a failed statement rolls back.
    pub(super) fn commit(&mut self, asks: Vec<Ask<'_>>) -> Result<(), Failure> {
        let mut turn = asks;
        turn.push(Ask::of(COMMIT));
        self.turn(&turn)?;
        self.open = false;
        Ok(())
    }

    /// Leaves the COMMIT to the next BEGIN: what the mutant does that answers first.
    #[cfg(feature = "failpoints")]
    pub(super) fn commit_later(&mut self) {
        (self.open, self.late) = (false, true);
    }

    /// Ends the transaction, and forgets what it did.
    pub(super) fn roll_back(&mut self) {
        self.open = !self.lost && self.turn(&[Ask::of(ROLLBACK)]).is_err();
    }

    /// Reads the rows of one moment: the whole transaction is one round trip.
    pub(super) fn snapshot(&mut self, asks: Vec<Ask<'_>>) -> Result<Vec<Vec<Row>>, Failure> {
        if asks.len() < 2 {
            return self.turn(&asks);
        }
        let mut turn = vec![Ask::of(SNAPSHOT)];
        turn.extend(asks);
        turn.push(Ask::of(COMMIT));
        let mut answers = self.turn(&turn)?;
        answers.pop();
        answers.remove(0);
        Ok(answers)
    }

    /// Does with the client what no statement known beforehand does, however long that takes.
    pub(super) fn run<T>(
        &mut self,
        run: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Failure> {
        let Some(runtime) = &self.runtime else { return Err(Failure::Lost("closed".into())) };
        let done = runtime.block_on(run(&self.client));
        self.noted(done.map_err(Failure::from))
    }

    /// Runs statements without values, as they stand in a file, however long that takes.
    pub(super) fn script(&mut self, sql: &str) -> Result<(), Failure> {
        self.run(async |client| client.batch_execute(sql).await)
    }

    /// Sends all statements before it waits for the first answer: one round trip, however many.
    /// Answers the rows of each, or the first failure: whatever follows it fails for its sake.
    pub(super) fn turn(&mut self, asks: &[Ask<'_>]) -> Result<Vec<Vec<Row>>, Failure> {
        self.prepare(asks.iter().map(|ask| ask.sql))?;
        let (client, statements) = (&self.client, &self.statements);
        let answers = self.wait(in_order(asks.iter().map(|ask| {
            let values: Vec<_> = ask.values.iter().map(|value| &**value as _).collect();
            async move { client.query(&statements[ask.sql], &values).await }
        })));
        self.noted(answers)
    }

    fn prepare(&mut self, wanted: impl Iterator<Item = &'static str>) -> Result<(), Failure> {
        let new: Vec<_> = wanted.filter(|sql| !self.statements.contains_key(sql)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let prepared = self.wait(in_order(new.iter().map(|sql| self.client.prepare(sql))));
        let prepared = self.noted(prepared)?;
        self.statements.extend(new.into_iter().zip(prepared));
        Ok(())
    }

    fn wait<T>(
        &self,
        turn: impl Future<Output = Vec<Result<T, tokio_postgres::Error>>>,
    ) -> Result<Vec<T>, Failure> {
        let Some(runtime) = &self.runtime else { return Err(Failure::Lost("closed".into())) };
        let answers = runtime.block_on(async { timeout(TURN, turn).await });
        let answers = answers.map_err(|_| Failure::Lost(format!("no answer within {TURN:?}")))?;
        Ok(answers.into_iter().collect::<Result<_, _>>()?)
    }

    fn noted<T>(&mut self, answers: Result<T, Failure>) -> Result<T, Failure> {
        self.lost |= matches!(answers, Err(Failure::Lost(_)));
        answers
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Unlike a plain drop it does not block, so a link may be dropped on any thread.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

const BEGIN: &str = "BEGIN";
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";

/// What every transaction asks.
pub(super) const TRANSACTION: [&str; 4] = [BEGIN, SNAPSHOT, COMMIT, ROLLBACK];

impl<'a> Ask<'a> {
    /// A statement without values.
    pub(super) fn of(sql: &'static str) -> Self {
        Self { sql, values: Vec::new() }
    }

    /// With one more value.
    pub(super) fn with(mut self, value: impl ToSql + Sync + 'a) -> Self {
        self.values.push(Box::new(value));
        self
    }
}

/// Runs futures side by side, first polled in their order: that is what puts their statements on
/// the wire in that order.
async fn in_order<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        let mut all = Poll::Ready(());
        for (future, done) in futures.iter_mut().filter(|(_, done)| done.is_none()) {
            match future.as_mut().poll(context) {
                Poll::Ready(answer) => *done = Some(answer),
                Poll::Pending => all = Poll::Pending,
            }
        }
        all
    })
    .await;
    futures.into_iter().filter_map(|(_, done)| done).collect()
}
