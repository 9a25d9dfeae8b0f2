//! Dropping the guard never panics, whether its report goes to standard error or to `on_report`, and does not abort
//! while another panic unwinds.

#[allow(dead_code)] // Each test program uses only a part of the module.
mod support;

use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use support::{telemetry, work};
use test_vocabulary::billing::setup;

/// Runs a test of this file in a separate process, whose standard error is closed.
fn run_alone(test: &str) -> ExitStatus {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(ALONE, "1")
        .stdout(Stdio::null())
        .stderr(writer)
        .spawn()
        .expect("the same program");
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(60) {
        if let Some(status) = child.try_wait().expect("a child") {
            return status;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = (child.kill(), child.wait());
    panic!("{test} hangs");
}

/// Variable that marks the child process of a test.
const ALONE: &str = "OTEL_CONTRACT_TEST_ALONE";
/// Exit code of a child process that ended normally.
const SURVIVED: i32 = 42;

fn is_alone() -> bool {
    std::env::var_os(ALONE).is_some()
}

/// Builds a set-up that cannot deliver, so that its report has losses.
fn incomplete() -> setup::Setup {
    let telemetry = telemetry("http://127.0.0.1:1", "http/protobuf", &[]);
    telemetry.shutdown_within(Duration::from_millis(300))
}

#[test]
fn dropping_the_guard_needs_no_standard_error() {
    if !is_alone() {
        let status = run_alone("dropping_the_guard_needs_no_standard_error");
        assert_eq!(status.code(), Some(SURVIVED), "{status}");
        return;
    }
    let guard = incomplete().install().expect("a valid set-up");
    work(&guard, 1);
    drop(guard);
    std::process::exit(SURVIVED);
}

#[test]
fn dropping_the_guard_while_unwinding_does_not_abort() {
    if !is_alone() {
        let status = run_alone("dropping_the_guard_while_unwinding_does_not_abort");
        assert_eq!(status.code(), Some(SURVIVED), "{status}");
        return;
    }
    let result = std::panic::catch_unwind(|| {
        let guard = incomplete().install().expect("a valid set-up");
        work(&guard, 1);
        let _guard = guard;
        panic!("the service failed");
    });
    assert!(result.is_err());
    std::process::exit(SURVIVED);
}

#[test]
fn a_panic_of_on_report_does_not_reach_the_service() {
    if !is_alone() {
        let status = run_alone("a_panic_of_on_report_does_not_reach_the_service");
        assert_eq!(status.code(), Some(SURVIVED), "{status}");
        return;
    }
    let install = || {
        let telemetry = incomplete().on_report(|report| panic!("{report}"));
        let guard = telemetry.install().expect("a valid set-up");
        work(&guard, 1);
        guard
    };
    drop(install());
    let result = std::panic::catch_unwind(|| {
        let _guard = install();
        panic!("the service failed");
    });
    assert!(result.is_err());
    std::process::exit(SURVIVED);
}
