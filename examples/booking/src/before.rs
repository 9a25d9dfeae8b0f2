//! The service under `tracing::instrument`.

use crate::Payments;
use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::global;
use opentelemetry::propagation::Injector;
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The reasons why a booking can fail.
#[derive(Debug, thiserror::Error)]
pub enum BookingError {
    #[error("only {0} seats are free")]
    SoldOut(u8),
    #[error("the payment was declined")]
    PaymentDeclined,
}

/// Takes bookings.
#[derive(Debug, Default)]
pub struct Bookings {
    pub free: u8,
    pub payments: Payments,
}

impl Bookings {
    /// Books seats. Returns the booking number.
    ///
    /// # Errors
    ///
    /// Too few seats are free, or the payment was declined.
    #[tracing::instrument(skip_all, fields(show = %show, seats, booking_id), err)]
    pub async fn create(&self, show: &str, seats: u8) -> Result<String, BookingError> {
        tracing::Span::current().record("seats", seats);
        if seats > self.free {
            return Err(BookingError::SoldOut(self.free));
        }
        self.charge(seats).await?;
        let booking = format!("bkg_{seats}");
        tracing::Span::current().record("booking_id", &booking);
        tokio::spawn(confirm(booking.clone()).in_current_span());
        tracing::info!("booked");
        Ok(booking)
    }

    #[tracing::instrument(skip_all, fields(seats), err)]
    async fn charge(&self, seats: u8) -> Result<(), BookingError> {
        let mut headers = HeaderMap::new();
        let context = tracing::Span::current().context();
        global::get_text_map_propagator(|propagator| {
            propagator.inject_context(&context, &mut Headers(&mut headers));
        });
        let accepted = self.payments.accept(seats, headers).await;
        accepted.then_some(()).ok_or(BookingError::PaymentDeclined)
    }
}

#[tracing::instrument]
async fn confirm(booking: String) {
    tracing::info!("the confirmation was sent");
}

struct Headers<'a>(&'a mut HeaderMap);

impl Injector for Headers<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value)) {
            self.0.insert(name, value);
        }
    }
}
