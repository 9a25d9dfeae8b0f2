//! Converts the events of `saphyr-parser` into events of the model.

use crate::syntax;
use otel_contract_model::scan::{Event, EventHandler, Extent, Position, Properties, SyntaxError};
use saphyr_parser::{Event as Scanned, Marker, Parser, ScalarStyle};

/// Scans a text, and passes its events to the handler.
pub fn scan(text: &str, on_event: &mut EventHandler<'_>) -> Result<(), SyntaxError> {
    for event in Parser::new_from_str(text) {
        let (event, span) = event
            .map_err(|error| syntax::syntax_error(position(*error.marker()), error.info(), text))?;
        let extent = Extent {
            start: position(span.start),
            end: position(span.end),
        };
        let event = match event {
            Scanned::Nothing | Scanned::StreamStart | Scanned::StreamEnd | Scanned::DocumentEnd => {
                continue;
            }
            Scanned::DocumentStart(_) => Event::Document,
            Scanned::Scalar(text, style, anchor, tag) => Event::Scalar {
                text,
                plain: style == ScalarStyle::Plain,
                properties: properties(anchor, tag.is_some()),
            },
            Scanned::SequenceStart(anchor, tag) => Event::List(properties(anchor, tag.is_some())),
            Scanned::MappingStart(anchor, tag) => Event::Map(properties(anchor, tag.is_some())),
            Scanned::SequenceEnd => Event::ListEnd,
            Scanned::MappingEnd => Event::MapEnd,
            Scanned::Alias(anchor) => Event::Alias(anchor),
        };
        if on_event(event, extent).is_break() {
            break;
        }
    }
    Ok(())
}

fn properties(anchor: usize, tagged: bool) -> Properties {
    Properties {
        anchor: (anchor != 0).then_some(anchor),
        tagged,
    }
}

fn position(marker: Marker) -> Position {
    Position {
        line: marker.line(),
        column: marker.col() + 1,
    }
}
