//! What attributes are used by beside operations: metrics, events, and the uses themselves.

use super::{LifeCycle, spec};
use crate::codes;
use crate::contract::{Instrument, MetricValue, RequirementLevel, Severity};
use crate::files::Span;
use crate::names;
use crate::read::{Expected, Field, Located, Map, Read, Reader};
use crate::yaml::{Node, Value};

spec! {
    /// A metric beside those the operations record.
    "a metric" Metric {
        /// Kind of instrument.
        instrument [required]: Instrument,
        /// Unit as UCUM writes it: `{retry}`, `s`, `By` or `1`.
        unit [required]: String,
        /// What it measures, in one sentence.
        brief [required]: String,
        /// More than the brief.
        note: String,
        /// Whether a callback is asked for the value.
        observable: bool,
        /// Whether values are integers or doubles.
        value_type: MetricValue,
        /// Histogram boundaries in the unit, increasing.
        buckets: Vec<Located<f64>>,
        /// Its dimensions and their requirement levels.
        attributes: Map<Use>,
        /// Stability, deprecation and ownership.
        life [flat]: LifeCycle,
        /// The Rust name, where the obvious one does not do.
        rust_name: String,
    }

    /// A typed log record, correlated with the active span.
    "an event" Event {
        /// How grave it is: `info`, `warn`, `error`, …
        severity [required]: Severity,
        /// What happened, in one sentence.
        brief [required]: String,
        /// More than the brief.
        note: String,
        /// Its attributes and their requirement levels.
        attributes: Map<Use>,
        /// Stability, deprecation and ownership.
        life [flat]: LifeCycle,
        /// The Rust name, where the obvious one does not do.
        rust_name: String,
    }

    /// A requirement level where more is said.
    "a requirement level" LongUse {
        /// Who must give the attribute, and when.
        level: Level,
        /// The condition under which it must be given, as a sentence.
        conditionally_required: String,
        /// Whether it is passed to the sampler before the decision.
        sampling_relevant: bool,
    }

    /// A condition under which an attribute must be given.
    "a requirement level" Condition {
        /// The condition, as a sentence.
        conditionally_required [required]: String,
    }
}

/// An attribute in use: its level as a word, or as a mapping.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    pub(crate) level: Located<RequirementLevel>,
    /// Set, to where it stands, when the sampler is to see the attribute.
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
        refuse_word_as_field(node, reader)?;
        let before = reader.faults.count();
        let long = LongUse::read(node, reader)?;
        let flawed = reader.faults.count() > before;
        let relevant = &long.sampling_relevant;
        Some(Use {
            sampling_relevant: relevant.get().and_then(|set| relevant.key.filter(|_| *set)),
            level: level_of(long, flawed, node.span, reader)?,
        })
    }
}

const LEVELS: &[&str] = &["required", "on_success", "recommended", "opt_in"];

/// `{ required: true }`: a word where a field stands.
fn refuse_word_as_field(node: &Node, reader: &mut Reader<'_>) -> Option<()> {
    let Value::Map(entries) = &node.value else {
        return Some(());
    };
    for (key, _) in entries {
        if let Value::Text(word) = &key.value
            && LEVELS.contains(&word.as_str())
        {
            let fault = codes::UNKNOWN_FIELD.at(key.span, [word, &"a requirement level"]);
            reader.faults.push(fault.help(format!(
                "write `{word}` by itself, or `{{ level: {word}, sampling_relevant: true }}`"
            )));
            return None;
        }
    }
    Some(())
}

/// A level as a word; `conditionally_required` needs its condition.
fn plain(node: &Node, reader: &mut Reader<'_>) -> Option<RequirementLevel> {
    match &node.value {
        Value::Text(word) if word.starts_with("conditional") => {
            reader.faults.push(codes::EMPTY_CONDITION.at(node.span, []));
            None
        }
        Value::Text(word)
            if !LEVELS.contains(&word.as_str())
                && names::meant(word, LEVELS.iter().copied()).is_none() =>
        {
            let fault = codes::UNKNOWN_WORD.at(node.span, [word, &RequirementLevel::EXPECTED]);
            reader.faults.push(fault.help(format!(
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
    flawed: bool,
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
        _ if flawed || level.is_faulty() || condition.is_faulty() => None,
        _ => {
            reader.faults.push(codes::AMBIGUOUS_LEVEL.at(at, []));
            None
        }
    }
}

fn conditional(prose: &str, at: Span, reader: &mut Reader<'_>) -> Option<RequirementLevel> {
    if prose.trim().is_empty() {
        reader.faults.push(codes::EMPTY_CONDITION.at(at, []));
        return None;
    }
    Some(RequirementLevel::ConditionallyRequired(prose.to_owned()))
}

/// A level as a word or as a condition.
#[derive(Clone, Debug)]
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
