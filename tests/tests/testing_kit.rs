//! The testing kit: telemetry that each assertion accepts.
//!
//! The last test of each `testing_kit*.rs`, except `testing_kit_outside.rs`, runs the other tests of its file again:
//! all on 16 threads, then each in a separate process.

#![allow(missing_docs)]

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::trace::{TraceContextExt as _, Tracer as _, TracerProvider as _};
use otel_contract::testing::{self, Coverage, Recording};
use otel_contract_tests::kit::{create, remote, run, together_and_alone};
use std::panic::catch_unwind;
use test_vocabulary::billing::{AccountId, AccountTier, InvoiceId, OrderId, RetryAttempt};
use test_vocabulary::forms::{PersonName, WorkCount, WorkKind, WorkName, WorkStep};
use test_vocabulary::{billing, forms};

#[test]
fn attributes_and_outcomes_are_asserted_by_type() {
    let scope = testing::scope();
    scope.run(|| {
        let active = create("ord_1", AccountTier::Pro).start();
        active.retry_attempt(RetryAttempt::MIN);
        active.invoice_id("inv_1");
        active.succeed();
        create("ord_2", AccountTier::Free)
            .start()
            .fail(billing::ErrorType::OrderNotFound);
        drop(create("ord_3", AccountTier::Free).start());
        let panicking = catch_unwind(|| {
            let _active = create("ord_4", AccountTier::Free).start();
            panic!("on purpose");
        });
        assert!(panicking.is_err());
    });
    let happened = || scope.operation::<billing::InvoiceCreate>();
    let order = |id: &str| happened().having(OrderId::new(id)).once();
    let one = order("ord_1")
        .succeeded()
        .root()
        .with((OrderId::new("ord_1"), AccountTier::Pro))
        .exactly((
            OrderId::new("ord_1"),
            AccountId::from("acc_1"),
            AccountTier::Pro,
            RetryAttempt::MIN,
            InvoiceId::from("inv_1"),
        ));
    assert_eq!(one.get::<RetryAttempt>(), Some(&0.into()));
    order("ord_2")
        .failed(billing::ErrorType::OrderNotFound)
        .without::<InvoiceId>()
        .without::<RetryAttempt>();
    order("ord_3").cancelled();
    order("ord_4").panicked();
    let mut seen = 0;
    happened().times(4).each(|operation| {
        operation.with(AccountId::from("acc_1"));
        seen += 1;
    });
    assert_eq!(seen, 4);
    happened().having(OrderId::new("ord_5")).never();
    scope.operation::<forms::PlainRun>().never();
    scope.assert_contract(&billing::CONTRACT);
}

#[test]
fn parents_and_links_are_asserted_by_type() {
    let scope = testing::scope();
    let (outer, remote) = scope.run(|| {
        let outer = forms::PlainRun {}.start();
        let context = outer.context().span().span_context().clone();
        outer.in_context(|| {
            let middle = run("middle").start();
            middle.in_context(|| forms::ConsumeRun {}.start().succeed());
            middle.succeed();
        });
        outer.succeed();
        run("later").link(context.clone()).start().succeed();
        run("elsewhere").parent(context.clone()).start().succeed();
        (context, remote())
    });
    scope.run(|| run("remote").parent(remote.clone()).start().succeed());
    let named = |name: &str| {
        let all = scope.operation::<forms::FormRun>();
        all.having(WorkName::from(name)).once()
    };
    named("middle").child_of::<forms::PlainRun>();
    named("later")
        .root()
        .linked_to::<forms::PlainRun>()
        .linked_to_span(&outer);
    named("elsewhere")
        .child_of::<forms::PlainRun>()
        .child_of_span(&outer);
    named("remote").child_of_span(&remote);
    scope
        .operation::<forms::ConsumeRun>()
        .once()
        .child_of::<forms::FormRun>()
        .within::<forms::PlainRun>();
    scope.assert_contract(&forms::CONTRACT);
}

#[test]
fn measurements_are_asserted_by_dimensions() {
    use billing::metrics::{InvoiceGatewayRetries, invoice_gateway_retries};
    let scope = testing::scope();
    let pro = || InvoiceGatewayRetries {
        account_tier: AccountTier::Pro,
    };
    scope.run(|| {
        invoice_gateway_retries().add(2, pro());
        invoice_gateway_retries().add(3, pro().error_type(billing::ErrorType::GatewayTimeout));
        create("ord_1", AccountTier::Pro).start().succeed();
        create("ord_2", AccountTier::Pro)
            .start()
            .fail(billing::ErrorType::GatewayTimeout);
        std::mem::forget(create("ord_3", AccountTier::Free).start());
    });
    let retries = || scope.metric::<InvoiceGatewayRetries>();
    retries().series(2).sum(5);
    retries().of_dimensions(pro()).sum(2);
    let timeout = pro().error_type(billing::ErrorType::GatewayTimeout);
    retries().of_dimensions(timeout).series(1).sum(3);
    let free = InvoiceGatewayRetries {
        account_tier: AccountTier::Free,
    };
    retries().of_dimensions(free).never();
    let duration = || scope.duration::<billing::InvoiceCreate>();
    duration().count(2);
    duration().having(AccountTier::Pro).succeeded().count(1);
    duration()
        .failed(billing::ErrorType::GatewayTimeout)
        .count(1);
    duration().failed(billing::ErrorType::OrderNotFound).never();
    duration().cancelled().never();
    duration().panicked().never();
    let active = || scope.active::<billing::InvoiceCreate>();
    active().having(AccountTier::Free).sum(1);
    active().having(AccountTier::Pro).sum(0);
    assert_eq!(active().points().count(), 2);
}

#[test]
fn events_are_asserted_by_type() {
    let scope = testing::scope();
    let done = |name: &str| forms::WorkDone {
        work_name: name.into(),
        work_kind: WorkKind::Small,
    };
    scope.run(|| {
        forms::PlainRun {}.start().in_context(|| {
            done("a").emit();
            let late = done("b").work_step(WorkStep::MAX).person_name("Ada");
            late.error_type(forms::ErrorType::Late).emit();
        });
        done("b").emit();
    });
    let all = || scope.event::<forms::WorkDone>();
    let a = all().having(WorkName::from("a")).once();
    let a = a
        .with(WorkKind::Small)
        .exactly((WorkName::from("a"), WorkKind::Small))
        .without::<WorkStep>()
        .within::<forms::PlainRun>();
    assert_eq!(a.get::<WorkName>(), Some(&"a".into()));
    assert_eq!(a.record().severity, Some(Severity::Info));
    all()
        .having((WorkName::from("b"), forms::ErrorType::Late))
        .once()
        .exactly((
            forms::ErrorType::Late,
            WorkStep::MAX,
            PersonName::from("Ada"),
            WorkKind::Small,
            WorkName::from("b"),
        ));
    let mut seen = 0;
    all().having(WorkName::from("b")).times(2).each(|event| {
        event.with(WorkKind::Small);
        seen += 1;
    });
    assert_eq!(seen, 2);
    all().having(WorkKind::Large).never();
    scope.event::<forms::WorkIdle>().never();
    scope.assert_contract(&forms::CONTRACT);
}

/// A log record of other code counts if it has the name of the event and the instrumentation scope of the contract.
#[test]
fn log_records_of_other_code_are_asserted_by_event() {
    let scope = testing::scope();
    for name in ["billing", "another"] {
        let logger = scope.logger_provider().logger(name);
        let mut record = logger.create_log_record();
        record.set_event_name("invoice.rejected");
        record.add_attribute("order.id", "ord_1");
        logger.emit(record);
    }
    let rejected = scope.event::<billing::InvoiceRejected>().once();
    rejected.exactly(OrderId::new("ord_1"));
}

#[test]
fn raw_instrumentation_is_recorded_through_the_providers_of_the_scope() {
    let scope = testing::scope();
    let tracer = scope.tracer_provider().tracer("http-client");
    scope.run(|| {
        let outer = forms::PlainRun {}.start();
        outer.in_context(|| tracer.in_span("GET", |_| run("served").start().succeed()));
        outer.succeed();
    });
    let all = scope.recorded();
    assert_eq!(all.spans.len(), 3);
    scope
        .operation::<forms::FormRun>()
        .once()
        .within::<forms::PlainRun>();
    scope.assert_contract(
        testing::Check::of(&forms::CONTRACT).allow_instrumentation_scope("http-client"),
    );
    scope.assert_contract(testing::Check::of(&forms::CONTRACT).allow_any_instrumentation_scope());
}

#[test]
fn recordings_of_several_processes_are_merged() {
    let (api, worker) = (testing::scope(), testing::scope());
    let caller = api.run(|| {
        let active = forms::PlainRun {}.start();
        let context = active.context().span().span_context().clone();
        active.succeed();
        context
    });
    worker.run(|| run("job").parent(caller).start().succeed());
    let mut all = Recording::default();
    all.extend(api.recorded());
    all.extend(worker.recorded());
    all.operation::<forms::FormRun>()
        .once()
        .child_of::<forms::PlainRun>();
    all.duration::<forms::FormRun>().count(1);
    all.assert_contract(&forms::CONTRACT);
}

#[test]
fn a_resource_with_all_required_attributes_conforms_to_the_contract() {
    let scope = testing::TestScope::with_resource(
        billing::Resource {
            service_name: "invoices".into(),
            service_version: "1.0.0".into(),
            deployment_environment_name: billing::DeploymentEnvironmentName::Test,
        }
        .into_attributes(),
    );
    scope.run(|| {
        let active = create("ord_1", AccountTier::Pro).start();
        active.invoice_id("inv_1");
        active.succeed();
    });
    scope.assert_contract(&billing::CONTRACT);
}

#[test]
fn protected_values_conform_to_the_contract() {
    let scope = testing::scope();
    scope.run(|| {
        forms::FullRunBuilder::from(forms::FullRun {})
            .person_email("ada@example.org")
            .person_name("Ada")
            .person_iban("DE02120300000000202051")
            .work_share(0.5)
            .work_tags(["a", "b"])
            .work_sizes(Vec::<i64>::new())
            .start()
            .succeed();
    });
    scope.assert_contract(&forms::CONTRACT);
}

#[test]
fn exercised_and_excepted_entries_are_covered() {
    let scope = testing::scope();
    scope.run(|| {
        use billing::metrics::{InvoiceGatewayRetries, invoice_gateway_retries};
        for tier in AccountTier::ALL {
            create("ord_1", *tier).start().succeed();
        }
        let failed = || create("ord_2", AccountTier::Pro).start();
        failed().fail(billing::ErrorType::OrderNotFound);
        let account_tier = AccountTier::Pro;
        invoice_gateway_retries().add(1, InvoiceGatewayRetries { account_tier });
    });
    scope.assert_coverage(
        Coverage::of(&billing::CONTRACT)
            .exclude("error gateway_timeout of invoice.create")
            .exclude("event invoice.rejected"),
    );
}

#[test]
fn attribute_groups_and_counts_are_asserted_by_type() {
    let scope = testing::scope();
    scope.run(|| {
        forms::GroupedRun {
            work: forms::Work {
                work_name: "a".into(),
                work_count: 2.into(),
            },
        }
        .start()
        .succeed();
        forms::SampledRun {
            work_kind: WorkKind::Small,
        }
        .start()
        .succeed();
    });
    scope
        .operation::<forms::GroupedRun>()
        .once()
        .exactly((WorkName::from("a"), WorkCount::from(2)));
    scope
        .operation::<forms::SampledRun>()
        .once()
        .exactly(WorkKind::Small);
}

#[test]
fn every_test_passes_on_sixteen_threads_and_in_its_own_process() {
    together_and_alone("every_test_passes_on_sixteen_threads_and_in_its_own_process");
}
