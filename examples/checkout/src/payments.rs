//! Payments: calls the gateway over HTTP, and retries failed calls that may succeed.

use crate::domain::{Charge, Order, Payment, Refusal};
use checkout_telemetry::checkout::{
    self, ErrorClass, PaymentDeclineReason, RetryAttempt, instrumented_operation, metrics,
};
use reqwest::{Client, StatusCode, Url};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Error};
use std::time::Duration;

/// Reason why a payment failed.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(checkout)]
pub enum PaymentError {
    #[error("the gateway declined the payment: {0}")]
    #[error_class(payment_declined)]
    Declined(PaymentDeclineReason),
    #[error("the gateway did not answer within {TIMEOUT:?}")]
    #[error_class(gateway_timeout, describe)]
    Timeout,
    #[error("the gateway limits the rate of calls")]
    #[error_class(gateway_rate_limited, describe)]
    RateLimited,
    #[error("the gateway failed: {0}")]
    #[error_class(gateway_failed)]
    Failed(String),
}

/// Timeout of one call.
const TIMEOUT: Duration = Duration::from_secs(2);
/// Maximum number of retries of one payment. A number outside the range in the contract does not compile.
const MAX_RETRIES: RetryAttempt = checkout::constant!(RetryAttempt, 2);

/// Client of the payment gateway.
#[derive(Clone, Debug)]
pub struct Payments {
    http: ClientWithMiddleware,
    charges: Url,
}

impl Payments {
    pub fn new(gateway: &str) -> Result<Self, String> {
        let charges = Url::parse(gateway).and_then(|url| url.join("charges"));
        let charges =
            charges.map_err(|error| format!("`--gateway {gateway}` is not a URL: {error}"))?;
        let http = ClientBuilder::new(Client::new())
            .with(checkout::reqwest_middleware())
            .build();
        Ok(Self { http, charges })
    }

    #[instrumented_operation(
        checkout::PaymentAuthorize as op,
        order.id = &order.id,
        user.email = &order.customer_email,
        ..account = &order.account,
        ok(|payment| payment.id = &payment.id),
    )]
    pub async fn authorize(&self, order: &Order) -> Result<Payment, PaymentError> {
        let mut attempt = RetryAttempt::MIN;
        loop {
            op.retry_attempt(attempt);
            match self.charge(order, attempt).await {
                Err(error) if error.is_transient() && attempt < MAX_RETRIES => {
                    attempt = RetryAttempt::saturating(attempt.as_i64() + 1);
                    record_retry(order, attempt, &error);
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(PaymentError::Declined(reason)) => {
                    checkout::PaymentDeclined {
                        order_id: order.id.clone(),
                        account_tier: order.account.tier,
                        payment_decline_reason: reason,
                    }
                    .emit();
                    return Err(PaymentError::Declined(reason));
                }
                other => return other,
            }
        }
    }

    #[instrumented_operation(
        checkout::PaymentGatewayCharge,
        retry.attempt = attempt,
        ok(|payment| payment.id = &payment.id),
    )]
    async fn charge(&self, order: &Order, attempt: RetryAttempt) -> Result<Payment, PaymentError> {
        let charge = Charge {
            order_id: order.id.clone(),
            amount_cents: order.amount_cents,
            card_token: order.card_token.clone(),
            attempt: attempt.as_i64(),
        };
        let request = self.http.post(self.charges.clone()).timeout(TIMEOUT);
        let response = request.json(&charge).send().await?;
        match response.status() {
            StatusCode::OK => Ok(response.json().await.map_err(Error::from)?),
            StatusCode::PAYMENT_REQUIRED => {
                let refusal: Refusal = response.json().await.map_err(Error::from)?;
                // The gateway may send a reason that the contract does not list: that is recorded as `_OTHER`.
                let reason = PaymentDeclineReason::from_str_or_other(&refusal.reason);
                Err(PaymentError::Declined(reason))
            }
            StatusCode::TOO_MANY_REQUESTS => Err(PaymentError::RateLimited),
            status => Err(PaymentError::Failed(format!("status {status}"))),
        }
    }
}

impl PaymentError {
    /// Whether a retry may succeed.
    fn is_transient(&self) -> bool {
        match self {
            Self::Timeout | Self::RateLimited | Self::Failed(_) => true,
            Self::Declined(_) => false,
        }
    }
}

impl From<Error> for PaymentError {
    fn from(error: Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        // Without the URL, which is the same for every call.
        Self::Failed(error.without_url().to_string())
    }
}

/// Records a retry: a counter by account tier and error class, and an event with the order.
fn record_retry(order: &Order, attempt: RetryAttempt, error: &PaymentError) {
    let account_tier = order.account.tier;
    let error_type = error.error_class();
    metrics::payment_gateway_retries().add(
        1,
        metrics::PaymentGatewayRetries {
            account_tier,
            error_type,
        },
    );
    checkout::PaymentRetried {
        order_id: order.id.clone(),
        retry_attempt: attempt,
        error_type,
    }
    .emit();
    tracing::warn!(%error, "retrying the payment");
}
