//! Instruments are made on short-lived threads of ours.
//!
//! Making an instrument runs code of others: it waits for the lock under which the SDK collects, it asks views, and the
//! SDK logs through `tracing`, whose layers may record with a contract. So does making a logger, for which the SDK makes
//! an instrument of its own. On a thread of its own it may take as long as it likes: a caller waits for a bound, and what
//! it measures before the instrument is ready is counted as lost.

use super::Meters;
use super::contract::ContractTelemetry;
use super::home::Home;
use super::instruments::{self, MetricSeries, OperationInstruments};
#[cfg(feature = "logs")]
use super::logs::ContractLogger;
use super::making::{Part, Patience};
use super::observed;
use super::source::guarded;
use crate::definition::InstrumentKind;
use crate::local;
use opentelemetry::metrics::{Meter, MeterProvider};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A meter provider of any type.
pub(super) type AnyMeterProvider = Arc<dyn MeterProvider + Send + Sync>;

impl ContractTelemetry {
    /// Has a part made by another thread, and waits for it for a bound. Where telemetry is suppressed nothing is made:
    /// this thread may be collecting, under the lock that the other one would wait for.
    pub(super) fn have_made<T>(
        &'static self,
        part: Part,
        is_given_up: bool,
        get: impl Fn() -> Option<&'static T>,
    ) -> Option<&'static T> {
        if local::is_suppressed() {
            return None;
        }
        if !is_given_up {
            self.request([part]);
            self.making.wait(self.patience(), || get().is_some());
        }
        let made = get();
        if made.is_none() {
            self.telemetry.count_not_ready();
        }
        made
    }

    #[cfg_attr(not(feature = "testing"), allow(clippy::unused_self))]
    fn patience(&self) -> Patience {
        #[cfg(feature = "testing")]
        if self.telemetry.scope.is_some() {
            return Patience::TESTING;
        }
        Patience::SERVING
    }

    /// Makes what waits on this thread, where that is known not to wait for a lock. Whether it did.
    fn make_here(&'static self) -> bool {
        #[cfg(feature = "testing")]
        if let Some(collecting) = &self.telemetry.scope {
            return collecting.unless(|| self.make_all(self.provider()));
        }
        // Where there are no threads, no other one can hold a lock.
        if cfg!(target_family = "wasm") {
            self.make_all(self.provider());
        }
        cfg!(target_family = "wasm")
    }

    /// Has parts made that are not there yet; does not wait.
    fn request(&'static self, parts: impl IntoIterator<Item = Part>) {
        if !self.making.add(parts) || self.make_here() {
            return;
        }
        let provider = self.provider();
        let thread = std::thread::Builder::new().name("otel-contract-make".to_owned());
        if thread.spawn(move || self.make_all(provider)).is_err() {
            self.making.not_started();
        }
    }

    fn make_all(&'static self, provider: Option<AnyMeterProvider>) {
        let _phase = local::PhaseGuard::creating();
        while let Some(part) = self.making.next() {
            // A view or a provider that panics leaves its part unmade; the others are made.
            let made = guarded(|| self.make(part, provider.as_ref()));
            if made.is_none() {
                self.give_up(part);
            }
            self.making.made();
        }
        // The last handle of a provider that was replaced may be this one.
        guarded(|| drop(provider));
    }

    /// Has the instruments with callbacks made, without waiting for them.
    pub(super) fn request_observables(&'static self) {
        if self.has_observables() && !self.observables.load(Ordering::Relaxed) {
            self.request([Part::Observables]);
        }
    }

    /// Waits for the instruments with callbacks, so that the next collection asks them.
    pub(crate) fn await_observables(&'static self) {
        if self.has_observables() && !local::is_suppressed() {
            let is_made = || self.observables.load(Ordering::Acquire);
            self.making.wait(self.patience(), is_made);
        }
    }

    fn has_observables(&self) -> bool {
        let observed = self.contract.metrics.iter();
        let has_any = self.contract.limited.is_some()
            || observed
                .into_iter()
                .any(|metric| is_observable(metric.instrument));
        has_any && !self.is_unmeasured()
    }

    /// Has everything made that is not there, without waiting for it.
    pub(super) fn request_all(&'static self) {
        #[cfg(feature = "logs")]
        if self.telemetry.logs.is_given() && !self.is_settled(Part::Logger) {
            self.request([Part::Logger]);
        }
        if self.is_unmeasured() {
            return;
        }
        self.request_observables();
        let operations = self.contract.operations.iter();
        let operations = operations
            .filter(|one| one.duration.is_some() || one.active.is_some())
            .map(|one| Part::Operation(one.index));
        let metrics = self.contract.metrics.iter().enumerate();
        let metrics = metrics
            .filter(|(_, metric)| !is_observable(metric.instrument))
            .map(|(index, _)| Part::Metric(index));
        let parts = operations.chain(metrics);
        self.request(parts.filter(|part| !self.is_settled(*part)));
    }

    /// Waits until everything is made, or nothing was for a while.
    pub(super) fn await_all(&'static self) {
        self.making.wait(Patience::INSTALLING, || false);
    }

    fn is_settled(&self, part: Part) -> bool {
        let is_given_up = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        match part {
            #[cfg(feature = "logs")]
            Part::Logger => self.logger.get().is_some(),
            Part::Observables => self.observables.load(Ordering::Relaxed),
            Part::Operation(index) => {
                let slot = &self.operations[index];
                slot.instruments.get().is_some() || is_given_up(&slot.given_up)
            }
            Part::Metric(index) => {
                let slot = &self.metrics[index];
                slot.instrument.get().is_some() || is_given_up(&slot.given_up)
            }
        }
    }

    /// Makes a part and then publishes it: nobody waits for a cell that is being filled. One thread at a time makes.
    fn make(&'static self, part: Part, provider: Option<&AnyMeterProvider>) {
        if self.is_settled(part) {
            return;
        }
        #[cfg(feature = "logs")]
        if part == Part::Logger {
            let _ = self.logger.set(self.telemetry.logs.of(self.contract));
            return;
        }
        let Some(meter) = self.meter(provider) else {
            return self.give_up(part);
        };
        let binds = matches!(self.telemetry.meters, Meters::Installed { binds: true, .. });
        match part {
            #[cfg(feature = "logs")]
            Part::Logger => {}
            Part::Observables => {
                guarded(|| instruments::limited(self.contract, meter, &self.limits));
                for metric in self.contract.metrics {
                    let home = Home::of(self.telemetry);
                    guarded(|| observed::instrument(metric, meter, &self.limits, home));
                }
                self.observables.store(true, Ordering::Release);
            }
            Part::Operation(index) => {
                let definition = &self.contract.operations[index];
                let made = OperationInstruments::new(meter, definition, binds);
                let _ = self.operations[index].instruments.set(made);
            }
            Part::Metric(index) => {
                let made = MetricSeries::new(meter, &self.contract.metrics[index], binds);
                let _ = self.metrics[index].instrument.set(made);
            }
        }
    }

    /// A part cannot be made: nobody waits for it again.
    fn give_up(&self, part: Part) {
        match part {
            #[cfg(feature = "logs")]
            Part::Logger => {
                let _ = self.logger.set(ContractLogger::default());
                return;
            }
            Part::Observables => &self.observables,
            Part::Operation(index) => &self.operations[index].given_up,
            Part::Metric(index) => &self.metrics[index].given_up,
        }
        .store(true, Ordering::Release);
    }

    /// The provider, to make something with. OpenTelemetry's global one is kept alive by whoever makes, since it may be
    /// replaced before its instruments are made.
    fn provider(&self) -> Option<AnyMeterProvider> {
        match &self.telemetry.meters {
            Meters::None => None,
            Meters::Installed { provider, .. } => Some(provider.clone()),
            Meters::Global(provider) => provider.upgrade(),
        }
    }

    /// The meter, which goes on to make instruments where the provider was replaced.
    fn meter(&self, provider: Option<&AnyMeterProvider>) -> Option<&Meter> {
        if self.meter.get().is_none() {
            let _ = self
                .meter
                .set(provider?.meter_with_scope(self.contract.scope()));
        }
        self.meter.get()
    }
}

fn is_observable(instrument: InstrumentKind) -> bool {
    matches!(
        instrument,
        InstrumentKind::ObservableCounter
            | InstrumentKind::ObservableUpDownCounter
            | InstrumentKind::ObservableGauge
    )
}
