//! The testing kit: telemetry of its own for each test, and assertions in the contract's types.
//!
//! With feature `testing`, for `[dev-dependencies]` only. The vocabulary crate hands it on
//! (`testing = ["otel-contract/testing"]`), so that services need nothing else. A [`scope()`] holds providers that no other
//! test sees, so tests run side by side, in one process or in several:
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
//! // Whatever else was recorded, by anybody, is on contract as well.
//! scope.assert_contract(&billing::CONTRACT);
//! # }
//! ```
//!
//! Only what the operation may record can be expected of it: any other attribute does not compile.
//! An assertion that fails says what was expected and what there is, attribute by attribute, and which
//! line of the contract speaks of it. Values that must not be known are not printed either.
//!
//! Futures run by [`Scope::run_async`], also when spawned: `tokio::spawn(scope.run_async(…))`. Spans
//! count once they ended: await what was spawned before asserting.
//!
//! [`Recording::assert_contract`] and [`Recording::assert_coverage`] work on what was recorded
//! anywhere, such as decoded OTLP of other processes; see [`Recording`].

mod check;
mod collect;
mod coverage;
mod expected;
mod kind;
mod one;
mod operations;
mod points;
mod recording;
mod records;
mod report;
mod scope;
mod sdk;
mod value;

pub use check::{Check, Violation};
pub use coverage::Coverage;
pub use expected::Expected;
#[doc(hidden)]
pub use expected::{Take, one};
pub use one::OneOperation;
pub use operations::{Operations, Times};
pub use points::{Amount, OperationPoints, Points};
pub use recording::{
    Attributes, Instrument, Link, Number, Point, Record, Recording, Span, SpanEvent,
};
pub use records::{OneRecord, Records};
pub use scope::{InScope, Scope};

use crate::description::Contract;
use crate::metric::Metric;
use crate::operation::Operation;
use std::sync::Arc;

/// Telemetry of its own for one test, without a resource; [`Scope::with_resource`] gives it one.
#[must_use]
pub fn scope() -> Scope {
    Scope::new(None)
}

macro_rules! questions {
    ($recorder:ident, |$this:ident| $recording:expr) => {
        impl $recorder {
            /// Every time operation `O` happened.
            #[must_use = "say how often it happened"]
            pub fn operation<O: Operation>(&self) -> Operations<O> {
                let $this = self;
                Operations::of(Arc::new($recording))
            }

            /// What metric `M` of the contract measured.
            #[must_use = "say what was measured"]
            pub fn metric<M: Metric>(&self) -> Points<M> {
                let $this = self;
                Points::of(Arc::new($recording))
            }

            /// `<operation>.duration`: how often it ended, and how.
            #[must_use = "say what was measured"]
            pub fn duration<O: Operation>(&self) -> OperationPoints<O> {
                let $this = self;
                OperationPoints::of(Arc::new($recording), "duration")
            }

            /// `<operation>.active`: how many run.
            #[must_use = "say what was measured"]
            pub fn active<O: Operation>(&self) -> OperationPoints<O> {
                let $this = self;
                OperationPoints::of(Arc::new($recording), "active")
            }

            /// The log records of this event of a contract.
            ///
            /// # Panics
            ///
            /// When the contract has no such event.
            #[track_caller]
            #[must_use = "say how often it was recorded"]
            pub fn event(&self, contract: &'static Contract, event: &str) -> Records {
                let $this = self;
                Records::of(Arc::new($recording), contract, event)
            }

            /// Everything that was recorded, by anybody, is on contract: names, kinds, types,
            /// values, what is required, privacy, metrics and their bounds, and the resource where
            /// there is one. Takes `&billing::CONTRACT`, or a [`Check`] that allows more.
            ///
            /// # Panics
            ///
            /// When something is not, with every violation; and when nothing was recorded.
            #[track_caller]
            pub fn assert_contract(&self, check: impl Into<Check>) {
                let $this = self;
                check.into().assert(&$recording);
            }

            /// Every operation, error and value of the contract was exercised. Takes
            /// `&billing::CONTRACT`, or a [`Coverage`] with exceptions.
            ///
            /// # Panics
            ///
            /// When some were not, with all of them.
            #[track_caller]
            pub fn assert_coverage(&self, coverage: impl Into<Coverage>) {
                let $this = self;
                coverage.into().assert(&$recording);
            }
        }
    };
}

questions!(Scope, |this| this.recorded());
questions!(Recording, |this| this.clone());
