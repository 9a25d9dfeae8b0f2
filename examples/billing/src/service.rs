//! The business path: take a job, create the invoice of an order, retry a slow gateway.

use crate::domain::{Invoice, Order};
use crate::gateway::{Gateway, GatewayTimeout};
use crate::store::{OrderNotFound, Store};
use acme_telemetry::billing::instrumented_operation;
use acme_telemetry::billing::{self, ErrorClass, JobType, OrderId, QueueName, RetryAttempt};

/// Why there is no invoice.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(billing)]
pub enum BillingError {
    #[error(transparent)]
    #[error_class(transparent)]
    Order(#[from] OrderNotFound),
    #[error(transparent)]
    #[error_class(transparent)]
    Gateway(#[from] GatewayTimeout),
}

/// What the queue carries.
#[derive(Debug)]
pub struct InvoiceJob {
    pub queue: QueueName,
    pub order_id: OrderId,
}

/// Creates invoices.
#[derive(Debug)]
pub struct Billing {
    pub store: Store,
    pub gateway: Gateway,
}

impl Billing {
    #[instrumented_operation(
        billing::InvoiceWorkerProcess,
        queue.name = &job.queue,
        job.type = JobType::InvoiceCreate,
        order.id = &job.order_id,
    )]
    pub async fn process(&self, job: InvoiceJob) -> Result<Invoice, BillingError> {
        let order = self.store.load(&job.order_id).await?;
        self.create_invoice(&order).await
    }

    #[instrumented_operation(
        billing::InvoiceCreate as op,
        order.id = &order.id,
        user.email = &order.customer_email,
        ..account = &order.account,
        ok(|invoice| invoice.id = &invoice.id),
    )]
    async fn create_invoice(&self, order: &Order) -> Result<Invoice, BillingError> {
        let mut attempt = RetryAttempt::MIN;
        let invoice = loop {
            op.retry_attempt(attempt);
            match self.gateway.create(order, attempt).await {
                Ok(invoice) => break invoice,
                Err(_) if attempt < MOST_RETRIES => {
                    attempt = RetryAttempt::saturating(attempt.as_i64() + 1);
                }
                Err(error) => return Err(error.into()),
            }
        };
        self.store.save(&invoice).await;
        Ok(invoice)
    }
}

/// A number the contract does not allow would not compile here.
const MOST_RETRIES: RetryAttempt = RetryAttempt::constant(2);
