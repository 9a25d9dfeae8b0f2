//! Text of exported telemetry, and the differences between two texts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Identifies an exported value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    /// Number of the collection.
    pub(crate) collection: usize,
    /// Number of the provider, in the order of installation.
    pub(crate) provider: usize,
    /// Name and unit of the metric.
    pub(crate) metric: String,
    /// Sorted attributes in braces.
    pub(crate) attributes: String,
}

/// All exported telemetry of one contract.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Exported {
    pub(crate) points: BTreeMap<Point, String>,
    /// Spans by provider, in the order of their ends.
    pub(crate) spans: Vec<String>,
}

impl Exported {
    /// Parses the output of the driver, by contract.
    pub(crate) fn parse(printed: &str) -> BTreeMap<String, Self> {
        let mut contracts: BTreeMap<String, Self> = BTreeMap::new();
        for line in printed.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields.as_slice() {
                ["contract", contract] => {
                    contracts.insert((*contract).to_owned(), Self::default());
                }
                [
                    "point",
                    contract,
                    collection,
                    provider,
                    metric,
                    attributes,
                    value,
                ] => {
                    let point = Point {
                        collection: collection.parse().expect("a number"),
                        provider: provider.parse().expect("a number"),
                        metric: (*metric).to_owned(),
                        attributes: (*attributes).to_owned(),
                    };
                    let contract = contracts
                        .get_mut(*contract)
                        .expect("a contract line before");
                    let value = without_durations(metric, value);
                    let twice = contract.points.insert(point, value);
                    assert_eq!(twice, None, "one series is exported twice: {line}");
                }
                ["span", contract, span] => {
                    let contract = contracts
                        .get_mut(*contract)
                        .expect("a contract line before");
                    contract.spans.push((*span).to_owned());
                }
                _ => panic!("the driver printed {line:?}"),
            }
        }
        contracts
    }

    /// Text of all missing, extra and wrong values; empty if there is no difference.
    pub(crate) fn difference(&self, got: &Self) -> String {
        let mut text = String::new();
        for (point, expected) in &self.points {
            let got = got.points.get(point).map_or("nothing", String::as_str);
            if got != expected {
                differ(&mut text, point, expected, got);
            }
        }
        for (point, got) in &got.points {
            if !self.points.contains_key(point) {
                differ(&mut text, point, "nothing", got);
            }
        }
        let count = self.spans.len().max(got.spans.len());
        for number in 0..count {
            let of = |spans: &[String]| spans.get(number).cloned().unwrap_or("nothing".to_owned());
            let (expected, got) = (of(&self.spans), of(&got.spans));
            if expected != got {
                let _ = writeln!(
                    text,
                    "span {number}\n  expected {expected}\n  got      {got}"
                );
                break;
            }
        }
        text
    }
}

fn differ(text: &mut String, point: &Point, expected: &str, got: &str) {
    let Point {
        collection,
        provider,
        metric,
        attributes,
    } = point;
    let _ = writeln!(
        text,
        "{metric} {attributes}, collection {collection}, provider {provider}\n  expected {expected}\n  got      {got}",
    );
}

/// Removes the unpredictable part of durations from a value, after checking that it is plausible.
fn without_durations(metric: &str, value: &str) -> String {
    let (true, Some((before, after))) = (metric.starts_with("run."), value.split_once(" counts="))
    else {
        return value.to_owned();
    };
    let (counts, after) = after.split_once(" sum=").expect("counts and sum");
    let sum = after
        .split(' ')
        .next()
        .and_then(|sum| sum.parse::<f64>().ok());
    assert!(sum.is_some_and(|sum| sum >= 0.0), "{metric}: {value}");
    let counts = counts.trim_matches(['[', ']']).split(", ");
    let counted: u64 = counts
        .map(|count| count.parse::<u64>().expect("a count"))
        .sum();
    let (_, count) = before.split_once("count=").expect("a count");
    let (count, _) = count.split_once(' ').expect("count and bounds");
    assert_eq!(counted.to_string(), count, "{metric}: {value}");
    before.to_owned()
}
