//! The typed events of a contract: log records with a schema, correlated with the active operation.

pub use crate::definition::{EventDefinition, Severity};

use crate::definition::InputValue;
use crate::description::Contract;

/// An event of a contract. `contract!` implements the trait for the struct of the event, and for the types that its
/// setters return.
///
/// The method `emit()`, which requires feature `logs`, sends the event to the logger provider of
/// [`Providers`](crate::Providers): OpenTelemetry has no global logger provider. The attributes follow the same rules and
/// limits as the attributes of spans. With feature `tracing`, the event is also an event of `tracing`, for the logs on the
/// console; a log bridge does not export it a second time.
///
/// ```
/// # #[cfg(feature = "logs")] {
/// otel_contract::contract!("doc/billing.yaml");
///
/// # fn main() {
/// billing::InvoiceRejected { order_id: "ord_1".into() }
///     .account_tier(billing::AccountTier::Pro)
///     .emit();
/// # }
/// # }
/// ```
pub trait Event: Sized {
    /// Returns the definition of the event.
    #[doc(hidden)]
    fn definition() -> &'static EventDefinition;

    /// Returns the description of the contract.
    #[doc(hidden)]
    fn contract() -> &'static Contract;

    /// Sets the attributes of the event.
    #[doc(hidden)]
    fn record(self, attributes: &mut EventAttributes<'_>);
}

/// Collector of the attributes of an event.
pub struct EventAttributes<'a> {
    /// Callback with the index of the attribute in the contract; `None`: `error.type`.
    set: &'a mut dyn FnMut(Option<usize>, InputValue<'_>),
}

impl EventAttributes<'_> {
    /// Sets the attribute with this index in the contract.
    pub fn set(&mut self, attribute: usize, value: Option<InputValue<'_>>) {
        if let Some(value) = value {
            (self.set)(Some(attribute), value);
        }
    }

    /// Sets `error.type`.
    pub fn set_error(&mut self, class: Option<&'static str>) {
        if let Some(class) = class {
            (self.set)(None, InputValue::text(class));
        }
    }
}

impl std::fmt::Debug for EventAttributes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventAttributes").finish_non_exhaustive()
    }
}

#[cfg(feature = "logs")]
pub use emit::emit;

#[cfg(feature = "logs")]
mod emit {
    use super::{Event, EventAttributes};
    #[cfg(not(feature = "tracing"))]
    use crate::definition::EventDefinition;
    use crate::definition::InputValue;
    use crate::local;
    #[cfg(feature = "tracing")]
    use crate::logs::TracingEvent;
    use crate::telemetry::{self, LogEvent};
    use opentelemetry::trace::TraceContextExt as _;
    use opentelemetry::{Context, KeyValue};

    /// Event for `tracing`, which does not exist without the feature.
    #[cfg(not(feature = "tracing"))]
    enum TracingEvent {}

    #[cfg(not(feature = "tracing"))]
    impl TracingEvent {
        fn if_enabled(_: &'static EventDefinition) -> Option<Self> {
            None
        }

        fn emit(self, _: &[KeyValue], _: bool) {
            match self {}
        }
    }

    /// Records an event, and emits it as an event of `tracing` (feature `tracing`). Its attributes are evaluated only if a
    /// logger or a subscriber of `tracing` is enabled for the event.
    pub fn emit<E: Event>(event: E) {
        let definition = E::definition();
        if local::is_suppressed() || local::is_in_event() {
            return;
        }
        let Some(telemetry) = telemetry::current(definition.contract) else {
            return;
        };
        let enabled_logger = || {
            let _phase = local::PhaseGuard::event();
            telemetry.logger()?.if_enabled(definition)
        };
        let logger = enabled_logger();
        // A subscriber of `tracing` may emit events itself, which would recurse without end.
        let tracing_event = {
            let _phase = local::PhaseGuard::event();
            TracingEvent::if_enabled(definition)
        };
        if logger.is_none() && tracing_event.is_none() {
            return;
        }
        let mut attributes = Vec::new();
        let limiters = telemetry.limiters();
        event.record(&mut EventAttributes {
            set: &mut |attribute, value| match attribute {
                Some(attribute) => {
                    let admitted = limiters.admit(attribute, value);
                    attributes.extend(limiters.key_value(attribute, admitted));
                }
                None => {
                    if let InputValue::Static(class) = value {
                        attributes.push(KeyValue::new("error.type", class));
                    }
                }
            },
        });
        definition.contract.add_other_keys(&mut attributes);
        if let Some(tracing_event) = tracing_event {
            let _phase = local::PhaseGuard::event();
            tracing_event.emit(&attributes, logger.is_some());
        }
        let Some(logger) = logger else {
            return;
        };
        let span = Context::map_current(|context| context.span().span_context().clone());
        let _phase = local::PhaseGuard::event();
        logger.emit(LogEvent {
            definition,
            attributes,
            span,
        });
    }
}

/// Generates the method `emit`, with feature `logs`.
#[cfg(feature = "logs")]
#[doc(hidden)]
#[macro_export]
macro_rules! __emits {
    ($($name:ident)*) => {$(
        impl $name {
            /// Records the event with the installed logger provider, in the trace and span of the active operation.
            pub fn emit(self) {
                $crate::__private::emit(self);
            }
        }
    )*};
}

/// Generates the method `emit`, without feature `logs`: a call is an error that names the feature.
#[cfg(not(feature = "logs"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __emits {
    ($($name:ident)*) => {$(
        impl $name {
            /// Recording events requires the feature `logs` of `otel-contract`.
            pub fn emit(self)
            where
                // The `for` defers the check to the call.
                for<'a> &'a Self: $crate::__private::Emits,
            {
            }
        }
    )*};
}

/// Trait without implementations, which carries the message.
#[cfg(not(feature = "logs"))]
#[diagnostic::on_unimplemented(
    message = "recording events requires the feature `logs` of `otel-contract`",
    label = "the feature is not enabled",
    note = "in the `Cargo.toml` of the crate that owns the contract: `otel-contract = {{ …, features = [\"logs\"] }}`"
)]
pub trait Emits {}
