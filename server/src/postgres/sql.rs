//! Statements of [`crate::database`], which are not known beforehand: each is prepared when it is
//! first asked in a transaction.

use super::{PostgresStore, commit, failure::Failure, link::Link};
use crate::database::{Database, Row, Sql, Value};
use bytes::BytesMut;
use funfair_engine::StoreError;
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    error::Error,
};
use tokio_postgres::{
    Statement,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};

/// How many rows of a long answer are held at a time.
const PAGE: usize = 1000;

/// One moment for as long as it takes: an audit looks at every row there is, and most of them are
/// read best in the order in which they lie.
const MOMENT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; \
    SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; \
    SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on; \
    SET LOCAL enable_mergejoin = on; SET LOCAL plan_cache_mode = force_custom_plan";

impl Database for PostgresStore {
    fn reading(
        &self,
        ask: &mut dyn FnMut(&dyn Sql) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        commit::again(&self.readers, |link| {
            link.begin_with(MOMENT)?;
            // Nothing to commit: the link is rolled back when it is given back.
            Open::run(link, ask)
        })
    }

    fn writing(
        &self,
        change: &mut dyn FnMut(&dyn Sql) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        commit::again(&self.writers, |link| {
            link.begin(Vec::new())?;
            if Open::run(link, change)? {
                return commit::end(link, Vec::new());
            }
            Ok(())
        })
    }
}

/// A link with an open transaction.
struct Open<'a> {
    link: RefCell<&'a mut Link>,
    statements: RefCell<HashMap<String, Statement>>,
    /// How many long answers are open, and so the next one's number.
    cursors: Cell<usize>,
    /// What went wrong, as far as it decides whether another attempt is made.
    failure: Cell<Option<Failure>>,
}

impl Open<'_> {
    fn run<T>(
        link: &mut Link,
        run: &mut dyn FnMut(&dyn Sql) -> Result<T, StoreError>,
    ) -> Result<T, Failure> {
        let open = Open {
            link: RefCell::new(link),
            statements: RefCell::default(),
            cursors: Cell::default(),
            failure: Cell::default(),
        };
        let done = run(&open);
        match open.failure.take() {
            // Whatever the caller made of it, the transaction is over.
            Some(failure) => Err(failure),
            None => Ok(done?),
        }
    }

    fn asked(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let rows = self.prepared(sql).and_then(|statement| {
            let values: Vec<_> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
            self.link.borrow_mut().run(async |client| client.query(&statement, &values).await)
        });
        let rows = rows.map_err(|failure| self.failed(failure))?;
        let row = |row: &tokio_postgres::Row| {
            let column = |at| row.try_get::<_, Value>(at);
            (0..row.len()).map(column).collect::<Result<_, _>>().map(Row)
        };
        rows.iter().map(row).collect::<Result<_, _>>().map_err(|error| StoreError::Unreadable {
            row: "of PostgreSQL".into(),
            reason: error.to_string(),
        })
    }

    fn prepared(&self, sql: &str) -> Result<Statement, Failure> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.link.borrow_mut().run(async |client| client.prepare(sql).await)?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn failed(&self, failure: Failure) -> StoreError {
        let reason = failure.said();
        self.failure.set(Some(failure));
        StoreError::Database(reason)
    }
}

impl Sql for Open<'_> {
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.asked(sql, values)
    }

    fn each(
        &self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let number = self.cursors.get();
        self.cursors.set(number + 1);
        self.asked(&format!("DECLARE page{number} NO SCROLL CURSOR FOR {sql}"), values)?;
        loop {
            let rows = self.asked(&format!("FETCH {PAGE} FROM page{number}"), &[])?;
            rows.iter().try_for_each(&mut *each)?;
            if rows.len() < PAGE {
                break;
            }
        }
        self.asked(&format!("CLOSE page{number}"), &[])?;
        self.cursors.set(number);
        // The next cursor of this name is of another query.
        self.statements.borrow_mut().retain(|sql, _| !sql.contains(" page"));
        Ok(())
    }

    fn run(&self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let done = self.prepared(sql).and_then(|statement| {
            let values: Vec<_> = values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
            self.link.borrow_mut().run(async |client| client.execute(&statement, &values).await)
        });
        done.map_err(|failure| self.failed(failure))
    }

    fn lock(&self, sql: &str, values: &[Value]) -> Result<(), StoreError> {
        self.asked(&format!("{sql} FOR UPDATE"), values).map(drop)
    }

    fn json(&self, column: &str) -> String {
        format!("CAST({column} AS json)")
    }

    fn bytewise(&self) -> &'static str {
        "COLLATE \"C\""
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Self::Integer(number) => number.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT4, Type::INT8, Type::BYTEA].contains(ty) || <&str as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *ty {
            Type::INT4 => Ok(Self::Integer(i32::from_sql(ty, raw)?.into())),
            Type::INT8 => Ok(Self::Integer(i64::from_sql(ty, raw)?)),
            Type::BYTEA => Ok(Self::Bytes(raw.into())),
            _ => Ok(Self::Text(String::from_sql(ty, raw)?)),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        <Self as ToSql>::accepts(ty)
    }
}
