//! Operations and assertions that the tests of the testing kit use.

use opentelemetry::trace::{SpanContext, TraceFlags, TraceState};
use opentelemetry::{SpanId, TraceId};
use std::panic::{AssertUnwindSafe, catch_unwind};
use test_vocabulary::billing::{self, AccountTier, OrderId};
use test_vocabulary::forms;

/// Builds an operation with required attributes, a metric of active operations, and a list of errors.
#[must_use]
pub fn create(order: &str, tier: AccountTier) -> billing::InvoiceCreate {
    billing::InvoiceCreate {
        order_id: OrderId::new(order),
        account: billing::Account {
            account_id: "acc_1".into(),
            account_tier: tier,
        },
    }
}

/// Builds an operation that is identified by its `work.name`.
#[must_use]
pub fn run(name: &str) -> forms::FormRunBuilder {
    forms::FormRunBuilder::from(forms::FormRun {}).work_name(name)
}

/// Span context of another process.
#[must_use]
pub fn remote() -> SpanContext {
    SpanContext::new(
        TraceId::from(7_u128),
        SpanId::from(7_u64),
        TraceFlags::SAMPLED,
        true,
        TraceState::default(),
    )
}

/// Returns the panic message of a failing assertion.
///
/// # Panics
///
/// If the assertion does not fail.
#[track_caller]
pub fn message<R>(assertion: impl FnOnce() -> R) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(assertion)) else {
        panic!("the assertion should fail");
    };
    *panic.downcast::<String>().expect("a message with details")
}

/// Runs every test of the calling program again: all together on 16 threads, then each test in a separate process.
/// `own` is the name of the calling test, which is skipped.
///
/// # Panics
///
/// If a test fails, with the output of the program.
#[track_caller]
pub fn together_and_alone(own: &str) {
    let program = std::env::current_exe().expect("this program");
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(&program)
            .args(arguments)
            .output();
        let output = output.expect("the program runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}:\n{printed}");
        printed
    };
    let list = run(&["--list", "--skip", own]);
    let names: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .collect();
    assert!(!names.is_empty(), "no test in the list:\n{list}");
    let all = run(&["--test-threads", "16", "--skip", own]);
    assert!(all.contains(&format!("{} passed", names.len())), "{all}");
    for name in names {
        let alone = run(&["--exact", name]);
        assert!(alone.contains("1 passed"), "{alone}");
    }
}
