//! Values, errors and closures that use contracts, or panic, while an operation reads them.
//!
//! A panic in an attribute, in `ok(…)` or `err(…)`, or in the class or text of an error propagates to the caller of the
//! function and ends only this operation, as `panic`.

use crate::support::{TestProviders, carry, count_a_job, job};
use std::cell::RefCell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use test_vocabulary::measures::{
    self, AccountTier, ErrorClass, ErrorType, JobRun, OrderId, QueueName,
};
use test_vocabulary::measures::{TopicName, instrumented_operation};

thread_local! {
    /// Handle of the active operation.
    static HANDLE: RefCell<Option<<JobRun as measures::__private::Operation>::Handle>> = const { RefCell::new(None) };
}

/// Uses contracts in every way that code inside an operation may, also through the handle of this operation.
fn everything() {
    carry();
    count_a_job();
    plain();
    let handle = HANDLE.with_borrow(Clone::clone);
    if let Some(handle) = handle {
        handle.account_tier(AccountTier::Pro);
        handle.order_id("set from within");
    }
}

/// Runs an operation of the same contract; its queue distinguishes it from the operations under test.
fn plain() {
    let plain = JobRun {
        queue_name: QueueName::capped("within"),
    };
    plain.start().succeed();
}

/// Value whose conversion uses contracts and may panic.
#[derive(Debug)]
struct Value {
    panics: bool,
}

impl measures::AttributeValue<OrderId> for Value {
    fn to_attribute(&self) -> OrderId {
        everything();
        assert!(!self.panics, "a value that panics");
        OrderId::from("the value")
    }
}

impl measures::AttributeValue<TopicName> for Value {
    fn to_attribute(&self) -> TopicName {
        everything();
        assert!(!self.panics, "a value that panics");
        TopicName::capped("the topic")
    }
}

/// Error whose text uses contracts and may panic.
#[derive(ErrorClass)]
#[error_class(measures, broken, describe)]
struct Broken {
    panics: bool,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        everything();
        assert!(!self.panics, "an error that panics");
        f.write_str("the text")
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Broken {}

/// Error whose class uses contracts and panics.
#[derive(Debug)]
struct Unclassed;

impl ErrorClass for Unclassed {
    const CLASSES: &'static measures::__private::ErrorClasses<ErrorType> =
        &measures::__private::ErrorClasses {
            own: &[ErrorType::Broken],
            wrapped: &[],
        };

    fn error_class(&self) -> ErrorType {
        everything();
        panic!("a class that panics")
    }
}

impl measures::__FailsWith<JobRun> for Unclassed {}

#[instrumented_operation(measures::JobRun as op, queue.name = "mail", order.id = value, ok(|_| topic.name = value))]
fn with_value(value: &Value) {
    HANDLE.set(Some(op.clone()));
    op.order_id(value);
    HANDLE.set(None);
}

#[instrumented_operation(measures::JobRun, queue.name = "mail", order.id = order(panics), ok(|_| topic.name = "t"))]
fn with_attribute(panics: bool) {
    let _ = panics;
}

fn order(panics: bool) -> &'static str {
    everything();
    assert!(!panics, "an attribute that panics");
    "1"
}

#[instrumented_operation(measures::JobRun, queue.name = "mail", ok(|_| topic.name = TopicName::capped(topic(panics))))]
fn with_ok(panics: bool) -> Option<bool> {
    Some(panics)
}

fn topic(panics: bool) -> &'static str {
    everything();
    assert!(!panics, "a closure that panics");
    "orders"
}

#[instrumented_operation(measures::JobRun, queue.name = "mail", ok(|()| topic.name = "t"))]
fn with_error(panics: bool) -> Result<(), Broken> {
    Err(Broken { panics })
}

#[instrumented_operation(measures::JobRun, queue.name = "mail", ok(|()| topic.name = "t"))]
fn with_class() -> Result<(), Unclassed> {
    Err(Unclassed)
}

#[instrumented_operation(measures::JobRun, queue.name = "mail", ok(|()| topic.name = "t"), err(|_| classify(panics)))]
fn with_err(panics: bool) -> Result<(), fmt::Error> {
    let _ = panics;
    Err(fmt::Error)
}

#[instrumented_operation(measures::JobRun, queue.name = "mail", order.id = order(at == 1), ok(|()| topic.name = TopicName::capped(topic(at == 2))), err(|_| classify(at == 3)))]
async fn asynchronous(at: u8) -> Result<(), fmt::Error> {
    std::future::ready(()).await;
    assert!(at != 4, "a body that panics");
    if at == 3 || at == 5 {
        return Err(fmt::Error);
    }
    Ok(())
}

fn classify(panics: bool) -> ErrorType {
    everything();
    assert!(!panics, "a classification that panics");
    ErrorType::Broken
}

/// Error type and the value of one attribute of each span of the queue `mail`, in the order of their ends.
fn error_types_and_values(providers: &TestProviders, key: &str) -> Vec<String> {
    let spans = providers.spans.all();
    let own = spans.iter().filter(|span| {
        let queue = span
            .attributes
            .iter()
            .find(|attribute| attribute.key.as_str() == "queue.name");
        span.name == "job.run" && queue.is_none_or(|queue| queue.value.as_str() == "mail")
    });
    own.map(|span| {
        let value = |key: &str| {
            let values = span
                .attributes
                .iter()
                .filter(|attribute| attribute.key.as_str() == key);
            let values: Vec<String> = values
                .map(|attribute| attribute.value.to_string())
                .collect();
            values.join(" and ")
        };
        format!("{} {}", value("error.type"), value(key))
            .trim()
            .to_owned()
    })
    .collect()
}

/// Whether the body panics into its caller.
fn panicked(body: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(body)).is_err()
}

/// Checks that contracts still work, and that no lock, borrow or attached context is left behind.
fn assert_still_works(providers: &TestProviders) {
    let before = providers.spans.named("job.run");
    job();
    carry();
    everything();
    assert!(providers.spans.named("job.run") > before);
    let parents = providers.spans.all();
    let last = parents.last().expect("there are spans");
    assert_eq!(
        last.parent_span_id,
        opentelemetry::SpanId::INVALID,
        "no context is left attached"
    );
    let active = providers.lines("job.run.active");
    assert!(active.iter().all(|line| line.ends_with(" 0")), "{active:?}");
}

attacks! {
    fn values_use_contracts() {
        let providers = TestProviders::installed();
        with_value(&Value { panics: false });
        assert_eq!(error_types_and_values(&providers, "order.id"), ["the value"]);
        assert_eq!(error_types_and_values(&providers, "topic.name"), ["the topic"]);
        assert_still_works(&providers);
    }

    fn values_panic() {
        let providers = TestProviders::installed();
        assert!(panicked(|| with_value(&Value { panics: true })));
        assert_still_works(&providers);
        HANDLE.set(None);
    }

    fn a_value_passed_to_a_setter_panics() {
        let providers = TestProviders::installed();
        let job = JobRun { queue_name: QueueName::capped("mail") }.start();
        assert!(panicked(|| job.order_id(&Value { panics: true })));
        // Only that value is lost.
        job.account_tier(AccountTier::Free);
        job.topic_name(&Value { panics: false });
        job.succeed();
        assert_eq!(error_types_and_values(&providers, "account.tier"), ["free"]);
        assert_eq!(error_types_and_values(&providers, "topic.name"), ["the topic"]);
        assert_still_works(&providers);
    }

    fn attributes_use_contracts_or_panic() {
        let providers = TestProviders::installed();
        with_attribute(false);
        assert!(panicked(|| with_attribute(true)));
        assert_eq!(error_types_and_values(&providers, "order.id"), ["1", "panic"]);
        assert_still_works(&providers);
    }

    fn closures_of_ok_use_contracts_or_panic() {
        let providers = TestProviders::installed();
        assert_eq!(with_ok(false), Some(false));
        assert!(panicked(|| assert_eq!(with_ok(true), Some(true))));
        assert_eq!(error_types_and_values(&providers, "topic.name"), ["orders", "panic"]);
        assert_still_works(&providers);
    }

    fn texts_of_errors_use_contracts_or_panic() {
        let providers = TestProviders::installed();
        assert!(with_error(false).is_err());
        assert!(panicked(|| drop(with_error(true))));
        assert_eq!(error_types_and_values(&providers, ""), ["broken", "panic"]);
        assert_still_works(&providers);
    }

    fn classes_of_errors_panic() {
        let providers = TestProviders::installed();
        assert!(panicked(|| drop(with_class())));
        assert_eq!(error_types_and_values(&providers, ""), ["panic"]);
        assert_still_works(&providers);
    }

    fn closures_of_err_use_contracts_or_panic() {
        let providers = TestProviders::installed();
        assert!(with_err(false).is_err());
        assert!(panicked(|| assert!(with_err(true).is_err())));
        assert_eq!(error_types_and_values(&providers, ""), ["broken", "panic"]);
        assert_still_works(&providers);
    }

    fn asynchronous_functions_use_contracts_or_panic() {
        let providers = TestProviders::installed();
        for at in 1..=4 {
            let run = || assert!(otel_contract_tests::block_on(asynchronous(at)).is_ok());
            assert!(panicked(run), "{at}");
        }
        assert!(otel_contract_tests::block_on(asynchronous(5)).is_err());
        assert!(otel_contract_tests::block_on(asynchronous(6)).is_ok());
        assert_eq!(error_types_and_values(&providers, ""), ["panic", "panic", "panic", "panic", "broken", ""]);
        assert_still_works(&providers);
    }

    fn values_of_events_and_metrics_use_contracts_or_panic() {
        let exported = crate::support::Exported::default();
        let guard = exported.setup().install().expect("a valid set-up");
        let done = |panics: bool| {
            test_vocabulary::forms::WorkDone {
                work_name: "one".into(),
                work_kind: test_vocabulary::forms::WorkKind::Small,
            }
            .work_token({
                everything();
                assert!(!panics, "an event that panics");
                test_vocabulary::forms::WorkToken::new("token")
            })
            .emit();
        };
        done(false);
        assert!(panicked(|| done(true)));
        done(false);
        guard.flush();
        assert_eq!(exported.events("work.done"), 2);
    }
}
