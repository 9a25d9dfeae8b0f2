//! The testing kit: scopes are isolated from each other on all threads and in all tasks.

#![allow(missing_docs)]

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt as _;
use otel_contract::testing;
use otel_contract_tests::block_on;
use otel_contract_tests::kit::{create, remote, run, together_and_alone};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Barrier};
use test_vocabulary::billing::{AccountTier, OrderId};
use test_vocabulary::forms::{WorkName, WorkQueue};
use test_vocabulary::{billing, forms};

#[test]
fn an_operation_with_a_parent_outside_its_scope_stays_in_its_scope() {
    let scope = testing::scope();
    let outside = Context::new().with_remote_span_context(remote());
    scope.run(|| run("job").parent(outside).start().succeed());
    scope
        .operation::<forms::FormRun>()
        .once()
        .child_of_span(&remote());
    // Conversely, a context from inside the scope carries the scope.
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
fn gauges_and_callbacks_are_collected_only_in_their_scope() {
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
fn each_scope_has_its_own_limiters() {
    // The limit is 3: in each scope, the first three queues are recorded and later queues are `_OTHER`.
    for scope in 0..3 {
        let kit = testing::scope();
        kit.run(|| {
            for queue in 0..5 {
                let queue = format!("queue {scope} {queue}");
                let operation = forms::FullRunBuilder::from(forms::FullRun {});
                operation
                    .work_queue(WorkQueue::capped(queue))
                    .start()
                    .succeed();
            }
        });
        let all = || kit.operation::<forms::FullRun>();
        for queue in 0..3 {
            let queue = WorkQueue::capped(format!("queue {scope} {queue}"));
            all().having(queue).once();
        }
        all().having(WorkQueue::capped("_OTHER")).times(2);
        kit.assert_contract(&forms::CONTRACT);
    }
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
                        // Other tasks may run on this thread in between.
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
        inner.each(|operation| {
            operation.child_of::<forms::FormRun>();
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

/// Runs an operation in its destructor.
struct RunsWhenDropped(&'static str);

impl Drop for RunsWhenDropped {
    fn drop(&mut self) {
        run(self.0).start().succeed();
    }
}

#[test]
fn operations_during_the_drop_of_a_future_are_in_its_scope() {
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
                    all.each(|operation| {
                        operation.exactly(WorkName::from(&*name)).succeeded();
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
fn a_scope_contains_only_its_own_operations() {
    let scope = testing::scope();
    scope.run(|| run("inside").start().succeed());
    run("outside").start().succeed();
    let inner = testing::scope();
    scope.run(|| {
        inner.run(|| run("inner").start().succeed());
        run("after").start().succeed();
    });
    let names = |scope: &testing::TestScope| -> Vec<String> {
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
fn every_test_passes_on_sixteen_threads_and_in_its_own_process() {
    together_and_alone("every_test_passes_on_sixteen_threads_and_in_its_own_process");
}
