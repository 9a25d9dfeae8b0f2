//! Testing kit: separate telemetry for each test, and assertions that use the types of the contract.
//!
//! Requires feature `testing`, which is for `[dev-dependencies]` only. The vocabulary crate forwards the feature
//! (`testing = ["otel-contract/testing"]`), so services need no other dependency. Each [`scope()`] has its own providers,
//! so tests can run in parallel, in one process or in several:
//!
//! ```
//! otel_contract::contract!("doc/billing.yaml");
//!
//! use billing::{AccountTier, ErrorClass, InvoiceId, OrderId, instrumented_operation, testing};
//!
//! #[derive(Debug, ErrorClass)]
//! #[error_class(billing, order_not_found)]
//! struct OrderNotFound;
//!
//! #[instrumented_operation(
//!     billing::InvoiceCreate,
//!     order.id,
//!     account.tier = tier,
//!     ok(|invoice| invoice.id = invoice),
//! )]
//! fn create_invoice(order_id: &str, tier: AccountTier) -> Result<String, OrderNotFound> {
//!     match order_id {
//!         "" => Err(OrderNotFound),
//!         order => Ok(format!("inv_{order}")),
//!     }
//! }
//!
//! // In a test:
//! # fn main() {
//! let scope = testing::scope();
//! scope.run(|| create_invoice("ord_1", AccountTier::Pro)).unwrap();
//! scope.run(|| create_invoice("", AccountTier::Free)).unwrap_err();
//!
//! scope
//!     .operation::<billing::InvoiceCreate>()
//!     .having(AccountTier::Pro)
//!     .once()
//!     .succeeded()
//!     .root()
//!     .exactly((OrderId::from("ord_1"), AccountTier::Pro, InvoiceId::from("inv_ord_1")));
//! scope
//!     .operation::<billing::InvoiceCreate>()
//!     .having(AccountTier::Free)
//!     .once()
//!     .failed(billing::ErrorType::OrderNotFound);
//! scope.duration::<billing::InvoiceCreate>().count(2);
//!
//! // All telemetry recorded in the scope matches the contract.
//! scope.assert_contract(&billing::CONTRACT);
//! # }
//! ```
//!
//! A test can expect only attributes that the contract lists for the operation: any other attribute does not compile. The
//! message of a failed assertion shows each difference between the expected and the recorded attributes, and the line of
//! the contract. Secret values and unprotected personal values are not printed.
//!
//! Run futures with [`TestScope::run_async`], in tasks too: `tokio::spawn(scope.run_async(…))`. Only ended spans are
//! recorded, so await spawned tasks before the assertions.
//!
//! [`Recording::assert_contract`] and [`Recording::assert_coverage`] also check telemetry of other origins, such as
//! decoded OTLP of other processes; see [`Recording`].

mod check;
mod collect;
mod coverage;
mod events;
mod expected;
mod identity;
mod one_event;
mod one_operation;
mod operations;
mod points;
mod recording;
mod report;
mod scope;
mod sdk;
mod series;
mod times;
mod value;

pub use check::{Check, Violation};
pub use coverage::Coverage;
pub use events::Events;
pub use expected::Expected;
#[doc(hidden)]
pub use expected::{ExpectedSink, expect_attribute};
pub use one_event::OneEvent;
pub use one_operation::OneOperation;
pub use operations::Operations;
pub use points::{OperationPoints, Points};
pub use recording::{
    Attributes, Instrument, Link, LostAttribute, Number, OutsideStarts, Point, Record, Recording,
    Span, SpanEvent,
};
pub use scope::{InScope, TestScope};
pub use series::Amount;
pub use times::Times;

use crate::description::Contract;
use crate::event::Event;
use crate::metric::Metric;
use crate::operation::Operation;
use std::sync::Arc;

/// Creates a scope for one test, without a resource. [`TestScope::with_resource`] creates a scope with a resource.
///
/// # Panics
///
/// Panics if `OTEL_CONTRACT_COVERAGE` is set and the [coverage](Coverage) file of the process cannot be written.
#[must_use]
#[track_caller]
pub fn scope() -> TestScope {
    TestScope::new(None)
}

/// Adds a recording to the coverage file of the process, because a test asserts on it.
#[track_caller]
fn asserted(contract: &'static Contract, recording: Recording) -> Arc<Recording> {
    coverage::file::note_recording(contract, &recording);
    Arc::new(recording)
}

/// Implements the assertion methods for a source of recordings.
macro_rules! assertion_methods {
    ($recorder:ident, |$this:ident| $recording:expr) => {
        impl $recorder {
            /// Returns assertions on the spans of operation `O`.
            #[track_caller]
            #[must_use = "assert how often the operation happened"]
            pub fn operation<O: Operation>(&self) -> Operations<O> {
                let $this = self;
                Operations::of(asserted(O::contract(), $recording))
            }

            /// Returns assertions on metric `M` of the contract.
            #[track_caller]
            #[must_use = "assert what was measured"]
            pub fn metric<M: Metric>(&self) -> Points<M> {
                let $this = self;
                Points::of(asserted(M::contract(), $recording))
            }

            /// Returns assertions on `<operation>.duration`, which counts the ended operations by outcome.
            #[track_caller]
            #[must_use = "assert what was measured"]
            pub fn duration<O: Operation>(&self) -> OperationPoints<O> {
                let $this = self;
                OperationPoints::of(asserted(O::contract(), $recording), "duration")
            }

            /// Returns assertions on `<operation>.active`, the number of active operations.
            #[track_caller]
            #[must_use = "assert what was measured"]
            pub fn active<O: Operation>(&self) -> OperationPoints<O> {
                let $this = self;
                OperationPoints::of(asserted(O::contract(), $recording), "active")
            }

            /// Returns assertions on the log records of event `E` of the contract.
            #[track_caller]
            #[must_use = "assert how often the event was recorded"]
            pub fn event<E: Event>(&self) -> Events<E> {
                let $this = self;
                Events::of(asserted(E::contract(), $recording))
            }

            /// Asserts that all recorded telemetry matches the contract: names, kinds, types, values, required
            /// attributes, privacy, metrics and their bounds, and the resource if there is one. Accepts
            /// `&billing::CONTRACT`, or a [`Check`] that allows more.
            ///
            /// # Panics
            ///
            /// Panics with every violation, or if no telemetry of the contract was recorded.
            #[track_caller]
            pub fn assert_contract(&self, check: impl Into<Check>) {
                let $this = self;
                check.into().assert(&$recording);
            }

            /// Asserts that every entry of the contract was recorded: operations, error classes, closed values, metrics
            /// and events. Accepts `&billing::CONTRACT`, or a [`Coverage`] with exclusions.
            ///
            /// # Panics
            ///
            /// Panics with all missing entries and all unneeded exclusions.
            #[track_caller]
            pub fn assert_coverage(&self, coverage: impl Into<Coverage>) {
                let $this = self;
                coverage.into().assert(&$recording);
            }
        }
    };
}

assertion_methods!(TestScope, |this| this.recorded());
assertion_methods!(Recording, |this| this.clone());
