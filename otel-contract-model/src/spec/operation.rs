//! Operations: what they carry, measure and keep.

use super::{LifeCycle, Use, spec};
use crate::codes;
use crate::contract::SpanKind;
use crate::names;
use crate::read::{Expected, Located, Map, Read, Reader};
use crate::yaml::{Node, Value};

spec! {
    /// A business function engineers talk about in incidents.
    "an operation" Operation {
        /// What it does, in one sentence.
        brief [required]: String,
        /// More than the brief.
        note: String,
        /// Kind of its span.
        kind: SpanKind,
        /// The groups it takes.
        groups: Vec<Located<String>>,
        /// Its attributes and their requirement levels.
        attributes: Map<Use>,
        /// The classes it may fail with; any of the contract where nothing is said.
        errors: Vec<Located<String>>,
        /// The events it emits.
        events: Vec<Located<String>>,
        /// The metrics it records by itself, or `false`.
        metrics: Metrics,
        /// How its spans are sampled.
        sampling: Sampling,
        /// Stability, deprecation and ownership.
        life [flat]: LifeCycle,
        /// The Rust name, where the obvious one does not do.
        rust_name: String,
    }

    /// The metrics an operation records by itself.
    "`metrics`" OperationMetrics {
        /// Dimensions of its duration beside `error.type`.
        dimensions: Vec<Located<String>>,
        /// Whether the number in progress is recorded.
        active: bool,
        /// Boundaries of the duration histogram in seconds, increasing.
        buckets: Vec<Located<f64>>,
    }

    /// How an operation's spans are sampled.
    "`sampling`" Sampling {
        /// Share of traces kept, 0 to 1.
        ratio: f64,
        /// What is kept whatever the ratio says: `errors`, `{ slower_than: 2s }`.
        keep: Vec<Located<Keep>>,
    }

    /// Keeps what took long.
    "a rule of `keep`" SlowerThan {
        /// How long is long: `2s`, `500ms`.
        slower_than [required]: Duration,
    }
}

/// The metrics of an operation, or that it has none.
#[derive(Clone, Debug)]
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

/// What is kept whatever the ratio says.
#[derive(Clone, Copy, Debug, PartialEq)]
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
                let fault = codes::UNKNOWN_WORD.at(node.span, [word, &Self::EXPECTED]);
                let slower = word.starts_with("slower") || word.ends_with("slower_than");
                let near = names::meant(word, ["errors"]);
                reader.faults.push(match near {
                    _ if slower => fault.help("write `{ slower_than: 2s }`"),
                    Some(near) => fault.correct(word, Some(near), ["errors"]),
                    None => fault.help("use one of `errors`, `{ slower_than: 2s }`"),
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

/// A time in seconds, written `2s` or `500ms`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Duration(pub(crate) f64);

impl Read for Duration {
    const EXPECTED: Expected = Expected::Other("a duration like `2s`");
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let seconds = match &node.value {
            Value::Text(text) => seconds(text),
            // A number without unit.
            Value::Int(_) | Value::Float(_) => None,
            _ => return reader.wrong_type(Self::EXPECTED, node),
        };
        if seconds.is_none() {
            let fault = codes::BAD_DURATION.at(node.span, [&node.shown()]);
            reader.faults.push(fault);
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
