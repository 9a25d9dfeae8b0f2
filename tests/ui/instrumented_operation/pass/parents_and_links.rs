//! `parent = …` continues another trace, `link = …` links other traces, and children are below their parent.

use otel_contract_tests::{block_on, record};
use test_vocabulary::forms::{self, instrumented_operation};

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};

#[instrumented_operation(forms::ConsumeRun, parent = parent, link = links, link = Context::new())]
fn consume(parent: Option<SpanContext>, links: &[SpanContext]) {
    inner();
}

#[instrumented_operation(forms::FormRun, parent = &context)]
async fn under(context: Context) {
    inner();
}

#[instrumented_operation(forms::PlainRun)]
fn inner() {}

fn remote(id: u128) -> SpanContext {
    SpanContext::new(TraceId::from(id), SpanId::from(9), TraceFlags::SAMPLED, true, TraceState::NONE)
}

pub(crate) fn main() {
    let ((), spans) = record(|| consume(Some(remote(7)), &[remote(8), remote(9)]));
    let [inner, outer] = &spans[..] else { panic!("two spans") };
    assert_eq!(outer.span_context.trace_id(), TraceId::from(7));
    assert_eq!(outer.parent_span_id, SpanId::from(9));
    assert!(outer.parent_span_is_remote);
    assert_eq!(outer.span_kind, opentelemetry::trace::SpanKind::Consumer);
    let linked: Vec<_> = outer.links.iter().map(|link| link.span_context.trace_id()).collect();
    assert_eq!(linked, [TraceId::from(8), TraceId::from(9)]);
    assert_eq!(inner.parent_span_id, outer.span_context.span_id());
    assert_eq!(inner.span_context.trace_id(), TraceId::from(7));

    let ((), spans) = record(|| consume(None, &[]));
    assert_eq!(spans[1].parent_span_id, SpanId::INVALID);

    let ((), spans) = record(|| block_on(under(Context::new().with_remote_span_context(remote(5)))));
    assert_eq!(spans[1].parent_span_id, SpanId::from(9));
    assert_eq!(spans[0].parent_span_id, spans[1].span_context.span_id());
}
