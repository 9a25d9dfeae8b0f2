//! Limits and their variables.

use super::environment::{Environment, Reader};
use super::limits::{read_record_limits, read_span_limits};

/// Attribute counts of spans, events and links; value length of spans; attribute count and value length of log records.
type ReadLimits = ([u32; 3], Option<usize>, usize, Option<usize>);

fn read(variables: &[(&str, &str)]) -> ReadLimits {
    let environment: Environment = variables.iter().copied().collect();
    let mut reader = Reader::new(&environment);
    let (spans, records) = (
        read_span_limits(&mut reader),
        read_record_limits(&mut reader),
    );
    assert!(reader.errors.is_empty() && reader.warnings.is_empty());
    let counts = spans.counts;
    (
        [
            counts.max_attributes_per_span,
            counts.max_attributes_per_event,
            counts.max_attributes_per_link,
        ],
        spans.value_length,
        records.count,
        records.value_length,
    )
}

#[test]
fn a_specific_limit_takes_precedence_over_the_general_limit() {
    assert_eq!(read(&[]), ([128; 3], None, 128, None));
    let general = [
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "7"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "9"),
    ];
    assert_eq!(read(&general), ([7; 3], Some(9), 7, Some(9)));
    let own = [
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "2"),
        ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "0"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4"),
        ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "5"),
        ("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "0"),
    ];
    let expected = ([1, 2, 0], Some(4), 5, Some(0));
    assert_eq!(read(&own), expected);
    let both: Vec<_> = general.into_iter().chain(own).collect();
    assert_eq!(read(&both), expected);
}

#[test]
fn the_numbers_of_events_and_links_have_their_own_limits() {
    let environment: Environment = [
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "7"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "3"),
    ]
    .into_iter()
    .collect();
    let counts = read_span_limits(&mut Reader::new(&environment)).counts;
    let (events, links) = (counts.max_events_per_span, counts.max_links_per_span);
    assert_eq!((events, links), (3, 128));
}
