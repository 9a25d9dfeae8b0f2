//! A simulated payment gateway, which is slow on demand to cause retries.

use crate::domain::{Invoice, Order};
use acme_telemetry::billing::{self, ErrorClass, RetryAttempt, instrumented_operation};
use std::time::Duration;

/// The gateway did not answer in time.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error("the gateway did not answer within {0:?}")]
#[error_class(billing, gateway_timeout, describe)]
pub struct GatewayTimeout(Duration);

/// A gateway that times out for the first `slow_calls` calls of each order.
#[derive(Debug)]
pub struct Gateway {
    pub slow_calls: i64,
}

impl Gateway {
    #[instrumented_operation(
        billing::InvoiceGatewayCreate,
        retry.attempt = attempt,
        ok(|invoice| invoice.id = &invoice.id),
    )]
    pub async fn create(
        &self,
        order: &Order,
        attempt: RetryAttempt,
    ) -> Result<Invoice, GatewayTimeout> {
        let timeout = Duration::from_millis(20);
        let latency = if attempt.as_i64() < self.slow_calls {
            Duration::from_secs(60)
        } else {
            timeout / 4
        };
        tokio::time::timeout(timeout, tokio::time::sleep(latency))
            .await
            .map_err(|_| GatewayTimeout(timeout))?;
        Ok(Invoice {
            id: format!("inv_{}", order.id.as_str().trim_start_matches("ord_")),
        })
    }
}
