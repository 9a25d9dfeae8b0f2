//! Contracts that the tests use.

// Contract of a service, with an included file.
otel_contract::contract!("schema/billing.yaml");

// Inside a module, as in a vocabulary with several contracts.
mod inner {
    otel_contract::contract!("schema/forms.yaml");
}
pub use inner::forms;

// Metrics of every instrument.
otel_contract::contract!("schema/measures.yaml");

// Bounded attributes in every place where they are allowed.
otel_contract::contract!("schema/caps.yaml");

// Error classes that are reported in different ways.
otel_contract::contract!("schema/outcomes.yaml");

// Operations with routes.
otel_contract::contract!("schema/requests.yaml");
