//! A service that records telemetry, for tests of delivery.

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _};
use std::sync::mpsc::channel;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use test_vocabulary::billing::{self, setup};

pub(crate) const PROTOCOLS: [&str; 2] = ["http/protobuf", "grpc"];

/// Providers belong to the process: tests of one binary take turns.
pub(crate) fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Builds a set-up that exports only when it is flushed, unless these variables change that.
pub(crate) fn telemetry(endpoint: &str, protocol: &str, more: &[(&str, &str)]) -> setup::Setup {
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "3.1.4".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_BSP_SCHEDULE_DELAY", "3600000"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "3600000"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "3600000"),
    ];
    let is_overridden = |name| more.iter().any(|(other, _)| *other == name);
    let variables = variables.iter().filter(|(name, _)| !is_overridden(*name));
    billing::telemetry(resource).variables(variables.chain(more).copied())
}

/// Records this many spans, and this many log records if log records are exported.
pub(crate) fn work(guard: &setup::Guard, times: u64) {
    let logger = guard
        .logger_provider()
        .map(|provider| provider.logger("test"));
    for _ in 0..times {
        billing::InvoiceCreate {
            order_id: billing::OrderId::new("ord_1"),
            account: billing::Account {
                account_id: "acc_1".into(),
                account_tier: billing::AccountTier::Pro,
            },
        }
        .start()
        .succeed();
        if let Some(logger) = &logger {
            let mut record = logger.create_log_record();
            record.set_body("worked".into());
            logger.emit(record);
        }
    }
}

/// Runs a test on a separate thread with a time limit, so that a hang fails the test.
#[track_caller]
pub(crate) fn bounded<R: Send + 'static>(test: impl FnOnce() -> R + Send + 'static) -> R {
    let (ended, end) = channel();
    let thread = std::thread::spawn(move || {
        let result = test();
        let _ = ended.send(());
        result
    });
    let end = end.recv_timeout(Duration::from_secs(120));
    assert!(
        !matches!(end, Err(std::sync::mpsc::RecvTimeoutError::Timeout)),
        "the test hangs"
    );
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
