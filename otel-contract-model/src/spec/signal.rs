//! Metrics, events, and the requirement levels of the attributes in use.

use super::{LifeCycle, spec};
use crate::codes;
use crate::contract::{Instrument, MetricValue, RequirementLevel, Severity};
use crate::files::Span;
use crate::names;
use crate::read::{Expected, Field, Located, Map, Read, Reader};
use crate::yaml::{Node, Value};

spec! {
    /// A metric in addition to those of the operations.
    "a metric" Metric {
        /// Kind of instrument.
        instrument [required]: Instrument => "instrument: counter",
        /// Unit as a UCUM code: `{retry}`, `s`, `By` or `1`.
        unit [required]: String => r#"unit: "{retry}""#,
        /// Measured quantity, in one sentence.
        brief [required]: String => "brief: Payments that were tried again.",
        /// Details beyond the brief.
        note: String => "note: The first try does not count.",
        /// Whether the value comes from a callback.
        observable: bool => "observable: true" or "false",
        /// Whether values are integers or doubles.
        value_type: MetricValue => "value_type: double" or "int",
        /// Histogram boundaries in the unit, increasing.
        buckets: Vec<Located<f64>> => "buckets: [1, 10, 100]" or "0.005 to 10 for the unit `s`, otherwise those of the SDK",
        /// Dimensions and their requirement levels.
        attributes: Map<Use> => "attributes: { account.tier: required }",
        /// Stability, deprecation and ownership.
        life [flat]: LifeCycle,
        /// Rust name, if the derived name is unsuitable.
        rust_name: String => "rust_name: PaymentRetries" or "the name in `CamelCase`",
    }

    /// A typed log record, correlated with the active span.
    "an event" Event {
        /// Severity of the log record: `info`, `warn`, `error`, …
        severity [required]: Severity => "severity: warn",
        /// Meaning of the event, in one sentence.
        brief [required]: String => "brief: The gateway rejected the invoice.",
        /// Details beyond the brief.
        note: String => "note: The order is kept.",
        /// Attributes of the event and their requirement levels.
        attributes: Map<Use> => "attributes: { order.id: required }",
        /// Stability, deprecation and ownership.
        life [flat]: LifeCycle,
        /// Rust name, if the derived name is unsuitable.
        rust_name: String => "rust_name: Rejected" or "the name in `CamelCase`",
    }

    /// The long form of a requirement level.
    "a requirement level" LongUse {
        /// Requirement level: whether and when the attribute must be set.
        level: Level => "level: recommended",
        /// Condition under which the attribute must be set, as a sentence.
        conditionally_required: String => "conditionally_required: when the order has a coupon",
        /// Whether the sampler sees the attribute before its decision.
        sampling_relevant: bool => "sampling_relevant: true" or "false",
    }

    /// A condition under which an attribute must be set.
    "a requirement level" Condition {
        /// Condition, as a sentence.
        conditionally_required [required]: String => "conditionally_required: when the order has a coupon",
    }
}

/// An attribute in use: its requirement level as a word, or as a mapping.
#[derive(Clone)]
pub(crate) struct Use {
    pub(crate) level: Located<RequirementLevel>,
    /// The location of `sampling_relevant: true`.
    pub(crate) sampling_relevant: Option<Span>,
}

impl Read for Use {
    const EXPECTED: Expected = RequirementLevel::EXPECTED;
    const MAP: Expected = Expected::RequirementLevels;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            let level = plain(node, reader)?;
            let level = Located::new(node.span, level);
            return Some(Use {
                level,
                sampling_relevant: None,
            });
        }
        reject_word_as_field(node, reader)?;
        let before = reader.diagnostics.count();
        let long = LongUse::read(node, reader)?;
        let has_errors = reader.diagnostics.count() > before;
        let relevant = &long.sampling_relevant;
        Some(Use {
            sampling_relevant: relevant.get().and_then(|set| relevant.key.filter(|_| *set)),
            level: level_of(long, has_errors, node.span, reader)?,
        })
    }
}

const LEVELS: &[&str] = &["required", "on_success", "recommended", "opt_in"];

/// Rejects a level used as a field: `{ required: true }`.
fn reject_word_as_field(node: &Node, reader: &mut Reader<'_>) -> Option<()> {
    let Value::Map(entries) = &node.value else {
        return Some(());
    };
    for (key, _) in entries {
        if let Value::Text(word) = &key.value
            && LEVELS.contains(&word.as_str())
        {
            let diag = codes::UNKNOWN_FIELD.at(key.span, [word, &"a requirement level"]);
            reader.diagnostics.push(diag.help(format!(
                "write `{word}` by itself, or `{{ level: {word}, sampling_relevant: true }}`"
            )));
            return None;
        }
    }
    Some(())
}

/// Reads a level from a single word. `conditionally_required` is an error here, because it needs a condition.
fn plain(node: &Node, reader: &mut Reader<'_>) -> Option<RequirementLevel> {
    match &node.value {
        Value::Text(word) if word.starts_with("conditional") => {
            reader
                .diagnostics
                .push(codes::EMPTY_CONDITION.at(node.span, []));
            None
        }
        Value::Text(word)
            if !LEVELS.contains(&word.as_str())
                && names::suggestion(word, LEVELS.iter().copied()).is_none() =>
        {
            let diag = codes::UNKNOWN_WORD.at(node.span, [word, &RequirementLevel::EXPECTED]);
            reader.diagnostics.push(diag.help(format!(
                "use one of {}, `{{ conditionally_required: \"when …\" }}`",
                names::list(LEVELS)
            )));
            None
        }
        _ => RequirementLevel::read(node, reader),
    }
}

fn level_of(
    long: LongUse,
    has_errors: bool,
    at: Span,
    reader: &mut Reader<'_>,
) -> Option<Located<RequirementLevel>> {
    let LongUse {
        level,
        conditionally_required: condition,
        ..
    } = long;
    match (level.located(), condition.located()) {
        (Some(level), None) if condition.is_absent() => {
            Some(Located::new(level.span, level.value.0.clone()))
        }
        (
            None,
            Some(Located {
                span, value: prose, ..
            }),
        ) if level.is_absent() => Some(Located::new(*span, conditional(prose, *span, reader)?)),
        _ if has_errors || level.is_invalid() || condition.is_invalid() => None,
        _ => {
            reader.diagnostics.push(codes::AMBIGUOUS_LEVEL.at(at, []));
            None
        }
    }
}

fn conditional(prose: &str, at: Span, reader: &mut Reader<'_>) -> Option<RequirementLevel> {
    if prose.trim().is_empty() {
        reader.diagnostics.push(codes::EMPTY_CONDITION.at(at, []));
        return None;
    }
    Some(RequirementLevel::ConditionallyRequired(prose.to_owned()))
}

/// A level as a word or as a condition.
#[derive(Clone)]
pub(crate) struct Level(RequirementLevel);

impl Read for Level {
    const EXPECTED: Expected = RequirementLevel::EXPECTED;
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if !matches!(node.value, Value::Map(_)) {
            return plain(node, reader).map(Level);
        }
        let condition: Field<String> = Condition::read(node, reader)?.conditionally_required;
        let prose = condition.located()?;
        conditional(&prose.value, prose.span, reader).map(Level)
    }
}
