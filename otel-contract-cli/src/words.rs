//! Keywords of the file format, and English phrases about counts and lists.

use otel_contract_model::{
    Attribute, Cardinality, Domain, Element, Instrument, MetricValue, Privacy, Protect,
    RequirementLevel, Severity, SpanKind, Stability, Type,
};

/// Returns the keyword of a type.
pub(crate) fn value_type(value: Type) -> &'static str {
    match value {
        Type::String => "string",
        Type::Int => "int",
        Type::Double => "double",
        Type::Boolean => "boolean",
        Type::Array(Element::String) => "string[]",
        Type::Array(Element::Int) => "int[]",
        Type::Array(Element::Double) => "double[]",
        Type::Array(Element::Boolean) => "boolean[]",
    }
}

/// Returns the number of possible values as a phrase: `closed, 4 values`.
pub(crate) fn cardinality(attribute: &Attribute) -> String {
    match (&attribute.domain, attribute.cardinality()) {
        (Domain::Secret, _) => "never recorded".to_owned(),
        (_, Cardinality::Closed(1)) => "closed, 1 value".to_owned(),
        (_, Cardinality::Closed(size)) => format!("closed, {} values", thousands(size)),
        (_, Cardinality::Bounded(limit)) => {
            format!("bounded, at most {} values", thousands(limit.into()))
        }
        (_, Cardinality::Unbounded) => "unbounded".to_owned(),
    }
}

/// Returns the cardinality class, or `secret` for an attribute that is never recorded.
pub(crate) fn cardinality_class(attribute: &Attribute) -> &'static str {
    match (&attribute.domain, attribute.cardinality()) {
        (Domain::Secret, _) => "secret",
        (_, Cardinality::Closed(_)) => "closed",
        (_, Cardinality::Bounded(_)) => "bounded",
        (_, Cardinality::Unbounded) => "unbounded",
    }
}

/// Returns the keyword of a privacy class.
pub(crate) fn privacy_class(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Public => "public",
        Privacy::Internal => "internal",
        Privacy::Personal(_) => "personal",
        Privacy::Secret => "secret",
    }
}

/// Returns the protection as written in the contract.
pub(crate) fn protect(protect: Protect) -> String {
    match protect {
        Protect::Hash => "hash".to_owned(),
        Protect::Mask => "mask".to_owned(),
        Protect::KeepLast(count) => format!("keep_last: {count}"),
    }
}

/// Returns the keyword of a requirement level, without its condition.
pub(crate) fn level(level: &RequirementLevel) -> &'static str {
    match level {
        RequirementLevel::Required => "required",
        RequirementLevel::OnSuccess => "on_success",
        RequirementLevel::ConditionallyRequired(_) => "conditionally_required",
        RequirementLevel::Recommended => "recommended",
        RequirementLevel::OptIn => "opt_in",
    }
}

/// Returns the keyword of a stability.
pub(crate) fn stability(stability: Stability) -> &'static str {
    match stability {
        Stability::Development => "development",
        Stability::ReleaseCandidate => "release_candidate",
        Stability::Stable => "stable",
    }
}

/// Returns the rank of a stability, for comparison.
pub(crate) fn stability_rank(stability: Stability) -> u8 {
    match stability {
        Stability::Development => 0,
        Stability::ReleaseCandidate => 1,
        Stability::Stable => 2,
    }
}

/// Returns the keyword of a span kind.
pub(crate) fn kind(kind: SpanKind) -> &'static str {
    match kind {
        SpanKind::Internal => "internal",
        SpanKind::Server => "server",
        SpanKind::Client => "client",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
    }
}

/// Returns the keyword of an instrument.
pub(crate) fn instrument(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Counter => "counter",
        Instrument::UpDownCounter => "updowncounter",
        Instrument::Histogram => "histogram",
        Instrument::Gauge => "gauge",
    }
}

/// Returns the keyword of the type of a metric's values.
pub(crate) fn metric_value_type(value: MetricValue) -> &'static str {
    match value {
        MetricValue::Int => "int",
        MetricValue::Double => "double",
    }
}

/// Returns the keyword of a severity.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Trace => "trace",
        Severity::Debug => "debug",
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Error => "error",
        Severity::Fatal => "fatal",
    }
}

/// Joins names in backticks: `` `a`, `b` and `c` ``.
pub(crate) fn quoted_list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    list(&quoted)
}

/// Joins phrases: `a, b and c`.
pub(crate) fn list(phrases: &[String]) -> String {
    match phrases {
        [] => String::new(),
        [phrase] => phrase.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Formats a number with commas between thousands.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Formats a count with its noun: `1 change`, `2 changes`, `3 error classes`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = match number {
        1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{} {noun}{plural}", thousands(number as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_with_commas_and_and() {
        let names = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            quoted_list(&names)
        };
        assert_eq!(names(&[]), "");
        assert_eq!(names(&["a"]), "`a`");
        assert_eq!(names(&["a", "b", "c"]), "`a`, `b` and `c`");
    }

    #[test]
    fn thousands_have_commas() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
