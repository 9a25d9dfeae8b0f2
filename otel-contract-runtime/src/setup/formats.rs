//! The propagation formats of `OTEL_PROPAGATORS`.

use super::SetupError;
use super::environment::{Reader, one_of};
use super::printable::printable;
use crate::propagation::Format as Propagator;

/// Reads the formats that the variable lists, in order, without duplicates.
pub(super) fn read_propagators(reader: &mut Reader<'_>) -> Vec<Propagator> {
    let name = "OTEL_PROPAGATORS";
    let default = vec![Propagator::TraceContext, Propagator::Baggage];
    let Some(written) = reader.text(name) else {
        return default;
    };
    let (mut named, mut unknown, mut is_known) = (Vec::new(), Vec::new(), false);
    for word in written.split(',').map(str::trim) {
        match PROPAGATORS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
        {
            Some((_, Meaning::Format(format))) => {
                is_known = true;
                if !named.contains(format) {
                    named.push(*format);
                }
            }
            // `none` has no effect in a list with other formats.
            Some((_, Meaning::None)) => is_known = true,
            _ if word.is_empty() => {}
            #[cfg(not(feature = "b3"))]
            Some((known, Meaning::Feature(feature))) => unknown.push(SetupError::Feature {
                what: format!("`{name}` lists `{known}`"),
                feature,
            }),
            None => unknown.push(SetupError::Variable {
                name: name.to_owned(),
                what: format!("lists the unsupported propagator `{}`", printable(word)),
                help: format!(
                    "{}; pass any other propagator in code: `.propagator(…)`",
                    one_of(&PROPAGATORS)
                ),
            }),
        }
    }
    let instead = if is_known {
        "the others are used"
    } else {
        "`tracecontext,baggage` is used"
    };
    for error in unknown {
        reader.lenient_error(name, error, instead);
    }
    // A list without a known name is ignored.
    if is_known { named } else { default }
}

/// The meaning of a name in `OTEL_PROPAGATORS`.
#[derive(Clone, Copy)]
enum Meaning {
    Format(Propagator),
    None,
    /// A format whose feature was not compiled in.
    #[cfg(not(feature = "b3"))]
    Feature(&'static str),
}

const PROPAGATORS: [(&str, Meaning); 5] = [
    ("tracecontext", Meaning::Format(Propagator::TraceContext)),
    ("baggage", Meaning::Format(Propagator::Baggage)),
    #[cfg(feature = "b3")]
    ("b3", Meaning::Format(Propagator::B3)),
    #[cfg(feature = "b3")]
    ("b3multi", Meaning::Format(Propagator::B3Multi)),
    #[cfg(not(feature = "b3"))]
    ("b3", Meaning::Feature("b3")),
    #[cfg(not(feature = "b3"))]
    ("b3multi", Meaning::Feature("b3")),
    ("none", Meaning::None),
];
