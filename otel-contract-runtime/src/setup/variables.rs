//! Every variable of the OpenTelemetry specification, and whether a set-up reads it. `docs/environment.md` contains this
//! list as a table, which `OTEL_CONTRACT_BLESS=1 cargo test -p otel-contract-runtime` writes.

use super::Signal;

/// Variables of a section of the specification.
pub(super) struct Section {
    #[cfg_attr(not(test), allow(dead_code, reason = "a heading of the table"))]
    pub(super) title: &'static str,
    pub(super) variables: Vec<(String, Usage)>,
}

/// Whether a set-up reads a variable.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(test), allow(dead_code, reason = "remarks of the table"))]
pub(super) enum Usage {
    /// It is read. The text is a remark, or empty.
    Read(&'static str),
    /// It has no effect. If it is set, the set-up warns with this fix.
    NoEffect(&'static str),
    /// It has a meaning for other code, so there is no warning. The text names that code.
    ReadByOthers(&'static str),
}

use Usage::{NoEffect, Read, ReadByOthers};

const CONFIG_FILE: Usage = NoEffect(
    "configuration files are not supported: set environment variables, or options in code",
);
const EXPORTER: Usage = NoEffect(
    "only OTLP is built in; pass any other exporter in code, like `.with_span_exporter(…)`",
);
const INSTRUMENTATION: Usage = ReadByOthers("instrumentation libraries read it");
const CARRIER: Usage =
    ReadByOthers("it is no setting, but carries the context of the process that started this one");

const GENERAL: [(&str, Usage); 9] = [
    ("OTEL_SDK_DISABLED", Read("")),
    ("OTEL_ENTITIES", NoEffect("use `OTEL_RESOURCE_ATTRIBUTES`")),
    ("OTEL_RESOURCE_ATTRIBUTES", Read("")),
    ("OTEL_SERVICE_NAME", Read("")),
    (
        "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS",
        Read("not in the specification; the SDK for Python has the same variable"),
    ),
    (
        "OTEL_LOG_LEVEL",
        NoEffect(
            "the OpenTelemetry SDK for Rust logs through `tracing`: set the level of its targets there",
        ),
    ),
    ("OTEL_PROPAGATORS", Read("")),
    ("OTEL_TRACES_SAMPLER", Read("")),
    ("OTEL_TRACES_SAMPLER_ARG", Read("")),
];

const LIMITS: [(&str, Usage); 10] = [
    ("OTEL_ATTRIBUTE_COUNT_LIMIT", Read("")),
    ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", Read("")),
    ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", Read("")),
    ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", Read("")),
    ("OTEL_SPAN_EVENT_COUNT_LIMIT", Read("")),
    ("OTEL_SPAN_LINK_COUNT_LIMIT", Read("")),
    ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", Read("")),
    ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", Read("")),
    ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", Read("")),
    ("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", Read("")),
];

/// Settings of a batch processor, after `OTEL_BSP_` and `OTEL_BLRP_`.
const BATCH_SETTINGS: [&str; 4] = [
    "SCHEDULE_DELAY",
    "EXPORT_TIMEOUT",
    "MAX_QUEUE_SIZE",
    "MAX_EXPORT_BATCH_SIZE",
];

/// Settings of the OTLP exporter, for all signals and for each.
const OTLP_SETTINGS: [&str; 9] = [
    "ENDPOINT",
    "PROTOCOL",
    "HEADERS",
    "TIMEOUT",
    "COMPRESSION",
    "INSECURE",
    "CERTIFICATE",
    "CLIENT_CERTIFICATE",
    "CLIENT_KEY",
];

const METRICS: [(&str, Usage); 5] = [
    ("OTEL_METRIC_EXPORT_INTERVAL", Read("")),
    ("OTEL_METRIC_EXPORT_TIMEOUT", Read("")),
    (
        "OTEL_METRICS_EXEMPLAR_FILTER",
        Read(
            "only to warn: the SDK for Rust records no exemplars, so a value other than `always_off` has no effect",
        ),
    ),
    (
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        Read(""),
    ),
    (
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
        Read(""),
    ),
];

const EXPORTERS: [(&str, Usage); 8] = [
    ("OTEL_TRACES_EXPORTER", Read("")),
    ("OTEL_METRICS_EXPORTER", Read("")),
    ("OTEL_LOGS_EXPORTER", Read("")),
    ("OTEL_EXPORTER_PROMETHEUS_HOST", EXPORTER),
    ("OTEL_EXPORTER_PROMETHEUS_PORT", EXPORTER),
    ("OTEL_EXPORTER_ZIPKIN_ENDPOINT", EXPORTER),
    ("OTEL_EXPORTER_ZIPKIN_TIMEOUT", EXPORTER),
    ("OTEL_EXPORTER_ZIPKIN_PROTOCOL", EXPORTER),
];

const CONFIGURATION: [(&str, Usage); 2] = [
    ("OTEL_CONFIG_FILE", CONFIG_FILE),
    ("OTEL_EXPERIMENTAL_CONFIG_FILE", CONFIG_FILE),
];

/// Variables of earlier versions of the specification.
const EARLIER: [(&str, Usage); 10] = [
    ("OTEL_EXPORTER_JAEGER_AGENT_HOST", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_AGENT_PORT", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_ENDPOINT", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_PROTOCOL", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_TIMEOUT", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_USER", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_PASSWORD", EXPORTER),
    (
        "OTEL_EXPORTER_OTLP_SPAN_INSECURE",
        NoEffect("use `OTEL_EXPORTER_OTLP_TRACES_INSECURE`"),
    ),
    (
        "OTEL_EXPORTER_OTLP_METRIC_INSECURE",
        NoEffect("use `OTEL_EXPORTER_OTLP_METRICS_INSECURE`"),
    ),
    (
        "OTEL_BSP_MAX_CONCURRENT_EXPORTS",
        NoEffect("remove it: batches of spans are exported one after another"),
    ),
];

/// Variables of the specification that do not configure an SDK.
const OTHERS: [(&str, Usage); 6] = [
    ("OTEL_SEMCONV_STABILITY_OPT_IN", INSTRUMENTATION),
    ("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", INSTRUMENTATION),
    ("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", INSTRUMENTATION),
    ("TRACEPARENT", CARRIER),
    ("TRACESTATE", CARRIER),
    ("BAGGAGE", CARRIER),
];

/// Returns all variables, in the order of the specification.
pub(super) fn sections() -> Vec<Section> {
    let read = |name: String| (name, Read(""));
    let batch = |prefix: &str| BATCH_SETTINGS.map(|setting| read(format!("{prefix}{setting}")));
    let mut otlp: Vec<_> = OTLP_SETTINGS
        .map(|setting| read(format!("OTEL_EXPORTER_OTLP_{setting}")))
        .into();
    for signal in [Signal::Traces, Signal::Metrics, Signal::Logs] {
        otlp.extend(OTLP_SETTINGS.map(|setting| read(signal.variable(setting))));
    }
    vec![
        Section::new("General", &GENERAL),
        Section {
            title: "Batch processors of spans and log records",
            variables: [batch("OTEL_BSP_"), batch("OTEL_BLRP_")].concat(),
        },
        Section::new("Limits", &LIMITS),
        Section::new("Exporters", &EXPORTERS),
        Section {
            title: "OTLP exporter",
            variables: otlp,
        },
        Section::new("Metrics", &METRICS),
        Section::new("Declarative configuration", &CONFIGURATION),
        Section::new("Earlier versions of the specification", &EARLIER),
        Section::new("Other purposes", &OTHERS),
    ]
}

impl Section {
    fn new(title: &'static str, variables: &[(&str, Usage)]) -> Self {
        let owned = |(name, usage): &(&str, Usage)| ((*name).to_owned(), *usage);
        Self {
            title,
            variables: variables.iter().map(owned).collect(),
        }
    }
}

#[cfg(all(
    test,
    feature = "logs",
    feature = "otlp-http",
    feature = "otlp-grpc",
    feature = "tls"
))]
#[path = "variables_tests.rs"]
mod tests;
