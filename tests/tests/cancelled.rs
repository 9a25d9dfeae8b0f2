//! Operations that are cancelled: status Error and `error.type`, on the span as on the metric.

#![allow(missing_docs)]

use futures_core::Stream;
use opentelemetry::trace::{Status, TraceContextExt as _};
use opentelemetry::{Context, KeyValue};
use otel_contract_tests::block_on;
use otel_contract_tests::roads::{Road, on_every_road};
use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;
use test_vocabulary::measures::{self, AccountTier, QueueName};
use test_vocabulary::{forms, forms::instrumented_operation};

#[instrumented_operation(forms::FormRun, work.name = "waits")]
async fn waits() -> Result<(), Broken> {
    pending().await
}

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

#[instrumented_operation(forms::FormRun, work.name = "streams", stream)]
fn streams() -> impl Stream<Item = u8> {
    Endless
}

struct Endless;

impl Stream for Endless {
    type Item = u8;

    fn poll_next(self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<Option<u8>> {
        Poll::Ready(Some(1))
    }
}

/// Polls once.
async fn once<F: Future>(mut future: Pin<&mut F>) -> bool {
    std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_pending())).await
}

/// Every way to cancel an operation.
const CASES: &[(&str, fn())] = &[
    ("a future is dropped", || {
        block_on(async { assert!(once(pin!(waits())).await) });
    }),
    ("`select!` takes another branch", || {
        block_on(async {
            tokio::select! {
                biased;
                _ = waits() => unreachable!("it waits for ever"),
                () = async {} => (),
            }
        });
    }),
    ("a timeout", || {
        let result = block_on(async { tokio::time::timeout(Duration::ZERO, waits()).await });
        assert!(result.is_err());
    }),
    ("a task is aborted", || {
        block_on(async {
            let task = otel_contract::spawn(waits());
            tokio::task::yield_now().await;
            task.abort();
            assert!(task.await.is_err_and(|error| error.is_cancelled()));
        });
    }),
    ("a stream is dropped before its end", || {
        block_on(async {
            let mut stream = pin!(streams());
            let next = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await;
            assert_eq!(next, Some(1));
        });
    }),
    (
        "a stream is dropped before it is polled",
        || drop(streams()),
    ),
    ("an operation by hand is dropped", || {
        drop(forms::FormRun {}.work_name("by hand").start());
    }),
    ("a future by hand is dropped", || {
        block_on(async {
            let future = forms::FormRun {}.work_name("by hand").run(waits_plainly());
            assert!(once(pin!(future)).await);
        });
    }),
];

async fn waits_plainly() -> Result<(), Broken> {
    pending().await
}

/// The one span that was exported.
#[track_caller]
fn check(road: &Road, what: &str) {
    let [span] = &road.spans.take()[..] else {
        panic!("{}, {what}: one span", road.name);
    };
    assert_eq!(span.name, "form.run");
    // Without a description: it would only repeat the class.
    assert_eq!(span.status, Status::error(""), "{}, {what}", road.name);
    let classes: Vec<&KeyValue> = span
        .attributes
        .iter()
        .filter(|one| one.key.as_str() == "error.type")
        .collect();
    let expected = KeyValue::new("error.type", "cancelled");
    assert_eq!(classes, [&expected], "{}, {what}", road.name);
    assert!(span.events.events.is_empty());
}

#[test]
fn however_an_operation_is_cancelled_its_span_is_an_error_of_that_class() {
    on_every_road(true, |road| {
        for (what, cancel) in CASES {
            cancel();
            check(road, what);
        }
    });
}

#[test]
fn a_status_that_others_gave_is_kept_in_the_order_of_the_specification() {
    on_every_road(true, |road| {
        let active = forms::FormRun {}.start();
        active.in_context(|| Context::map_current(|it| it.span().set_status(Status::Ok)));
        drop(active);
        let [span] = &road.spans.take()[..] else {
            panic!("one span");
        };
        assert_eq!(span.status, Status::Ok, "{}", road.name);
    });
}

#[test]
fn span_and_metric_of_a_cancelled_operation_agree() {
    #[measures::instrumented_operation(measures::JobRun, queue.name = "mail", account.tier = "pro", ok(|()| topic.name = "t"))]
    async fn job() {
        pending::<()>().await;
    }

    let scope = measures::testing::scope();
    block_on(scope.run_async(async {
        assert!(once(pin!(job())).await);
    }));
    scope.run(|| {
        let queue_name = QueueName::capped("mail");
        drop(
            measures::JobRun { queue_name }
                .account_tier(AccountTier::Pro)
                .start(),
        );
    });
    let jobs = scope.operation::<measures::JobRun>().times(2);
    jobs.each(|job| drop(job.cancelled()));
    let duration = || scope.duration::<measures::JobRun>();
    duration().count(2);
    duration().having(AccountTier::Pro).cancelled().count(2);
    duration().succeeded().never();
    scope.active::<measures::JobRun>().sum(0);
    // The kit holds status and class to one rule.
    scope.assert_contract(&measures::CONTRACT);
}
