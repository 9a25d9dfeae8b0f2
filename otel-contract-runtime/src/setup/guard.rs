//! The guard, which flushes and shuts down within a time limit.

use super::Signal;
use super::deliveries::Deliveries;
use super::printable::{printable, reason};
use super::report::{FlushOutcome, Report};
use super::transport::IoThread;
use super::warning::SetupWarnings;
use crate::panics;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::fmt;
use std::io::Write as _;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Keeps telemetry running. Dropping the guard delivers queued telemetry and shuts down the providers, within the time
/// limit of the set-up (five seconds, or the duration passed to [`shutdown_within`]). The report is passed to
/// [`on_report`]; without such a function, losses are written to standard error. Operations that are still active are
/// lost, and the report counts them. Dropping the guard never panics: an error of writing to standard error is ignored,
/// and a panic of [`on_report`] is caught.
///
/// Your own providers that were passed to the set-up are not shut down: shut them down yourself.
///
/// [`shutdown_within`]: super::Setup::shutdown_within
/// [`on_report`]: super::Setup::on_report
#[must_use = "telemetry is shut down when the guard is dropped: keep it until the service ends, `let _telemetry = …`"]
pub struct Guard {
    pub(super) providers: Installed,
    pub(super) deliveries: Deliveries,
    pub(super) io: Option<IoThread>,
    pub(super) time_limit: Duration,
    pub(super) on_report: Option<OnReport>,
    pub(super) warnings: SetupWarnings,
    pub(super) is_shut_down: bool,
}

pub(super) type OnReport = Box<dyn FnOnce(&Report) + Send>;

/// The providers that a set-up made.
#[derive(Clone, Debug, Default)]
pub(super) struct Installed {
    pub(super) tracers: Option<SdkTracerProvider>,
    pub(super) meters: Option<SdkMeterProvider>,
    #[cfg(feature = "logs")]
    pub(super) loggers: Option<opentelemetry_sdk::logs::SdkLoggerProvider>,
}

impl Guard {
    /// Delivers queued telemetry, within the time limit. Telemetry continues afterwards, and so does an export that is
    /// still being repeated. Blocks the thread: call it with `spawn_blocking` from an async function.
    #[allow(clippy::must_use_candidate)] // It is called for its effect; the report is optional.
    pub fn flush(&self) -> Report {
        let before = self.deliveries.failed();
        let mut outcome = self.providers.run(
            "flushing",
            self.time_limit,
            |tracers, _| tracers.force_flush(),
            |meters, _| meters.force_flush(),
            #[cfg(feature = "logs")]
            |loggers, _| loggers.force_flush(),
        );
        // A signal in `sdk_timed_out` may finish later. A shutdown checks this with `wait_for_end`. A flush cannot
        // check it, so the signal counts as not finished in time.
        outcome.in_time &= outcome.sdk_timed_out.is_empty();
        let outcome = self.deliveries.remove_duplicate_errors(outcome, before);
        self.deliveries.report(outcome)
    }

    /// Returns the counts of delivered and lost items so far.
    #[must_use]
    pub fn report(&self) -> Report {
        self.deliveries.report(FlushOutcome {
            in_time: true,
            sdk_timed_out: Vec::new(),
            errors: Vec::new(),
        })
    }

    /// Shuts down like dropping the guard, but returns the report instead of writing it or passing it to
    /// [`on_report`](super::Setup::on_report).
    #[must_use = "the report lists what was lost"]
    pub fn shutdown(mut self) -> Report {
        self.shut_down()
    }

    /// Returns the tracer provider, if the set-up made one, for libraries that require a provider.
    #[must_use]
    pub fn tracer_provider(&self) -> Option<&SdkTracerProvider> {
        self.providers.tracers.as_ref()
    }

    /// Returns the meter provider of the SDK, if the set-up made one. If a callback that was registered with this
    /// provider panics, the thread of its reader ends. OpenTelemetry's global provider wraps the same provider and
    /// catches panics of callbacks.
    #[must_use]
    pub fn meter_provider(&self) -> Option<&SdkMeterProvider> {
        self.providers.meters.as_ref()
    }

    /// Returns the logger provider, if the set-up made one, for the bridge of a logging library.
    #[cfg(feature = "logs")]
    #[must_use]
    pub fn logger_provider(&self) -> Option<&opentelemetry_sdk::logs::SdkLoggerProvider> {
        self.providers.loggers.as_ref()
    }

    fn shut_down(&mut self) -> Report {
        self.is_shut_down = true;
        let (began, before) = (Instant::now(), self.deliveries.failed());
        self.deliveries.begin_shutdown(self.time_limit);
        let mut outcome = self.providers.run(
            "shutting down",
            self.time_limit,
            SdkTracerProvider::shutdown_with_timeout,
            SdkMeterProvider::shutdown_with_timeout,
            #[cfg(feature = "logs")]
            opentelemetry_sdk::logs::SdkLoggerProvider::shutdown_with_timeout,
        );
        for signal in std::mem::take(&mut outcome.sdk_timed_out) {
            let left = self.time_limit.saturating_sub(began.elapsed());
            outcome.in_time &= self.deliveries.wait_for_end(signal, left);
        }
        let outcome = self.deliveries.remove_duplicate_errors(outcome, before);
        if let Some(io) = self.io.take() {
            io.end(outcome.in_time);
        }
        self.deliveries.report(outcome)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.is_shut_down {
            return;
        }
        let report = self.shut_down();
        // If the guard is dropped during a panic, a second panic aborts the process. `eprintln!` panics if standard error
        // is closed.
        let on_report = self.on_report.take();
        let _ = panics::catch(|| match on_report {
            Some(handle) => handle(&report),
            None if report.is_all_delivered() => {}
            None => {
                let text = format!("otel-contract: not all telemetry was delivered\n{report}\n");
                let _ = std::io::stderr().write_all(text.as_bytes());
            }
        });
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("report", &self.report())
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}

impl Installed {
    /// Flushes or shuts down every provider, each on its own thread, because the SDK does not observe its timeouts
    /// everywhere. A provider that does not finish in time continues on its thread.
    fn run(
        &self,
        action: &'static str,
        time_limit: Duration,
        with_tracers: impl FnOnce(&SdkTracerProvider, Duration) -> OTelSdkResult + Send + 'static,
        with_meters: impl FnOnce(&SdkMeterProvider, Duration) -> OTelSdkResult + Send + 'static,
        #[cfg(feature = "logs")] with_loggers: impl FnOnce(
            &opentelemetry_sdk::logs::SdkLoggerProvider,
            Duration,
        ) -> OTelSdkResult
        + Send
        + 'static,
    ) -> FlushOutcome {
        let mut tasks = Tasks::new(action, time_limit);
        if let Some(tracers) = self.tracers.clone() {
            tasks.start(Signal::Traces, move || with_tracers(&tracers, time_limit));
        }
        if let Some(meters) = self.meters.clone() {
            tasks.start(Signal::Metrics, move || with_meters(&meters, time_limit));
        }
        #[cfg(feature = "logs")]
        if let Some(loggers) = self.loggers.clone() {
            tasks.start(Signal::Logs, move || with_loggers(&loggers, time_limit));
        }
        tasks.join()
    }
}

/// Tasks on other threads, which are awaited until a deadline.
struct Tasks {
    action: &'static str,
    time_limit: Duration,
    began: Instant,
    started: usize,
    errors: Vec<(Signal, String)>,
    results: (mpsc::Sender<TaskResult>, mpsc::Receiver<TaskResult>),
}

/// Result and duration of the task of one signal; `Err` is the message of a panic.
type TaskResult = (Signal, Result<OTelSdkResult, String>, Duration);

/// The SDK stops waiting after this time, even if its caller passes a longer timeout. The errors of its providers do
/// not say that they timed out, so `join` recognises a timeout by the duration of the call.
const SDK_WAIT: Duration = Duration::from_secs(5);

impl Tasks {
    fn new(action: &'static str, time_limit: Duration) -> Self {
        Self {
            action,
            time_limit,
            began: Instant::now(),
            started: 0,
            errors: Vec::new(),
            results: mpsc::channel(),
        }
    }

    fn start(&mut self, signal: Signal, task: impl FnOnce() -> OTelSdkResult + Send + 'static) {
        let result = self.results.0.clone();
        let work = move || {
            let began = Instant::now();
            let _ = result.send((signal, panics::catch(task), began.elapsed()));
        };
        let thread = std::thread::Builder::new().name("otel-contract-flush".to_owned());
        match thread.spawn(work) {
            Ok(_) => self.started += 1,
            Err(error) => self.add_error(signal, &error.to_string()),
        }
    }

    fn add_error(&mut self, signal: Signal, message: &str) {
        let message = printable(&format!("{} failed: {message}", self.action));
        self.errors.push((signal, message));
    }

    fn join(mut self) -> FlushOutcome {
        let mut in_time = true;
        let mut sdk_timed_out = Vec::new();
        let sdk_wait = SDK_WAIT.min(self.time_limit);
        for _ in 0..self.started {
            let left = self.time_limit.saturating_sub(self.began.elapsed());
            match self.results.1.recv_timeout(left) {
                Ok((_, Ok(Ok(())), _)) => {}
                Ok((signal, Ok(Err(_)), took)) if took >= sdk_wait => sdk_timed_out.push(signal),
                Ok((signal, Ok(Err(error)), _)) => self.add_error(signal, &reason(&error)),
                Ok((signal, Err(message), _)) => self.add_error(signal, &message),
                Err(_) => in_time = false,
            }
        }
        FlushOutcome {
            in_time,
            sdk_timed_out,
            errors: self.errors,
        }
    }
}
