//! `checkout-api`: accepts the payment of an order, and publishes a job for its invoice.

use crate::options;
use crate::payments::{PaymentError, Payments};
use crate::store::{LoadError, PublishError, Store};
use crate::telemetry;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use checkout_telemetry::checkout::task::InContext as _;
use checkout_telemetry::checkout::{self, Baggage, ErrorClass, OrderId, instrumented_operation};
use serde::Serialize;
use std::error::Error;

const INVOICE_QUEUE: &str = "invoice-events";

pub async fn run(options: options::Api) -> Result<(), Box<dyn Error>> {
    let _telemetry = telemetry::start("checkout-api")?;
    let api = Api {
        store: Store::open(&options.database).await?,
        payments: Payments::new(&options.gateway)?,
    };
    let routes = Router::new()
        .route(checkout::CheckoutPay::PATH, post(pay))
        .with_state(api);
    options.run.serve("checkout-api", routes).await
}

#[derive(Clone)]
struct Api {
    store: Store,
    payments: Payments,
}

/// Response to the customer.
#[derive(Serialize)]
struct Receipt {
    payment_id: String,
}

/// Reason why an order was not paid.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(checkout)]
enum PayError {
    #[error(transparent)]
    #[error_class(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    #[error_class(transparent)]
    Payment(#[from] PaymentError),
    #[error(transparent)]
    #[error_class(transparent)]
    Publish(#[from] PublishError),
}

#[instrumented_operation(
    checkout::CheckoutPay,
    order.id = &order_id,
    ok(|receipt| payment.id = &receipt.payment_id),
)]
async fn pay(
    State(api): State<Api>,
    Path(order_id): Path<OrderId>,
) -> Result<Json<Receipt>, PayError> {
    Ok(Json(api.pay(order_id).await?))
}

impl Api {
    async fn pay(&self, order_id: OrderId) -> Result<Receipt, PayError> {
        let order = self.store.load(order_id).await?;
        tracing::info!(amount_cents = order.amount_cents, "paying an order");
        // The tier is sent as baggage: in the headers to the gateway, and with the job to the worker.
        let with_tier = Baggage::new().account_tier(order.account.tier).to_context();
        let settle = async {
            let payment = self.payments.authorize(&order).await?;
            let published = self
                .store
                .publish(INVOICE_QUEUE, order.id, payment.id.clone());
            published.await?;
            Ok(Receipt {
                payment_id: payment.id,
            })
        };
        settle.in_context(with_tier).await
    }
}

impl PayError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Load(LoadError::NotFound(_)) => StatusCode::NOT_FOUND,
            Self::Publish(PublishError::AlreadyPaid(_)) => StatusCode::CONFLICT,
            Self::Payment(PaymentError::Declined(_)) => StatusCode::PAYMENT_REQUIRED,
            Self::Payment(PaymentError::Timeout) => StatusCode::GATEWAY_TIMEOUT,
            Self::Payment(PaymentError::RateLimited) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Payment(PaymentError::Failed(_)) => StatusCode::BAD_GATEWAY,
            Self::Load(LoadError::Store(_)) | Self::Publish(PublishError::Store(_)) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }
}

impl IntoResponse for PayError {
    fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}
