//! Telemetry in destructors of thread-locals: the thread ends normally. Destructors that run after OpenTelemetry's own
//! thread-local is destroyed record no telemetry. An abort would end the process, so each case runs in a separate
//! process.

#![allow(missing_docs)]

use opentelemetry::Context;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use otel_contract::InContext as _;
use otel_contract::logs::Correlated;
use otel_contract_tests::points::Meters;
use std::cell::RefCell;
use std::future::Future;
use std::io::Write as _;
use std::pin::Pin;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Waker};
use test_vocabulary::forms::{self, ErrorType, WorkKind, instrumented_operation};
use test_vocabulary::measures::{self, AccountTier, metrics};
use tracing_subscriber::fmt::MakeWriter as _;

/// Runs closures when the thread ends.
struct AtEnd(RefCell<Vec<Box<dyn FnOnce()>>>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        self.0.take().into_iter().for_each(|work| work());
    }
}

thread_local! {
    static AT_END: AtEnd = const { AtEnd(RefCell::new(Vec::new())) };
}

fn at_end(work: impl FnOnce() + 'static) {
    AT_END.with(|at_end| at_end.0.borrow_mut().push(Box::new(work)));
}

#[instrumented_operation(forms::FormRun as op, work.name = "end")]
fn sync() {
    op.work_kind(WorkKind::Small);
}

#[instrumented_operation(forms::FormRun, err(|_| ErrorType::Late))]
fn failing() -> Result<(), u8> {
    Err(1)
}

#[instrumented_operation(measures::JobRun, queue.name = "mail", ok(|()| topic.name = "orders"))]
async fn asynchronous(polls: u32) {
    for _ in 0..polls {
        let mut first = true;
        std::future::poll_fn(|_| {
            if std::mem::take(&mut first) {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }
    sync();
}

#[instrumented_operation(forms::FormRun, parent = parent, link = parent)]
fn under(parent: &SpanContext) {
    sync();
}

fn remote(flags: TraceFlags) -> SpanContext {
    let (trace, span) = (TraceId::from(7), SpanId::from(8));
    SpanContext::new(trace, span, flags, true, TraceState::NONE)
}

fn poll(future: &mut Pin<Box<dyn Future<Output = ()>>>) -> Poll<()> {
    let mut context = std::task::Context::from_waker(Waker::noop());
    future.as_mut().poll(&mut context)
}

fn job() -> measures::JobRunBuilder {
    let job = measures::JobRun {
        queue_name: test_vocabulary::measures::QueueName::capped("mail"),
    };
    job.account_tier(AccountTier::Free)
}

/// Runs while the thread is alive, and returns a closure that runs when the thread ends.
type Case = fn() -> Box<dyn FnOnce()>;

/// Runs the same code while the thread is alive and when it ends, so that its caches are filled, as in a working
/// thread.
macro_rules! both {
    ($work:expr) => {
        || {
            $work();
            Box::new($work)
        }
    };
}

const CASES: &[(&str, Case)] = &[
    ("sync", both!(sync)),
    ("failing", both!(|| assert!(failing().is_err()))),
    (
        "async",
        both!(|| assert!(poll(&mut (Box::pin(asynchronous(0)) as _)).is_ready())),
    ),
    ("parent", both!(|| under(&remote(TraceFlags::SAMPLED)))),
    (
        "unsampled parent",
        both!(|| under(&remote(TraceFlags::default()))),
    ),
    (
        "by hand",
        both!(|| {
            let active = job().start();
            active.account_tier(AccountTier::Pro);
            active.in_context(sync);
            let _ = active.context();
            active.succeed();
            job()
                .parent(remote(TraceFlags::SAMPLED))
                .start()
                .fail(measures::ErrorType::Late);
            drop(job().start());
            assert!(
                poll(
                    &mut (Box::pin(async {
                        let _ = job()
                            .run(async { Ok::<(), std::convert::Infallible>(()) })
                            .await;
                    }) as _)
                )
                .is_ready()
            );
        }),
    ),
    ("event", both!(|| forms::WorkIdle {}.emit())),
    (
        "metric",
        both!(|| {
            metrics::credit().add(1.0, metrics::Credit {});
            metrics::load().record(0.5, ());
        }),
    ),
    (
        "baggage",
        both!(|| {
            let guard = forms::Baggage::new().trip_trial(true).attach();
            let _ = forms::Baggage::current();
            let _ = forms::Baggage::new().trip_trial(true).to_context();
            drop(guard);
        }),
    ),
    (
        "trace context",
        both!(|| {
            let context = forms::TraceContext::current();
            let _ = context.to_context();
            let mut headers = http::HeaderMap::new();
            context.inject(&mut headers);
            let _ = forms::TraceContext::extract(&headers).to_context();
        }),
    ),
    (
        "task",
        both!(|| {
            otel_contract::task::in_current_context(sync)();
            assert!(poll(&mut (Box::pin(async { sync() }.in_current_context()) as _)).is_ready());
            otel_contract::thread::spawn(|| ())
                .join()
                .expect("the thread does nothing");
        }),
    ),
    (
        "log",
        both!(|| {
            let writer = Correlated::new(std::io::sink);
            writer
                .make_writer()
                .write_all(b"the end\n")
                .expect("the sink accepts all bytes");
        }),
    ),
    (
        "scope",
        both!(|| {
            let scope = forms::testing::scope();
            scope.run(sync);
            drop(scope.attach());
            assert!(poll(&mut (Box::pin(scope.run_async(async { sync() })) as _)).is_ready());
        }),
    ),
    // Started while the thread is alive, and ended or dropped when the thread ends.
    ("future dropped", || {
        let mut future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(asynchronous(1));
        assert!(poll(&mut future).is_pending());
        Box::new(move || drop(future))
    }),
    ("future finished", || {
        let mut future: Pin<Box<dyn Future<Output = ()>>> =
            Box::pin(asynchronous(1).in_current_context());
        assert!(poll(&mut future).is_pending());
        Box::new(move || assert!(poll(&mut future).is_ready()))
    }),
    ("operation dropped", || {
        let active = job().start();
        Box::new(move || drop(active))
    }),
    ("operation failed", || {
        let (active, other) = (job().start(), job().start());
        let handle = active.handle();
        Box::new(move || {
            handle.account_tier(AccountTier::Pro);
            active.in_context(sync);
            active.fail(measures::ErrorType::Late);
            other.succeed();
        })
    }),
    ("guards dropped", || {
        let scope = forms::testing::scope();
        let guards = (
            scope.attach(),
            forms::Baggage::new().trip_trial(true).attach(),
        );
        Box::new(move || drop(guards))
    }),
];

const PROVIDERS: [&str; 4] = ["none", "global", "installed", "scope"];

/// When the code runs: after OpenTelemetry's thread-local is destroyed; before; on a thread that earlier used only
/// OpenTelemetry ("foreign"); on a thread that used neither OpenTelemetry nor a contract ("first").
const ORDERS: [&str; 4] = ["after", "before", "foreign", "first"];

#[test]
fn no_entry_point_fails_while_the_thread_ends() {
    let this = std::env::current_exe().expect("a test is a file");
    // Returns the output of the process if the case fails.
    let run = |case: &str, provider: &str, order: &str| {
        let output = Command::new(&this)
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env("THREAD_END", format!("{case}/{provider}/{order}"))
            .output()
            .expect("this test can be started");
        let printed = String::from_utf8_lossy(&output.stderr);
        let panicked = order != "foreign" && printed.contains("panicked");
        (!output.status.success() || panicked)
            .then(|| format!("{case}, {provider}, {order}: {}\n{printed}", output.status))
    };
    let all = |part: &[(&str, Case)]| -> Vec<String> {
        let names = part.iter().map(|(name, _)| *name);
        let each = names.flat_map(|name| PROVIDERS.map(|provider| (name, provider)));
        let each = each.flat_map(|(name, provider)| ORDERS.map(|order| (name, provider, order)));
        each.filter_map(|(name, provider, order)| run(name, provider, order))
            .collect()
    };
    let (one, other) = CASES.split_at(CASES.len() / 2);
    let failed = std::thread::scope(|threads| {
        let one = threads.spawn(|| all(one));
        let other = all(other);
        [one.join().expect("the thread only starts processes"), other].concat()
    });
    assert!(
        failed.is_empty(),
        "{} failed\n\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// Telemetry of the providers of a process.
struct Recorded {
    spans: InMemorySpanExporter,
    records: InMemoryLogExporter,
    meters: Meters,
}

impl Recorded {
    /// All recorded telemetry, as text.
    fn text(&self) -> Vec<String> {
        let spans = self
            .spans
            .get_finished_spans()
            .expect("records are in memory");
        let records = self
            .records
            .get_emitted_logs()
            .expect("records are in memory");
        let spans = spans.iter().map(|span| format!("span {}", span.name));
        let records = records
            .iter()
            .map(|record| format!("record {:?}", record.record.event_name()));
        let points = self.meters.text().into_iter();
        // The count of active operations changes even if the end of an operation was not recorded.
        let points = points.filter(|point| !point.contains("job.run.active"));
        spans.chain(records).chain(points).collect()
    }
}

/// Whether the code at the end of the thread has run.
static ENDED: AtomicBool = AtomicBool::new(false);

/// Child process of the test above.
#[test]
fn child() {
    let Ok(name) = std::env::var("THREAD_END") else {
        return;
    };
    let [name, provider, order]: [&str; 3] = name
        .split('/')
        .collect::<Vec<_>>()
        .try_into()
        .expect("a case, a provider and an order");
    let (_, case) = CASES
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a case");
    let recorded = install(provider);
    tracing::subscriber::set_global_default(
        tracing_subscriber::fmt()
            .with_writer(std::io::sink)
            .map_writer(Correlated::new)
            .finish(),
    )
    .expect("the only one of this process");
    let (case, order, scoped) = (*case, order.to_owned(), provider == "scope");
    let seen = order.clone();
    let before = std::thread::scope(|threads| {
        let thread = threads.spawn(|| {
            let scope = scoped.then(forms::testing::scope);
            let scope = scope.as_ref();
            let alive = || match scope {
                Some(scope) => scope.run(case),
                None => case(),
            };
            let late = move || case()();
            let work: Box<dyn FnOnce()> = match order.as_str() {
                "after" => {
                    at_end(|| ());
                    alive()
                }
                "before" => {
                    let work = alive();
                    at_end(|| ());
                    work
                }
                // The whole case runs when the thread ends.
                "foreign" => {
                    at_end(|| ());
                    Context::map_current(|context| assert!(!context.has_active_span()));
                    Box::new(late)
                }
                _ => Box::new(late),
            };
            at_end(move || {
                work();
                ENDED.store(true, Ordering::SeqCst);
            });
            recorded.text()
        });
        thread.join().expect("the thread ends")
    });
    assert!(
        ENDED.load(Ordering::SeqCst),
        "the code at the end of the thread ran"
    );
    if ["after", "foreign"].contains(&&*seen) {
        assert_eq!(recorded.text(), before);
    }
}

fn install(provider: &str) -> Recorded {
    let recorded = Recorded {
        spans: InMemorySpanExporter::default(),
        records: InMemoryLogExporter::default(),
        meters: Meters::with_view(measures::view),
    };
    let tracers = SdkTracerProvider::builder()
        .with_simple_exporter(recorded.spans.clone())
        .build();
    let loggers = SdkLoggerProvider::builder()
        .with_simple_exporter(recorded.records.clone())
        .build();
    match provider {
        "global" => {
            opentelemetry::global::set_tracer_provider(tracers);
            opentelemetry::global::set_meter_provider(recorded.meters.provider.clone());
        }
        "installed" => forms::Providers::new()
            .with_tracer_provider(tracers)
            .with_meter_provider(recorded.meters.provider.clone())
            .with_logger_provider(loggers)
            .install(),
        _ => {}
    }
    recorded
}
