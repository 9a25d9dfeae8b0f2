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
//! error: `OTEL_EXPORTER_OTLP_ENDPOINT` is no URL: it has no scheme
//!   = help: write a URL like `http://localhost:4318`
//!
//! error: resource attribute `service.version` is empty
//!   = help: give it a value: telemetry that does not say where it comes from cannot be used
//!   = note: contract `billing` 1.2.0, schema/billing.yaml:15:3
//! ```
//!
//! # Warnings
//!
//! Variables are often set for every service of a cluster, and must not keep one from starting. Where the
//! specification says to warn and ignore, a set-up does: it writes all warnings to standard error at once, or hands
//! them to [`Setup::on_warnings`], and [`Guard::warnings`] has them. A [strict](Setup::strict) set-up treats them as
//! errors.
//!
//! ```text
//! otel-contract: some variables were not used as they are written
//!
//! warning: `OTEL_TRACES_SAMPLER` is `xray`
//!   = note: it is ignored, as if it were not set
//!   = help: use one of `parentbased_always_on`, `parentbased_always_off`, …
//! ```
//!
//! | what is written | what happens | strict |
//! | --- | --- | --- |
//! | a word, number or time that cannot be used; bytes that are not UTF-8 | as if the variable were not set | error |
//! | `OTEL_SDK_DISABLED` or `…_INSECURE` is neither `true` nor `false` | `false` | error |
//! | a list of exporters or propagators with unknown names | the known ones are used; if there is none, the default | error |
//! | an argument for a sampler that takes none, or without a sampler | no argument | error |
//! | a batch that is larger than its queue | as large as the queue | error |
//! | an error in `OTEL_RESOURCE_ATTRIBUTES` | all of the variable is ignored | error |
//! | a fragment in an endpoint | the endpoint without it | error |
//! | a header that is there twice | its last value | error |
//! | a name that is nearly that of a variable | nothing | error |
//! | a variable of the specification without effect here, like `OTEL_CONFIG_FILE` or `OTEL_LOG_LEVEL` | nothing | warning |
//! | `OTEL_SERVICE_NAME`, or an attribute of the resource, that code sets to another value | code's value | warning |
//! | `telemetry.sdk.…` in `OTEL_RESOURCE_ATTRIBUTES` | the SDK's value | warning |
//! | an endpoint that is no `http://` URL, or has a user name; over gRPC, one with a query | error | error |
//! | a certificate or `https://`: TLS is not built in, and nothing that asks for it is sent in plain text | error | error |
//! | a header that cannot be read or sent: it may decide whose telemetry it is | error | error |
//! | a protocol that was not compiled in: no other one reaches that endpoint | error | error |
//! | the variable of a protection key that is not set, or is too short | error | error |
//! | any option given in code that cannot be used | error | error |
//!
//! # Variables
//!
//! | variable | values | default |
//! | --- | --- | --- |
//! | `OTEL_SDK_DISABLED` | `true`, `false` | `false` |
//! | `OTEL_TRACES_EXPORTER`, `OTEL_METRICS_EXPORTER`, `OTEL_LOGS_EXPORTER` | `otlp`, `none` | `otlp` |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT` | an `http://` URL; for HTTP `/v1/traces` and so on are added, before a query; gRPC has none | port 4318, 4317 for gRPC |
//! | `OTEL_EXPORTER_OTLP_PROTOCOL` | `http/protobuf`, `grpc` | `http/protobuf`, where compiled |
//! | `OTEL_EXPORTER_OTLP_HEADERS` | `name=value,name=value`, percent-encoded; `content-type`, `user-agent` and others that describe the body, the connection or the exporter are left as they are | |
//! | `OTEL_EXPORTER_OTLP_TIMEOUT` | milliseconds, for an export with all its attempts; `0`: no limit | 10,000 |
//! | `OTEL_EXPORTER_OTLP_COMPRESSION` | `gzip`, `none` | `none` |
//! | `OTEL_EXPORTER_OTLP_INSECURE` | `true` allows a gRPC endpoint without scheme | `false` |
//! | each of them as `OTEL_EXPORTER_OTLP_TRACES_…`, `…_METRICS_…`, `…_LOGS_…` | for one signal; its endpoint is taken as it is | |
//! | `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` | `cumulative`, `delta`, `lowmemory` | `cumulative` |
//! | `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` | `explicit_bucket_histogram`; `base2_exponential_bucket_histogram` goes before the `buckets` of a contract, and a view in code before both | `explicit_bucket_histogram` |
//! | `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG` | see [Sampling](#sampling) | the contract's |
//! | `OTEL_PROPAGATORS` | `tracecontext`, `baggage` (what contracts list), `b3`, `b3multi` (feature `b3`), `none`; also of a [`TraceContext`](crate::propagation) | `tracecontext,baggage` |
//! | `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME` | beside the contract's resource, which goes first | |
//! | `OTEL_BSP_…`, `OTEL_BLRP_…` | `SCHEDULE_DELAY` (`0`: as soon as possible, 1 ms), `EXPORT_TIMEOUT` (`0`: no limit), `MAX_QUEUE_SIZE` and `MAX_EXPORT_BATCH_SIZE` (131,072 at most) | 5,000 (1,000 for logs), 30,000, 2,048, 512 |
//! | `OTEL_METRIC_EXPORT_INTERVAL`, `OTEL_METRIC_EXPORT_TIMEOUT` | milliseconds; a timeout of `0`: no limit | 60,000, that of the exporter |
//! | `OTEL_ATTRIBUTE_COUNT_LIMIT` | how many attributes a span, event, link or log record has | 128 |
//! | `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT` | characters of a text among them, and of each text of a list | no limit |
//! | `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, `OTEL_EVENT_…`, `OTEL_LINK_…`, `OTEL_LOGRECORD_…` | of that kind alone | the general limit |
//! | `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT` (events and links too), `OTEL_LOGRECORD_…` | of that kind alone | the general limit |
//! | `OTEL_SPAN_EVENT_COUNT_LIMIT`, `OTEL_SPAN_LINK_COUNT_LIMIT` | of a span | 128 |
//!
//! Without an exporter of spans, as by `OTEL_TRACES_EXPORTER=none`, operations are sampled, have identities, and pass
//! them on to the services they call and to log records; nothing else of them is kept. A time is 2,147,483,647 ms at
//! most, over 24 days, which is also what no limit means. `OTEL_METRICS_EXEMPLAR_FILTER` has no effect: the
//! OpenTelemetry SDK for Rust 0.33 records no exemplars.
//!
//! # Sampling
//!
//! | `OTEL_TRACES_SAMPLER` | operations with `sampling` in the contract | other spans |
//! | --- | --- | --- |
//! | is not set, or cannot be used | by their `ratio`, or all with `keep` | `parentbased_always_on` |
//! | is set | by the variable alone | by the variable |
//!
//! So `always_off` turns all spans off, and `parentbased_traceidratio` with the argument `0.01` keeps one trace of a
//! hundred, whatever a contract says: who runs a service decides last. `keep` is no exception: with a sampler in the
//! variable the Collector keeps the errors and slow operations of those traces alone that were sampled. A sampler in
//! [code](Setup::sampler) goes before both.
//!
//! # Resource
//!
//! Beside what the contract requires and the environment adds, each process has a `service.instance.id`: a random
//! UUID, unless code or `OTEL_RESOURCE_ATTRIBUTES` gives another. The resource has the `schema_url` of the contract,
//! like its scope.
//!
//! # What cannot be delivered
//!
//! A collector that fails neither blocks nor fails the service. Spans and log records queue up to their limit, and
//! beyond it they are dropped and counted; exports run on threads of their own, over gRPC with a
//! runtime of their own, so any service may use them, in a runtime or without one.
//!
//! An export that fails is repeated until its timeout, after pauses that grow to two seconds and differ at random. It is
//! repeated where the specification of OTLP allows it: without a connection or an answer; after the statuses 429, 502, 503
//! and 504; after the codes `CANCELLED`, `DEADLINE_EXCEEDED`, `ABORTED`, `OUT_OF_RANGE`, `UNAVAILABLE` and `DATA_LOSS`, and
//! `RESOURCE_EXHAUSTED` with a `RetryInfo`. A time the collector asks for, by `Retry-After` or `RetryInfo`, is kept; an
//! export whose timeout is shorter fails at once. Meanwhile other spans and records wait in the queue, so with the default
//! timeout a collector may restart for several seconds and nothing is lost. Shutting down ends a pause, and every
//! attempt after it ends within the bound of the [`Guard`].
//!
//! What a collector rejects of an export that it took, its partial success, is [`rejected`](Delivery::rejected): lost, and
//! not sent again. A collector cannot reject more than it was sent; a message without any rejected item is a
//! warning, which the report shows and which loses nothing. An answer to success that cannot be read is a failure.
//!
//! A panic of an exporter, of a span processor or of a metric's callback is caught, so that the signal goes on: an export
//! that panics has failed, a callback that panics counts as a point that failed. Callbacks are held where they are
//! registered through a contract or OpenTelemetry's global provider; one that is registered with
//! [`Guard::meter_provider`] itself and panics ends the SDK's reader, which the report of the next flush and of the
//! shutdown names.
//!
//! The [`Guard`] flushes within a bound and says what was lost ([`Report`]), and so does the counter `otel_contract.lost`
//! while the service runs, by `otel_contract.signal` and `otel_contract.reason`: `export_failed`, `rejected`,
//! `queue_full`. Any error of flushing or shutting down makes the report incomplete. An operation that has not ended when
//! the guard goes has no span and no duration to deliver: it is counted as unfinished.
//! What is used while the SDK makes its instrument, which waits for callbacks that block, is counted as not ready.

mod builder;
mod chosen;
mod closing;
mod counted;
mod deliveries;
mod delivery;
mod environment;
mod error;
mod formats;
mod guard;
mod guarded;
mod install;
#[cfg(feature = "hash")]
mod key;
mod limits;
#[cfg(feature = "logs")]
mod log_limits;
mod misspelt;
mod otlp;
mod pairs;
mod propagator;
mod providers;
mod report;
mod resource;
mod sampler;
mod settings;
mod shown;
mod signal;
mod transport;
mod warning;

pub use builder::{Setup, Vocabulary};
pub use delivery::Delivery;
pub use environment::Environment;
pub use error::{SetupError, SetupErrors};
pub use guard::Guard;
pub use propagator::BaggagePropagator;
pub use report::Report;
pub use sampler::ContractSampler;
pub use signal::{Protocol, Signal};
pub use warning::{SetupWarning, SetupWarnings};

#[cfg(all(test, feature = "otlp-grpc", feature = "otlp-http"))]
mod lenient_otlp_tests;
#[cfg(test)]
mod lenient_tests;
#[cfg(test)]
mod limits_tests;
#[cfg(test)]
mod tests;
