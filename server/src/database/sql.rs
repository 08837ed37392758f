//! Statements that SQLite and PostgreSQL both understand, for all that is not a play: they are run
//! by operators and once in a while, so one text is worth more than the last microsecond.
//!
//! Parameters are `$1`, `$2`, …

use funfair_engine::StoreError;
use serde::de::DeserializeOwned;

/// One open transaction.
pub trait Sql {
    /// All rows of a query that has a few.
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError>;

    /// Runs a query; hands its rows over one after another, without holding all of them. Another
    /// statement may run in between.
    fn each(
        &self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Runs a statement that writes; answers how many rows it did.
    fn run(&self, sql: &str, values: &[Value]) -> Result<u64, StoreError>;

    /// Locks the rows of a query, in its order, up to the transaction's end. Where a transaction
    /// that writes is alone anyway, there is nothing to do.
    fn lock(&self, sql: &str, values: &[Value]) -> Result<(), StoreError>;

    /// A column's JSON, of which `->>` takes a field.
    fn json(&self, column: &str) -> String;

    /// What after an expression makes it compare byte by byte, whatever its columns do.
    fn bytewise(&self) -> &'static str;
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// One row of a query.
#[derive(Clone, Debug)]
pub struct Row(pub Vec<Value>);

impl dyn Sql + '_ {
    /// All rows of a query.
    pub fn many<T>(
        &self,
        sql: &str,
        values: &[Value],
        read: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.query(sql, values)?.iter().map(read).collect()
    }

    /// The one row of a query, or none.
    pub fn one<T>(
        &self,
        sql: &str,
        values: &[Value],
        read: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.many(sql, values, read)?.pop())
    }
}

impl Row {
    /// A column.
    pub fn get<T: Column>(&self, at: usize) -> Result<T, StoreError> {
        let value = self.0.get(at).unwrap_or(&Value::Null);
        T::read(value).ok_or_else(|| unreadable(format!("column {at} has another type")))
    }

    /// A column of JSON.
    pub fn json<T: DeserializeOwned>(&self, at: usize, what: &str) -> Result<T, StoreError> {
        let text: String = self.get(at)?;
        serde_json::from_str(&text).map_err(|error| unreadable(format!("{what}: {error}")))
    }

    /// A column whose text stands for something.
    pub fn parsed<T>(
        &self,
        at: usize,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let text: String = self.get(at)?;
        parse(&text).ok_or_else(|| unreadable(format!("\"{text}\" is no {what}")))
    }
}

fn unreadable(reason: String) -> StoreError {
    StoreError::Unreadable { row: "of the database".into(), reason }
}

/// What a column can be read as.
pub trait Column: Sized {
    /// The value, where it is one of this type.
    fn read(value: &Value) -> Option<Self>;
}

impl Column for i64 {
    fn read(value: &Value) -> Option<Self> {
        if let Value::Integer(number) = value { Some(*number) } else { None }
    }
}

impl Column for String {
    fn read(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl Column for Vec<u8> {
    fn read(value: &Value) -> Option<Self> {
        if let Value::Bytes(bytes) = value { Some(bytes.clone()) } else { None }
    }
}

impl Column for bool {
    fn read(value: &Value) -> Option<Self> {
        i64::read(value).map(|number| number != 0)
    }
}

macro_rules! numbers {
    ($($type:ty),*) => {
        $(impl Column for $type {
            fn read(value: &Value) -> Option<Self> {
                i64::read(value)?.try_into().ok()
            }
        })*
    };
}
numbers!(u64, u32, i32, u8);

impl<T: Column> Column for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::read(value).map(Some) }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Integer(yes.into())
    }
}

/// A number that is to be kept.
pub(crate) fn kept(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Database(format!("{value} is too much to keep")))
}

impl From<u64> for Value {
    /// What is beyond a row's numbers is the greatest of them.
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The values of a statement's parameters.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::database::Value::from($value)),*] };
}
pub(crate) use values;
