//! In-memory spans and log records of one process. They are shared, since providers installed by [`Providers`] stay
//! installed.

use opentelemetry_sdk::logs::in_memory_exporter::LogDataWithResource;
use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use otel_contract::Providers;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// Exporters and providers, installed once for all tests of a binary.
#[derive(Debug)]
pub struct Signals {
    spans: InMemorySpanExporter,
    records: InMemoryLogExporter,
    /// Tracer provider.
    pub tracers: SdkTracerProvider,
    /// Logger provider.
    pub loggers: SdkLoggerProvider,
}

/// Turn of a test: while this exists, no other test records.
#[derive(Debug)]
pub struct Turn {
    signals: &'static Signals,
    _turn: MutexGuard<'static, ()>,
}

impl Signals {
    /// Installs the providers at the first call; `also` runs once, with the installation.
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

    /// Waits until no other test records, and clears the exporters.
    pub fn take_turn(&'static self) -> Turn {
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
    /// Ended spans, in the order of their ends.
    ///
    /// # Panics
    ///
    /// If the exporter fails.
    #[must_use]
    pub fn spans(&self) -> Vec<SpanData> {
        let spans = self.signals.spans.get_finished_spans();
        spans.expect("the exporter keeps everything in memory")
    }

    /// The only span of this name.
    ///
    /// # Panics
    ///
    /// If there is no such span, or more than one.
    #[must_use]
    #[track_caller]
    pub fn span(&self, name: &str) -> SpanData {
        let mut named = self.spans();
        named.retain(|span| span.name == name);
        assert_eq!(named.len(), 1, "one span `{name}`");
        named.remove(0)
    }

    /// Log records, in the order of emission.
    ///
    /// # Panics
    ///
    /// If the exporter fails.
    #[must_use]
    pub fn records(&self) -> Vec<LogDataWithResource> {
        let records = self.signals.records.get_emitted_logs();
        records.expect("the exporter keeps everything in memory")
    }
}
