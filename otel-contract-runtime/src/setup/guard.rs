//! The guard: flushes and shuts down within a bound.

use super::Signal;
use super::deliveries::Deliveries;
use super::report::{Ended, Report};
use super::shown::{reason, shown};
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

/// Keeps telemetry going. When it is dropped, what waits is delivered and the providers are shut
/// down, within the bound given at set-up (five seconds unless [`shutdown_within`] says otherwise);
/// what was lost is told on standard error, or as [`on_report`] says. Operations that still run then are lost: the report
/// counts them. Dropping it never panics: where standard error cannot be written to, the report is not told, and a panic
/// of [`on_report`] is caught.
///
/// Providers that were handed to the set-up are not shut down: whoever made them does that.
///
/// [`shutdown_within`]: super::Setup::shutdown_within
/// [`on_report`]: super::Setup::on_report
#[must_use = "telemetry is shut down when the guard is dropped: keep it until the service ends, `let _telemetry = …`"]
pub struct Guard {
    pub(super) providers: Installed,
    pub(super) deliveries: Deliveries,
    pub(super) io: Option<IoThread>,
    pub(super) bound: Duration,
    pub(super) on_report: Option<OnReport>,
    pub(super) warnings: SetupWarnings,
    pub(super) done: bool,
}

pub(super) type OnReport = Box<dyn FnOnce(&Report) + Send>;

/// The providers a set-up made.
#[derive(Clone, Debug, Default)]
pub(super) struct Installed {
    pub(super) tracers: Option<SdkTracerProvider>,
    pub(super) meters: Option<SdkMeterProvider>,
    #[cfg(feature = "logs")]
    pub(super) loggers: Option<opentelemetry_sdk::logs::SdkLoggerProvider>,
}

impl Guard {
    /// Delivers what waits, within the bound, and goes on. An export that is still repeated at its end goes on as well.
    /// Blocks: from an async function call it by `spawn_blocking`.
    #[allow(clippy::must_use_candidate)] // It is called for what it does; the report may be wanted.
    pub fn flush(&self) -> Report {
        let before = self.deliveries.failed();
        let mut ended = self.providers.all(
            "flushing",
            self.bound,
            |tracers, _| tracers.force_flush(),
            |meters, _| meters.force_flush(),
            #[cfg(feature = "logs")]
            |loggers, _| loggers.force_flush(),
        );
        // A flush has no other end than the SDK's.
        ended.in_time &= ended.unended.is_empty();
        let ended = self.deliveries.without_counted(ended, before);
        self.deliveries.report(ended)
    }

    /// What became of everything so far.
    #[must_use]
    pub fn report(&self) -> Report {
        self.deliveries.report(Ended {
            in_time: true,
            unended: Vec::new(),
            errors: Vec::new(),
        })
    }

    /// As dropping it, and gives the report to the caller alone.
    #[must_use = "the report lists what was lost"]
    pub fn shutdown(mut self) -> Report {
        self.end()
    }

    /// The tracer provider, if the set-up made one: for libraries that want it by itself.
    #[must_use]
    pub fn tracer_provider(&self) -> Option<&SdkTracerProvider> {
        self.providers.tracers.as_ref()
    }

    /// The meter provider, if the set-up made one. It is the SDK's own: the callback of an observable instrument that
    /// panics under it ends its reader. OpenTelemetry's global provider is the same with callbacks that may panic.
    #[must_use]
    pub fn meter_provider(&self) -> Option<&SdkMeterProvider> {
        self.providers.meters.as_ref()
    }

    /// The logger provider, if the set-up made one: for the bridge of a logging library.
    #[cfg(feature = "logs")]
    #[must_use]
    pub fn logger_provider(&self) -> Option<&opentelemetry_sdk::logs::SdkLoggerProvider> {
        self.providers.loggers.as_ref()
    }

    fn end(&mut self) -> Report {
        self.done = true;
        let (began, before) = (Instant::now(), self.deliveries.failed());
        self.deliveries.close(self.bound);
        let mut ended = self.providers.all(
            "shutting down",
            self.bound,
            SdkTracerProvider::shutdown_with_timeout,
            SdkMeterProvider::shutdown_with_timeout,
            #[cfg(feature = "logs")]
            opentelemetry_sdk::logs::SdkLoggerProvider::shutdown_with_timeout,
        );
        for signal in std::mem::take(&mut ended.unended) {
            let left = self.bound.saturating_sub(began.elapsed());
            ended.in_time &= self.deliveries.wait_for_end(signal, left);
        }
        let ended = self.deliveries.without_counted(ended, before);
        if let Some(io) = self.io.take() {
            io.end(ended.in_time);
        }
        self.deliveries.report(ended)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        let report = self.end();
        // A panic in here would abort the process where the guard is dropped because of another panic, and so would
        // one of `eprintln!`, which panics where standard error is closed.
        let tell = self.on_report.take();
        let _ = panics::catch(|| match tell {
            Some(tell) => tell(&report),
            None if report.is_complete() => {}
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
            .field("bound", &self.bound)
            .finish_non_exhaustive()
    }
}

impl Installed {
    /// Does something with every provider, each on a thread of its own: the SDK's bounds do not hold
    /// everywhere. A provider that does not come to an end in time goes on by itself.
    fn all(
        &self,
        doing: &'static str,
        bound: Duration,
        with_tracers: impl FnOnce(&SdkTracerProvider, Duration) -> OTelSdkResult + Send + 'static,
        with_meters: impl FnOnce(&SdkMeterProvider, Duration) -> OTelSdkResult + Send + 'static,
        #[cfg(feature = "logs")] with_loggers: impl FnOnce(
            &opentelemetry_sdk::logs::SdkLoggerProvider,
            Duration,
        ) -> OTelSdkResult
        + Send
        + 'static,
    ) -> Ended {
        let mut tasks = Tasks::new(doing, bound);
        if let Some(tracers) = self.tracers.clone() {
            tasks.start(Signal::Traces, move || with_tracers(&tracers, bound));
        }
        if let Some(meters) = self.meters.clone() {
            tasks.start(Signal::Metrics, move || with_meters(&meters, bound));
        }
        #[cfg(feature = "logs")]
        if let Some(loggers) = self.loggers.clone() {
            tasks.start(Signal::Logs, move || with_loggers(&loggers, bound));
        }
        tasks.join()
    }
}

/// Work on other threads, waited for until a deadline.
struct Tasks {
    doing: &'static str,
    bound: Duration,
    began: Instant,
    started: usize,
    errors: Vec<(Signal, String)>,
    results: (mpsc::Sender<Outcome>, mpsc::Receiver<Outcome>),
}

/// How the work for one signal ended, and how long it took; `Err` has the message of a panic.
type Outcome = (Signal, Result<OTelSdkResult, String>, Duration);

/// The time after which the SDK gives up waiting, whatever it is asked for. The errors of its providers do not say
/// that this was the reason.
const PATIENCE_OF_THE_SDK: Duration = Duration::from_secs(5);

impl Tasks {
    fn new(doing: &'static str, bound: Duration) -> Self {
        Self {
            doing,
            bound,
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
            Err(error) => self.failed(signal, &error.to_string()),
        }
    }

    fn failed(&mut self, signal: Signal, message: &str) {
        let message = shown(&format!("{} failed: {message}", self.doing));
        self.errors.push((signal, message));
    }

    fn join(mut self) -> Ended {
        let mut in_time = true;
        let mut unended = Vec::new();
        let patience = PATIENCE_OF_THE_SDK.min(self.bound);
        for _ in 0..self.started {
            let left = self.bound.saturating_sub(self.began.elapsed());
            match self.results.1.recv_timeout(left) {
                Ok((_, Ok(Ok(())), _)) => {}
                Ok((signal, Ok(Err(_)), took)) if took >= patience => unended.push(signal),
                Ok((signal, Ok(Err(error)), _)) => self.failed(signal, &reason(&error)),
                Ok((signal, Err(message), _)) => self.failed(signal, &message),
                Err(_) => in_time = false,
            }
        }
        Ended {
            in_time,
            unended,
            errors: self.errors,
        }
    }
}
