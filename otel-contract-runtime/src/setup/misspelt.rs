//! Variables that are nearly ones that are read: left alone, they would do nothing in silence.

/// The name that was meant, of those that are read.
pub(super) fn meant<'a>(name: &str, read: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Of the specification as well, or of its past, and near to others.
    const ALSO: [&str; 2] = [
        "OTEL_EXPORTER_OTLP_SPAN_INSECURE",
        "OTEL_EXPORTER_OTLP_METRIC_INSECURE",
    ];
    if !name.starts_with("OTEL_") || ALSO.contains(&name) {
        return None;
    }
    let mut near: Vec<(usize, &str)> = Vec::new();
    for known in read {
        match distance(name, known) {
            0 => return None,
            edits @ 1..=MOST_EDITS => near.push((edits, known)),
            _ => {}
        }
    }
    near.into_iter().min().map(|(_, known)| known)
}

/// Two letters swapped are two edits; beyond that it may well be a name of somebody else's.
const MOST_EDITS: usize = 2;

/// Levenshtein's, of ASCII; names whose lengths differ by more than matters are not looked at.
fn distance(one: &str, other: &str) -> usize {
    if one.len().abs_diff(other.len()) > MOST_EDITS {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.bytes().enumerate() {
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
    fn a_slip_of_the_pen_is_told_from_another_name() {
        let read = ["OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_EXPORTER_OTLP_ENDPOINT"];
        for (name, expected) in [
            ("OTEL_EXPORTER_OTLP_ENDPIONT", Some(read[1])),
            ("OTEL_EXPORTER_OLTP_ENDPOINT", Some(read[1])),
            ("OTEL_EXPORTER_OTLP_ENDPOINTS", Some(read[1])),
            ("OTEL_BSP_MAX_QUEUESIZE", Some(read[0])),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", None),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", None),
            ("OTEL_EXPORTER_OTLP_METRIC_INSECURE", None),
            ("XTEL_EXPORTER_OTLP_ENDPOINT", None),
            ("OTEL_", None),
        ] {
            assert_eq!(meant(name, read), expected, "{name}");
        }
    }
}
