//! The guard: flushes and shuts down within a bound.

use super::delivery::{Deliveries, Report};
use super::transport::IoThread;
use super::warning::SetupWarnings;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::fmt;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Keeps telemetry going. When it is dropped, what waits is delivered and the providers are shut
/// down, within the bound given at set-up (five seconds unless [`shutdown_within`] says otherwise);
/// what was lost is told on standard error, or as [`on_report`] says. Operations that still run then are lost: the report
/// counts them.
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
    /// Delivers what waits, within the bound, and goes on. Blocks: from an async function call it by
    /// `spawn_blocking`.
    #[allow(clippy::must_use_candidate)] // It is called for what it does; the report may be wanted.
    pub fn flush(&self) -> Report {
        let in_time = self.providers.all(
            self.bound,
            |tracers, _| tracers.force_flush(),
            |meters, _| meters.force_flush(),
            #[cfg(feature = "logs")]
            |loggers, _| loggers.force_flush(),
        );
        self.deliveries.report(in_time)
    }

    /// What became of everything so far.
    #[must_use]
    pub fn report(&self) -> Report {
        self.deliveries.report(true)
    }

    /// As dropping it, and gives the report to the caller alone.
    #[must_use = "it says what was lost"]
    pub fn shutdown(mut self) -> Report {
        self.end()
    }

    /// The tracer provider, if the set-up made one: for libraries that want it by itself.
    #[must_use]
    pub fn tracer_provider(&self) -> Option<&SdkTracerProvider> {
        self.providers.tracers.as_ref()
    }

    /// The meter provider, if the set-up made one.
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
        self.deliveries.close();
        let in_time = self.providers.all(
            self.bound,
            SdkTracerProvider::shutdown_with_timeout,
            SdkMeterProvider::shutdown_with_timeout,
            #[cfg(feature = "logs")]
            opentelemetry_sdk::logs::SdkLoggerProvider::shutdown_with_timeout,
        );
        if let Some(io) = self.io.take() {
            io.end(in_time);
        }
        self.deliveries.report(in_time)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        let report = self.end();
        match self.on_report.take() {
            Some(tell) => tell(&report),
            None if report.is_complete() => {}
            None => eprintln!("otel-contract: not all telemetry was delivered\n{report}"),
        }
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
    /// everywhere. Tells whether all came to an end in time; one that did not goes on by itself.
    fn all(
        &self,
        bound: Duration,
        with_tracers: impl FnOnce(&SdkTracerProvider, Duration) -> OTelSdkResult + Send + 'static,
        with_meters: impl FnOnce(&SdkMeterProvider, Duration) -> OTelSdkResult + Send + 'static,
        #[cfg(feature = "logs")] with_loggers: impl FnOnce(
            &opentelemetry_sdk::logs::SdkLoggerProvider,
            Duration,
        ) -> OTelSdkResult
        + Send
        + 'static,
    ) -> bool {
        let mut tasks = Tasks::new(bound);
        if let Some(tracers) = self.tracers.clone() {
            tasks.start(move || with_tracers(&tracers, bound));
        }
        if let Some(meters) = self.meters.clone() {
            tasks.start(move || with_meters(&meters, bound));
        }
        #[cfg(feature = "logs")]
        if let Some(loggers) = self.loggers.clone() {
            tasks.start(move || with_loggers(&loggers, bound));
        }
        tasks.join()
    }
}

/// Work on other threads, waited for until a deadline.
struct Tasks {
    bound: Duration,
    began: Instant,
    started: usize,
    all_started: bool,
    ended: (mpsc::Sender<()>, mpsc::Receiver<()>),
}

impl Tasks {
    fn new(bound: Duration) -> Self {
        Self {
            bound,
            began: Instant::now(),
            started: 0,
            all_started: true,
            ended: mpsc::channel(),
        }
    }

    /// A failure is no reason to wait: what could not be delivered is counted where it failed.
    fn start(&mut self, task: impl FnOnce() -> OTelSdkResult + Send + 'static) {
        let ended = self.ended.0.clone();
        let work = move || {
            let result = task();
            // A provider that timed out has not come to its end.
            if !matches!(
                result,
                Err(opentelemetry_sdk::error::OTelSdkError::Timeout(_))
            ) {
                let _ = ended.send(());
            }
        };
        let thread = std::thread::Builder::new().name("otel-contract-flush".to_owned());
        match thread.spawn(work) {
            Ok(_) => self.started += 1,
            Err(_) => self.all_started = false,
        }
    }

    fn join(self) -> bool {
        let (sender, receiver) = self.ended;
        drop(sender);
        let ended = (0..self.started).all(|_| {
            let left = self.bound.saturating_sub(self.began.elapsed());
            receiver.recv_timeout(left).is_ok()
        });
        ended && self.all_started
    }
}
