//! Payments: the gateway is asked over HTTP, and asked again where that helps.

use crate::domain::{Charge, Order, Payment, Refusal};
use checkout_telemetry::checkout::{
    self, ErrorClass, HttpResponseStatusCode, PaymentDeclineReason, RetryAttempt, ServerAddress,
    TraceContext, instrumented_operation, metrics,
};
use reqwest::{Client, StatusCode, Url};
use std::time::Duration;

/// Why there is no payment.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(checkout)]
pub enum PaymentError {
    #[error("the gateway declines: {0}")]
    #[error_class(payment_declined)]
    Declined(PaymentDeclineReason),
    #[error("the gateway did not answer within {PATIENCE:?}")]
    #[error_class(gateway_timeout, describe)]
    Timeout,
    #[error("the gateway takes no more calls for now")]
    #[error_class(gateway_rate_limited, describe)]
    RateLimited,
    #[error("the gateway failed: {0}")]
    #[error_class(gateway_failed)]
    Failed(String),
}

/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// A number the contract does not allow would not compile here.
const MOST_RETRIES: RetryAttempt = checkout::constant!(RetryAttempt, 2);

/// The way to the payment gateway.
#[derive(Clone, Debug)]
pub struct Payments {
    http: Client,
    charges: Url,
    host: ServerAddress,
}

impl Payments {
    pub fn new(gateway: &str) -> Result<Self, String> {
        let charges = Url::parse(gateway).and_then(|url| url.join("charges"));
        let charges =
            charges.map_err(|error| format!("`--gateway {gateway}` is no URL: {error}"))?;
        let host = ServerAddress::capped(charges.host_str().unwrap_or_default());
        let http = Client::new();
        Ok(Self {
            http,
            charges,
            host,
        })
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
                Err(error) if error.may_pass() && attempt < MOST_RETRIES => {
                    attempt = RetryAttempt::saturating(attempt.as_i64() + 1);
                    tell_retry(order, attempt, &error);
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
        checkout::PaymentGatewayCharge as op,
        server.address = &self.host,
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
        let request = self.http.post(self.charges.clone()).timeout(PATIENCE);
        let mut request = request.json(&charge).build()?;
        TraceContext::current().inject(request.headers_mut());
        let response = self.http.execute(request).await?;
        let status = response.status();
        op.http_response_status_code(HttpResponseStatusCode::saturating(status.as_u16().into()));
        match status {
            StatusCode::OK => Ok(response.json().await?),
            StatusCode::PAYMENT_REQUIRED => {
                let refusal: Refusal = response.json().await?;
                // The gateway's words are its own: what the contract does not know is `_OTHER`.
                let reason = PaymentDeclineReason::from_str_or_other(&refusal.reason);
                Err(PaymentError::Declined(reason))
            }
            StatusCode::TOO_MANY_REQUESTS => Err(PaymentError::RateLimited),
            status => Err(PaymentError::Failed(format!("it answered {status}"))),
        }
    }
}

impl PaymentError {
    /// Whether asking again may help.
    fn may_pass(&self) -> bool {
        match self {
            Self::Timeout | Self::RateLimited | Self::Failed(_) => true,
            Self::Declined(_) => false,
        }
    }
}

impl From<reqwest::Error> for PaymentError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        // Without the URL: it is the same for every call.
        Self::Failed(error.without_url().to_string())
    }
}

/// How much a slow gateway amplifies the load, and for whom; and beside the trace, which order.
fn tell_retry(order: &Order, attempt: RetryAttempt, error: &PaymentError) {
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
    tracing::warn!(%error, "the gateway is asked again");
}
