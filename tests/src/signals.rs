//! Spans and log records of one process, kept in memory: what [`Providers`] install stays installed.

use opentelemetry_sdk::logs::in_memory_exporter::LogDataWithResource;
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use otel_contract::Providers;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Installed once for all tests of a binary.
#[derive(Debug)]
pub struct Signals {
    spans: InMemorySpanExporter,
    records: InMemoryLogExporter,
    /// Where spans go.
    pub tracers: SdkTracerProvider,
    /// Where log records go.
    pub loggers: SdkLoggerProvider,
}

/// A test's turn: nothing of another test is exported meanwhile.
#[derive(Debug)]
pub struct Turn {
    signals: &'static Signals,
    _turn: MutexGuard<'static, ()>,
}

impl Signals {
    /// The installation, made with the first call; `also` is run once with it.
    pub fn installed(also: impl FnOnce(&Self)) -> &'static Self {
        static INSTALLED: OnceLock<Signals> = OnceLock::new();
        INSTALLED.get_or_init(|| {
            let (spans, records) = (
                InMemorySpanExporter::default(),
                InMemoryLogExporter::default(),
            );
            let signals = Self {
                tracers: SdkTracerProvider::builder()
                    .with_simple_exporter(spans.clone())
                    .build(),
                loggers: SdkLoggerProvider::builder()
                    .with_simple_exporter(records.clone())
                    .build(),
                spans,
                records,
            };
            Providers::new()
                .with_tracer_provider(signals.tracers.clone())
                .with_logger_provider(signals.loggers.clone())
                .install();
            also(&signals);
            signals
        })
    }

    /// Waits until no other test records.
    pub fn turn(&'static self) -> Turn {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        self.spans.reset();
        self.records.reset();
        Turn {
            signals: self,
            _turn: turn,
        }
    }
}

impl Turn {
    /// Every span that ended, in that order.
    ///
    /// # Panics
    ///
    /// When the exporter is broken.
    #[must_use]
    pub fn spans(&self) -> Vec<SpanData> {
        let spans = self.signals.spans.get_finished_spans();
        spans.expect("the exporter keeps everything in memory")
    }

    /// The one span of this name.
    ///
    /// # Panics
    ///
    /// When there is none, or another.
    #[must_use]
    #[track_caller]
    pub fn span(&self, name: &str) -> SpanData {
        let mut named = self.spans();
        named.retain(|span| span.name == name);
        assert_eq!(named.len(), 1, "one span `{name}`");
        named.remove(0)
    }

    /// Every log record, in the order they were emitted.
    ///
    /// # Panics
    ///
    /// When the exporter is broken.
    #[must_use]
    pub fn records(&self) -> Vec<LogDataWithResource> {
        let records = self.signals.records.get_emitted_logs();
        records.expect("the exporter keeps everything in memory")
    }
}
