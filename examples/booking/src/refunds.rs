//! Refunds: errors of other crates, an `Err` that does not count as a failure, and operations without the attribute macro.

use booking_telemetry::booking::{
    self, Active, BookingId, ErrorClass, ErrorType, RefundReason, SeatCount, instrumented_operation,
};
use std::io;

/// A simulated ledger of refunds.
#[derive(Debug, Default)]
pub struct Ledger {
    pub is_down: bool,
}

impl Ledger {
    /// Looks up the refund of a booking. A missing refund is an answer, not a failure.
    ///
    /// # Errors
    ///
    /// There is no refund, or the ledger does not answer.
    #[instrumented_operation(
        booking::RefundFind,
        booking.id = booking,
        err(|error| match error.kind() {
            io::ErrorKind::NotFound => None,
            _ => Some(ErrorType::LedgerUnavailable),
        }),
    )]
    pub fn find(&self, booking: &str) -> io::Result<u32> {
        if self.is_down {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        Err(io::ErrorKind::NotFound.into())
    }
}

/// A refund that is paid in several callbacks of a workflow engine, so that no function is the operation.
pub struct Refund(Active<booking::RefundPay>);

impl Refund {
    /// Starts the operation, when the engine starts the refund.
    #[must_use]
    pub fn start(booking: &BookingId) -> Self {
        let refund = booking::RefundPay {
            booking_id: booking.clone(),
            refund_reason: RefundReason::Goodwill,
        };
        Self(refund.start())
    }

    /// Records the approver, when the engine reports the approval.
    pub fn approve(&self, by: &str) {
        self.0.refund_approver(by);
    }

    /// Ends the operation, when the engine has paid.
    pub fn paid(self) {
        self.0.succeed();
    }

    /// Ends the operation as a failure, when the engine has given up.
    pub fn failed(self) {
        self.0.fail(ErrorType::LedgerUnavailable);
    }
}

/// Pays in one step: an `async` block is the operation.
///
/// # Errors
///
/// The ledger did not answer.
pub async fn pay(booking: &BookingId, seats: u8) -> Result<(), LedgerUnavailable> {
    let refund = booking::RefundPay {
        booking_id: booking.clone(),
        refund_reason: RefundReason::CancelledShow,
    };
    refund
        .seat_count(SeatCount::saturating(seats.into()))
        .run(async { Ok(()) })
        .await
}

/// The ledger did not answer.
#[derive(Debug, ErrorClass)]
#[error_class(booking, ledger_unavailable)]
pub struct LedgerUnavailable;
