//! Store of orders, outbox and invoices: SQLite, or PostgreSQL with feature `postgres`.

#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;

use crate::domain::{Invoice, Job, Order};
use checkout_telemetry::checkout::{
    self, ErrorClass, JobType, OrderId, QueueName, TraceContext, instrumented_operation, task,
};
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// A statement of the database failed.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error("the database failed: {0}")]
#[error_class(checkout, store_failed)]
pub struct StoreError(#[from] DatabaseError);

/// Reason why an order was not loaded.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(checkout)]
pub enum LoadError {
    #[error("no order `{0}`")]
    #[error_class(order_not_found)]
    NotFound(OrderId),
    #[error(transparent)]
    #[error_class(transparent)]
    Store(#[from] StoreError),
}

/// Reason why an order was not marked as paid.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(checkout)]
pub enum PublishError {
    #[error("order `{0}` is already paid")]
    #[error_class(order_already_paid)]
    AlreadyPaid(OrderId),
    #[error(transparent)]
    #[error_class(transparent)]
    Store(#[from] StoreError),
}

type DatabaseError = Box<dyn Error + Send + Sync>;

/// A job of the outbox with its row number.
pub type Numbered = (i64, Job);

/// Interface of a database.
trait Database: Send {
    /// Stores unpaid orders. An existing order becomes unpaid again.
    fn place(&mut self, orders: &[Order]) -> Result<(), DatabaseError>;
    fn order(&mut self, id: &OrderId) -> Result<Option<Order>, DatabaseError>;
    /// Marks the order as paid and adds the job to the outbox, in one transaction. Returns `false` and changes no row if the
    /// order is already paid.
    fn pay(&mut self, order: &OrderId, payment: &str, job: &Job) -> Result<bool, DatabaseError>;
    /// Returns at most `limit` jobs of the outbox, oldest first.
    fn waiting(&mut self, limit: i64) -> Result<Vec<Numbered>, DatabaseError>;
    fn delivered(&mut self, jobs: &[i64]) -> Result<(), DatabaseError>;
    /// Stores an invoice. If the order already has an invoice, that invoice is kept, because jobs may be delivered twice.
    fn keep(&mut self, invoice: &Invoice) -> Result<(), DatabaseError>;
}

/// The database of a process.
#[derive(Clone)]
pub struct Store {
    database: Arc<Mutex<Box<dyn Database>>>,
}

impl Store {
    /// Opens the file or connects to the server, and creates missing tables.
    pub async fn open(database: &str) -> Result<Self, String> {
        let name = database.to_owned();
        let opened = task::spawn_blocking(move || open(&name)).await;
        let opened = opened.map_err(|error| error.to_string())?;
        let database = opened.map_err(|error| format!("database `{database}`: {error}"))?;
        Ok(Self {
            database: Arc::new(Mutex::new(database)),
        })
    }

    #[instrumented_operation(checkout::OrderLoad, order.id = &id)]
    pub async fn load(&self, id: OrderId) -> Result<Order, LoadError> {
        let order = self.with({
            let id = id.clone();
            move |database| database.order(&id)
        });
        order.await?.ok_or(LoadError::NotFound(id))
    }

    /// Marks an order as paid and publishes its invoice job. The job stores the current trace context, which the worker
    /// continues.
    #[instrumented_operation(
        checkout::OutboxPublish,
        queue.name = QueueName::capped(queue),
        job.type = JobType::InvoiceCreate,
        order.id = &order_id,
    )]
    pub async fn publish(
        &self,
        queue: &'static str,
        order_id: OrderId,
        payment: String,
    ) -> Result<(), PublishError> {
        let job = Job {
            queue: queue.to_owned(),
            kind: JobType::InvoiceCreate,
            order_id: order_id.clone(),
            created_at: now(),
            trace_context: TraceContext::current(),
        };
        let paid = self.with(move |database| database.pay(&job.order_id, &payment, &job));
        if paid.await? {
            Ok(())
        } else {
            Err(PublishError::AlreadyPaid(order_id))
        }
    }

    #[instrumented_operation(checkout::InvoiceSave, invoice.id = &invoice.id)]
    pub async fn save(&self, invoice: &Invoice) -> Result<(), StoreError> {
        let invoice = invoice.clone();
        self.with(move |database| database.keep(&invoice)).await
    }

    pub async fn place(&self, orders: Vec<Order>) -> Result<(), StoreError> {
        self.with(move |database| database.place(&orders)).await
    }

    pub async fn waiting(&self, limit: i64) -> Result<Vec<Numbered>, StoreError> {
        self.with(move |database| database.waiting(limit)).await
    }

    pub async fn delivered(&self, jobs: Vec<i64>) -> Result<(), StoreError> {
        self.with(move |database| database.delivered(&jobs)).await
    }

    /// Runs a query on a thread for blocking work, in the current context.
    async fn with<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut dyn Database) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let database = self.database.clone();
        let queried = task::spawn_blocking(move || {
            let mut database = database.lock().unwrap_or_else(PoisonError::into_inner);
            query(&mut **database)
        });
        let result = queried.await.map_err(|error| StoreError(error.into()))?;
        Ok(result?)
    }
}

fn open(database: &str) -> Result<Box<dyn Database>, DatabaseError> {
    if !database.starts_with("postgres://") && !database.starts_with("postgresql://") {
        return Ok(Box::new(sqlite::Sqlite::open(database)?));
    }
    #[cfg(feature = "postgres")]
    return Ok(Box::new(postgres::Postgres::connect(database)?));
    #[cfg(not(feature = "postgres"))]
    Err(
        "PostgreSQL is not compiled in\n  = help: `cargo run -p checkout --features postgres`"
            .into(),
    )
}

/// Milliseconds since 1970.
pub fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}
