//! The business path: processes a job, creates the invoice of an order, and retries calls of a slow gateway.

use crate::domain::{Invoice, Order, Tier};
use crate::gateway::{Gateway, GatewayTimeout};
use crate::queue::InvoiceJob;
use crate::store::{OrderNotFound, Store};
use acme_telemetry::billing::instrumented_operation;
use acme_telemetry::billing::{
    self, AttributeValue as _, ErrorClass, JobType, RetryAttempt, metrics,
};

/// Reason why an invoice was not created.
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
                Err(error) if attempt < MAX_RETRIES => {
                    count_retry(order.account.tier, &error);
                    attempt = RetryAttempt::saturating(attempt.as_i64() + 1);
                }
                Err(error) => return Err(error.into()),
            }
        };
        self.store.save(&invoice).await;
        Ok(invoice)
    }
}

/// Counts a retry by account tier and error class.
fn count_retry(tier: Tier, error: &GatewayTimeout) {
    let account_tier = tier.to_attribute();
    metrics::invoice_gateway_retries().add(
        1,
        metrics::InvoiceGatewayRetries { account_tier }.error_type(error.error_class()),
    );
}

/// Maximum number of retries of one invoice. A number outside the range in the contract does not compile.
const MAX_RETRIES: RetryAttempt = billing::constant!(RetryAttempt, 2);
