//! The typed events of a contract: log records with a schema, correlated with the running operation.

pub use crate::definition::{EventDefinition, Severity};

use crate::definition::Recorded;

/// An event of a contract; implemented by the struct `contract!` generates for it, and by what its
/// setters return.
///
/// It is recorded by its method `emit()`, which takes feature `logs`, and goes to the logger provider
/// given to [`Providers`](crate::Providers): OpenTelemetry has no global one. Its attributes are under
/// the same rules and limits as those of spans.
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
    /// What the contract says of it.
    #[doc(hidden)]
    fn definition() -> &'static EventDefinition;

    /// Hands over its attributes.
    #[doc(hidden)]
    fn record(self, attributes: &mut EventAttributes<'_>);
}

/// Takes the attributes of an event.
pub struct EventAttributes<'a> {
    /// Gets the place of each among the attributes of the contract; `None` for `error.type`.
    set: &'a mut dyn FnMut(Option<usize>, Recorded<'_>),
}

impl EventAttributes<'_> {
    /// An attribute: its place among those of the contract.
    pub fn set(&mut self, attribute: usize, value: Option<Recorded<'_>>) {
        if let Some(value) = value {
            (self.set)(Some(attribute), value);
        }
    }

    /// The class of `error.type`.
    pub fn set_error(&mut self, class: Option<&'static str>) {
        if let Some(class) = class {
            (self.set)(None, Recorded::text(class));
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
    use crate::definition::Recorded;
    use crate::local;
    use crate::telemetry::{self, LogEvent};
    use opentelemetry::trace::TraceContextExt as _;
    use opentelemetry::{Context, KeyValue};

    /// Records an event; its attributes are evaluated only where a logger takes it.
    pub fn emit<E: Event>(event: E) {
        let definition = E::definition();
        if local::is_suppressed() || local::is_in_event() {
            return;
        }
        let Some(telemetry) = telemetry::current(definition.contract) else {
            return;
        };
        let taking = || {
            let _phase = local::PhaseGuard::event();
            telemetry.logger()?.taking(definition)
        };
        let Some(logger) = taking() else {
            return;
        };
        let mut attributes = Vec::new();
        let limits = telemetry.limits();
        event.record(&mut EventAttributes {
            set: &mut |place, value| match place {
                Some(attribute) => {
                    let admitted = limits.admit(attribute, value);
                    attributes.extend(limits.shown(attribute, admitted));
                }
                None => {
                    if let Recorded::Static(class) = value {
                        attributes.push(KeyValue::new("error.type", class));
                    }
                }
            },
        });
        definition.contract.add_other_keys(&mut attributes);
        let span = Context::map_current(|context| context.span().span_context().clone());
        let _phase = local::PhaseGuard::event();
        logger.emit(LogEvent {
            definition,
            attributes,
            span,
        });
    }
}

/// The method that records, where feature `logs` is.
#[cfg(feature = "logs")]
#[doc(hidden)]
#[macro_export]
macro_rules! __emits {
    ($($name:ident)*) => {$(
        impl $name {
            /// Records the event: to the installed logger provider, with the trace and span of the
            /// running operation.
            pub fn emit(self) {
                $crate::__private::emit(self);
            }
        }
    )*};
}

/// The method that records, where feature `logs` is not: it can be named, and says what it takes.
#[cfg(not(feature = "logs"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __emits {
    ($($name:ident)*) => {$(
        impl $name {
            /// Recording events takes the feature `logs` of `otel-contract`.
            pub fn emit(self)
            where
                // Looked at where it is called, not here.
                for<'a> &'a Self: $crate::__private::Emits,
            {
            }
        }
    )*};
}

/// Implemented by nothing.
#[cfg(not(feature = "logs"))]
#[diagnostic::on_unimplemented(
    message = "recording events takes the feature `logs` of `otel-contract`",
    label = "recorded by nothing without it",
    note = "in the `Cargo.toml` of the crate that owns the contract: `otel-contract = {{ …, features = [\"logs\"] }}`"
)]
pub trait Emits {}
