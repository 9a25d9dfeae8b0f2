//! Attribute values that a handle sets after its operation has ended. Only debug builds report them.

#![allow(missing_docs)]
#![cfg(debug_assertions)]

use otel_contract::testing::{self, Check, LostAttribute};
use std::process::Command;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use test_vocabulary::forms::{self, instrumented_operation};

/// Moves the handle to a thread, which sets an attribute as soon as the returned sender sends.
#[instrumented_operation(forms::FormRun as op, ends_at_return)]
fn moves_its_handle() -> (Sender<()>, JoinHandle<()>) {
    let (sender, receiver) = channel();
    let thread = std::thread::spawn(move || {
        receiver.recv().expect("the test sends");
        op.work_name("late");
    });
    op_is_usable_in_time();
    (sender, thread)
}

#[instrumented_operation(forms::FullRun as op)]
fn op_is_usable_in_time() {
    op.work_name("in time");
}

fn sets_late() {
    let (sender, thread) = moves_its_handle();
    sender.send(()).expect("the thread waits");
    thread.join().expect("the thread does not panic");
}

#[test]
fn a_test_scope_reports_each_lost_value_as_a_violation() {
    let scope = testing::scope();
    scope.run(sets_late);
    scope.run(sets_late);
    let lost = LostAttribute {
        contract: "forms".to_owned(),
        operation: "form.run".to_owned(),
        key: "work.name".to_owned(),
    };
    assert_eq!(scope.recorded().lost, [lost.clone(), lost]);
    let violations = Check::of(&forms::CONTRACT).violations(&scope.recorded());
    let [violation] = &violations[..] else {
        panic!("one violation: {violations:?}")
    };
    assert_eq!(violation.subject, "operation `form.run`");
    assert_eq!(
        violation.message,
        "`work.name` was set after the operation ended, so its value is lost"
    );
    assert_eq!(violation.count, 2);
    let other = testing::scope();
    other.run(op_is_usable_in_time);
    other.assert_contract(&forms::CONTRACT);
}

#[test]
fn a_handle_of_an_active_operation_loses_values_after_its_end() {
    let scope = testing::scope();
    let active = scope.run(|| forms::FormRun {}.start());
    let handle = active.handle();
    handle.work_name("in time");
    assert!(scope.recorded().lost.is_empty());
    active.succeed();
    handle.work_count(1);
    assert_eq!(scope.recorded().lost.len(), 1);
    let span = &scope.recorded().spans[0];
    assert!(span.attribute("work.name").is_some() && span.attribute("work.count").is_none());
}

/// Variable that turns the test below into the program whose standard error it reads.
const CHILD: &str = "LOST_VALUES_CHILD";

#[test]
fn standard_error_names_operation_and_attribute_once() {
    if std::env::var_os(CHILD).is_some() {
        testing::scope().run(sets_late);
        testing::scope().run(sets_late);
        return;
    }
    let program = std::env::current_exe().expect("the path of this program");
    let output = Command::new(program)
        .args([
            "--exact",
            "standard_error_names_operation_and_attribute_once",
        ])
        .env(CHILD, "1")
        .output()
        .expect("this program runs");
    assert!(output.status.success());
    let text = String::from_utf8(output.stderr).expect("text");
    let notices = text.matches("otel-contract: ").count();
    assert_eq!(notices, 1, "{text}");
    assert!(
        text.starts_with(
            "otel-contract: `work.name` of operation `form.run` was set after the operation ended, so its value is lost\n"
        ),
        "{text}"
    );
}
