//! An in-memory queue between orders and invoices, with metrics.

use acme_telemetry::billing::metrics::CallbackRegistration;
use acme_telemetry::billing::metrics::{self, InvoiceJobsInFlight, InvoiceJobsLag};
use acme_telemetry::billing::{OrderId, QueueName};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// A job in the queue.
#[derive(Debug)]
pub struct InvoiceJob {
    pub queue: QueueName,
    pub order_id: OrderId,
    /// Counts the job as in flight until the job is dropped.
    _in_flight: InFlight,
}

/// Queue of orders that wait for their invoice.
#[derive(Debug)]
pub struct Queue {
    name: QueueName,
    waiting: VecDeque<(OrderId, Instant)>,
    in_flight: Arc<AtomicI64>,
    /// Keeps the callback of `invoice.jobs.in_flight` registered.
    _registration: CallbackRegistration,
}

impl Queue {
    pub fn new(name: QueueName) -> Self {
        let in_flight = Arc::<AtomicI64>::default();
        let (count, queue_name) = (in_flight.clone(), name.clone());
        let registration = metrics::invoice_jobs_in_flight().observe(move |observer| {
            let queue_name = queue_name.clone();
            observer.observe(
                count.load(Ordering::Relaxed),
                InvoiceJobsInFlight { queue_name },
            );
        });
        Self {
            name,
            waiting: VecDeque::new(),
            in_flight,
            _registration: registration,
        }
    }

    pub fn push(&mut self, order: OrderId) {
        self.waiting.push_back((order, Instant::now()));
    }

    /// Removes and returns the oldest job.
    pub fn take(&mut self) -> Option<InvoiceJob> {
        let (order_id, since) = self.waiting.pop_front()?;
        let queue_name = self.name.clone();
        metrics::invoice_jobs_lag()
            .record(since.elapsed().as_secs_f64(), InvoiceJobsLag { queue_name });
        Some(InvoiceJob {
            queue: self.name.clone(),
            order_id,
            _in_flight: InFlight::new(&self.in_flight),
        })
    }
}

/// Guard that counts a job as in flight.
#[derive(Debug)]
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
