//! Reports a process in which operations start for more than a minute, although no telemetry is installed.

use super::generation;
use crate::definition::OperationDefinition;
use std::io::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Unrecorded operations of this process.
static UNRECORDED: Unrecorded = Unrecorded::new();

/// Time between the first unrecorded operation and the report, in milliseconds. Tests shorten it.
static REPORTED_AFTER: AtomicU64 = AtomicU64::new(60_000);

/// Operations that no provider records.
struct Unrecorded {
    /// Start of the first operation.
    first: OnceLock<Instant>,
    /// Whether they were reported, or need no report.
    is_over: AtomicBool,
}

impl Unrecorded {
    const fn new() -> Self {
        Self {
            first: OnceLock::new(),
            is_over: AtomicBool::new(false),
        }
    }

    /// Whether the time limit has passed since the first operation. Returns `true` at most once.
    fn is_due(&self, now: Instant, limit: Duration) -> bool {
        let first = *self.first.get_or_init(|| now);
        now.saturating_duration_since(first) >= limit && !self.is_over.swap(true, Ordering::Relaxed)
    }
}

/// Notes that no provider records an operation, and reports it once, when the time limit has passed.
#[cold]
pub(crate) fn note_unrecorded(operation: &'static OperationDefinition) {
    if UNRECORDED.is_over.load(Ordering::Relaxed) {
        return;
    }
    if generation() > 0 || is_testing() {
        UNRECORDED.is_over.store(true, Ordering::Relaxed);
        return;
    }
    let limit = Duration::from_millis(REPORTED_AFTER.load(Ordering::Relaxed));
    if UNRECORDED.is_due(Instant::now(), limit) && !is_intended() {
        report(operation);
    }
}

/// Whether the process uses test scopes. Operations outside of them need no report.
fn is_testing() -> bool {
    #[cfg(feature = "testing")]
    return super::outside::is_watching();
    #[cfg(not(feature = "testing"))]
    false
}

/// Whether the process is meant to record nothing.
fn is_intended() -> bool {
    let disabled = std::env::var_os("OTEL_SDK_DISABLED");
    disabled.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

fn report(operation: &'static OperationDefinition) {
    let (name, contract) = (operation.name, operation.contract.name);
    let text = format!(
        "otel-contract: operation `{name}` of contract `{contract}` is not recorded, because no telemetry is set up\n  \
         = note: this is reported once, a minute after the first operation\n  \
         = help: set telemetry up at the start of `main`: `let _telemetry = {contract}::telemetry(…).install()?;`; if \
         this process must not record telemetry, set `OTEL_SDK_DISABLED=true`\n"
    );
    // An error of writing is ignored: the report must not make the operation fail.
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Changes the time between the first unrecorded operation and the report, for tests.
#[doc(hidden)]
pub fn report_unrecorded_after(limit: Duration) {
    let limit = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    REPORTED_AFTER.store(limit, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_due_once_after_the_limit() {
        const LIMIT: Duration = Duration::from_secs(60);
        let unrecorded = Unrecorded::new();
        let first = Instant::now();
        let due = |seconds| unrecorded.is_due(first + Duration::from_secs(seconds), LIMIT);
        let all = [0, 1, 59, 60, 61, 3_600].map(due);
        assert_eq!(all, [false, false, false, true, false, false]);
    }

    #[test]
    fn the_limit_of_a_service_is_a_minute() {
        assert_eq!(REPORTED_AFTER.load(Ordering::Relaxed), 60_000);
    }
}
