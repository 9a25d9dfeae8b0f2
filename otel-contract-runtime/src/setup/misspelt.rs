//! Warnings about variables without effect: misspelt names, and variables of the specification that are not supported.

use super::Signal;
use super::environment::Reader;

/// Warns about every variable without effect.
pub(super) fn check(reader: &mut Reader<'_>) {
    let known = known();
    let names: Vec<&str> = reader.names().collect();
    for name in names {
        if !reader.is_set(name) {
            continue;
        }
        if let Some((_, help)) = WITHOUT_EFFECT.iter().find(|(known, _)| *known == name) {
            reader.no_effect_warning(name, "has no effect", "it is ignored", *help);
        } else if let Some(nearest) = nearest(name, known.iter().map(String::as_str)) {
            reader.variable_warning(
                name,
                "is not an OpenTelemetry variable",
                "it is ignored",
                format!("did you mean `{nearest}`?"),
            );
        }
    }
}

/// Unsupported variables of the specification, its earlier versions and its drafts, each with a fix.
const WITHOUT_EFFECT: [(&str, &str); 19] = [
    ("OTEL_CONFIG_FILE", CONFIG_FILE),
    ("OTEL_EXPERIMENTAL_CONFIG_FILE", CONFIG_FILE),
    (
        "OTEL_LOG_LEVEL",
        "the OpenTelemetry SDK for Rust logs through `tracing`: set the level of its targets there",
    ),
    ("OTEL_ENTITIES", "use `OTEL_RESOURCE_ATTRIBUTES`"),
    ("OTEL_EXPORTER_ZIPKIN_ENDPOINT", EXPORTER),
    ("OTEL_EXPORTER_ZIPKIN_TIMEOUT", EXPORTER),
    ("OTEL_EXPORTER_ZIPKIN_PROTOCOL", EXPORTER),
    ("OTEL_EXPORTER_PROMETHEUS_HOST", EXPORTER),
    ("OTEL_EXPORTER_PROMETHEUS_PORT", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_AGENT_HOST", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_AGENT_PORT", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_ENDPOINT", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_PROTOCOL", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_TIMEOUT", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_USER", EXPORTER),
    ("OTEL_EXPORTER_JAEGER_PASSWORD", EXPORTER),
    (
        "OTEL_EXPORTER_OTLP_SPAN_INSECURE",
        "use `OTEL_EXPORTER_OTLP_TRACES_INSECURE`",
    ),
    (
        "OTEL_EXPORTER_OTLP_METRIC_INSECURE",
        "use `OTEL_EXPORTER_OTLP_METRICS_INSECURE`",
    ),
    (
        "OTEL_BSP_MAX_CONCURRENT_EXPORTS",
        "remove it: batches of spans are exported one after another",
    ),
];

const CONFIG_FILE: &str =
    "configuration files are not supported: set environment variables, or options in code";
const EXPORTER: &str =
    "only OTLP is built in; pass any other exporter in code, like `.with_span_exporter(…)`";

/// Returns the names of all OpenTelemetry variables.
fn known() -> Vec<String> {
    const ALL: [&str; 21] = [
        "OTEL_SDK_DISABLED",
        "OTEL_SERVICE_NAME",
        "OTEL_RESOURCE_ATTRIBUTES",
        "OTEL_PROPAGATORS",
        "OTEL_TRACES_SAMPLER",
        "OTEL_TRACES_SAMPLER_ARG",
        "OTEL_METRIC_EXPORT_INTERVAL",
        "OTEL_METRIC_EXPORT_TIMEOUT",
        "OTEL_METRICS_EXEMPLAR_FILTER",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
        "OTEL_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
        "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
        "OTEL_SPAN_EVENT_COUNT_LIMIT",
        "OTEL_SPAN_LINK_COUNT_LIMIT",
        "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    ];
    const EXPORTER_SETTINGS: [&str; 9] = [
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
    const BATCH_SETTINGS: [&str; 4] = [
        "SCHEDULE_DELAY",
        "EXPORT_TIMEOUT",
        "MAX_QUEUE_SIZE",
        "MAX_EXPORT_BATCH_SIZE",
    ];
    // Variables that instrumentation libraries read.
    const INSTRUMENTATION: [&str; 1] = ["OTEL_SEMCONV_STABILITY_OPT_IN"];
    let without_effect = WITHOUT_EFFECT.iter().map(|(name, _)| *name);
    let fixed = ALL.into_iter().chain(INSTRUMENTATION).chain(without_effect);
    let mut known: Vec<String> = fixed.map(str::to_owned).collect();
    for queue in ["OTEL_BSP_", "OTEL_BLRP_"] {
        known.extend(BATCH_SETTINGS.map(|setting| format!("{queue}{setting}")));
    }
    known.extend(EXPORTER_SETTINGS.map(|setting| format!("OTEL_EXPORTER_OTLP_{setting}")));
    for signal in [Signal::Traces, Signal::Metrics, Signal::Logs] {
        known.push(format!("OTEL_{}_EXPORTER", signal.upper_name()));
        known.extend(EXPORTER_SETTINGS.map(|setting| signal.variable(setting)));
    }
    known
}

/// Returns the known name that is most similar to a misspelt name.
fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let upper = name.to_ascii_uppercase();
    if !upper.starts_with("OTEL_") {
        return None;
    }
    let mut near: Vec<(usize, &str)> = Vec::new();
    for known in known {
        match distance(&upper, known) {
            0 if name == known => return None,
            edits @ 0..=MAX_EDITS => near.push((edits, known)),
            _ => {}
        }
    }
    near.into_iter().min().map(|(_, known)| known)
}

/// Maximum number of edits of a misspelt name. Two swapped letters are two edits. A name with more differences may belong
/// to another program.
const MAX_EDITS: usize = 2;

/// Returns the Levenshtein distance of two ASCII names. Names whose lengths differ by more than [`MAX_EDITS`] are not
/// compared.
fn distance(name: &str, other: &str) -> usize {
    if name.len().abs_diff(other.len()) > MAX_EDITS {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in name.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, known) in other.bytes().enumerate() {
            let replaced = diagonal + usize::from(letter != known);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_distinguished_from_other_names() {
        let known = known();
        for (name, expected) in [
            ("OTEL_EXPORTER_OTLP_ENDPIONT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
            ("OTEL_EXPORTER_OLTP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
            (
                "OTEL_EXPORTER_OTLP_ENDPOINTS",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
            ),
            ("OTEL_BSP_MAX_QUEUESIZE", "OTEL_BSP_MAX_QUEUE_SIZE"),
            ("OTEL_SERVICE_NMAE", "OTEL_SERVICE_NAME"),
            ("OTEL_SERVICENAME", "OTEL_SERVICE_NAME"),
            ("otel_service_name", "OTEL_SERVICE_NAME"),
            ("OTEL_RESOURCE_ATTRIBUTE", "OTEL_RESOURCE_ATTRIBUTES"),
            ("OTEL_PROPAGATOR", "OTEL_PROPAGATORS"),
            (
                "OTEL_EXPORTER_OTLP_METRIC_ENDPOINT",
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
            ),
            ("OTEL_TRACE_EXPORTER", "OTEL_TRACES_EXPORTER"),
            (
                "OTEL_LOG_RECORD_ATTRIBUTE_COUNT_LIMIT",
                "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
            ),
            ("OTEL_CONFIG_FILES", "OTEL_CONFIG_FILE"),
        ] {
            let nearest = nearest(name, known.iter().map(String::as_str));
            assert_eq!(nearest, Some(expected), "{name}");
        }
        let other_names = [
            "XTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_",
            "OTEL_PYTHON_LOG_LEVEL",
            "OTEL_JAVAAGENT_ENABLED",
            "OTEL_SEMCONV_STABILITY_OPT_IN",
        ];
        for name in known.iter().map(String::as_str).chain(other_names) {
            assert_eq!(
                nearest(name, known.iter().map(String::as_str)),
                None,
                "{name}"
            );
        }
    }
}
