//! A stand-in for the part of sqlx that the test uses, with the same names and methods. sqlx has a hundred dependencies, and
//! needs a database.

use std::collections::HashMap;

/// A pool of connections. Without a table, it is closed.
pub(crate) struct PgPool(Option<HashMap<String, i64>>);

impl PgPool {
    pub(crate) fn with<const N: usize>(rows: [(&str, i64); N]) -> Self {
        let rows = rows.map(|(key, pieces)| (key.to_owned(), pieces));
        Self(Some(HashMap::from(rows)))
    }

    pub(crate) fn closed() -> Self {
        Self(None)
    }
}

/// An error of the database, whose text has the value of a statement.
#[derive(Debug, thiserror::Error)]
#[error("no row of {statement:?} with {value:?} can be read: the pool is closed")]
pub(crate) struct Error {
    statement: &'static str,
    value: String,
}

pub(crate) struct QueryScalar {
    statement: &'static str,
    value: String,
}

pub(crate) fn query_scalar(statement: &'static str) -> QueryScalar {
    QueryScalar {
        statement,
        value: String::new(),
    }
}

impl QueryScalar {
    pub(crate) fn bind(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    pub(crate) async fn fetch_optional(self, pool: &PgPool) -> Result<Option<i64>, Error> {
        tokio::task::yield_now().await;
        let Self { statement, value } = self;
        match &pool.0 {
            Some(rows) => Ok(rows.get(&value).copied()),
            None => Err(Error { statement, value }),
        }
    }
}
