//! What is exported, as text, and how two such texts differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    /// Number of the collection.
    pub(crate) collection: usize,
    /// Number of the provider, in the order they were installed.
    pub(crate) provider: usize,
    /// Name and unit.
    pub(crate) metric: String,
    /// Sorted, in braces.
    pub(crate) attributes: String,
}

/// Everything one contract exports.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Exported {
    pub(crate) points: BTreeMap<Point, String>,
    /// By provider, in the order they ended.
    pub(crate) spans: Vec<String>,
}

impl Exported {
    /// What the driver printed of each contract, in turn.
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
                    let contract = contracts.get_mut(*contract).expect("it was begun");
                    let value = foreseeable(metric, value);
                    let twice = contract.points.insert(point, value);
                    assert_eq!(twice, None, "one series is exported twice: {line}");
                }
                ["span", contract, span] => {
                    let contract = contracts.get_mut(*contract).expect("it was begun");
                    contract.spans.push((*span).to_owned());
                }
                _ => panic!("the driver printed {line:?}"),
            }
        }
        contracts
    }

    /// What is missing, what is too much and what is wrong; nothing where all is well.
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

/// Of durations how long they are is left out, once it was seen to make sense.
fn foreseeable(metric: &str, value: &str) -> String {
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
