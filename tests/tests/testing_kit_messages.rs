//! Messages of failing assertions of the testing kit.
//!
//! `INSTA_UPDATE=always cargo test -p otel-contract-tests --test testing_kit_messages` rewrites the
//! messages; a refreshed snapshot is a commit of its own.

#![allow(missing_docs)]

use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanContext, Status, TraceContextExt as _, Tracer as _,
    TracerProvider as _,
};
use opentelemetry::{InstrumentationScope, KeyValue};
use otel_contract::testing::{self, Coverage, TestScope};
use otel_contract_tests::kit::{create, message, remote, run, together_and_alone};
use otel_contract_tests::raw::raw_billing;
use test_vocabulary::billing::metrics::{InvoiceGatewayRetries, invoice_gateway_retries};
use test_vocabulary::billing::{AccountTier, InvoiceId, OrderId, RetryAttempt};
use test_vocabulary::forms::{PersonName, WorkName};
use test_vocabulary::{billing, forms};

/// Records two invoices, one successful and one failed, and an operation of another contract.
fn invoices() -> TestScope {
    let scope = testing::scope();
    scope.run(|| {
        let made = create("ord_1", AccountTier::Pro).start();
        made.retry_attempt(RetryAttempt::MIN);
        made.invoice_id("inv_1");
        made.succeed();
        create("ord_2", AccountTier::Free)
            .start()
            .fail(billing::ErrorType::GatewayTimeout);
        run("other").start().succeed();
    });
    scope
}

#[test]
fn messages_about_the_number_of_operations() {
    let scope = invoices();
    let invoice = || scope.operation::<billing::InvoiceCreate>();
    let twice = message(|| invoice().once());
    insta::assert_snapshot!("happened_twice", twice);
    let never = message(|| scope.operation::<forms::PlainRun>().once());
    insta::assert_snapshot!("happened_never", never);
    let of_that_order = message(|| invoice().having(OrderId::new("ord_3")).once());
    insta::assert_snapshot!("happened_never_with_that_attribute", of_that_order);
    let near = (OrderId::new("ord_2"), AccountTier::Pro, RetryAttempt::MIN);
    let nearest = message(|| invoice().having(near).once());
    insta::assert_snapshot!("happened_never_with_these_attributes", nearest);
    let not = message(|| scope.operation::<forms::FormRun>().never());
    insta::assert_snapshot!("happened_unexpectedly", not);
    let nothing = message(|| testing::scope().operation::<forms::FormRun>().times(2));
    insta::assert_snapshot!("nothing_recorded", nothing);
    let _running = scope.run(|| forms::PlainRun {}.start());
    let running = message(|| scope.operation::<forms::PlainRun>().once());
    insta::assert_snapshot!("still_running", running);
}

#[test]
fn messages_about_attributes() {
    let scope = invoices();
    let made = || {
        let all = scope.operation::<billing::InvoiceCreate>();
        all.having(AccountTier::Pro).once()
    };
    let expected = (
        OrderId::new("ord_9"),
        InvoiceId::from("inv_1"),
        RetryAttempt::MAX,
    );
    let some = message(|| made().with(expected.clone()));
    insta::assert_snapshot!("attributes_differ", some);
    let all = message(|| made().exactly(expected));
    insta::assert_snapshot!("attributes_differ_exactly", all);
    let without = message(|| made().without::<InvoiceId>());
    insta::assert_snapshot!("attribute_not_expected", without);
    let failed = scope.operation::<billing::InvoiceCreate>();
    let missing = message(|| {
        let failed = failed.having(AccountTier::Free).once();
        failed.with(InvoiceId::from("inv_2"))
    });
    insta::assert_snapshot!("attribute_missing", missing);
}

#[test]
fn messages_about_outcomes() {
    let scope = invoices();
    let invoice = |tier| {
        let all = scope.operation::<billing::InvoiceCreate>();
        all.having(tier).once()
    };
    let failed = message(|| invoice(AccountTier::Free).succeeded());
    insta::assert_snapshot!("failed_instead_of_success", failed);
    let class = message(|| invoice(AccountTier::Free).failed(billing::ErrorType::OrderNotFound));
    insta::assert_snapshot!("failed_with_another_class", class);
    let raw = raw_billing();
    let invoice_create = SpanBuilder::from_name("invoice.create");
    raw.build(invoice_create, &[], Status::error(""));
    let without_class = raw.kit.operation::<billing::InvoiceCreate>();
    let first_line = |message: String| message.lines().next().unwrap_or_default().to_owned();
    let others = [
        message(|| invoice(AccountTier::Pro).failed(billing::ErrorType::OrderNotFound)),
        message(|| invoice(AccountTier::Pro).panicked()),
        message(|| invoice(AccountTier::Free).cancelled()),
        message(|| without_class.once().succeeded()),
    ];
    insta::assert_snapshot!("ended_otherwise", others.map(first_line).join("\n"));
}

#[test]
fn messages_about_parents_and_links() {
    let scope = testing::scope();
    scope.run(|| {
        let outer = forms::ConsumeRun {}.start();
        outer.in_context(|| run("inside").start().succeed());
        let linked = outer.context().span().span_context().clone();
        outer.succeed();
        run("alone").start().succeed();
        run("remote").parent(remote()).start().succeed();
        run("linking").link(linked).start().succeed();
        run("linking away").link(remote()).start().succeed();
    });
    let named = |name: &str| {
        let all = scope.operation::<forms::FormRun>();
        all.having(WorkName::from(name)).once()
    };
    let inside = message(|| named("inside").child_of::<forms::PlainRun>());
    insta::assert_snapshot!("child_of_another", inside);
    let first_line = |message: String| message.lines().next().unwrap_or_default().to_owned();
    let others = [
        message(|| named("alone").child_of::<forms::PlainRun>()),
        message(|| named("remote").child_of::<forms::PlainRun>()),
        message(|| named("inside").within::<forms::PlainRun>()),
        message(|| named("alone").within::<forms::PlainRun>()),
        message(|| named("inside").root()),
        message(|| named("remote").root()),
        message(|| named("alone").linked_to::<forms::PlainRun>()),
        message(|| named("linking").linked_to::<forms::PlainRun>()),
        message(|| named("linking away").linked_to::<forms::ConsumeRun>()),
        message(|| named("linking").linked_to_span(&remote())),
    ];
    insta::assert_snapshot!("other_parents_and_links", others.map(first_line).join("\n"));
    let elsewhere = message(|| named("remote").child_of_span(&SpanContext::NONE));
    insta::assert_snapshot!("child_of_another_span", elsewhere);
}

#[test]
fn messages_about_metrics() {
    let scope = invoices();
    let pro = || InvoiceGatewayRetries {
        account_tier: AccountTier::Pro,
    };
    scope.run(|| {
        invoice_gateway_retries().add(2, pro());
        invoice_gateway_retries().add(1, pro().error_type(billing::ErrorType::GatewayTimeout));
    });
    let retries = || scope.metric::<InvoiceGatewayRetries>();
    let sum = message(|| retries().of_dimensions(pro()).sum(3));
    insta::assert_snapshot!("sum_differs", sum);
    let number = message(|| retries().series(1));
    insta::assert_snapshot!("series_differ", number);
    let several = message(|| retries().value(3));
    insta::assert_snapshot!("value_of_several_series", several);
    let duration = || scope.duration::<billing::InvoiceCreate>();
    let count = message(|| duration().having(AccountTier::Free).succeeded().count(1));
    insta::assert_snapshot!("count_differs", count);
    let never = message(|| {
        duration()
            .failed(billing::ErrorType::GatewayTimeout)
            .never();
    });
    insta::assert_snapshot!("measured_unexpectedly", never);
    let nothing = message(|| testing::scope().metric::<InvoiceGatewayRetries>().sum(1));
    insta::assert_snapshot!("nothing_measured", nothing);
    let other = message(|| scope.duration::<forms::PlainRun>().count(1));
    insta::assert_snapshot!("other_metrics_measured", other);
}

#[test]
fn messages_about_events() {
    let scope = testing::scope();
    let reject = |order: &str, error_type| {
        let order_id = OrderId::new(order);
        billing::InvoiceRejected {
            order_id,
            error_type,
        }
        .emit();
    };
    let (timeout, not_found) = (
        billing::ErrorType::GatewayTimeout,
        billing::ErrorType::OrderNotFound,
    );
    scope.run(|| reject("ord_1", timeout));
    let event = || scope.event::<billing::InvoiceRejected>();
    let never = message(|| event().never());
    insta::assert_snapshot!("logged_unexpectedly", never);
    let differs = message(|| event().once().exactly(not_found));
    insta::assert_snapshot!("logged_otherwise", differs);
    let outside = message(|| event().once().within::<billing::InvoiceCreate>());
    insta::assert_snapshot!("logged_outside", outside);
    let without = message(|| event().once().without::<billing::ErrorType>());
    insta::assert_snapshot!("logged_with_another_attribute", without);
    scope.run(|| reject("ord_2", not_found));
    let near = message(|| event().having((OrderId::new("ord_2"), timeout)).once());
    insta::assert_snapshot!("logged_never_with_these_attributes", near);
    let none = message(|| event().having(OrderId::new("ord_3")).once());
    insta::assert_snapshot!("logged_never_with_that_attribute", none);
    let other = message(|| scope.event::<forms::WorkIdle>().times(2));
    insta::assert_snapshot!("other_events_logged", other);
    let nothing = message(|| testing::scope().event::<forms::WorkIdle>().once());
    insta::assert_snapshot!("no_event_in_an_empty_scope", nothing);
}

#[test]
fn personal_and_secret_values_are_not_printed() {
    let scope = testing::scope();
    let forms = InstrumentationScope::builder("forms")
        .with_version("0.3.0")
        .build();
    let tracer = scope.tracer_provider().tracer_with_scope(forms);
    scope.run(|| {
        let mut span = tracer.start("full.run");
        span.set_attribute(KeyValue::new("person.name", "Ada Lovelace"));
        span.set_attribute(KeyValue::new("person.pin", 4_711));
        span.end();
    });
    let full = scope.operation::<forms::FullRun>().once();
    let text = message(|| full.exactly(PersonName::from("Charles Babbage")));
    insta::assert_snapshot!("not_printed", text);
    assert!(!text.contains("Ada") && !text.contains("4711") && !text.contains("Charles"));
}

#[test]
fn messages_about_coverage() {
    let scope = invoices();
    let missing = message(|| scope.assert_coverage(&billing::CONTRACT));
    insta::assert_snapshot!("not_covered", missing);
    let coverage = Coverage::of(&billing::CONTRACT)
        .exclude("operation invoice.create")
        .exclude("operation invoice.delete")
        .exclude("event invoice.rejected");
    let needless = message(|| scope.assert_coverage(coverage));
    insta::assert_snapshot!("needless_exceptions", needless);
}

#[test]
fn an_empty_recording_is_reported_as_unchecked() {
    let scope = testing::scope();
    let nothing = message(|| scope.assert_contract(&billing::CONTRACT));
    insta::assert_snapshot!("nothing_checked", nothing);
    // Spans of another contract do not count.
    scope.run(|| run("other").start().succeed());
    let other = testing::Check::of(&billing::CONTRACT).allow_instrumentation_scope("forms");
    assert_eq!(message(|| scope.assert_contract(other)), nothing);
}

/// The location of a failure is the line of the test, not a line of the kit.
#[test]
fn a_failure_has_the_location_of_the_assertion_in_the_test() {
    let scope = invoices();
    let files = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = files.clone();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let file = info.location().map(|location| location.file().to_owned());
        seen.lock()
            .expect("no panic while it is held")
            .push(file.unwrap_or_default());
    }));
    let invoice = || scope.operation::<billing::InvoiceCreate>();
    for _ in 0..2 {
        message(|| invoice().once());
        message(|| invoice().never());
        message(|| invoice().having(AccountTier::Pro).once().root().cancelled());
        message(|| {
            invoice()
                .having(AccountTier::Pro)
                .once()
                .with(OrderId::new("x"))
        });
        message(|| scope.duration::<billing::InvoiceCreate>().count(9));
        message(|| scope.duration::<billing::InvoiceCreate>().series(9));
        message(|| scope.event::<billing::InvoiceRejected>().once());
        message(|| scope.assert_contract(&billing::CONTRACT));
        message(|| scope.assert_coverage(&billing::CONTRACT));
    }
    std::panic::set_hook(before);
    let files = files.lock().expect("no panic while it is held").clone();
    assert!(files.len() >= 18);
    let kit = files
        .iter()
        .filter(|file| file.contains("otel-contract-runtime/src"));
    assert_eq!(kit.count(), 0, "{files:?}");
}

#[test]
fn every_test_passes_on_sixteen_threads_and_in_its_own_process() {
    together_and_alone("every_test_passes_on_sixteen_threads_and_in_its_own_process");
}
