//! Fifty contracts generated from fixed seeds, compiled, and driven by random calls: the points (and
//! spans) that are exported are exactly those of an oracle that shares no code with the runtime.

mod code;
mod contract;
mod model;
mod oracle;
mod points;
mod project;
mod random;
mod script;

use model::Model;
use points::Exported;
use project::{Features, How, Project};
use std::fmt::Write as _;

/// One contract each.
const SEEDS: std::ops::Range<u64> = 0..50;

/// What must come up somewhere, or the seeds no longer try what they are for.
const COME_UP: [&str; 15] = [
    "_OTHER",
    "text_0",
    "[redacted]",
    "error.type=string fault_0",
    "error.type=string panic",
    "error.type=string cancelled",
    "bool true",
    "int -",
    "otel_contract.limited",
    ".active [{operation}]",
    "sum f64 -",
    "sum u64",
    "gauge f64",
    "gauge i64",
    "histogram u64",
];

#[test]
fn what_is_exported_is_what_an_oracle_expects_of_the_same_calls() {
    let contracts: Vec<_> = SEEDS
        .map(|seed| {
            let model = Model::new(seed);
            let steps = script::steps(&model);
            (model, steps)
        })
        .collect();
    let project = Project::write(&contracts);
    let (mut wrong, mut points, mut spans) = (String::new(), 0, 0);
    let mut missing = COME_UP.to_vec();
    for features in [Features::BoundMetrics, Features::Slices] {
        let driver = project.build(features);
        for how in [How::View, How::Plain, How::Global] {
            let mut got = Exported::parse(&driver.run(how));
            for (model, steps) in &contracts {
                let expected = oracle::expected(model, how, steps);
                let got = got.remove(&model.name).unwrap_or_default();
                let difference = expected.difference(&got);
                if !difference.is_empty() {
                    let seed = model.seed;
                    let _ = writeln!(wrong, "seed {seed}, {features:?}, {how:?}:\n{difference}");
                }
                let text = format!("{expected:?}");
                missing.retain(|one| !text.contains(one));
                points += expected.points.len();
                spans += expected.spans.len();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(missing.is_empty(), "{missing:?} never came up");
    println!("{points} points and {spans} spans are as expected");
}
