//! The contracts the tests work with.

// The sample of the design document, with its include.
otel_contract::contract!("schema/billing.yaml");

// Inside a module, where a vocabulary with several contracts would put one.
mod inner {
    otel_contract::contract!("schema/forms.yaml");
}
pub use inner::forms;

// A metric of every instrument.
otel_contract::contract!("schema/measures.yaml");

// Bounded attributes wherever they may be used.
otel_contract::contract!("schema/caps.yaml");
