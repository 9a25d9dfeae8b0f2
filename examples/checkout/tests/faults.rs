//! Failing collectors: every order is still paid, and every invoice is created.
//!
//! `cargo bench -p checkout --bench faults` measures the latency of the API and the memory of the services.

#[path = "support/stack.rs"]
#[allow(dead_code)] // Only the benchmark uses the measurements.
mod stack;

use rusqlite::Connection;
use stack::{Collector, Fault, Load, Service, Stack};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use test_receiver::{Behaviour, Receiver};

/// A multiple of 400, the period of the cards in `checkout orders`, so that every kind of answer occurs.
const ORDERS: usize = 400;

#[test]
fn a_collector_that_is_absent_changes_nothing() {
    check(Fault::Absent);
}

#[test]
fn a_collector_that_is_killed_changes_nothing() {
    check(Fault::Killed);
}

#[test]
fn a_collector_that_answers_503_changes_nothing() {
    check(Fault::Unavailable);
}

#[test]
fn a_collector_that_hangs_changes_nothing() {
    check(Fault::Hangs);
}

#[test]
fn a_collector_that_answers_garbage_changes_nothing() {
    check(Fault::Garbage);
}

#[test]
fn a_collector_that_restarts_for_five_seconds_loses_nothing() {
    over_both_protocols(restart);
}

fn check(fault: Fault) {
    over_both_protocols(|protocol| check_over(fault, protocol));
}

fn over_both_protocols(check: impl Fn(&str) + Sync) {
    std::thread::scope(|scope| {
        for protocol in ["http/protobuf", "grpc"] {
            let check = &check;
            scope.spawn(move || check(protocol));
        }
    });
}

fn restart(protocol: &str) {
    let folder = Folder::new(&format!("restart-{}", &protocol[..4]));
    let database = folder.0.join("checkout.sqlite");
    let mut receiver = Receiver::start(Behaviour::Accept);
    let endpoint = receiver.endpoint();
    let variables = [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
        // Room for the telemetry that is recorded during the pause.
        ("OTEL_BSP_MAX_QUEUE_SIZE", "20000"),
        ("OTEL_BLRP_MAX_QUEUE_SIZE", "20000"),
    ];
    let gateway = Service::start(&["gateway"], &[("OTEL_SDK_DISABLED", "true")]);
    let stack = Stack::start(&database, &gateway, ORDERS, &variables);
    let mut load = Load::new(&stack.api, 4);
    let mut answers = load.pay(ORDERS / 2);
    receiver.wait(|received| received.spans().count() > 0);
    receiver.pause();
    let paused = Instant::now();
    answers.add(load.pay(ORDERS / 2));
    std::thread::sleep(Duration::from_secs(5).saturating_sub(paused.elapsed()));
    receiver.resume();
    assert_eq!(answers.statuses, BTreeMap::from([(200, 398), (402, 2)]));
    wait_for_invoices(&folder.0.join("checkout.sqlite-invoices"), 398);
    for (service, ended) in stack.stop() {
        assert!(ended.success, "{service}: {}", ended.stderr);
        let reports_loss = ended.stderr.contains("not all telemetry was delivered");
        assert!(!reports_loss, "{protocol}, {service}: {}", ended.stderr);
    }
}

fn check_over(fault: Fault, protocol: &str) {
    let folder = Folder::new(&format!("{fault:?}-{}", &protocol[..4]));
    let database = folder.0.join("checkout.sqlite");
    let mut collector = Collector::failing(fault);
    let endpoint = collector.endpoint.clone();
    // Short intervals, so that exports fail while orders are paid.
    let variables = [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
    ];
    let gateway = Service::start(&["gateway"], &[("OTEL_SDK_DISABLED", "true")]);
    let stack = Stack::start(&database, &gateway, ORDERS, &variables);
    let mut load = Load::new(&stack.api, 4);

    let mut answers = load.pay(ORDERS / 2);
    if let Some(receiver) = &collector.receiver {
        receiver.wait(|received| received.connections > 0);
    }
    if fault == Fault::Killed {
        collector.kill();
    }
    answers.add(load.pay(ORDERS / 2));
    assert_eq!(answers.statuses, BTreeMap::from([(200, 398), (402, 2)]));
    wait_for_invoices(&folder.0.join("checkout.sqlite-invoices"), 398);

    for (service, ended) in stack.stop() {
        assert!(ended.success, "{service}: {}", ended.stderr);
        let reports_loss = ended.stderr.contains("not all telemetry was delivered");
        assert!(reports_loss, "{service}: {}", ended.stderr);
        assert!(
            !ended.stderr.contains("panicked"),
            "{service}: {}",
            ended.stderr
        );
    }
}

/// Waits for the invoices, which the worker creates after the answers. The limit of a minute is never reached in practice.
fn wait_for_invoices(database: &Path, expected: i64) {
    let database = Connection::open(database).expect("the database");
    let mut count = 0;
    for _ in 0..3_000 {
        let counted = database.query_row("SELECT count(*) FROM invoices", [], |row| row.get(0));
        count = counted.expect("a count");
        if count == expected {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{count} of {expected} invoices were created");
}

/// An empty folder of one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{name}"));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
