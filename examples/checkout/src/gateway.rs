//! `payment-gateway`: simulates an external payment gateway with failures on demand.
//!
//! The card token selects the behavior: `tok_ok` is charged, `tok_declined` is declined. With `tok_slow_1`,
//! `tok_limited_1`, `tok_broken_1` and `tok_crash_1`, the first call is slow, rate limited, fails or panics. The number is
//! the number of faulty calls, so with `tok_slow_9` every call is slow.

use crate::domain::{Charge, Payment, Refusal};
use crate::options;
use crate::telemetry;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use checkout_telemetry::checkout::{self, Baggage, ErrorClass, instrumented_operation};
use std::error::Error;
use std::time::Duration;

/// Longer than the timeout of the API.
const SLOW: Duration = Duration::from_secs(20);

pub async fn run(options: options::Gateway) -> Result<(), Box<dyn Error>> {
    let _telemetry = telemetry::start("payment-gateway")?;
    let routes = Router::new().route(checkout::PaymentCharge::PATH, post(charge));
    options.run.serve("payment-gateway", routes).await
}

/// Reason why a card was not charged.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(checkout)]
enum ChargeError {
    #[error("declined")]
    #[error_class(payment_declined)]
    Declined,
    #[error("too many calls")]
    #[error_class(gateway_rate_limited)]
    RateLimited,
    #[error("internal failure")]
    #[error_class(gateway_failed)]
    Broken,
}

#[instrumented_operation(
    checkout::PaymentCharge,
    account.tier = Baggage::current().account_tier,
    ok(|payment| payment.id = &payment.id),
)]
async fn charge(Json(charge): Json<Charge>) -> Result<Json<Payment>, ChargeError> {
    Ok(Json(answer(&charge).await?))
}

async fn answer(charge: &Charge) -> Result<Payment, ChargeError> {
    let token = charge.card_token.strip_prefix("tok_").unwrap_or_default();
    let (fault, calls) = token.split_once('_').unwrap_or((token, "0"));
    let is_faulty = charge.attempt < calls.parse().unwrap_or(0);
    match fault {
        "declined" => return Err(ChargeError::Declined),
        "slow" if is_faulty => tokio::time::sleep(SLOW).await,
        "limited" if is_faulty => return Err(ChargeError::RateLimited),
        "broken" if is_faulty => return Err(ChargeError::Broken),
        "crash" if is_faulty => panic!("the simulated gateway crashes"),
        _ => {}
    }
    let number = charge.order_id.as_str().trim_start_matches("ord_");
    tracing::info!(amount_cents = charge.amount_cents, "charged");
    Ok(Payment {
        id: format!("pay_{number}"),
    })
}

impl ChargeError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Declined => StatusCode::PAYMENT_REQUIRED,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for ChargeError {
    fn into_response(self) -> Response {
        let reason = match self {
            Self::Declined => "insufficient_funds",
            Self::RateLimited => "too many calls",
            Self::Broken => "internal failure",
        };
        let refusal = Refusal {
            reason: reason.to_owned(),
        };
        (self.status(), Json(refusal)).into_response()
    }
}
