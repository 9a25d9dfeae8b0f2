//! `outbox-relay`: delivers the jobs of the outbox to the worker in batches.
//!
//! Each batch is a separate trace with links to the traces of its jobs. Each job continues the trace in which it was
//! published. If a delivered job cannot be removed from the outbox, the relay delivers the job again.

use crate::domain::Job;
use crate::options;
use crate::service;
use crate::store::{Numbered, Store, StoreError};
use crate::telemetry;
use checkout_telemetry::checkout::{
    self, ErrorClass, QueueName, TraceContext, instrumented_operation,
};
use reqwest::{Client, Url};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use std::error::Error;
use std::pin::pin;
use std::time::Duration;

/// Pause before the relay reads an empty outbox again.
const PAUSE: Duration = Duration::from_millis(20);
/// Timeout of one delivery.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Maximum number of jobs in a batch. The number is below the default limit of 128 links per span, so every job is
/// linked.
const BATCH_SIZE: i64 = 100;

pub async fn run(options: options::Relay) -> Result<(), Box<dyn Error>> {
    let _telemetry = telemetry::start("outbox-relay")?;
    let relay = Relay::new(&options).await?;
    println!("outbox-relay delivers to {}", relay.jobs);
    relay
        .deliver_until(service::stop_signal(options.stop_at_end_of_input))
        .await;
    Ok(())
}

struct Relay {
    store: Store,
    http: ClientWithMiddleware,
    jobs: Url,
}

/// The worker did not accept the job.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error("the worker did not accept the job: {0}")]
#[error_class(checkout, worker_unavailable)]
struct WorkerUnavailable(#[from] reqwest_middleware::Error);

/// Reason why a batch was not delivered completely.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(checkout)]
enum RelayError {
    #[error(transparent)]
    #[error_class(transparent)]
    Worker(#[from] WorkerUnavailable),
    #[error(transparent)]
    #[error_class(transparent)]
    Store(#[from] StoreError),
}

impl Relay {
    async fn new(options: &options::Relay) -> Result<Self, String> {
        let worker = &options.worker;
        let jobs = Url::parse(worker).and_then(|url| url.join("jobs"));
        let jobs = jobs.map_err(|error| format!("`--worker {worker}` is not a URL: {error}"))?;
        Ok(Self {
            store: Store::open(&options.database).await?,
            http: ClientBuilder::new(Client::new())
                .with(checkout::reqwest_middleware())
                .build(),
            jobs,
        })
    }

    /// Delivers batches until `stop` completes. A started batch is completed first.
    async fn deliver_until(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            let has_more = match self.store.waiting(BATCH_SIZE).await {
                Ok(batch) => match batch.first() {
                    Some((_, job)) => self.relay(&job.queue, &batch).await.is_ok(),
                    None => false,
                },
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be read");
                    false
                }
            };
            let pause = if has_more { Duration::ZERO } else { PAUSE };
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    #[instrumented_operation(
        checkout::OutboxRelay,
        link = origins(batch),
        queue.name = QueueName::capped(queue),
        messaging.batch.message_count = batch.len(),
    )]
    async fn relay(&self, queue: &str, batch: &[Numbered]) -> Result<(), RelayError> {
        let mut delivered = Vec::new();
        let mut result = Ok(());
        for (number, job) in batch {
            result = self.deliver(job).await;
            if result.is_err() {
                break;
            }
            delivered.push(*number);
        }
        self.store.delivered(delivered).await?;
        Ok(result?)
    }

    #[instrumented_operation(
        checkout::OutboxDeliver,
        parent = &job.trace_context,
        queue.name = QueueName::capped(&job.queue),
        order.id = &job.order_id,
    )]
    async fn deliver(&self, job: &Job) -> Result<(), WorkerUnavailable> {
        let request = self.http.post(self.jobs.clone()).timeout(TIMEOUT);
        let response = request.json(job).send().await?;
        response
            .error_for_status()
            .map_err(reqwest_middleware::Error::from)?;
        Ok(())
    }
}

/// Returns the trace contexts of the jobs in a batch.
fn origins(batch: &[Numbered]) -> Vec<TraceContext> {
    let jobs = batch.iter();
    jobs.map(|(_, job)| job.trace_context.clone()).collect()
}
