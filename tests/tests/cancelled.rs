//! Cancelled operations: the span has status Error, and span and metric have `error.type=cancelled`.

#![allow(missing_docs)]

use futures_core::Stream;
use opentelemetry::trace::{Status, TraceContextExt as _};
use opentelemetry::{Context, KeyValue};
use otel_contract_tests::block_on;
use otel_contract_tests::variants::{Variant, with_every_variant};
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

/// Polls a future once and returns whether it is pending.
async fn is_pending_once<F: Future>(mut future: Pin<&mut F>) -> bool {
    std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_pending())).await
}

/// Every way to cancel an operation, with a description.
const CASES: &[(&str, fn())] = &[
    ("a future is dropped", || {
        block_on(async { assert!(is_pending_once(pin!(waits())).await) });
    }),
    ("`select!` takes another branch", || {
        block_on(async {
            tokio::select! {
                biased;
                _ = waits() => unreachable!("the future never completes"),
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
    ("an operation started by hand is dropped", || {
        drop(forms::FormRun {}.work_name("by hand").start());
    }),
    ("the future of `run` is dropped", || {
        block_on(async {
            let future = forms::FormRun {}.work_name("by hand").run(waits_plainly());
            assert!(is_pending_once(pin!(future)).await);
        });
    }),
];

async fn waits_plainly() -> Result<(), Broken> {
    pending().await
}

/// Asserts that exactly one span was exported, with the status and the class of a cancellation.
#[track_caller]
fn assert_cancelled(variant: &Variant, what: &str) {
    let [span] = &variant.spans.take()[..] else {
        panic!("{}, {what}: expected one span", variant.name);
    };
    assert_eq!(span.name, "form.run");
    // The status has no description, since it would repeat the class.
    assert_eq!(span.status, Status::error(""), "{}, {what}", variant.name);
    let classes: Vec<&KeyValue> = span
        .attributes
        .iter()
        .filter(|attribute| attribute.key.as_str() == "error.type")
        .collect();
    let expected = KeyValue::new("error.type", "cancelled");
    assert_eq!(classes, [&expected], "{}, {what}", variant.name);
    assert!(span.events.events.is_empty());
}

#[test]
fn every_kind_of_cancellation_ends_the_span_with_error_type_cancelled() {
    with_every_variant(true, |variant| {
        for (what, cancel) in CASES {
            cancel();
            assert_cancelled(variant, what);
        }
    });
}

#[test]
fn a_status_set_by_other_code_is_kept_by_the_precedence_of_the_specification() {
    with_every_variant(true, |variant| {
        let active = forms::FormRun {}.start();
        active.in_context(|| Context::map_current(|context| context.span().set_status(Status::Ok)));
        drop(active);
        let [span] = &variant.spans.take()[..] else {
            panic!("one span");
        };
        assert_eq!(span.status, Status::Ok, "{}", variant.name);
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
        assert!(is_pending_once(pin!(job())).await);
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
    // The testing kit checks status and class by the same rule.
    scope.assert_contract(&measures::CONTRACT);
}
