//! `invoice-worker`: processes jobs and creates invoices, in the trace of the order.

use crate::domain::{Invoice, Job};
use crate::options;
use crate::store::{self, Store, StoreError};
use crate::telemetry;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use checkout_telemetry::checkout::metrics::{InvoiceJobsInFlight, InvoiceJobsLag};
use checkout_telemetry::checkout::{
    self, Baggage, OrderId, QueueName, instrumented_operation, metrics,
};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub async fn run(options: options::Worker) -> Result<(), Box<dyn Error>> {
    let _telemetry = telemetry::start("invoice-worker")?;
    let worker = Worker {
        store: Store::open(&options.database).await?,
        in_flight: Arc::default(),
    };
    let in_flight = worker.in_flight.clone();
    let registration = metrics::invoice_jobs_in_flight().observe(move |observer| {
        let queue_name = QueueName::capped("invoice-events");
        let count = in_flight.load(Ordering::Relaxed);
        observer.observe(count, InvoiceJobsInFlight { queue_name });
    });
    registration.forever();
    let routes = Router::new()
        .route(checkout::InvoiceWorkerProcess::PATH, post(process))
        .with_state(worker);
    options.run.serve("invoice-worker", routes).await
}

#[derive(Clone)]
struct Worker {
    store: Store,
    in_flight: Arc<AtomicI64>,
}

#[instrumented_operation(
    checkout::InvoiceWorkerProcess,
    queue.name = QueueName::capped(&job.queue),
    job.type = job.kind,
    order.id = &job.order_id,
    account.tier = Baggage::current().account_tier,
)]
async fn process(
    State(worker): State<Worker>,
    Json(job): Json<Job>,
) -> Result<StatusCode, StoreError> {
    let _in_flight = InFlight::new(&worker.in_flight);
    let queue_name = QueueName::capped(job.queue);
    let waited =
        std::time::Duration::from_millis((store::now() - job.created_at).try_into().unwrap_or(0));
    metrics::invoice_jobs_lag().record(waited.as_secs_f64(), InvoiceJobsLag { queue_name });
    worker.create_invoice(job.order_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Worker {
    #[instrumented_operation(
        checkout::InvoiceCreate,
        order.id = &order_id,
        account.tier = Baggage::current().account_tier,
        ok(|invoice| invoice.id = &invoice.id),
    )]
    async fn create_invoice(&self, order_id: OrderId) -> Result<Invoice, StoreError> {
        let number = order_id.as_str().trim_start_matches("ord_");
        let invoice = Invoice {
            id: format!("inv_{number}"),
            order_id,
        };
        self.store.save(&invoice).await?;
        tracing::info!(invoice = invoice.id, "created the invoice");
        Ok(invoice)
    }
}

impl IntoResponse for StoreError {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.to_string()).into_response()
    }
}

/// Guard that counts a job as in flight.
struct InFlight(Arc<AtomicI64>);

impl InFlight {
    fn new(count: &Arc<AtomicI64>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
