//! Operations: their attributes, metrics and sampling.

use super::{LifeCycle, Routes, Use, spec};
use crate::codes;
use crate::contract::SpanKind;
use crate::names;
use crate::read::{Expected, Located, Map, Read, Reader};
use crate::yaml::{Node, Value};

spec! {
    /// A business operation that engineers talk about in incidents.
    "an operation" Operation {
        /// Purpose of the operation, in one sentence.
        brief [required]: String => "brief: Create the invoice of a paid order.",
        /// Details beyond the brief.
        note: String => "note: Retries are part of it.",
        /// Span kind.
        kind: SpanKind => "kind: client" or "internal",
        /// Routes whose requests are the operation: `METHOD /path`, `/path` for every method, or `_OTHER` for requests that
        /// match no other route of the contract.
        route: Routes => "route: POST /orders/{order_id}/pay",
        /// Groups of attributes that the operation uses.
        groups: Vec<Located<String>> => "groups: [account]",
        /// Attributes of the operation and their requirement levels.
        attributes: Map<Use> => "attributes: { order.id: required, invoice.id: on_success }",
        /// Error classes of the operation; all classes of the contract if absent.
        errors: Vec<Located<String>> => "errors: [order_not_found, gateway_timeout]" or "all classes",
        /// Events that the operation emits.
        events: Vec<Located<String>> => "events: [invoice.rejected]",
        /// Metrics that the operation records automatically, or `false`.
        metrics: Metrics => "metrics: { dimensions: [account.tier], active: true }" or "`defaults`",
        /// Sampling of the spans.
        sampling: Sampling => "sampling: { ratio: 0.1, keep: [errors] }" or "the sampler of `OTEL_TRACES_SAMPLER`",
        /// Stability, deprecation and ownership.
        life [flat]: LifeCycle,
        /// Rust name, if the derived name is unsuitable.
        rust_name: String => "rust_name: CreateInvoice" or "the name in `CamelCase`",
    }

    /// The metrics that an operation records automatically.
    "`metrics`" OperationMetrics {
        /// Dimensions of the duration in addition to `error.type`.
        dimensions: Vec<Located<String>> => "dimensions: [account.tier]",
        /// Whether the number of operations in progress is recorded.
        active: bool => "active: true" or "false",
        /// Boundaries of the duration histogram in seconds, increasing.
        buckets: Vec<Located<f64>> => "buckets: [0.05, 0.1, 0.5, 1, 5]" or "0.005 to 10, as in the semantic conventions",
    }

    /// Sampling of an operation's spans.
    "`sampling`" Sampling {
        /// Share of traces that are kept, from 0 to 1.
        ratio: f64 => "ratio: 0.1" or "1",
        /// Operations that are kept regardless of the ratio: `errors`, `{ slower_than: 2s }`.
        keep: Vec<Located<Keep>> => "keep: [errors, { slower_than: 2s }]",
    }

    /// Keeps slow operations.
    "a rule of `keep`" SlowerThan {
        /// Duration above which an operation is kept: `2s`, `500ms`.
        slower_than [required]: Duration => "slower_than: 2s",
    }
}

/// The metrics of an operation, which can be switched off.
#[derive(Clone)]
pub(crate) enum Metrics {
    Off,
    On(Box<OperationMetrics>),
}

impl Read for Metrics {
    const EXPECTED: Expected = Expected::Other("a mapping or `false`");
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            Value::Bool(false) => Some(Metrics::Off),
            Value::Map(_) => {
                let metrics = OperationMetrics::read(node, reader)?;
                Some(Metrics::On(Box::new(metrics)))
            }
            _ => reader.wrong_type(Self::EXPECTED, node),
        }
    }
}

/// A rule for operations that are kept regardless of the sampling ratio.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Keep {
    Errors,
    /// Seconds.
    SlowerThan(f64),
}

impl Read for Keep {
    const EXPECTED: Expected = Expected::Other("a rule of `keep`");
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(word) if word == "errors" => Some(Keep::Errors),
            Value::Text(word) => {
                let slower = word.starts_with("slower") || word.ends_with("slower_than");
                if slower {
                    let found = format!("`{word}`");
                    let diag = codes::WRONG_TYPE.at(node.span, [&"a mapping", &found]);
                    let diag = diag.help("write `{ slower_than: 2s }`");
                    reader.diagnostics.push(diag);
                    return None;
                }
                let diag = codes::UNKNOWN_WORD.at(node.span, [word, &Self::EXPECTED]);
                let near = names::suggestion(word, ["errors"]);
                reader.diagnostics.push(match near {
                    Some(near) => diag.suggest(word, Some(near), ["errors"]),
                    None => diag.help("use one of `errors`, `{ slower_than: 2s }`"),
                });
                None
            }
            Value::Map(_) => {
                let slower = SlowerThan::read(node, reader)?.slower_than;
                slower
                    .get()
                    .map(|Duration(seconds)| Keep::SlowerThan(*seconds))
            }
            _ => reader.wrong_type(Expected::Other("`errors` or `{ slower_than: 2s }`"), node),
        }
    }
}

/// A duration in seconds, written as `2s` or `500ms`.
#[derive(Clone, Copy)]
pub(crate) struct Duration(pub(crate) f64);

impl Read for Duration {
    const EXPECTED: Expected = Expected::Other("a duration like `2s`");
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let seconds = match &node.value {
            Value::Text(text) => seconds(text),
            // A number without a unit.
            Value::Int(_) | Value::Float(_) => None,
            _ => return reader.wrong_type(Self::EXPECTED, node),
        };
        if seconds.is_none() {
            let diag = codes::BAD_DURATION.at(node.span, [&node.shown()]);
            reader.diagnostics.push(diag);
        }
        seconds.map(Duration)
    }
}

fn seconds(text: &str) -> Option<f64> {
    const UNITS: &[(&str, f64)] = &[("ms", 0.001), ("min", 60.0), ("s", 1.0), ("h", 3600.0)];
    let (number, unit) = UNITS
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    let number: f64 = number.trim().parse().ok()?;
    let seconds = number * unit;
    (seconds.is_finite() && seconds > 0.0).then_some(seconds)
}
