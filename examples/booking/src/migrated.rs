//! The service under a contract.

use crate::Payments;
use booking_telemetry::booking::{
    self, ErrorClass, SeatCount, TraceContext, instrumented_operation,
};
use http::HeaderMap;

/// The reasons why a booking can fail.
#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(booking)]
pub enum BookingError {
    #[error("only {0} seats are free")]
    #[error_class(sold_out)]
    SoldOut(u8),
    #[error("the payment was declined")]
    #[error_class(payment_declined)]
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
    #[instrumented_operation(
        booking::BookingCreate,
        show.id = show,
        seat.count = SeatCount::saturating(seats.into()),
        ok(|booking| booking.id = booking),
    )]
    pub async fn create(&self, show: &str, seats: u8) -> Result<String, BookingError> {
        if seats > self.free {
            return Err(BookingError::SoldOut(self.free));
        }
        self.charge(seats).await?;
        let booking = format!("bkg_{seats}");
        booking::spawn(confirm(booking.clone()));
        tracing::info!("booked");
        Ok(booking)
    }

    #[instrumented_operation(
        booking::PaymentCharge,
        seat.count = SeatCount::saturating(seats.into()),
    )]
    async fn charge(&self, seats: u8) -> Result<(), PaymentDeclined> {
        let mut headers = HeaderMap::new();
        TraceContext::current().inject(&mut headers);
        let accepted = self.payments.accept(seats, headers).await;
        accepted.then_some(()).ok_or(PaymentDeclined)
    }
}

/// The payment was declined.
#[derive(Debug, ErrorClass)]
#[error_class(booking, payment_declined)]
struct PaymentDeclined;

impl From<PaymentDeclined> for BookingError {
    fn from(_: PaymentDeclined) -> Self {
        Self::PaymentDeclined
    }
}

#[instrumented_operation(booking::ConfirmationSend, booking.id = &booking)]
async fn confirm(booking: String) {
    tracing::info!("the confirmation was sent");
}
