//! Orders, outbox and invoices: SQLite, or PostgreSQL where that was compiled in.

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

/// The database did not do what it was asked.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error("the database failed: {0}")]
#[error_class(checkout, store_failed)]
pub struct StoreError(#[from] DatabaseError);

/// Why an order was not read.
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

/// Why an order was not marked as paid.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(checkout)]
pub enum PublishError {
    #[error("order `{0}` was paid before")]
    #[error_class(order_already_paid)]
    AlreadyPaid(OrderId),
    #[error(transparent)]
    #[error_class(transparent)]
    Store(#[from] StoreError),
}

type DatabaseError = Box<dyn Error + Send + Sync>;

/// A job of the outbox, with its number there.
pub type Numbered = (i64, Job);

/// What a database has to do.
trait Database: Send {
    /// An order that is there already waits to be paid again.
    fn place(&mut self, orders: &[Order]) -> Result<(), DatabaseError>;
    fn order(&mut self, id: &OrderId) -> Result<Option<Order>, DatabaseError>;
    /// In one transaction: either the order is paid and its job is in the outbox, or neither.
    /// Whether it was; an order that was paid before stays as it is.
    fn pay(&mut self, order: &OrderId, payment: &str, job: &Job) -> Result<bool, DatabaseError>;
    /// Jobs that are not crossed out yet, oldest first.
    fn waiting(&mut self, most: i64) -> Result<Vec<Numbered>, DatabaseError>;
    fn delivered(&mut self, jobs: &[i64]) -> Result<(), DatabaseError>;
    /// An order that has an invoice keeps it: jobs may come twice.
    fn keep(&mut self, invoice: &Invoice) -> Result<(), DatabaseError>;
}

/// The database of a process.
#[derive(Clone)]
pub struct Store {
    database: Arc<Mutex<Box<dyn Database>>>,
}

impl Store {
    /// Opens the file, or connects, and creates the tables that are missing.
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

    /// The job keeps where in the trace it was published: the worker goes on from there.
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

    pub async fn waiting(&self, most: i64) -> Result<Vec<Numbered>, StoreError> {
        self.with(move |database| database.waiting(most)).await
    }

    pub async fn delivered(&self, jobs: Vec<i64>) -> Result<(), StoreError> {
        self.with(move |database| database.delivered(&jobs)).await
    }

    /// Databases block, so they are asked where that is acceptable, in the context of here.
    async fn with<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut dyn Database) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let database = self.database.clone();
        let asked = task::spawn_blocking(move || {
            let mut database = database.lock().unwrap_or_else(PoisonError::into_inner);
            ask(&mut **database)
        });
        let answer = asked.await.map_err(|error| StoreError(error.into()))?;
        Ok(answer?)
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
