//! Span context of an operation: a new span id, whether or not the span is sampled, and the flags of the parent.

#![allow(missing_docs)]

use opentelemetry::trace::{
    Link, SpanContext, SpanId, SpanKind, TraceContextExt as _, TraceFlags, TraceId, TraceState,
    Tracer as _,
};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::trace::{
    IdGenerator, SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample,
};
use otel_contract::setup::ContractSampler;
use otel_contract_tests::block_on;
use otel_contract_tests::variants::{EndedSpans, set_up, take_turn, with_every_variant};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use test_vocabulary::forms::{self, TraceContext, instrumented_operation};

const RANDOM: TraceFlags = TraceFlags::new(0x02);

fn current_span() -> SpanContext {
    Context::map_current(|context| context.span().span_context().clone())
}

#[instrumented_operation(forms::FormRun, work.name = "n", err(|_| None))]
fn operation<R>(body: impl FnOnce() -> R) -> R {
    body()
}

#[instrumented_operation(forms::FormRun as op, work.name = "n")]
fn with_handle() -> SpanContext {
    op.work_count(1);
    current_span()
}

#[instrumented_operation(forms::ConsumeRun, parent = parent, link = link)]
fn under(parent: &SpanContext, link: &SpanContext) -> SpanContext {
    current_span()
}

#[instrumented_operation(forms::FormRun, work.name = "n")]
async fn asynchronous() -> SpanContext {
    let before = current_span();
    tokio::task::yield_now().await;
    assert_eq!(current_span(), before);
    before
}

fn parent(flags: u8, is_remote: bool) -> SpanContext {
    let state = TraceState::from_key_value([("vendor", "x")]).expect("a well-formed trace state");
    let (trace, span) = (TraceId::from(0x0af7), SpanId::from(0x00b7_ad6b));
    SpanContext::new(trace, span, TraceFlags::new(flags), is_remote, state)
}

/// Starts an operation under a parent in every way, and returns the span context inside each operation.
fn started_under(parent: &SpanContext) -> Vec<(&'static str, SpanContext)> {
    let _guard = Context::new()
        .with_remote_span_context(parent.clone())
        .attach();
    let active = forms::PlainRun {}.start();
    let by_hand = active.in_context(current_span);
    active.succeed();
    let with_parent = {
        let _elsewhere = Context::new().attach();
        under(parent, parent)
    };
    vec![
        ("a function", operation(current_span)),
        ("with a handle", with_handle()),
        ("a future", block_on(asynchronous())),
        ("by hand", by_hand),
        ("with `parent`", with_parent),
        ("in a thread", {
            let thread = otel_contract::thread::spawn(|| operation(current_span));
            thread.join().expect("the thread does not panic")
        }),
    ]
}

/// An unsampled operation is a span that is not recorded. The span has its own span id, and the trace id, flags and
/// trace state of its parent.
#[test]
fn every_operation_under_an_unsampled_parent_has_a_new_span_id() {
    with_every_variant(true, |variant| {
        for (flags, is_remote) in [(0x00, true), (0x00, false), (0x02, true), (0x82, false)] {
            let parent = parent(flags, is_remote);
            for (how, own) in started_under(&parent) {
                let what = format!("{}, {how}, parent {parent:?}: {own:?}", variant.name);
                assert_eq!(own.trace_id(), parent.trace_id(), "{what}");
                assert_ne!(own.span_id(), parent.span_id(), "{what}");
                assert!(own.is_valid() && !own.is_remote(), "{what}");
                assert_eq!(own.trace_flags(), parent.trace_flags(), "{what}");
                assert_eq!(own.trace_state(), parent.trace_state(), "{what}");
            }
        }
        assert_eq!(variant.spans.take(), [], "{}", variant.name);
    });
}

#[test]
fn nested_unsampled_operations_have_different_span_ids_in_one_trace() {
    with_every_variant(true, |variant| {
        let parent = parent(0x00, true);
        let _guard = Context::new()
            .with_remote_span_context(parent.clone())
            .attach();
        let mut seen = vec![parent.clone()];
        operation(|| {
            seen.push(current_span());
            operation(|| {
                seen.push(current_span());
                // Spans of other instrumentation continue the trace and have different span ids too.
                let tracer = global::tracer("other");
                seen.push(tracer.in_span("other", |context| context.span().span_context().clone()));
                seen.push(with_handle());
            });
            seen.push(operation(current_span));
        });
        assert_eq!(current_span(), parent);
        let ids: HashSet<SpanId> = seen.iter().map(SpanContext::span_id).collect();
        assert_eq!(ids.len(), seen.len(), "{}: {seen:?}", variant.name);
        let is_of_trace = |context: &SpanContext| context.trace_id() == parent.trace_id();
        assert!(seen.iter().all(is_of_trace), "{}: {seen:?}", variant.name);
    });
}

#[test]
fn headers_and_log_records_of_an_unsampled_operation_have_its_span_id() {
    with_every_variant(true, |variant| {
        let parent = parent(0x00, true);
        let _guard = Context::new()
            .with_remote_span_context(parent.clone())
            .attach();
        let (own, sent) = operation(|| {
            forms::WorkIdle.emit();
            (current_span(), TraceContext::current())
        });
        assert_ne!(own.span_id(), parent.span_id());
        assert_eq!(
            (sent.trace_id(), sent.span_id()),
            (own.trace_id(), own.span_id())
        );
        let traceparent = sent.traceparent().expect("an active trace");
        let expected = format!("00-{}-{}-00", own.trace_id(), own.span_id());
        assert_eq!(traceparent, expected, "{}", variant.name);
        let expected = [Some((own.trace_id(), own.span_id()))];
        assert_eq!(variant.take_records(), expected, "{}", variant.name);
    });
}

#[test]
fn every_unsampled_root_has_a_new_trace_id_and_span_id() {
    with_every_variant(false, |variant| {
        let _guard = Context::new().attach();
        let roots: Vec<(SpanContext, SpanContext)> = (0..20)
            .map(|_| operation(|| (current_span(), operation(current_span))))
            .collect();
        for (root, child) in &roots {
            assert!(root.is_valid() && !root.is_sampled() && !root.is_remote());
            assert_eq!(child.trace_id(), root.trace_id());
            assert_ne!(child.span_id(), root.span_id());
            assert_eq!(child.trace_flags(), root.trace_flags());
            // A user-supplied provider decides about the flags of its ids.
            let flags = if variant.is_buffered {
                RANDOM
            } else {
                TraceFlags::NOT_SAMPLED
            };
            assert_eq!(root.trace_flags(), flags, "{}", variant.name);
        }
        let traces: HashSet<TraceId> = roots.iter().map(|(root, _)| root.trace_id()).collect();
        let spans: HashSet<SpanId> = roots.iter().map(|(root, _)| root.span_id()).collect();
        assert_eq!((traces.len(), spans.len()), (20, 20), "{}", variant.name);
        assert_eq!(variant.spans.take(), [], "{}", variant.name);
    });
}

#[test]
fn a_sampled_operation_has_all_flags_of_its_parent_and_a_root_has_the_random_flag() {
    with_every_variant(true, |variant| {
        for flags in [0x01, 0x03, 0xff] {
            for (how, own) in started_under(&parent(flags, true)) {
                assert_eq!(own.trace_flags().to_u8(), flags, "{}, {how}", variant.name);
            }
        }
        let exported = variant.spans.take();
        assert_eq!(exported.len(), 18, "{}", variant.name);
        let flags = exported
            .iter()
            .map(|span| span.span_context.trace_flags().to_u8());
        assert!(flags.eq([[0x01; 6], [0x03; 6], [0xff; 6]].concat()));
        let _guard = Context::new().attach();
        let (root, child) = operation(|| (current_span(), operation(current_span)));
        // The SDK cannot set the random flag for the ids that it generates.
        let expected = if variant.is_buffered { 0x03 } else { 0x01 };
        assert_eq!(root.trace_flags().to_u8(), expected, "{}", variant.name);
        assert_eq!(child.trace_flags().to_u8(), expected, "{}", variant.name);
        let _ = variant.spans.take();
    });
}

#[test]
fn a_link_to_an_unsampled_span_is_exported_with_its_flags() {
    with_every_variant(true, |variant| {
        let _guard = Context::new().attach();
        let (parent, link) = (parent(0x03, true), parent(0x82, false));
        under(&parent, &link);
        let [span] = &variant.spans.take()[..] else {
            panic!("{}: one span", variant.name);
        };
        assert_eq!(span.links.links[0].span_context, link, "{}", variant.name);
    });
}

/// Generates sequential ids, like a provider with its own id format.
#[derive(Debug)]
struct Counts(AtomicU64);

impl IdGenerator for Counts {
    fn new_trace_id(&self) -> TraceId {
        TraceId::from(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }

    fn new_span_id(&self) -> SpanId {
        SpanId::from(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

#[test]
fn a_user_supplied_provider_generates_the_ids_of_unsampled_operations() {
    let _turn = take_turn();
    let provider = SdkTracerProvider::builder()
        .with_sampler(forms::VOCABULARY.sampler())
        .with_id_generator(Counts(AtomicU64::new(1)))
        .build();
    forms::Providers::new()
        .with_tracer_provider(provider)
        .install();
    let _guard = Context::new()
        .with_remote_span_context(parent(0x00, true))
        .attach();
    let ids = [(); 4].map(|()| operation(current_span).span_id());
    assert_eq!(ids, [1, 2, 3, 4].map(SpanId::from));
}

/// Wraps the sampler of a contract and can override its decision.
#[derive(Clone, Debug)]
struct Overruled(ContractSampler, Arc<AtomicBool>);

impl ShouldSample for Overruled {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let sampler = &self.0;
        let mut result = sampler.should_sample(parent, trace_id, name, kind, attributes, links);
        if self.1.load(Ordering::Relaxed) {
            result.decision = SamplingDecision::RecordAndSample;
        }
        result
    }
}

#[test]
fn a_sampler_that_wraps_the_contract_sampler_makes_the_final_decision() {
    let _turn = take_turn();
    let spans = EndedSpans::default();
    let check = |is_overruled: &AtomicBool| {
        let _guard = Context::new()
            .with_remote_span_context(parent(0x00, true))
            .attach();
        for _ in 0..2 {
            is_overruled.store(false, Ordering::Relaxed);
            let not_recorded = [(); 3].map(|()| operation(current_span).is_sampled());
            assert_eq!((not_recorded, spans.take().len()), ([false; 3], 0));
            is_overruled.store(true, Ordering::Relaxed);
            let recorded = [(); 3].map(|()| operation(current_span).is_sampled());
            assert_eq!(recorded, [true; 3]);
            let spans = spans.take();
            assert_eq!(spans.len(), 3);
            let complete = spans.iter().filter(|span| {
                span.start_time <= span.end_time
                    && span.attributes.contains(&KeyValue::new("work.name", "n"))
            });
            assert_eq!(complete.count(), 3);
        }
    };
    let overruled = || Overruled(forms::VOCABULARY.sampler(), Arc::default());
    let (sampler, provided) = (overruled(), spans.clone());
    let is_overruled = sampler.1.clone();
    let provider = SdkTracerProvider::builder()
        .with_sampler(sampler)
        .with_span_processor(provided)
        .build();
    forms::Providers::new()
        .with_tracer_provider(provider)
        .install();
    check(&is_overruled);
    let sampler = overruled();
    let is_overruled = sampler.1.clone();
    let setup = set_up("parentbased_always_on", None).sampler(sampler);
    let setup = setup.with_span_end_processor(spans.clone());
    let guard = setup.install().expect("a valid set-up");
    check(&is_overruled);
    drop(guard);
}
