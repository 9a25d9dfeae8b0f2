//! Parents and links that the caller specifies instead of the current span.

use crate::local;
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};

/// A value for `parent = …`: a [`TraceContext`](crate::propagation::TraceContext), a [`Context`], a [`SpanContext`], or an
/// `Option` of one of them. For an invalid `SpanContext` or `TraceContext`, the parent is the current span; a `Context` is
/// always used as it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the parent of an operation",
    label = "expected a `TraceContext`, an `opentelemetry::Context` or an `opentelemetry::trace::SpanContext`",
    note = "for a `tracing` span, pass its context: `span.context()`, with `tracing_opentelemetry::OpenTelemetrySpanExt`"
)]
pub trait IntoParent {
    /// Returns the parent context; `None` for the current context.
    fn to_context(&self) -> Option<Context>;
}

impl IntoParent for Context {
    fn to_context(&self) -> Option<Context> {
        Some(self.clone())
    }
}

impl IntoParent for SpanContext {
    fn to_context(&self) -> Option<Context> {
        self.is_valid()
            .then(|| local::current().with_remote_span_context(self.clone()))
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoParent> IntoParent for Option<T> {
    fn to_context(&self) -> Option<Context> {
        self.as_ref().and_then(IntoParent::to_context)
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoParent + ?Sized> IntoParent for &T {
    fn to_context(&self) -> Option<Context> {
        T::to_context(self)
    }
}

/// A value for `link = …`: a [`TraceContext`](crate::propagation::TraceContext), a [`SpanContext`], a [`Context`] with a
/// span, or a collection of them, such as the messages of a batch. Invalid span contexts are skipped.
///
/// ```
/// otel_contract::contract!("doc/billing.yaml");
///
/// use billing::{TraceContext, instrumented_operation};
///
/// struct Batch { order_id: String, jobs: Vec<TraceContext> }
///
/// #[instrumented_operation(
///     billing::InvoiceCreate,
///     link = &batch.jobs,
///     order.id = &batch.order_id,
///     ok(|id| invoice.id = id),
/// )]
/// fn work(batch: &Batch) -> String {
///     format!("inv_{}", batch.order_id)
/// }
///
/// # fn main() {
/// let jobs = vec![TraceContext::current(), TraceContext::from_lossy("garbage")];
/// assert_eq!(work(&Batch { order_id: "1".to_owned(), jobs }), "inv_1");
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "an operation cannot link to `{Self}`",
    label = "expected a `TraceContext`, an `opentelemetry::trace::SpanContext`, an `opentelemetry::Context`, or a slice, `Vec` or `Option` of them"
)]
pub trait IntoLink {
    /// Calls `link` with every span context to link to.
    fn each(&self, link: &mut dyn FnMut(SpanContext));
}

impl IntoLink for SpanContext {
    fn each(&self, link: &mut dyn FnMut(SpanContext)) {
        link(self.clone());
    }
}

impl IntoLink for Context {
    fn each(&self, link: &mut dyn FnMut(SpanContext)) {
        link(self.span().span_context().clone());
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoLink> IntoLink for Option<T> {
    fn each(&self, link: &mut dyn FnMut(SpanContext)) {
        self.iter().for_each(|element| element.each(link));
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoLink> IntoLink for [T] {
    fn each(&self, link: &mut dyn FnMut(SpanContext)) {
        self.iter().for_each(|element| element.each(link));
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoLink, const N: usize> IntoLink for [T; N] {
    fn each(&self, link: &mut dyn FnMut(SpanContext)) {
        self.as_slice().each(link);
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoLink> IntoLink for Vec<T> {
    fn each(&self, link: &mut dyn FnMut(SpanContext)) {
        self.as_slice().each(link);
    }
}

#[diagnostic::do_not_recommend]
impl<T: IntoLink + ?Sized> IntoLink for &T {
    fn each(&self, link: &mut dyn FnMut(SpanContext)) {
        T::each(self, link);
    }
}
