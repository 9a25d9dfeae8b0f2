//! The way of a trace from one process to the next: [`TraceContext`], and the [`Carrier`]s it
//! travels in.
//!
//! A job, an outbox row or a message carries a [`TraceContext`]; whoever handles it continues the
//! trace with `parent = &job.trace_context`, or points at it with `link = …`.
//!
//! ```
//! otel_contract::contract!("doc/billing.yaml");
//!
//! use billing::{TraceContext, instrumented_operation};
//!
//! struct Job { order_id: String, trace_context: TraceContext }
//!
//! fn enqueue(order_id: &str) -> Job {
//!     Job { order_id: order_id.to_owned(), trace_context: TraceContext::current() }
//! }
//!
//! #[instrumented_operation(
//!     billing::InvoiceCreate,
//!     parent = &job.trace_context,
//!     order.id = &job.order_id,
//!     ok(|id| invoice.id = id),
//! )]
//! fn work(job: Job) -> String {
//!     format!("inv_{}", job.order_id)
//! }
//!
//! # fn main() {
//! work(enqueue("ord_1"));
//! # }
//! ```
//!
//! At the edge of a process, where no other instrumentation does it already, a context comes in with
//! `TraceContext::extract(request.headers())` and goes out with
//! `TraceContext::current().inject(request.headers_mut())` (feature `http`):
//!
//! ```
//! # #[cfg(feature = "http")] {
//! otel_contract::contract!("doc/billing.yaml");
//!
//! use billing::{AccountTier, Baggage, TraceContext, instrumented_operation};
//!
//! #[instrumented_operation(
//!     billing::InvoiceCreate as op,
//!     parent = TraceContext::extract(headers),
//!     order.id,
//!     ok(|id| invoice.id = id),
//! )]
//! fn handle(headers: &http::HeaderMap, order_id: &str) -> String {
//!     let tier = Baggage::current().account_tier;
//!     assert_eq!(tier, Some(AccountTier::Pro));
//!     op.account_tier(tier);
//!     format!("inv_{order_id}")
//! }
//!
//! # fn main() {
//! let mut headers = http::HeaderMap::new();
//! {
//!     let _guard = Baggage::new().account_tier(AccountTier::Pro).attach();
//!     TraceContext::current().inject(&mut headers);
//! }
//! assert_eq!(headers["baggage"], "account.tier=pro");
//! handle(&headers, "ord_1");
//! # }
//! # }
//! ```
//!
//! What came in is there from the first line of the body on. The arguments of the attribute are evaluated
//! before, in the context of the caller.
//!
//! Of the baggage only what the contract lists under `baggage:` goes out and comes in, each value held
//! to its attribute; a value of more than 256 bytes stays behind. Under a set-up that holds for clients and servers of
//! other instrumentation as well, which use OpenTelemetry's global propagator: for the contracts the set-up serves.
//!
//! Written as text it is one line, fit for a column: the `traceparent` of W3C Trace Context, then
//! `;tracestate=…` and `;baggage=…` where there is any.
//!
//! # Which headers
//!
//! Without a set-up, and in test scopes, a context travels as W3C Trace Context with the contract's baggage. Under a
//! set-up `OTEL_PROPAGATORS` decides, for a [`TraceContext`] as for OpenTelemetry's global propagator:
//!
//! | name | headers |
//! | --- | --- |
//! | `tracecontext` | `traceparent`, `tracestate` |
//! | `baggage` | `baggage`, of what contracts list |
//! | `b3` (feature `b3`) | reads `b3`, else `x-b3-…`; writes `b3` |
//! | `b3multi` (feature `b3`) | reads `b3`, else `x-b3-…`; writes `x-b3-traceid`, `x-b3-spanid`, `x-b3-sampled` or `x-b3-flags` |
//! | `none` | no header is read or written |
//!
//! Formats are read in their order; a later one replaces the trace that an earlier one found, unless it finds none. The text
//! has one notation for all of them, and leaves out the trace where none of the trace formats is named, and the baggage
//! where `baggage` is not. So `none` keeps traces from leaving the process or entering it, in a job's payload as well. A value
//! that stays in the process, such as `parent = TraceContext::current()`, is not affected.
//!
//! A propagator given in code by `.propagator(…)` replaces the variable here too: headers are read and written by it, those
//! that its `fields` name. The installed set-up decides, so the last of several. It keeps doing so after its guard is dropped.
//!
//! Flags are those of level 2, `sampled` and `random`; unknown ones are set to zero, as that specification requires. A key
//! that occurs twice in `tracestate` keeps its first value. A `traceparent` that occurs twice is invalid.

#[cfg(feature = "b3")]
mod b3;
pub(crate) mod baggage;
mod carrier;
mod context;
mod edge;
mod format;
mod headers;
mod malformed;
#[cfg(feature = "b3")]
mod propagator;
#[cfg(feature = "serde")]
mod serde;
mod text;
mod trace;
mod traceparent;
mod tracestate;

pub use crate::local::Attached;
pub use baggage::{ContractBaggage, NoBaggage};
pub use carrier::Carrier;
pub use context::TraceContext;
pub use malformed::MalformedTraceContext;
#[cfg(feature = "b3")]
pub use propagator::B3Propagator;

#[cfg(feature = "setup")]
pub(crate) use edge::{Edge, OwnPropagator};
#[cfg(feature = "setup")]
pub(crate) use format::{Format, Formats};

#[doc(hidden)]
pub use baggage::{attach, context_with, read};

/// The headers a context travels in.
const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
pub(crate) const BAGGAGE: &str = "baggage";

#[cfg(test)]
mod tests;
