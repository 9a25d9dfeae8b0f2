//! Propagation of traces between processes: [`TraceContext`], and the [`Carrier`]s that contain it.
//!
//! A job, an outbox row or a message stores a [`TraceContext`]. The code that handles the job continues the trace with
//! `parent = &job.trace_context`, or links to it with `link = …`.
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
//! If no other instrumentation propagates contexts over HTTP, a server reads the context of a request with
//! `TraceContext::extract(request.headers())`, and a client writes it with
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
//! The received context is current from the first line of the body. The arguments of `#[instrumented_operation]` are
//! evaluated earlier, in the context of the caller.
//!
//! Only baggage that the contract lists under `baggage:` is sent and received, and each value must be valid for its
//! attribute. A value of more than 256 bytes is dropped. A set-up also applies these rules in OpenTelemetry's global
//! propagator, which other instrumentation uses. The global propagator accepts the baggage of every contract of the
//! set-up.
//!
//! As text, a context is one line that fits in a database column: the `traceparent` of W3C Trace Context, followed by
//! `;tracestate=…`, `;b3=…` (a sampling state of B3) and `;baggage=…` if they are not empty.
//!
//! # Which headers
//!
//! Without a set-up, and in test scopes, the headers are those of W3C Trace Context with the contract's baggage. With a
//! set-up, `OTEL_PROPAGATORS` selects the headers of a [`TraceContext`] and of OpenTelemetry's global propagator:
//!
//! | name | headers |
//! | --- | --- |
//! | `tracecontext` | `traceparent`, `tracestate` |
//! | `baggage` | `baggage`, with the attributes that contracts list |
//! | `b3` (feature `b3`) | reads `b3`, otherwise `x-b3-…`; writes `b3` |
//! | `b3multi` (feature `b3`) | reads `b3`, otherwise `x-b3-…`; writes `x-b3-traceid`, `x-b3-spanid`, `x-b3-sampled` or `x-b3-flags` |
//! | `none` | no header is read or written |
//!
//! Formats are read in their order; a later format replaces the trace of an earlier format, unless it finds no trace.
//! The text form (`Display`) has the same notation for all formats. It omits the trace if `OTEL_PROPAGATORS` lists no
//! trace format, and the baggage if the variable does not list `baggage`. So `none` prevents traces from leaving or
//! entering the process, also in the payload of a job. Contexts within the process, such as
//! `parent = TraceContext::current()`, are not affected.
//!
//! A propagator set in code with `.propagator(…)` replaces the variable here too: it reads and writes the headers that its
//! `fields` returns. The set-up that was installed last decides, even after its guard is dropped.
//!
//! The supported flags are those of level 2, `sampled` and `random`; unknown flags are set to zero, as the specification
//! requires. If a key occurs twice in `tracestate`, its first value is used. A `traceparent` that occurs twice is invalid.

#[cfg(feature = "b3")]
mod b3;
pub(crate) mod baggage;
mod carrier;
mod context;
mod format;
mod headers;
mod malformed;
mod mode;
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
pub(crate) use format::{Format, Formats};
#[cfg(feature = "setup")]
pub(crate) use mode::{CustomPropagator, PropagationMode};

#[doc(hidden)]
pub use baggage::{attach, context_with, read};

/// Header names of W3C Trace Context and W3C Baggage.
const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
pub(crate) const BAGGAGE: &str = "baggage";

#[cfg(test)]
mod tests;
