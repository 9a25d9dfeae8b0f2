//! What a set-up reports once: the first failed export, the recovery, and a missing protection key.

#[allow(dead_code)] // Each test program uses only a part of the module.
mod support;

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
use opentelemetry_sdk::logs::SdkLoggerProvider;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use support::{PROTOCOLS, bounded, take_turn, telemetry, work};
use test_receiver::{Behaviour, Receiver};
use test_vocabulary::billing::setup::{Delivery, Guard, Notice, Setup, Signal};
use test_vocabulary::forms;

/// Variable that turns a test into the process of its case.
const CHILD: &str = "TEST_NOTICES_CHILD";

/// A response that is not retried.
const REFUSE: Behaviour = Behaviour::Refuse { http: 400, grpc: 3 };

/// Fails twice, succeeds twice, and so on.
fn fail_and_recover(receiver: &Receiver, guard: &Guard) {
    for _ in 0..2 {
        for behaviour in [REFUSE, Behaviour::Accept] {
            receiver.behave(behaviour);
            for _ in 0..2 {
                work(guard, 1);
                let _ = guard.flush();
            }
        }
    }
}

/// Keeps the notices of a set-up.
fn kept(setup: Setup) -> (Setup, Arc<Mutex<Vec<Notice>>>) {
    let notices = Arc::new(Mutex::new(Vec::new()));
    let sink = notices.clone();
    let keep = move |notice: &Notice| {
        let mut notices = sink.lock().unwrap_or_else(PoisonError::into_inner);
        notices.push(notice.clone());
    };
    (setup.on_notice(keep), notices)
}

fn take(notices: &Mutex<Vec<Notice>>) -> Vec<Notice> {
    std::mem::take(&mut *notices.lock().unwrap_or_else(PoisonError::into_inner))
}

#[test]
fn the_first_failure_and_the_recovery_are_written_once() {
    let test = "the_first_failure_and_the_recovery_are_written_once";
    if let Ok(protocol) = std::env::var(CHILD) {
        let receiver = Receiver::start(REFUSE);
        let secret = [("OTEL_EXPORTER_OTLP_HEADERS", "authorization=hunter2")];
        let setup = telemetry(&receiver.endpoint(), &protocol, &secret)
            .protection_key("a key of more than thirty-two bytes");
        let guard = setup.install().expect("a valid set-up");
        fail_and_recover(&receiver, &guard);
        drop(guard.shutdown());
        return;
    }
    for protocol in PROTOCOLS {
        let output = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env(CHILD, protocol)
            .output()
            .expect("the process runs");
        let written = String::from_utf8(output.stderr).expect("text");
        assert!(output.status.success(), "{written}");
        let reason = match protocol {
            "grpc" => "the collector responded with INVALID_ARGUMENT: refused",
            _ => "the collector responded with 400 Bad Request",
        };
        for items in ["spans", "points", "log records"] {
            let failed = format!(
                "otel-contract: an export of {items} failed: {reason}\n  \
                 = note: the items of this export are lost; later failures are only counted, by `otel_contract.lost` and the report\n  \
                 = help: check that the collector runs, and the `OTEL_EXPORTER_OTLP_…` variables\n"
            );
            assert_eq!(written.matches(&failed).count(), 1, "{written}");
            let recovered = format!("otel-contract: exports of {items} succeed again\n");
            assert_eq!(written.matches(&recovered).count(), 1, "{written}");
            assert!(
                written.find(&failed) < written.find(&recovered),
                "{written}"
            );
        }
        assert_eq!(written.matches("otel-contract: ").count(), 6, "{written}");
        assert!(!written.contains("hunter2"), "{written}");
    }
}

/// A handler that logs and starts operations must not cause further exports.
#[test]
fn a_handler_of_notices_records_nothing() {
    let _turn = take_turn();
    for protocol in PROTOCOLS {
        bounded(move || {
            let receiver = Receiver::start(REFUSE);
            let loggers: Arc<OnceLock<SdkLoggerProvider>> = Arc::default();
            let notices = Arc::new(Mutex::new(0));
            let (of_handler, count) = (loggers.clone(), notices.clone());
            let setup = telemetry(&receiver.endpoint(), protocol, &[]).on_notice(move |_| {
                *count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                forms::FormRun {}.start().succeed();
                if let Some(loggers) = of_handler.get() {
                    let logger = loggers.logger("log");
                    let mut record = logger.create_log_record();
                    record.set_body("an export failed".into());
                    logger.emit(record);
                }
            });
            let guard = setup.install().expect("a valid set-up");
            let provider = guard.logger_provider().expect("log records are exported");
            loggers.set(provider.clone()).expect("the first provider");
            fail_and_recover(&receiver, &guard);
            let count = *notices.lock().unwrap_or_else(PoisonError::into_inner);
            // Two of each signal, and one about the missing key.
            assert_eq!(count, 7, "{protocol}");
            let report = guard.report();
            let all = |delivery: Delivery| delivery.delivered + delivery.undelivered();
            assert_eq!((all(report.spans), all(report.records)), (8, 8), "{report}");
        });
    }
}

#[test]
fn a_failure_during_the_shutdown_is_only_in_the_report() {
    let _turn = take_turn();
    let receiver = Receiver::start(REFUSE);
    let (setup, notices) = kept(telemetry(&receiver.endpoint(), "http/protobuf", &[]));
    let guard = setup.install().expect("a valid set-up");
    take(&notices);
    work(&guard, 1);
    let report = guard.shutdown();
    assert_eq!(report.spans.failed, 1, "{report}");
    assert_eq!(take(&notices), []);
}

#[test]
fn a_single_failing_signal_is_named() {
    let _turn = take_turn();
    let (receiver, refusing) = (Receiver::start(Behaviour::Accept), Receiver::start(REFUSE));
    let traces = format!("{}/v1/traces", refusing.endpoint());
    let variables = [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*traces)];
    let (setup, notices) = kept(telemetry(&receiver.endpoint(), "http/protobuf", &variables));
    let guard = setup.install().expect("a valid set-up");
    take(&notices);
    work(&guard, 1);
    let _ = guard.flush();
    let reason = "the collector responded with 400 Bad Request".to_owned();
    let signal = Signal::Traces;
    assert_eq!(take(&notices), [Notice::ExportFailed { signal, reason }]);
    refusing.behave(Behaviour::Accept);
    work(&guard, 1);
    let _ = guard.flush();
    assert_eq!(take(&notices), [Notice::ExportRecovered { signal }]);
    drop(guard.shutdown());
}

/// The key belongs to the process, so this test runs in a process of its own.
#[test]
fn a_contract_that_hashes_without_a_key_is_reported() {
    let test = "a_contract_that_hashes_without_a_key_is_reported";
    if std::env::var_os(CHILD).is_none() {
        let output = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env(CHILD, "1")
            .output()
            .expect("the process runs");
        let written = String::from_utf8(output.stderr).expect("text");
        assert!(output.status.success(), "{written}");
        let expected = "otel-contract: contract `billing` hashes `user.email`, but there is no protection key\n  \
             = note: its values are recorded as `[redacted]`\n  \
             = help: pass a key of at least 32 bytes to `.protection_key_from(…)`, or call `protect::set_key` before the set-up\n";
        assert!(written.starts_with(expected), "{written}");
        assert_eq!(written.matches("there is no protection key").count(), 1);
        return;
    }
    let receiver = Receiver::start(Behaviour::Accept);
    let set_up = || telemetry(&receiver.endpoint(), "http/protobuf", &[]);
    // Written to standard error.
    drop(set_up().install().expect("a valid set-up"));
    let (setup, notices) = kept(set_up());
    let setup = setup.with_contract(&forms::VOCABULARY);
    drop(setup.install().expect("a valid set-up"));
    let missing = |notice: Notice| match notice {
        Notice::NoProtectionKey { contract, .. } => contract,
        other => panic!("{other}"),
    };
    let missing: Vec<_> = take(&notices).into_iter().map(missing).collect();
    assert_eq!(missing, ["billing", "forms"]);
    // With a key, also with one that was set before.
    for setup in [
        set_up().protection_key("a key of more than thirty-two bytes"),
        set_up(),
    ] {
        let (setup, notices) = kept(setup);
        drop(setup.install().expect("a valid set-up"));
        assert_eq!(take(&notices), []);
    }
}
