//! The propagation formats of `OTEL_PROPAGATORS`.

use super::SetupError;
use super::environment::{Reader, one_of};
use super::printable::printable;
use crate::propagation::Format;

/// Reads the formats that the variable lists, in order, without duplicates.
pub(super) fn read_propagators(reader: &mut Reader<'_>) -> Vec<Format> {
    let name = "OTEL_PROPAGATORS";
    let default = vec![Format::TraceContext, Format::Baggage];
    let Some(written) = reader.text(name) else {
        return default;
    };
    let (mut formats, mut unknown, mut has_known_name) = (Vec::new(), Vec::new(), false);
    for word in written.split(',').map(str::trim) {
        match PROPAGATORS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(word))
        {
            Some((_, Meaning::Format(format))) => {
                has_known_name = true;
                if !formats.contains(format) {
                    formats.push(*format);
                }
            }
            // `none` has no effect in a list with other formats.
            Some((_, Meaning::None)) => has_known_name = true,
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
    let effect = if has_known_name {
        "the others are used"
    } else {
        "`tracecontext,baggage` is used"
    };
    for error in unknown {
        reader.lenient_error(name, error, effect);
    }
    // A list without a known name is ignored.
    if has_known_name { formats } else { default }
}

/// The meaning of a name in `OTEL_PROPAGATORS`.
#[derive(Clone, Copy)]
enum Meaning {
    Format(Format),
    None,
    /// A format whose feature was not compiled in.
    #[cfg(not(feature = "b3"))]
    Feature(&'static str),
}

const PROPAGATORS: [(&str, Meaning); 5] = [
    ("tracecontext", Meaning::Format(Format::TraceContext)),
    ("baggage", Meaning::Format(Format::Baggage)),
    #[cfg(feature = "b3")]
    ("b3", Meaning::Format(Format::B3)),
    #[cfg(feature = "b3")]
    ("b3multi", Meaning::Format(Format::B3Multi)),
    #[cfg(not(feature = "b3"))]
    ("b3", Meaning::Feature("b3")),
    #[cfg(not(feature = "b3"))]
    ("b3multi", Meaning::Feature("b3")),
    ("none", Meaning::None),
];
