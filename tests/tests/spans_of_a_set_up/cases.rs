//! Cases that are compared: code inside and outside of operations.

use opentelemetry::trace::{
    Link, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceId,
    TraceState, Tracer as _,
};
use opentelemetry::{Context, KeyValue, global};
use otel_contract_tests::block_on;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, SystemTime};
use test_vocabulary::forms::{self, TraceContext, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

#[instrumented_operation(forms::PlainRun)]
pub(crate) fn plain() {}

#[instrumented_operation(
    forms::StrictRun,
    work.name = name,
    ok(|count| work.count = *count),
    err(|_| forms::ErrorType::Broken),
)]
fn strict(name: &str, result: Result<i64, Broken>) -> Result<i64, Broken> {
    plain();
    result
}

#[instrumented_operation(
    forms::FullRun,
    work.kind = forms::WorkKind::Large,
    work.code = 404,
    work.step = forms::WorkStep::saturating(9),
    work.urgent = true,
    work.name = name,
    work.count = name.len(),
    work.share = 1.5,
    work.tags = ["a", "b"],
    work.sizes = [1, 2],
    work.queue = forms::WorkQueue::capped(name),
    work.token = forms::WorkToken::new("t"),
    person.email = "ada@example.org",
    region = None::<forms::Region>,
)]
fn full(name: &str) {}

#[instrumented_operation(forms::FormRun as op, work.name = "entry", work.count = 1, work.kind = "small")]
fn late() {
    op.work_count(2);
    op.work_kind(Some(forms::WorkKind::Large));
    op.job_type(forms::JobType::Sync);
    op.work_name("late");
}

#[instrumented_operation(forms::FormRun, work.name = "entry", work.count = 1, ok(|()| work.name = "ok", job.type = "batch"))]
fn twice() {}

#[instrumented_operation(forms::SampledRun, work.kind = kind, work.name = "n")]
fn sampled(kind: forms::WorkKind) {
    plain();
}

#[instrumented_operation(forms::ConsumeRun, parent = parent, link = links)]
fn consume(parent: Option<SpanContext>, links: &[SpanContext]) {
    plain();
}

#[instrumented_operation(forms::FormRun, work.name = "async")]
async fn waits(times: usize) {
    for _ in 0..times {
        tokio::task::yield_now().await;
        plain();
    }
}

#[instrumented_operation(forms::FormRun, work.name = "body")]
pub(crate) fn body(body: impl FnOnce()) {
    body();
}

fn remote(id: u128, sampled: bool) -> SpanContext {
    let state = TraceState::from_key_value([("vendor", "x")]).expect("a well-formed trace state");
    let flags = TraceFlags::default().with_sampled(sampled);
    SpanContext::new(TraceId::from(id), SpanId::from(9), flags, true, state)
}

/// Explicit end time, far in the future.
pub(crate) fn explicit_end() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 33)
}

pub(crate) fn attribute(n: usize) -> KeyValue {
    KeyValue::new(format!("other.{n}"), 1)
}

/// Cases with their names; each case is compared separately.
pub(crate) const CASES: &[(&str, fn())] = &[
    ("success and failure", || {
        let _ = strict("a", Ok(3));
        let _ = strict("b", Err(Broken));
    }),
    ("every class", || {
        full("n");
        full("another");
    }),
    ("more values than a bounded attribute may have", || {
        for n in 0..6 {
            full(&format!("queue {n}"));
        }
    }),
    ("late attributes", || {
        late();
        twice();
    }),
    ("a panic", || {
        let result = catch_unwind(AssertUnwindSafe(|| body(|| panic!("expected"))));
        assert!(result.is_err());
    }),
    ("attributes for the sampler", || {
        sampled(forms::WorkKind::Small);
        sampled(forms::WorkKind::Large);
    }),
    ("parents and links", || {
        consume(Some(remote(7, true)), &[remote(8, true), remote(9, false)]);
        consume(Some(remote(7, false)), &[]);
        consume(Some(SpanContext::NONE), &[]);
        let flags = TraceFlags::new(3);
        let state = TraceState::NONE;
        let invalid = SpanContext::new(TraceId::INVALID, SpanId::from(5), flags, true, state);
        let invalid = Context::new().with_remote_span_context(invalid);
        forms::PlainRun {}.parent(invalid).start().succeed();
        consume(None, &[]);
    }),
    ("under a context", || {
        let _guard = Context::new()
            .with_remote_span_context(remote(5, true))
            .attach();
        plain();
        body(plain);
        let here = TraceContext::current();
        assert_eq!(
            forms::PlainRun {}
                .parent(&here)
                .start()
                .context()
                .span()
                .span_context()
                .trace_id(),
            TraceId::from(5)
        );
    }),
    ("futures", || {
        block_on(waits(3));
        block_on(async {
            let timeout = tokio::time::timeout(Duration::ZERO, async {
                waits(1).await;
                std::future::pending::<()>().await;
            });
            assert!(timeout.await.is_err());
            let mut cancelled = Box::pin(waits(5));
            let _ = futures_poll(cancelled.as_mut()).await;
        });
    }),
    ("by hand", || {
        let active = forms::StrictRun {
            work_name: "n".into(),
        }
        .start();
        active.in_context(plain);
        active.work_count(4);
        active.work_count(5);
        let elsewhere = active.context();
        active.succeed();
        elsewhere.span().set_attribute(attribute(0));
        elsewhere.span().add_event("too late", Vec::new());
        assert!(!elsewhere.span().is_recording());
        forms::StrictRun {
            work_name: "n".into(),
        }
        .start()
        .fail(forms::ErrorType::Late);
        drop(forms::PlainRun {}.start());
    }),
    ("other code changes the span", || {
        body(|| {
            Context::map_current(|context| {
                let span = context.span();
                assert!(span.is_recording());
                span.set_attribute(attribute(1));
                span.set_attributes([attribute(2), attribute(3)]);
                span.add_event("an event", vec![attribute(4)]);
                span.record_error(&std::fmt::Error);
                span.add_link(remote(3, true), vec![attribute(5)]);
                span.update_name("renamed");
                span.set_status(Status::error("first"));
                span.set_status(Status::Unset);
            });
        });
        body(|| Context::map_current(|context| context.span().set_status(Status::Ok)));
        let _ = with_status(Status::Ok);
        let _ = with_status(Status::error("status"));
        body(|| {
            Context::map_current(|context| {
                let span = context.span();
                span.set_attribute(KeyValue::new("error.type", "others"));
                span.set_status(Status::error("a"));
                span.set_status(Status::error("b"));
            });
        });
    }),
    ("other code ends the span", || {
        body(|| {
            Context::map_current(|context| {
                context.span().end_with_timestamp(explicit_end());
                context.span().set_attribute(attribute(1));
                context.span().end();
                assert!(!context.span().is_recording());
            });
        });
        let _ = ended_and_failed();
    }),
    ("other instrumentation", || {
        let tracer = global::tracer("other");
        tracer.in_span("around", |_| {
            body(|| {
                tracer.in_span("within", |context| {
                    context.span().set_attribute(attribute(1));
                });
            });
        });
        let builder = tracer
            .span_builder("linked")
            .with_links(vec![Link::with_context(remote(2, true))]);
        let context =
            Context::current_with_span(builder.with_kind(SpanKind::Client).start(&tracer));
        let _guard = context.attach();
        plain();
    }),
    ("more events and links than a span may have", || {
        body(|| {
            Context::map_current(|context| {
                for n in 0..130 {
                    context
                        .span()
                        .add_event("one", (0..130).map(attribute).collect());
                    context.span().add_link(remote(n + 1, true), Vec::new());
                }
            });
        });
        consume(None, &(1..130).map(|n| remote(n, true)).collect::<Vec<_>>());
    }),
    ("suppressed", || {
        let guard = Context::enter_telemetry_suppressed_scope();
        plain();
        drop(guard);
        let quiet = Context::new().with_telemetry_suppressed();
        forms::PlainRun {}.parent(quiet).start().succeed();
        body(plain);
    }),
    ("threads", || {
        body(|| {
            otel_contract::thread::spawn(plain)
                .join()
                .expect("the thread does nothing");
        });
    }),
];

#[instrumented_operation(forms::FormRun, work.name = "before", ok(|()| work.count = 3), err(|_| forms::ErrorType::Broken))]
fn ended_and_failed() -> Result<(), Broken> {
    Context::map_current(|context| context.span().end_with_timestamp(explicit_end()));
    Err(Broken)
}

#[instrumented_operation(forms::FormRun, work.name = "status", err(|_| forms::ErrorType::Broken))]
fn with_status(status: Status) -> Result<(), Broken> {
    Context::map_current(|context| context.span().set_status(status));
    Err(Broken)
}

/// Polls a future once and returns whether it is ready.
async fn futures_poll(mut future: std::pin::Pin<&mut impl Future>) -> bool {
    std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx).is_ready())).await
}
