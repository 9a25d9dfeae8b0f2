//! Builder of an installation: the providers that will be installed.

use super::{Logs, Tracers, Unfinished};
use crate::definition::ContractDefinition;
use opentelemetry::global;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{Span, Tracer, TracerProvider};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// The providers for all contracts of the process, after they are [installed](Self::install).
///
/// Without an installation, contracts use OpenTelemetry's global providers. This works with any provider that is set at any
/// time, but costs more, because nothing can be resolved in advance.
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
    /// Contracts whose instruments are created in advance.
    pub(super) contracts: Vec<&'static ContractDefinition>,
    contract: PhantomData<fn() -> C>,
}

/// Sets OpenTelemetry's global tracer provider.
pub(super) type SetTracers = Box<dyn FnOnce() -> Tracers + Send>;
/// Sets OpenTelemetry's global meter provider.
pub(super) type SetMeters = Box<dyn FnOnce() + Send>;

/// Contract whose instruments are created by an installation. `billing::Providers` creates the instruments of `billing`.
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

/// [`ContractProviders`] without a contract of their own. They create instruments in advance for contracts that have
/// recorded something before. `billing::Providers` also creates the instruments of contract `billing`.
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
    /// Creates an installation without providers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates the instruments of these contracts in advance, too.
    #[cfg(feature = "setup")]
    pub(crate) fn with_contracts(mut self, contracts: &[&'static ContractDefinition]) -> Self {
        self.contracts.extend(contracts);
        self
    }

    /// Sets the tracer provider.
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

    /// Whether a tracer provider was set.
    #[cfg(feature = "setup")]
    pub(crate) fn has_tracers(&self) -> bool {
        self.tracers.is_some()
    }

    /// Sets the pipeline for spans of contracts, and the tracer provider for other instrumentation.
    #[cfg(feature = "setup")]
    pub(crate) fn with_pipeline(
        mut self,
        pipeline: Arc<crate::span::Pipeline>,
        provider: opentelemetry_sdk::trace::SdkTracerProvider,
    ) -> Self {
        self.tracers = Some(Box::new(|| {
            global::set_tracer_provider(provider);
            Tracers::Pipeline(pipeline)
        }));
        self
    }

    /// Sets the counter of unfinished operations.
    #[cfg(feature = "setup")]
    pub(crate) fn with_unfinished(mut self, unfinished: Arc<Unfinished>) -> Self {
        self.unfinished = Some(unfinished);
        self
    }

    /// Sets the meter provider.
    ///
    /// Series are bound to handles if two conditions hold. First, the provider is an `SdkMeterProvider` of the SDK version
    /// with which this crate is built. Second, the provider was built with the contract's `view`, so that no handle is
    /// assigned to the overflow series. Add the view before your own views: of two equally matching views, the SDK uses
    /// the limit of the first. Any other provider might drop measurements that are recorded through handles, so it gets the
    /// attributes with each measurement.
    ///
    /// A provider that you implement as a zero-sized type without observable instruments is indistinguishable from
    /// OpenTelemetry's no-op provider. Set such a provider here: if it is set only through the globals, it gets no
    /// measurements.
    pub fn with_meter_provider<P>(mut self, provider: P) -> Self
    where
        P: MeterProvider + Send + Sync + 'static,
    {
        let binds = can_bind(&provider);
        self.meters = Some((Box::new(|| global::set_meter_provider(provider)), binds));
        self
    }

    /// Sets a meter provider that wraps a provider of the SDK and returns the instruments of that provider.
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

    /// Sets the logger provider for events. Without a logger provider, events are not recorded: OpenTelemetry has no
    /// global logger provider.
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

/// Returns the provider if it is a provider of the SDK.
fn sdk_tracers(provider: &dyn Any) -> Option<Tracers> {
    #[cfg(feature = "sdk")]
    return provider.downcast_ref().cloned().map(Tracers::Sdk);
    #[cfg(not(feature = "sdk"))]
    {
        let _ = provider;
        None
    }
}

/// Whether bound handles of this provider are reliable. Handles of an unknown provider might drop measurements.
fn can_bind(provider: &dyn Any) -> bool {
    #[cfg(feature = "bound-metrics")]
    return provider.is::<opentelemetry_sdk::metrics::SdkMeterProvider>();
    #[cfg(not(feature = "bound-metrics"))]
    {
        let _ = provider;
        false
    }
}

/// Whether a provider is OpenTelemetry's no-op provider. Its type is private, but it is the provider that is zero-sized
/// and drops callbacks.
pub(super) fn is_noop(provider: &Arc<dyn MeterProvider + Send + Sync>) -> bool {
    if size_of_val(&**provider) > 0 {
        return false;
    }
    let witness = Arc::new(());
    let callback = witness.clone();
    let meter = provider.meter("otel_contract.probe");
    let _probe = meter
        .u64_observable_counter("otel_contract.probe")
        .with_callback(move |_| {
            let _ = &callback;
        })
        .build();
    Arc::strong_count(&witness) == 1
}
