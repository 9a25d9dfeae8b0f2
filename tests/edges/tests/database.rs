//! A client operation for the statements of a database.

#[path = "database/sqlx.rs"]
mod sqlx;

use sqlx::PgPool;
use test_edges::stock::{
    self, ArticleId, Attributes, DbCollectionName, DbOperationName, DbQuerySummary, DbSystemName,
    ErrorClass, ErrorType, instrumented_operation,
};

/// A statement without its values.
#[derive(Attributes)]
#[attributes(stock::Database)]
struct Statement {
    #[attribute(db.system.name)]
    system: DbSystemName,
    #[attribute(db.operation.name, capped)]
    operation: &'static str,
    #[attribute(db.collection.name, capped)]
    table: &'static str,
    #[attribute(db.query.summary, capped)]
    summary: &'static str,
}

const FIND: Statement = Statement {
    system: DbSystemName::Postgresql,
    operation: "SELECT",
    table: "stock",
    summary: "SELECT stock",
};

/// The text of the error is not recorded: a database puts values into it.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(stock, store_failed)]
#[error("the database failed: {0}")]
struct StoreError(#[from] sqlx::Error);

#[instrumented_operation(stock::StockFind, ..database = &FIND, article.id = article)]
async fn pieces(pool: &PgPool, article: &str) -> Result<Option<i64>, StoreError> {
    let query = sqlx::query_scalar("SELECT pieces FROM stock WHERE article = $1");
    Ok(query.bind(article).fetch_optional(pool).await?)
}

#[tokio::test]
async fn a_statement_is_a_client_operation_without_its_values() {
    let scope = stock::testing::scope();
    let pool = PgPool::with([("art_17", 3)]);
    let found = scope.run_async(pieces(&pool, "art_17")).await;
    assert_eq!(found.expect("the pool is open"), Some(3));
    let recorded = scope.recorded();
    let find = recorded.operation::<stock::StockFind>().once();
    assert_eq!(find.span().kind, opentelemetry::trace::SpanKind::Client);
    find.succeeded()
        .with(DbSystemName::Postgresql)
        .with(DbOperationName::capped("SELECT"))
        .with(DbCollectionName::capped("stock"))
        .with(DbQuerySummary::capped("SELECT stock"))
        .with(ArticleId::from("art_17"));
    recorded
        .duration::<stock::StockFind>()
        .having(DbQuerySummary::capped("SELECT stock"))
        .succeeded()
        .count(1);
    recorded.assert_contract(&stock::CONTRACT);
}

#[tokio::test]
async fn a_statement_that_fails_is_recorded_without_the_text_of_its_error() {
    let scope = stock::testing::scope();
    let pool = PgPool::closed();
    let found = scope.run_async(pieces(&pool, "art_17")).await;
    let error = found.expect_err("the pool is closed");
    assert!(error.to_string().contains("art_17"), "{error}");
    let recorded = scope.recorded();
    let find = recorded.operation::<stock::StockFind>().once();
    let span = format!("{:?}", find.span().status);
    assert!(!span.contains("art_17"), "{span}");
    find.failed(ErrorType::StoreFailed);
}
