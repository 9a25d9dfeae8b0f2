//! Set-up: builds providers from a contract and the standard variables, and a guard that flushes them.
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
//! #   .variables(["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none")))
//!     .install()?;
//!
//!     // … serve; dropping the guard delivers the telemetry that is still queued, within five seconds
//!     Ok(())
//! }
//! ```
//!
//! Options in code take precedence over variables. All errors are reported at once, and then nothing is installed:
//!
//! ```text
//! telemetry cannot be set up
//!
//! error: `OTEL_EXPORTER_OTLP_ENDPOINT` is not a URL: it has no scheme
//!   = help: write a URL like `http://localhost:4318`
//!
//! error: resource attribute `service.version` is empty
//!   = help: set a value: telemetry is useless when its source is unknown
//!   = note: contract `billing` 1.2.0, schema/billing.yaml:15:3
//! ```
//!
//! # Warnings
//!
//! Variables are often set for every service of a cluster, so a wrong variable must not prevent a service from starting.
//! Where the specification requires a warning, the set-up warns and ignores the value. All warnings are written to
//! standard error at once, or passed to [`Setup::on_warnings`]; [`Guard::warnings`] returns them. A
//! [strict](Setup::strict) set-up treats most of them as errors.
//!
//! ```text
//! otel-contract: the values of some environment variables were ignored or changed
//!
//! warning: `OTEL_TRACES_SAMPLER` has the invalid value `xray`
//!   = note: it is ignored, as if it were not set
//!   = help: use one of `parentbased_always_on`, `parentbased_always_off`, …
//! ```
//!
//! | variable | effect | strict |
//! | --- | --- | --- |
//! | an invalid word, number or time; bytes that are not UTF-8 | as if the variable were not set | error |
//! | `OTEL_SDK_DISABLED` or `…_INSECURE` is neither `true` nor `false` | `false` | error |
//! | a list of exporters, propagators or detectors with unknown names | the known names are used; if there are none, the default | error |
//! | `OTEL_TRACES_SAMPLER_ARG` without `OTEL_TRACES_SAMPLER`, or with a sampler that takes no argument | the argument is ignored | error |
//! | a batch that is larger than its queue | the size of the queue | error |
//! | an error in `OTEL_RESOURCE_ATTRIBUTES` | the whole variable is ignored | error |
//! | a fragment in an endpoint | the endpoint without the fragment | error |
//! | a header that occurs twice | its last value | error |
//! | an unknown `OTEL_…` variable whose name is similar to a known name: it is probably misspelt | none | error |
//! | a variable of the specification that is not supported, like `OTEL_CONFIG_FILE` or `OTEL_LOG_LEVEL` | none | warning |
//! | `OTEL_SERVICE_NAME` or a resource attribute that code sets to another value | the value in code | warning |
//! | `telemetry.sdk.…` in `OTEL_RESOURCE_ATTRIBUTES` | the SDK's value | warning |
//! | an endpoint that is not a URL with `http` or `https`, or contains a user name; over gRPC, an endpoint with a query | error | error |
//! | a certificate or `https://` without feature `tls`, or a certificate for an `http://` endpoint: telemetry that requires TLS is not sent in plain text | error | error |
//! | a file with a certificate or a key that cannot be read or used | error | error |
//! | a header that cannot be parsed or sent: it may identify the tenant | error | error |
//! | a protocol that was not compiled in: the endpoint does not accept another protocol | error | error |
//! | the variable of a protection key that is not set or too short | error | error |
//! | any invalid option in code | error | error |
//!
//! # Variables
//!
//! | variable | values | default |
//! | --- | --- | --- |
//! | `OTEL_SDK_DISABLED` | `true`, `false` | `false` |
//! | `OTEL_TRACES_EXPORTER`, `OTEL_METRICS_EXPORTER`, `OTEL_LOGS_EXPORTER` | `otlp`, `none` | `otlp` |
//! | `OTEL_EXPORTER_OTLP_ENDPOINT` | an `http://` URL, or an `https://` URL with feature `tls`; over HTTP, the path of the signal such as `/v1/traces` is appended, before a query; over gRPC, a path is ignored | port 4318, 4317 for gRPC |
//! | `OTEL_EXPORTER_OTLP_PROTOCOL` | `http/protobuf`, `grpc` | `http/protobuf` if compiled in, otherwise `grpc` |
//! | `OTEL_EXPORTER_OTLP_HEADERS` | `name=value,name=value`, percent-encoded; `content-type`, `user-agent` and other headers that describe the body, the connection or the exporter cannot be changed | |
//! | `OTEL_EXPORTER_OTLP_TIMEOUT` | milliseconds, for an export with all its attempts; `0`: no limit; a shorter `…EXPORT_TIMEOUT` (below) applies instead | 10,000 |
//! | `OTEL_EXPORTER_OTLP_COMPRESSION` | `gzip`, `none` | `none` |
//! | `OTEL_EXPORTER_OTLP_CERTIFICATE` | a PEM file with the certificates of the issuers that are trusted; feature `tls` | the root certificates of Mozilla |
//! | `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE`, `OTEL_EXPORTER_OTLP_CLIENT_KEY` | PEM files with the certificate of the service and its private key, for a collector that asks for them; feature `tls` | |
//! | `OTEL_EXPORTER_OTLP_INSECURE` | `true` allows a gRPC endpoint without scheme | `false` |
//! | each of these as `OTEL_EXPORTER_OTLP_TRACES_…`, `…_METRICS_…`, `…_LOGS_…` | for one signal; its endpoint is used without an appended path | |
//! | `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE` | `cumulative`, `delta`, `lowmemory` | `cumulative` |
//! | `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION` | `explicit_bucket_histogram`; `base2_exponential_bucket_histogram` takes precedence over the `buckets` of a contract; for histograms of other instrumentation, a view in code takes precedence | `explicit_bucket_histogram` |
//! | `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG` | see [Sampling](#sampling) | the contract's |
//! | `OTEL_PROPAGATORS` | `tracecontext`, `baggage` (the attributes that contracts list), `b3`, `b3multi` (feature `b3`), `none`; also applies to a [`TraceContext`](crate::propagation) | `tracecontext,baggage` |
//! | `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME` | added to the contract's resource, which takes precedence | |
//! | `OTEL_EXPERIMENTAL_RESOURCE_DETECTORS` | a list of `host`, `os`, `process`, `container`, `kubernetes`, or `all` or `none`: the [detected](Detector) parts of the resource | `all` |
//! | `OTEL_BSP_…`, `OTEL_BLRP_…` | `SCHEDULE_DELAY` (`0`: as soon as possible, 1 ms), `EXPORT_TIMEOUT` (`0`: no limit), `MAX_QUEUE_SIZE` and `MAX_EXPORT_BATCH_SIZE` (131,072 at most) | 5,000 (1,000 for logs), 30,000, 2,048, 512 |
//! | `OTEL_METRIC_EXPORT_INTERVAL`, `OTEL_METRIC_EXPORT_TIMEOUT` | milliseconds; a timeout of `0`: no limit | 60,000; the timeout of the exporter |
//! | `OTEL_ATTRIBUTE_COUNT_LIMIT` | maximum number of attributes of a span, event, link or log record | 128 |
//! | `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT` | maximum number of characters of a string attribute, and of each string of a list | no limit |
//! | `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, `OTEL_EVENT_…`, `OTEL_LINK_…`, `OTEL_LOGRECORD_…` | the same limit for spans, events, links or log records alone | the general limit |
//! | `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT` (events and links too), `OTEL_LOGRECORD_…` | the same limit for spans or log records alone | the general limit |
//! | `OTEL_SPAN_EVENT_COUNT_LIMIT`, `OTEL_SPAN_LINK_COUNT_LIMIT` | maximum number of events or links of a span | 128 |
//!
//! Without a span exporter, for example with `OTEL_TRACES_EXPORTER=none`, operations are still sampled and have trace and
//! span ids. The ids are passed on to the services that an operation calls and to log records; nothing else about the
//! operation is kept. A time is at most 2,147,483,647 ms (over 24 days), which is also the value of "no limit".
//! `OTEL_METRICS_EXEMPLAR_FILTER` has no effect: the OpenTelemetry SDK for Rust 0.33 records no exemplars.
//!
//! # Sampling
//!
//! | `OTEL_TRACES_SAMPLER` | operations with `sampling` in the contract | other spans |
//! | --- | --- | --- |
//! | is not set or invalid | as the parent; without a parent, by the `ratio` of the operation, or always if it has `keep` | `parentbased_always_on` |
//! | is set | by the variable alone | by the variable |
//!
//! For example, `always_off` turns all spans off, and `parentbased_traceidratio` with the argument `0.01` keeps one
//! trace of a hundred, regardless of the contract: the operator of a service has the last word. The variable also
//! overrides `keep`: an unsampled trace never reaches the Collector, even if an operation in it fails or is slow. A
//! sampler in [code](Setup::sampler) takes precedence over both.
//!
//! # Resource
//!
//! The resource contains, each taking precedence over the next: the attributes of the contract, which code sets;
//! `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES`; resources that code adds with [`Setup::with_resource`]; and the
//! attributes that the [detectors](Detector) find, of the host, the operating system, the process, the container and
//! Kubernetes. All detectors are used, unless [`Setup::detectors`] or `OTEL_EXPERIMENTAL_RESOURCE_DETECTORS` lists others.
//! An attribute that a contract declares as personal or secret is not detected, because nothing would protect it.
//!
//! Each process has a `service.instance.id`: a random UUID, unless code, a variable or an added resource sets another
//! value. The resource has the `schema_url` of the contract, like its scope.
//!
//! # Delivery failures
//!
//! A failing collector neither blocks the service nor makes it fail. Spans and log records are queued up to a limit;
//! beyond the limit they are dropped and counted. Exports run on their own threads, and gRPC on its own runtime, so a
//! service needs no async runtime and may use any.
//!
//! A failed export is repeated until its timeout, after randomized pauses that grow to two seconds. It is repeated where
//! the specification of OTLP allows a retry: without a connection or a response; after the statuses 429, 502, 503 and 504;
//! after the codes `CANCELLED`, `DEADLINE_EXCEEDED`, `ABORTED`, `OUT_OF_RANGE`, `UNAVAILABLE` and `DATA_LOSS`, and
//! `RESOURCE_EXHAUSTED` with a `RetryInfo`. The exporter waits as long as the collector requests with `Retry-After` or
//! `RetryInfo`; if the timeout of the export is shorter, the export fails at once. Meanwhile other spans and records wait
//! in the queue, so with the default timeout a collector can restart for several seconds without any loss. Shutting down
//! ends a pause, and every later attempt ends within the time limit of the [`Guard`].
//!
//! If the collector accepts only some of the items of an export (a partial success), the others are counted as
//! [`rejected`](Delivery::rejected): they are lost and not sent again. If the collector reports more rejected items
//! than were sent, all sent items are counted as rejected. A partial success with a message but without rejected items
//! is a warning: the message appears in the report, and no item is lost. A success whose response is not Protobuf, for
//! example a page of a proxy, is a warning too. A success whose Protobuf response cannot be decoded counts as a
//! failure.
//!
//! The set-up reports the first failed export of a signal, and the first successful export after that failure, on standard
//! error or to [`Setup::on_notice`]. It counts later failures without a message. It reports in the same way that a contract
//! hashes personal values (`protect: hash`) without a key ([`Notice`]). If no telemetry is installed and operations start
//! for more than a minute, the process writes one message to standard error, unless `OTEL_SDK_DISABLED` is `true`.
//!
//! A panic of an exporter, of a span processor or of a metric's callback is caught, so that the signal continues: an
//! export that panics has failed, and a callback that panics counts as a failed point. Callbacks are protected if they
//! are registered through a contract or OpenTelemetry's global provider. If a callback that was registered with
//! [`Guard::meter_provider`] panics, the thread of the SDK's reader ends, and no more metrics are exported. The report
//! of the next flush and of the shutdown contains this error.
//!
//! The [`Guard`] flushes within a time limit and reports the losses ([`Report`]). While the service runs, the counter
//! `otel_contract.lost` reports them by `otel_contract.signal` and `otel_contract.reason`: `export_failed`, `rejected`,
//! `queue_full` (the queue was full, or telemetry was shut down) and, for the signal `operations`, `unfinished` and
//! `not_ready`. After any error outside of exports (of flushing or shutting down, or a panic of a processor or an
//! exporter), [`Report::is_all_delivered`] returns `false`: the error may have caused losses that cannot be counted. An
//! operation that has not ended when the guard is dropped has no span and no duration to deliver: it is counted as
//! unfinished. An operation, measurement or event whose instrument or logger does not exist yet is counted as not
//! ready. This happens while a metric callback blocks, because the SDK creates no instrument until the callback
//! returns.

mod builder;
mod certificates;
mod counted;
mod deliveries;
mod delivery;
mod detectors;
mod environment;
mod error;
mod export_options;
mod formats;
mod guard;
mod install;
#[cfg(feature = "hash")]
mod key;
mod limits;
#[cfg(feature = "logs")]
mod log_limits;
mod misspelt;
mod notice;
mod otlp;
mod outage;
mod pairs;
mod panic_safe;
mod printable;
mod propagator;
mod providers;
mod report;
mod resource;
mod sampler;
mod settings;
mod shutdown;
mod signal;
mod transport;
mod variables;
mod vocabulary;
mod warning;

pub use builder::Setup;
pub use delivery::Delivery;
pub use detectors::Detector;
pub use environment::Environment;
pub use error::{SetupError, SetupErrors};
pub use guard::Guard;
pub use notice::Notice;
pub use propagator::BaggagePropagator;
pub use report::Report;
pub use sampler::ContractSampler;
pub use signal::{Protocol, Signal};
pub use vocabulary::Vocabulary;
pub use warning::{SetupWarning, SetupWarnings};

#[cfg(all(test, feature = "otlp-grpc", feature = "otlp-http"))]
mod lenient_otlp_tests;
#[cfg(test)]
mod lenient_tests;
#[cfg(test)]
mod limits_tests;
#[cfg(all(test, feature = "otlp-grpc", feature = "otlp-http"))]
mod otlp_tests;
#[cfg(test)]
mod tests;
