//! Set-up: from the contract and the standard variables to providers, and a guard that flushes.
//!
//! ```
//! otel_contract::contract!("doc/billing.yaml");
//!
//! fn main() -> Result<(), billing::setup::SetupErrors> {
//!     let _telemetry = billing::telemetry(billing::Resource {
//!         service_name: "billing-api".into(),
//!         service_version: env!("CARGO_PKG_VERSION").into(),
//!         deployment_environment_name: billing::DeploymentEnvironmentName::Production,
//!     })
//! #   .variables(["TRACES", "METRICS", "LOGS"].map(|one| (format!("OTEL_{one}_EXPORTER"), "none")))
//!     .install()?;
//!
//!     // … serve; when the guard goes, what waits is delivered, in five seconds at most
//!     Ok(())
//! }
//! ```
//!
//! What code says goes before what the environment says. Everything that is wrong is reported at
//! once, and then nothing is installed:
//!
//! ```text
//! telemetry cannot be set up
//!
//! error: `OTEL_EXPORTER_OTLP_PROTOCOL` is `htp/protobuf`
//!   = help: use one of `grpc`, `http/protobuf`
//!
//! error: resource attribute `service.version` is empty
//!   = help: give it a value: telemetry that does not say where it comes from cannot be used
//!   = note: contract `billing` 1.2.0, schema/billing.yaml:15:3
//! ```
//!
//! # Variables
//!
//! | variable | values | default |
//! | --- | --- | --- |
//! | `OTEL_SDK_DISABLED` | `true`, `false` | `false` |
//! | `OTEL_TRACES_EXPORTER`, `OTEL_METRICS_EXPORTER`, `OTEL_LOGS_EXPORTER` | `otlp`, `none` | `otlp` |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT` | an `http://` URL without `#`; for HTTP `/v1/traces` and so on are added, before a query; gRPC has none | port 4318, 4317 for gRPC |
//! | `OTEL_EXPORTER_OTLP_PROTOCOL` | `http/protobuf`, `grpc` | `http/protobuf`, where compiled |
//! | `OTEL_EXPORTER_OTLP_HEADERS` | `name=value,name=value`, percent-encoded | |
//! | `OTEL_EXPORTER_OTLP_TIMEOUT` | milliseconds | 10,000 |
//! | `OTEL_EXPORTER_OTLP_COMPRESSION` | `gzip`, `none` | `none` |
//! | `OTEL_EXPORTER_OTLP_INSECURE` | `true` allows a gRPC endpoint without scheme | `false` |
//! | each of them as `OTEL_EXPORTER_OTLP_TRACES_…`, `…_METRICS_…`, `…_LOGS_…` | for one signal; its endpoint is taken as it is | |
//! | `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` | `cumulative`, `delta`, `lowmemory` | `cumulative` |
//! | `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG` | of spans the contract says nothing about | `parentbased_always_on` |
//! | `OTEL_PROPAGATORS` | `tracecontext`, `baggage` (what contracts list), `none` | `tracecontext,baggage` |
//! | `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME` | beside the contract's resource, which goes first | |
//! | `OTEL_BSP_…`, `OTEL_BLRP_…` | `SCHEDULE_DELAY`, `EXPORT_TIMEOUT`, `MAX_QUEUE_SIZE`, `MAX_EXPORT_BATCH_SIZE` | 5,000 (1,000 for logs), 30,000, 2,048, 512 |
//! | `OTEL_METRIC_EXPORT_INTERVAL`, `OTEL_METRIC_EXPORT_TIMEOUT` | milliseconds | 60,000, that of the exporter |
//!
//! A variable whose name is nearly one of these is an error as well: it would do nothing in silence.
//! `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, `OTEL_SPAN_EVENT_COUNT_LIMIT` and `OTEL_SPAN_LINK_COUNT_LIMIT`
//! are read by the SDK and checked here. `OTEL_METRICS_EXEMPLAR_FILTER` is checked and has no effect:
//! this SDK records no exemplars. TLS is not built in: asking for it is an error, never plain text.
//!
//! # What cannot be delivered
//!
//! Nothing of this blocks or fails the service. Spans and log records queue up to their limit, and
//! beyond it they are dropped and counted; exports run on threads of their own, over gRPC with a
//! runtime of their own, so any service may use them, in a runtime or without one. Each export ends
//! within its timeout. The [`Guard`] flushes within a bound and says what was lost ([`Report`]), and
//! so does the counter `otel_contract.lost` while the service runs. An operation that has not ended when the guard goes has
//! no span and no duration to deliver: it is counted as unfinished. What is used while the SDK makes its instrument, which
//! waits for callbacks that block, is counted as not ready.

mod builder;
mod counted;
mod delivery;
mod environment;
mod error;
mod guard;
mod install;
#[cfg(feature = "hash")]
mod key;
mod misspelt;
mod otlp;
mod propagator;
mod providers;
mod resource;
mod sampler;
mod settings;
mod signal;
mod transport;

pub use builder::{Setup, Vocabulary};
pub use delivery::{Delivery, Report};
pub use environment::Environment;
pub use error::{SetupError, SetupErrors};
pub use guard::Guard;
pub use propagator::BaggagePropagator;
pub use sampler::ContractSampler;
pub use signal::{Protocol, Signal};

#[cfg(test)]
mod tests;
