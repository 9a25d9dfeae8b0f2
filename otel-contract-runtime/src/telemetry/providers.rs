//! Providers that are about to be installed.

use super::{Logs, Tracers, Unfinished};
use crate::definition::ContractDefinition;
use opentelemetry::global;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{Span, Tracer, TracerProvider};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// The providers all contracts of the process record with, once they are
/// [installed](Self::install).
///
/// Without it contracts follow OpenTelemetry's global providers, which works with any of them at any
/// time and costs more: nothing can be resolved ahead.
///
/// ```
/// # #[cfg(feature = "sdk")] {
/// otel_contract::contract!("doc/billing.yaml");
///
/// use opentelemetry_sdk::metrics::SdkMeterProvider;
///
/// # fn main() {
/// let meters = SdkMeterProvider::builder()
///     .with_view(billing::view) // boundaries, and limits equal to the proven bounds
///     .build();
/// billing::Providers::new().with_meter_provider(meters.clone()).install();
/// # }}
/// ```
#[must_use = "nothing is installed before `install`"]
pub struct ContractProviders<C> {
    pub(super) tracers: Option<SetTracers>,
    pub(super) meters: Option<(SetMeters, bool)>,
    pub(super) logs: Option<Logs>,
    pub(super) unfinished: Option<Arc<Unfinished>>,
    /// Contracts whose instruments are made ahead.
    pub(super) contracts: Vec<&'static ContractDefinition>,
    contract: PhantomData<fn() -> C>,
}

/// Makes a tracer provider that of OpenTelemetry's globals.
pub(super) type SetTracers = Box<dyn FnOnce() -> Tracers + Send>;
/// Makes a meter provider that of OpenTelemetry's globals.
pub(super) type SetMeters = Box<dyn FnOnce() + Send>;

/// The contract whose instruments are made when providers are installed: `billing::Providers` knows its own.
pub trait KnownContract {
    #[doc(hidden)]
    fn definition() -> Option<&'static ContractDefinition>;
}

/// No contract in particular.
#[derive(Clone, Copy, Debug)]
pub struct AnyContract;

impl KnownContract for AnyContract {
    fn definition() -> Option<&'static ContractDefinition> {
        None
    }
}

/// [`ContractProviders`] that know no contract: instruments are made ahead for the contracts that have recorded
/// something before. `billing::Providers` of a contract makes those of this contract too.
pub type Providers = ContractProviders<AnyContract>;

impl<C: KnownContract> Default for ContractProviders<C> {
    fn default() -> Self {
        Self {
            tracers: None,
            meters: None,
            logs: None,
            unfinished: None,
            contracts: C::definition().into_iter().collect(),
            contract: PhantomData,
        }
    }
}

impl<C: KnownContract> ContractProviders<C> {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the instruments of these contracts ahead.
    #[cfg(feature = "setup")]
    pub(crate) fn with_contracts(mut self, contracts: &[&'static ContractDefinition]) -> Self {
        self.contracts.extend(contracts);
        self
    }

    /// Spans go to this provider.
    pub fn with_tracer_provider<P, T, S>(mut self, provider: P) -> Self
    where
        P: TracerProvider<Tracer = T> + Send + Sync + 'static,
        T: Tracer<Span = S> + Send + Sync + 'static,
        S: Span + Send + Sync + 'static,
    {
        let sdk = sdk_tracers(&provider);
        self.tracers = Some(Box::new(|| {
            global::set_tracer_provider(provider);
            sdk.unwrap_or_else(|| Tracers::Boxed(global::tracer_provider()))
        }));
        self
    }

    /// Whether a tracer provider was given.
    #[cfg(feature = "setup")]
    pub(crate) fn has_tracers(&self) -> bool {
        self.tracers.is_some()
    }

    /// Spans of contracts go to this pipeline, any other to its provider.
    #[cfg(feature = "setup")]
    pub(crate) fn with_pipeline(
        mut self,
        pipeline: Arc<crate::span::Pipeline>,
        provider: opentelemetry_sdk::trace::SdkTracerProvider,
    ) -> Self {
        self.tracers = Some(Box::new(|| {
            global::set_tracer_provider(provider);
            Tracers::Own(pipeline)
        }));
        self
    }

    /// Operations are counted here while they run.
    #[cfg(feature = "setup")]
    pub(crate) fn with_unfinished(mut self, unfinished: Arc<Unfinished>) -> Self {
        self.unfinished = Some(unfinished);
        self
    }

    /// Measurements go to this provider.
    ///
    /// Series are bound to handles where it is an `SdkMeterProvider` of the version of the SDK this
    /// crate is built with, whose binding is then compiled in, and where it was built with the
    /// contract's `view`, so that no handle can stand for more than its series: put it before views
    /// of your own, since of two that match alike the SDK takes the limit of the first. Any other
    /// provider may drop what is recorded through handles, so it is given attributes each time.
    ///
    /// OpenTelemetry's no-op provider cannot be told from one of your own that holds nothing and has
    /// no observable instruments: hand such a one over here, through the globals it gets nothing.
    pub fn with_meter_provider<P>(mut self, provider: P) -> Self
    where
        P: MeterProvider + Send + Sync + 'static,
    {
        let binds = can_bind(&provider);
        self.meters = Some((Box::new(|| global::set_meter_provider(provider)), binds));
        self
    }

    /// Measurements go to a provider of the SDK, by another that adds to it and gives its instruments.
    #[cfg(feature = "setup")]
    pub(crate) fn with_guarded_meters<P>(
        mut self,
        provider: &opentelemetry_sdk::metrics::SdkMeterProvider,
        guarded: P,
    ) -> Self
    where
        P: MeterProvider + Send + Sync + 'static,
    {
        let binds = can_bind(provider);
        self.meters = Some((Box::new(|| global::set_meter_provider(guarded)), binds));
        self
    }

    /// Events go to this provider. OpenTelemetry has no global one for logs, so without it they go
    /// nowhere.
    ///
    /// ```
    /// otel_contract::contract!("doc/billing.yaml");
    ///
    /// use opentelemetry_sdk::logs::{InMemoryLogExporter, SdkLoggerProvider};
    ///
    /// # fn main() {
    /// let exporter = InMemoryLogExporter::default();
    /// let loggers = SdkLoggerProvider::builder().with_simple_exporter(exporter.clone()).build();
    /// billing::Providers::new().with_logger_provider(loggers).install();
    ///
    /// billing::InvoiceRejected { order_id: "ord_1".into() }
    ///     .account_tier(billing::AccountTier::Pro)
    ///     .emit();
    /// # let exported = exporter.get_emitted_logs().expect("kept in memory");
    /// # assert_eq!(exported[0].record.event_name(), Some("invoice.rejected"));
    /// # }
    /// ```
    #[cfg(feature = "logs")]
    pub fn with_logger_provider<P>(mut self, provider: P) -> Self
    where
        P: opentelemetry::logs::LoggerProvider + Send + Sync + 'static,
        P::Logger: Send + Sync + 'static,
    {
        self.logs = Some(Logs::to(provider));
        self
    }
}

impl<C> std::fmt::Debug for ContractProviders<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Providers")
            .field("contracts", &self.contracts.len())
            .field("tracers", &self.tracers.is_some())
            .field("meters", &self.meters.is_some())
            .field("logs", &self.logs.is_some())
            .field("unfinished", &self.unfinished.is_some())
            .finish()
    }
}

/// The SDK's provider, if it is that.
fn sdk_tracers(provider: &dyn Any) -> Option<Tracers> {
    #[cfg(feature = "sdk")]
    return provider.downcast_ref().cloned().map(Tracers::Sdk);
    #[cfg(not(feature = "sdk"))]
    {
        let _ = provider;
        None
    }
}

/// Whether handles of this provider can be trusted: of any other it cannot be told whether they drop
/// what they are given.
fn can_bind(provider: &dyn Any) -> bool {
    #[cfg(feature = "bound-metrics")]
    return provider.is::<opentelemetry_sdk::metrics::SdkMeterProvider>();
    #[cfg(not(feature = "bound-metrics"))]
    {
        let _ = provider;
        false
    }
}

/// Whether a provider is OpenTelemetry's no-op one. It has no name to ask for; but it holds nothing,
/// and it forgets callbacks.
pub(super) fn does_nothing(provider: &Arc<dyn MeterProvider + Send + Sync>) -> bool {
    if size_of_val(&**provider) > 0 {
        return false;
    }
    let kept = Arc::new(());
    let callback = kept.clone();
    let meter = provider.meter("otel_contract.probe");
    let _probe = meter
        .u64_observable_counter("otel_contract.probe")
        .with_callback(move |_| {
            let _ = &callback;
        })
        .build();
    Arc::strong_count(&kept) == 1
}
