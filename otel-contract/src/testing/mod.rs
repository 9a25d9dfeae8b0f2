//! x
mod collect;
mod expected;
mod operations;
mod points;
mod recording;
mod records;
mod report;
mod scope;
mod value;
use crate::description::Contract;
use crate::metric::Metric;
use crate::operation::Operation;
pub use expected::{Expected, HasAttribute};
pub use operations::{OneOperation, Operations, Times};
pub use points::{Amount, OperationPoints, Points};
pub use recording::{
    Attributes, Instrument, Link, Number, Point, Record, Recording, Span, SpanEvent,
};
pub use records::{OneRecord, Records};
pub use scope::{InScope, Scope};
use std::sync::Arc;

/// Telemetry of its own for one test.
#[must_use]
pub fn scope() -> Scope { Scope::new(None) }

macro_rules! questions {
    ($(#[$doc:meta])* $recorder:ident, |$this:ident| $recording:expr) => {
        impl $recorder {
            /// Every time operation `O` happened.
            pub fn operation<O: Operation>(&self) -> Operations<O> {
                let $this = self;
                Operations::of(Arc::new($recording))
            }

            /// What metric `M` of the contract measured.
            pub fn metric<M: Metric>(&self) -> Points<M> {
                let $this = self;
                Points::of(Arc::new($recording))
            }

            /// `<operation>.duration`: how often it ended, and how.
            pub fn duration<O: Operation>(&self) -> OperationPoints<O> {
                let $this = self;
                OperationPoints::of(Arc::new($recording), "duration")
            }

            /// `<operation>.active`: how many run.
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
            pub fn event(&self, contract: &'static Contract, event: &str) -> Records {
                let $this = self;
                Records::of(Arc::new($recording), contract, event)
            }
        }
    };
}

questions!(Scope, |this| this.recorded());
questions!(Recording, |this| this.clone());
