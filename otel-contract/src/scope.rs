//! The instrumentation scope of a contract, and the tracer that belongs to it.

use opentelemetry::InstrumentationScope;
use opentelemetry::global::{self, BoxedTracer};

/// Name, version and schema URL of a contract, as telemetry carries them.
#[derive(Debug)]
pub struct Scope {
    /// The contract's name.
    pub name: &'static str,
    /// The contract's version.
    pub version: &'static str,
    /// The contract's schema URL.
    pub schema_url: Option<&'static str>,
}

impl Scope {
    /// A tracer of the provider that is installed now.
    ///
    /// Asked for at every operation: a tracer taken before the provider was installed would stay
    /// dead, and one taken from a provider since replaced would record into the old one. The API
    /// gives the installed provider no identity by which a cached tracer could be told stale.
    pub(crate) fn tracer(&self) -> BoxedTracer {
        let scope = InstrumentationScope::builder(self.name).with_version(self.version);
        let scope = match self.schema_url {
            Some(url) => scope.with_schema_url(url),
            None => scope,
        };
        global::tracer_with_scope(scope.build())
    }
}
