//! The report of a set-up about delivered and lost telemetry.

use super::Signal;
use super::delivery::Delivery;
use std::fmt;

/// Result of flushing or shutting down.
pub(super) struct FlushOutcome {
    /// Whether every provider finished within the time limit.
    pub(super) in_time: bool,
    /// Signals for which the SDK stopped waiting before the provider finished.
    pub(super) sdk_timed_out: Vec<Signal>,
    pub(super) errors: Vec<(Signal, String)>,
}

/// Counts of delivered and lost telemetry of a set-up. Displays as one line per signal.
///
/// Points are counted each time they are exported. With cumulative temporality (the default), a failed point is not
/// lost if the series is exported again: the next point contains its measurements.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Spans.
    pub spans: Delivery,
    /// Points of metrics.
    pub points: Delivery,
    /// Log records.
    pub records: Delivery,
    /// Operations that had not ended when telemetry was shut down: their spans and durations are lost. Zero until
    /// telemetry is shut down.
    pub unfinished: u64,
    /// Operations, measurements and events whose instruments or loggers were not ready, because the provider was blocked
    /// when they were first used. The span of the operation is recorded, its measurements are not.
    pub not_ready: u64,
    /// Whether flushing or shutting down finished within the time limit.
    pub in_time: bool,
    pub(super) messages: Vec<(Signal, String)>,
    pub(super) errors: Vec<(Signal, String)>,
}

impl Report {
    /// Whether all telemetry was delivered: no loss was counted, flushing or shutting down finished within the time
    /// limit, and no error occurred whose losses cannot be counted.
    #[must_use]
    pub fn is_all_delivered(&self) -> bool {
        let all = self.spans.sum(self.points).sum(self.records);
        let is_delivered = all.undelivered() == 0 && self.unfinished == 0 && self.not_ready == 0;
        self.in_time && is_delivered && self.errors.is_empty()
    }

    /// Returns the last message of each signal: why an export failed or was rejected in part, otherwise the last
    /// warning of a collector that accepted all items. The errors outside of exports follow: of flushing and shutting
    /// down, and panics of processors and exporters. A message has at most 300 characters, and control characters are
    /// escaped.
    pub fn messages(&self) -> impl Iterator<Item = (Signal, &str)> {
        self.messages
            .iter()
            .chain(&self.errors)
            .map(|(signal, message)| (*signal, message.as_str()))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signals = [
            (Signal::Traces, self.spans),
            (Signal::Metrics, self.points),
            (Signal::Logs, self.records),
        ];
        for (position, (signal, delivery)) in signals.into_iter().enumerate() {
            let Delivery {
                delivered,
                failed,
                rejected,
                dropped,
                waiting,
            } = delivery;
            let separator = if position == 0 { "" } else { "\n" };
            let items = signal.items();
            write!(f, "{separator}{items}: {delivered} delivered")?;
            for (count, outcome) in [
                (failed, "failed"),
                (rejected, "rejected"),
                (dropped, "dropped"),
                (waiting, "left waiting"),
            ] {
                if count > 0 {
                    write!(f, ", {count} {outcome}")?;
                }
            }
            if let Some((_, message)) = self.messages.iter().find(|(other, _)| *other == signal) {
                write!(f, " (last message: {message})")?;
            }
        }
        if self.unfinished > 0 {
            write!(f, "\noperations: {} had not ended", self.unfinished)?;
        }
        if self.not_ready > 0 {
            write!(
                f,
                "\noperations, measurements and events: {} came before their instruments were ready",
                self.not_ready
            )?;
        }
        for (signal, error) in &self.errors {
            write!(f, "\n{signal}: {error}")?;
        }
        if !self.in_time {
            f.write_str("\nflushing or shutting down took longer than allowed")?;
        }
        Ok(())
    }
}
