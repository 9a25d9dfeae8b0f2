//! The testing kit: what each assertion lets pass, and that no scope sees another.
//!
//! The last test of each file of the kit runs every other one again, on 16 threads and each in a process
//! of its own.

#![allow(missing_docs)]

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::trace::{TraceContextExt as _, Tracer as _, TracerProvider as _};
use opentelemetry::{Context, KeyValue};
use otel_contract::testing::{self, Coverage, Recording};
use otel_contract_tests::{block_on, together_and_alone};
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Barrier};
use test_vocabulary::billing::{AccountId, AccountTier, InvoiceId, OrderId, RetryAttempt};
use test_vocabulary::forms::{WorkCount, WorkKind, WorkName, WorkQueue};
use test_vocabulary::{billing, forms};

fn create(order: &str, tier: AccountTier) -> billing::InvoiceCreate {
    billing::InvoiceCreate {
        order_id: OrderId::new(order),
        account: billing::Account {
            account_id: "acc_1".into(),
            account_tier: tier,
        },
    }
}

fn run(name: &str) -> forms::FormRunBuilder {
    forms::FormRunBuilder::from(forms::FormRun {}).work_name(name)
}

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
    happened().times(4).each(|one| {
        one.with(AccountId::from("acc_1"));
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
        (context, context_of(7))
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

fn context_of(id: u64) -> opentelemetry::trace::SpanContext {
    opentelemetry::trace::SpanContext::new(
        opentelemetry::TraceId::from(u128::from(id)),
        opentelemetry::SpanId::from(id),
        opentelemetry::TraceFlags::SAMPLED,
        true,
        opentelemetry::trace::TraceState::default(),
    )
}

#[test]
fn a_parent_from_outside_leaves_an_operation_in_its_scope() {
    let scope = testing::scope();
    let outside = Context::new().with_remote_span_context(context_of(7));
    scope.run(|| run("job").parent(outside).start().succeed());
    scope
        .operation::<forms::FormRun>()
        .once()
        .child_of_span(&context_of(7));
    // And the other way round: a context taken from the scope brings it along.
    let inside = scope.run(|| {
        let active = forms::PlainRun {}.start();
        let context = active.context();
        active.succeed();
        context
    });
    run("late").parent(inside).start().succeed();
    scope
        .operation::<forms::FormRun>()
        .having(WorkName::from("late"))
        .once()
        .child_of::<forms::PlainRun>();
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
fn a_gauge_and_a_callback_are_asked_in_their_scope_only() {
    use test_vocabulary::forms::metrics::{WorkBacklog, WorkDepth, work_backlog, work_depth};
    let value = Arc::new(AtomicI64::new(3));
    let (one, other) = (testing::scope(), testing::scope());
    let observing = one.run(|| {
        work_depth().record(7, WorkDepth {});
        let value = value.clone();
        work_backlog().observe(move |observer| {
            observer.observe(value.load(Ordering::Relaxed), WorkBacklog {});
        })
    });
    other.run(|| work_depth().record(1, WorkDepth {}));
    one.metric::<WorkDepth>().value(7);
    one.metric::<WorkBacklog>().value(3);
    value.store(4, Ordering::Relaxed);
    one.metric::<WorkBacklog>().value(4);
    other.metric::<WorkDepth>().value(1);
    other.metric::<WorkBacklog>().never();
    drop(observing);
}

#[test]
fn each_scope_has_limiters_of_its_own() {
    // The limit is 3: in one scope more queues than that are `_OTHER`, in another there is room again.
    for scope in 0..3 {
        let kit = testing::scope();
        kit.run(|| {
            for queue in 0..5 {
                let queue = format!("queue {scope} {queue}");
                let operation = forms::FullRunBuilder::from(forms::FullRun {});
                operation.work_queue(&*queue).start().succeed();
            }
        });
        let all = || kit.operation::<forms::FullRun>();
        for queue in 0..3 {
            let queue = WorkQueue::from(format!("queue {scope} {queue}"));
            all().having(queue).once();
        }
        all().having(WorkQueue::from("_OTHER")).times(2);
        kit.assert_contract(&forms::CONTRACT);
    }
}

#[test]
fn log_records_are_asserted_by_event() {
    let scope = testing::scope();
    let logger = scope.logger_provider().logger("billing");
    scope.run(|| {
        create("ord_1", AccountTier::Pro).start().in_context(|| {
            let mut record = logger.create_log_record();
            record.set_event_name("invoice.rejected");
            record.set_severity_number(Severity::Warn);
            record.add_attribute("order.id", "ord_1");
            logger.emit(record);
        });
    });
    let order = || [KeyValue::new("order.id", "ord_1")];
    scope
        .event(&billing::CONTRACT, "invoice.rejected")
        .once()
        .with(order())
        .exactly(order())
        .within::<billing::InvoiceCreate>();
}

#[test]
fn a_scope_follows_futures_into_tasks_and_back() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .build()
        .expect("a runtime");
    let scopes: Vec<_> = (0..8).map(|_| testing::scope()).collect();
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for (number, scope) in scopes.iter().enumerate() {
            for step in 0..20 {
                let name = format!("{number} {step}");
                tasks.push(tokio::spawn(scope.run_async(async move {
                    let body = async {
                        // Away from this thread and back, with others in between.
                        tokio::task::yield_now().await;
                        let inner = forms::PlainRun {}.start();
                        tokio::task::yield_now().await;
                        inner.succeed();
                        Ok::<_, std::convert::Infallible>(())
                    };
                    run(&name).run(body).await
                })));
            }
        }
        for task in tasks {
            assert!(task.await.expect("the task ends").is_ok());
        }
    });
    for (number, scope) in scopes.iter().enumerate() {
        scope.operation::<forms::FormRun>().times(20);
        for step in 0..20 {
            let name = WorkName::from(format!("{number} {step}"));
            scope
                .operation::<forms::FormRun>()
                .having(name)
                .once()
                .succeeded()
                .root();
        }
        let inner = scope.operation::<forms::PlainRun>().times(20);
        inner.each(|one| {
            one.child_of::<forms::FormRun>();
        });
        scope.duration::<forms::FormRun>().count(20);
        scope.assert_contract(&forms::CONTRACT);
    }
}

#[test]
fn futures_interleaved_on_one_thread_stay_in_their_scopes() {
    let (one, other) = (testing::scope(), testing::scope());
    let work = |name: &'static str| async move {
        for _ in 0..50 {
            let active = run(name).start();
            tokio::task::yield_now().await;
            active.succeed();
        }
    };
    block_on(async {
        tokio::join!(one.run_async(work("one")), other.run_async(work("other")));
    });
    for (scope, name) in [(&one, "one"), (&other, "other")] {
        scope.operation::<forms::FormRun>().times(50);
        let named = scope
            .operation::<forms::FormRun>()
            .having(WorkName::from(name));
        named.times(50);
    }
}

/// Runs an operation when it is dropped.
struct RunsWhenDropped(&'static str);

impl Drop for RunsWhenDropped {
    fn drop(&mut self) {
        run(self.0).start().succeed();
    }
}

#[test]
fn what_a_future_does_while_it_is_dropped_is_in_its_scope() {
    let scope = testing::scope();
    let body = async {
        let _late = RunsWhenDropped("of the dropped");
        std::future::pending::<()>().await;
        Ok::<_, std::convert::Infallible>(())
    };
    block_on(async {
        let held = RunsWhenDropped("of the body");
        let whole = async move {
            let result = run("dropped").run(body).await;
            drop(held);
            result
        };
        let mut running = Box::pin(scope.run_async(whole));
        let polled =
            std::future::poll_fn(|cx| std::task::Poll::Ready(running.as_mut().poll(cx).is_ready()));
        assert!(!polled.await);
    });
    let named = |name: &str| {
        let all = scope.operation::<forms::FormRun>();
        all.having(WorkName::from(name)).once()
    };
    named("dropped").cancelled();
    named("of the dropped").child_of::<forms::FormRun>();
    named("of the body").root();
}

#[test]
fn scopes_on_sixteen_threads_do_not_see_each_other() {
    const THREADS: usize = 16;
    const ROUNDS: usize = 25;
    let start = Barrier::new(THREADS);
    std::thread::scope(|threads| {
        for thread in 0..THREADS {
            let start = &start;
            threads.spawn(move || {
                start.wait();
                for round in 0..ROUNDS {
                    let scope = testing::scope();
                    let name = format!("{thread} {round}");
                    scope.run(|| {
                        for _ in 0..=round {
                            run(&name).start().succeed();
                        }
                        create(&name, AccountTier::Pro).start().succeed();
                    });
                    let all = scope.operation::<forms::FormRun>().times(round + 1);
                    all.each(|one| {
                        one.exactly(WorkName::from(&*name)).succeeded();
                    });
                    scope
                        .operation::<billing::InvoiceCreate>()
                        .once()
                        .with(OrderId::new(&*name));
                    scope.duration::<forms::FormRun>().count(round + 1);
                    scope.duration::<billing::InvoiceCreate>().count(1);
                }
            });
        }
    });
}

#[test]
fn what_is_outside_of_a_scope_stays_outside() {
    let scope = testing::scope();
    scope.run(|| run("inside").start().succeed());
    run("outside").start().succeed();
    let inner = testing::scope();
    scope.run(|| {
        inner.run(|| run("inner").start().succeed());
        run("after").start().succeed();
    });
    let names = |scope: &testing::Scope| -> Vec<String> {
        let spans = scope.recorded().spans;
        let names = spans
            .iter()
            .filter_map(|span| span.attribute("work.name").cloned());
        names.map(|name| format!("{name:?}")).collect()
    };
    assert_eq!(names(&scope).len(), 2);
    assert_eq!(names(&inner).len(), 1);
}

#[test]
fn raw_instrumentation_is_seen_through_the_providers_of_the_scope() {
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
    scope.assert_contract(testing::Check::of(&forms::CONTRACT).allow_scope("http-client"));
    scope.assert_contract(testing::Check::of(&forms::CONTRACT).allow_any_scope());
}

#[test]
fn recordings_of_several_processes_are_one() {
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
fn a_resource_that_says_what_is_required_is_on_contract() {
    let scope = testing::Scope::with_resource(
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
fn protected_values_are_on_contract() {
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
fn what_is_exercised_or_excepted_is_covered() {
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
            .except("error gateway_timeout of invoice.create")
            .except("event invoice.rejected"),
    );
}

#[test]
fn groups_of_attributes_and_counts_have_types_too() {
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
fn every_test_passes_on_sixteen_threads_and_in_a_process_of_its_own() {
    together_and_alone("every_test_passes_on_sixteen_threads_and_in_a_process_of_its_own");
}
