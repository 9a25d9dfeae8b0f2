//! Creation of instruments and loggers, on short-lived threads of this crate.
//!
//! Creating an instrument runs code of others: it waits for the lock under which the SDK collects, it calls views, and
//! the SDK logs through `tracing`, whose layers may record with a contract. The same holds for creating a logger, for
//! which the SDK creates an instrument of its own. A separate thread may take any time for this: a caller waits for a
//! bounded time, and its measurements before the instrument is ready are counted as lost.

use super::Meters;
use super::callback_owner::CallbackOwner;
use super::contract::ContractTelemetry;
use super::creation_queue::{Part, WaitLimits};
use super::instruments::{self, MetricSeries, OperationInstruments};
#[cfg(feature = "logs")]
use super::logs::ContractLogger;
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
    /// Requests the creation of a part on another thread, and waits for it for a bounded time. If telemetry is suppressed,
    /// nothing is requested: this thread may be collecting, under the lock for which the other thread would wait.
    pub(super) fn create_and_wait<T>(
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
            self.queue.wait(self.wait_limits(), || get().is_some());
        }
        let ready = get();
        if ready.is_none() {
            self.telemetry.count_not_ready();
        }
        ready
    }

    #[cfg_attr(not(feature = "testing"), allow(clippy::unused_self))]
    fn wait_limits(&self) -> WaitLimits {
        #[cfg(feature = "testing")]
        if self.telemetry.scope.is_some() {
            return WaitLimits::TESTING;
        }
        WaitLimits::SERVING
    }

    /// Creates the queued parts on this thread, if no lock can block the creation. Returns whether it created them.
    fn create_on_this_thread(&'static self) -> bool {
        #[cfg(feature = "testing")]
        if let Some(activity) = &self.telemetry.scope {
            return activity.create_unless_collecting(|| self.create_queued(self.provider()));
        }
        // Without threads, no other thread can hold a lock.
        if cfg!(target_family = "wasm") {
            self.create_queued(self.provider());
        }
        cfg!(target_family = "wasm")
    }

    /// Requests the creation of parts, without waiting for it.
    fn request(&'static self, parts: impl IntoIterator<Item = Part>) {
        if !self.queue.add(parts) || self.create_on_this_thread() {
            return;
        }
        let provider = self.provider();
        let thread = std::thread::Builder::new().name("otel-contract-make".to_owned());
        if thread.spawn(move || self.create_queued(provider)).is_err() {
            self.queue.note_spawn_failed();
        }
    }

    /// Creates the queued parts.
    fn create_queued(&'static self, provider: Option<AnyMeterProvider>) {
        let _phase = local::PhaseGuard::creating();
        while let Some(part) = self.queue.next() {
            // If a view or a provider panics, only this part is not created.
            let created = guarded(|| self.create(part, provider.as_ref()));
            if created.is_none() {
                self.give_up(part);
            }
            self.queue.note_created();
        }
        // This may be the last handle of a replaced provider, whose destructor is code of others.
        guarded(|| drop(provider));
    }

    /// Requests the creation of the observable instruments, without waiting for it.
    pub(super) fn request_observables(&'static self) {
        if self.has_observables() && !self.observables.load(Ordering::Relaxed) {
            self.request([Part::Observables]);
        }
    }

    /// Waits for the observable instruments, so that the next collection calls their callbacks.
    pub(crate) fn await_observables(&'static self) {
        if self.has_observables() && !local::is_suppressed() {
            let is_created = || self.observables.load(Ordering::Acquire);
            self.queue.wait(self.wait_limits(), is_created);
        }
    }

    fn has_observables(&self) -> bool {
        let mut metrics = self.contract.metrics.iter();
        let has_any = self.contract.limited.is_some()
            || metrics.any(|metric| is_observable(metric.instrument));
        has_any && !self.is_unmeasured()
    }

    /// Requests the creation of every part that does not exist yet, without waiting for it.
    pub(super) fn request_all(&'static self) {
        #[cfg(feature = "logs")]
        if self.telemetry.logs.has_provider() && !self.is_handled(Part::Logger) {
            self.request([Part::Logger]);
        }
        if self.is_unmeasured() {
            return;
        }
        self.request_observables();
        let operations = self.contract.operations.iter();
        let measured = operations
            .filter(|operation| operation.duration.is_some() || operation.active.is_some())
            .map(|operation| Part::Operation(operation.index));
        let metrics = self.contract.metrics.iter().enumerate();
        let recorded = metrics
            .filter(|(_, metric)| !is_observable(metric.instrument))
            .map(|(index, _)| Part::Metric(index));
        let parts = measured.chain(recorded);
        self.request(parts.filter(|part| !self.is_handled(*part)));
    }

    /// Waits until all requested parts are created, or the wait limits of an installation are reached.
    pub(super) fn await_all(&'static self) {
        self.queue.wait(WaitLimits::INSTALLING, || false);
    }

    /// Whether a part was created or given up.
    fn is_handled(&self, part: Part) -> bool {
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

    /// Creates a part and then publishes it, so that no thread waits for a cell that is being filled. Only one thread at a
    /// time creates parts of a contract.
    fn create(&'static self, part: Part, provider: Option<&AnyMeterProvider>) {
        if self.is_handled(part) {
            return;
        }
        #[cfg(feature = "logs")]
        if part == Part::Logger {
            let _ = self.logger.set(self.telemetry.logs.logger(self.contract));
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
                guarded(|| instruments::create_limited(self.contract, meter, &self.limiters));
                for metric in self.contract.metrics {
                    let owner = CallbackOwner::of(self.telemetry);
                    guarded(|| observed::create_instrument(metric, meter, &self.limiters, owner));
                }
                self.observables.store(true, Ordering::Release);
            }
            Part::Operation(index) => {
                let definition = &self.contract.operations[index];
                let instruments = OperationInstruments::new(meter, definition, binds);
                let _ = self.operations[index].instruments.set(instruments);
            }
            Part::Metric(index) => {
                let instrument = MetricSeries::new(meter, &self.contract.metrics[index], binds);
                let _ = self.metrics[index].instrument.set(instrument);
            }
        }
    }

    /// Marks a part that cannot be created, so that no caller waits for it again.
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

    /// Returns the meter provider. The creating thread keeps OpenTelemetry's global provider alive, because the provider
    /// may be replaced before its instruments are created.
    fn provider(&self) -> Option<AnyMeterProvider> {
        match &self.telemetry.meters {
            Meters::None => None,
            Meters::Installed { provider, .. } => Some(provider.clone()),
            Meters::Global(provider) => provider.upgrade(),
        }
    }

    /// Returns the meter. It still creates instruments after the provider was replaced.
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
