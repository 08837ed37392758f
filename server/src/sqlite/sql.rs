use super::failed;
use crate::database::{Row, Sql, Value};
use funfair_engine::StoreError;
use rusqlite::{
    Connection, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

/// Statements of [`crate::database`] inside one transaction.
pub(super) struct Open<'a>(pub(super) &'a Connection);

impl Sql for Open<'_> {
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut all = Vec::new();
        self.each(sql, values, &mut |row| {
            all.push(row.clone());
            Ok(())
        })?;
        Ok(all)
    }

    fn each(
        &self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached(&numbered(sql)).map_err(failed)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let column = |at| row.get_ref(at).map_err(failed).and_then(value);
            each(&Row((0..columns).map(column).collect::<Result<_, _>>()?))?;
        }
        Ok(())
    }

    fn run(&self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let mut statement = self.0.prepare_cached(&numbered(sql)).map_err(failed)?;
        let changed = statement.execute(params_from_iter(values)).map_err(failed)?;
        Ok(changed as u64)
    }

    fn lock(&self, _sql: &str, _values: &[Value]) -> Result<(), StoreError> {
        // Whoever writes is alone from the beginning of the transaction.
        Ok(())
    }

    fn json(&self, column: &str) -> String {
        column.into()
    }

    fn bytewise(&self) -> &'static str {
        "COLLATE BINARY"
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// The parameters as SQLite numbers them: to it `$1` is a name.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn value(value: ValueRef<'_>) -> Result<Value, StoreError> {
    let unreadable = |reason: String| StoreError::Unreadable { row: "of SQLite".into(), reason };
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Integer(number)),
        ValueRef::Text(text) => String::from_utf8(text.into())
            .map(Value::Text)
            .map_err(|error| unreadable(error.to_string())),
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.into())),
        ValueRef::Real(number) => Err(unreadable(format!("{number} is not whole"))),
    }
}
