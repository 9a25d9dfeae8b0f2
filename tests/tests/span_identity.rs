//! The identity of an operation: a span id of its own whether or not its span is sampled, and the flags of its parent.

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
use otel_contract_tests::roads::{Keeps, on_every_road, set_up, turn};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use test_vocabulary::forms::{self, TraceContext, instrumented_operation};

const RANDOM: TraceFlags = TraceFlags::new(0x02);

fn here() -> SpanContext {
    Context::map_current(|context| context.span().span_context().clone())
}

#[instrumented_operation(forms::FormRun, work.name = "n", err(|_| None))]
fn operation<R>(body: impl FnOnce() -> R) -> R {
    body()
}

#[instrumented_operation(forms::FormRun as op, work.name = "n")]
fn with_handle() -> SpanContext {
    op.work_count(1);
    here()
}

#[instrumented_operation(forms::ConsumeRun, parent = parent, link = link)]
fn under(parent: &SpanContext, link: &SpanContext) -> SpanContext {
    here()
}

#[instrumented_operation(forms::FormRun, work.name = "n")]
async fn asynchronous() -> SpanContext {
    let before = here();
    tokio::task::yield_now().await;
    assert_eq!(here(), before);
    before
}

fn parent(flags: u8, is_remote: bool) -> SpanContext {
    let state = TraceState::from_key_value([("vendor", "x")]).expect("it is well formed");
    let (trace, span) = (TraceId::from(0x0af7), SpanId::from(0x00b7_ad6b));
    SpanContext::new(trace, span, TraceFlags::new(flags), is_remote, state)
}

/// Every way to start an operation under a parent; what each of them sees inside.
fn started_under(parent: &SpanContext) -> Vec<(&'static str, SpanContext)> {
    let _guard = Context::new()
        .with_remote_span_context(parent.clone())
        .attach();
    let active = forms::PlainRun {}.start();
    let by_hand = active.in_context(here);
    active.succeed();
    let given = {
        let _elsewhere = Context::new().attach();
        under(parent, parent)
    };
    vec![
        ("a function", operation(here)),
        ("with a handle", with_handle()),
        ("a future", block_on(asynchronous())),
        ("by hand", by_hand),
        ("with `parent`", given),
        ("in a thread", {
            let thread = otel_contract::thread::spawn(|| operation(here));
            thread.join().expect("it does not panic")
        }),
    ]
}

/// An unsampled operation is a span without a record: it has an identity of its own, and what its parent passes on.
#[test]
fn under_an_unsampled_parent_every_operation_has_a_span_id_of_its_own() {
    on_every_road(true, |road| {
        for (flags, is_remote) in [(0x00, true), (0x00, false), (0x02, true), (0x82, false)] {
            let parent = parent(flags, is_remote);
            for (how, own) in started_under(&parent) {
                let what = format!("{}, {how}, parent {parent:?}: {own:?}", road.name);
                assert_eq!(own.trace_id(), parent.trace_id(), "{what}");
                assert_ne!(own.span_id(), parent.span_id(), "{what}");
                assert!(own.is_valid() && !own.is_remote(), "{what}");
                assert_eq!(own.trace_flags(), parent.trace_flags(), "{what}");
                assert_eq!(own.trace_state(), parent.trace_state(), "{what}");
            }
        }
        assert_eq!(road.spans.take(), [], "{}", road.name);
    });
}

#[test]
fn nested_unsampled_operations_differ_and_go_on_in_one_trace() {
    on_every_road(true, |road| {
        let parent = parent(0x00, true);
        let _guard = Context::new()
            .with_remote_span_context(parent.clone())
            .attach();
        let mut seen = vec![parent.clone()];
        operation(|| {
            seen.push(here());
            operation(|| {
                seen.push(here());
                // Other instrumentation goes on from there, and what it starts differs as well.
                let tracer = global::tracer("other");
                seen.push(tracer.in_span("other", |context| context.span().span_context().clone()));
                seen.push(with_handle());
            });
            seen.push(operation(here));
        });
        assert_eq!(here(), parent);
        let ids: HashSet<SpanId> = seen.iter().map(SpanContext::span_id).collect();
        assert_eq!(ids.len(), seen.len(), "{}: {seen:?}", road.name);
        let is_of_trace = |one: &SpanContext| one.trace_id() == parent.trace_id();
        assert!(seen.iter().all(is_of_trace), "{}: {seen:?}", road.name);
    });
}

#[test]
fn what_leaves_an_unsampled_operation_names_the_operation() {
    on_every_road(true, |road| {
        let parent = parent(0x00, true);
        let _guard = Context::new()
            .with_remote_span_context(parent.clone())
            .attach();
        let (own, sent) = operation(|| {
            forms::WorkIdle.emit();
            (here(), TraceContext::current())
        });
        assert_ne!(own.span_id(), parent.span_id());
        assert_eq!(
            (sent.trace_id(), sent.span_id()),
            (own.trace_id(), own.span_id())
        );
        let traceparent = sent.traceparent().expect("a trace is going on");
        let expected = format!("00-{}-{}-00", own.trace_id(), own.span_id());
        assert_eq!(traceparent, expected, "{}", road.name);
        let expected = [Some((own.trace_id(), own.span_id()))];
        assert_eq!(road.take_records(), expected, "{}", road.name);
    });
}

#[test]
fn each_trace_that_begins_unsampled_has_ids_of_its_own() {
    on_every_road(false, |road| {
        let _guard = Context::new().attach();
        let roots: Vec<(SpanContext, SpanContext)> = (0..20)
            .map(|_| operation(|| (here(), operation(here))))
            .collect();
        for (root, child) in &roots {
            assert!(root.is_valid() && !root.is_sampled() && !root.is_remote());
            assert_eq!(child.trace_id(), root.trace_id());
            assert_ne!(child.span_id(), root.span_id());
            assert_eq!(child.trace_flags(), root.trace_flags());
            // The ids of a provider that was handed over are its own matter.
            let flags = if road.holds {
                RANDOM
            } else {
                TraceFlags::NOT_SAMPLED
            };
            assert_eq!(root.trace_flags(), flags, "{}", road.name);
        }
        let traces: HashSet<TraceId> = roots.iter().map(|(root, _)| root.trace_id()).collect();
        let spans: HashSet<SpanId> = roots.iter().map(|(root, _)| root.span_id()).collect();
        assert_eq!((traces.len(), spans.len()), (20, 20), "{}", road.name);
        assert_eq!(road.spans.take(), [], "{}", road.name);
    });
}

#[test]
fn a_sampled_operation_has_all_flags_of_its_parent_and_a_root_is_random() {
    on_every_road(true, |road| {
        for flags in [0x01, 0x03, 0xff] {
            for (how, own) in started_under(&parent(flags, true)) {
                assert_eq!(own.trace_flags().to_u8(), flags, "{}, {how}", road.name);
            }
        }
        let exported = road.spans.take();
        assert_eq!(exported.len(), 18, "{}", road.name);
        let flags = exported
            .iter()
            .map(|span| span.span_context.trace_flags().to_u8());
        assert!(flags.eq([[0x01; 6], [0x03; 6], [0xff; 6]].concat()));
        let _guard = Context::new().attach();
        let (root, child) = operation(|| (here(), operation(here)));
        // The SDK has no way to say that of the ids it generates.
        let expected = if road.holds { 0x03 } else { 0x01 };
        assert_eq!(root.trace_flags().to_u8(), expected, "{}", road.name);
        assert_eq!(child.trace_flags().to_u8(), expected, "{}", road.name);
        let _ = road.spans.take();
    });
}

#[test]
fn a_link_to_an_unsampled_span_is_exported_with_its_flags() {
    on_every_road(true, |road| {
        let _guard = Context::new().attach();
        let (parent, link) = (parent(0x03, true), parent(0x82, false));
        under(&parent, &link);
        let [span] = &road.spans.take()[..] else {
            panic!("{}: one span", road.name);
        };
        assert_eq!(span.links.links[0].span_context, link, "{}", road.name);
    });
}

/// Ids that count, as those of a provider that needs another form.
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
fn a_provider_that_was_handed_over_generates_the_ids_of_unsampled_operations() {
    let _turn = turn();
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
    let ids = [(); 4].map(|()| operation(here).span_id());
    assert_eq!(ids, [1, 2, 3, 4].map(SpanId::from));
}

/// The sampler of a contract, until another one takes its place.
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
fn a_sampler_around_that_of_the_contract_has_the_last_word() {
    let _turn = turn();
    let spans = Keeps::default();
    let check = |is_overruled: &AtomicBool| {
        let _guard = Context::new()
            .with_remote_span_context(parent(0x00, true))
            .attach();
        for _ in 0..2 {
            is_overruled.store(false, Ordering::Relaxed);
            let not_recorded = [(); 3].map(|()| operation(here).is_sampled());
            assert_eq!((not_recorded, spans.take().len()), ([false; 3], 0));
            is_overruled.store(true, Ordering::Relaxed);
            let recorded = [(); 3].map(|()| operation(here).is_sampled());
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
    let guard = setup.install().expect("nothing is wrong with it");
    check(&is_overruled);
    drop(guard);
}
