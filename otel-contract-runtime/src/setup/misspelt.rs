//! Warnings about variables without effect: misspelt names, and variables of the specification that are not supported.

use super::environment::Reader;
use super::variables::{self, Usage};

/// Warns about every variable without effect.
pub(super) fn check(reader: &mut Reader<'_>) {
    let sections = variables::sections();
    let known = || sections.iter().flat_map(|section| &section.variables);
    let names: Vec<&str> = reader.names().collect();
    for name in names {
        if !reader.is_set(name) {
            continue;
        }
        match known().find(|(known, _)| known == name) {
            Some((_, Usage::NoEffect(help))) => {
                reader.no_effect_warning(name, "has no effect", "it is ignored", *help);
            }
            Some((_, Usage::Read(_) | Usage::ReadByOthers(_))) => {}
            None => {
                if let Some(nearest) = nearest(name, known().map(|(known, _)| known.as_str())) {
                    reader.variable_warning(
                        name,
                        "is not an OpenTelemetry variable",
                        "it is ignored",
                        format!("did you mean `{nearest}`?"),
                    );
                }
            }
        }
    }
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
        let known: Vec<String> = variables::sections()
            .into_iter()
            .flat_map(|section| section.variables)
            .map(|(name, _)| name)
            .collect();
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
