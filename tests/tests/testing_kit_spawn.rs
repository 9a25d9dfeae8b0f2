//! Messages of the testing kit about tasks and threads that lost the scope of their test.
//!
//! The operations that start outside of all scopes are counted for the process, so each test uses an operation of its own.

#![allow(missing_docs)]

use otel_contract::InContext as _;
use otel_contract::testing;
use otel_contract_tests::kit::{create, message, run};
use test_vocabulary::billing::metrics::InvoiceGatewayRetries;
use test_vocabulary::billing::{self, AccountTier};
use test_vocabulary::forms;

const KEEPS_SCOPE: &str = "`tokio::spawn` and `std::thread::spawn` lose the scope; spawn with `spawn`, \
     `spawn_blocking` or `task::thread::spawn` of the contract, or call `in_current_context()` of `InContext` on the future";

const STARTED_OUTSIDE: &str =
    "= note: `form.run` started twice outside of all test scopes since this scope was created";

#[tokio::test]
async fn operations_of_a_raw_task_and_a_raw_thread_are_named_as_started_outside() {
    let scope = testing::scope();
    let spawning = async {
        let task = tokio::spawn(async { run("task").start().succeed() });
        task.await.expect("no panic");
        let thread = std::thread::spawn(|| run("thread").start().succeed());
        thread.join().expect("no panic");
    };
    scope.run_async(spawning).await;
    let missing = message(|| scope.operation::<forms::FormRun>().once());
    assert!(missing.contains(STARTED_OUTSIDE), "{missing}");
    assert!(
        missing.contains(&format!("= help: {KEEPS_SCOPE}")),
        "{missing}"
    );
    let unmeasured = message(|| scope.duration::<forms::FormRun>().count(2));
    assert!(unmeasured.contains(STARTED_OUTSIDE), "{unmeasured}");
    // Neither starts before the scope was created nor starts of other operations are evidence.
    let later = testing::scope();
    let unrelated = message(|| later.operation::<forms::FormRun>().once());
    assert!(!unrelated.contains("outside"), "{unrelated}");
    let other = message(|| scope.operation::<forms::ConsumeRun>().once());
    assert!(!other.contains("outside"), "{other}");
}

#[tokio::test]
async fn operations_of_a_task_with_the_context_are_recorded() {
    let scope = testing::scope();
    let spawning = async {
        let body = async { forms::PlainRun {}.start().succeed() };
        tokio::spawn(body.in_current_context())
            .await
            .expect("no panic");
    };
    scope.run_async(spawning).await;
    scope.operation::<forms::PlainRun>().once();
    let twice = message(|| scope.operation::<forms::PlainRun>().times(2));
    assert!(!twice.contains("spawn"), "{twice}");
}

#[test]
fn a_lost_scope_is_only_a_possible_cause_if_nothing_ran_outside() {
    let scope = testing::scope();
    let possible = format!("= help: if a task or thread should have recorded this: {KEEPS_SCOPE}");
    for missing in [
        message(|| scope.operation::<billing::InvoiceCreate>().once()),
        message(|| scope.metric::<InvoiceGatewayRetries>().sum(1)),
        message(|| scope.event::<billing::InvoiceRejected>().once()),
    ] {
        assert!(missing.contains(&possible), "{missing}");
        assert!(!missing.contains("outside"), "{missing}");
    }
    let active = scope.run(|| create("ord_1", AccountTier::Pro).start());
    let running = message(|| scope.operation::<billing::InvoiceCreate>().once());
    assert!(!running.contains("tokio::spawn"), "{running}");
    active.succeed();
}
