//! Fifty contracts, generated from fixed seeds, compiled, and driven by random calls. The exported points and spans
//! must match an oracle that shares no code with the runtime.

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
use project::{Features, Project, ProviderMode};
use std::fmt::Write as _;

/// Seeds; each seed generates one contract.
const SEEDS: std::ops::Range<u64> = 0..50;

/// Texts that must occur in the expected exports, so that the seeds still cover these cases.
const MUST_OCCUR: [&str; 15] = [
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
fn exported_points_match_the_oracle() {
    let contracts: Vec<_> = SEEDS
        .map(|seed| {
            let model = Model::new(seed);
            let steps = script::steps(&model);
            (model, steps)
        })
        .collect();
    let project = Project::write(&contracts);
    let (mut wrong, mut points, mut spans) = (String::new(), 0, 0);
    let mut missing = MUST_OCCUR.to_vec();
    for features in [Features::BoundMetrics, Features::Slices] {
        let driver = project.build(features);
        for mode in [
            ProviderMode::View,
            ProviderMode::Plain,
            ProviderMode::Global,
        ] {
            let mut got = Exported::parse(&driver.run(mode));
            for (model, steps) in &contracts {
                let expected = oracle::expected(model, mode, steps);
                let got = got.remove(&model.name).unwrap_or_default();
                let difference = expected.difference(&got);
                if !difference.is_empty() {
                    let seed = model.seed;
                    let _ = writeln!(wrong, "seed {seed}, {features:?}, {mode:?}:\n{difference}");
                }
                let text = format!("{expected:?}");
                missing.retain(|required| !text.contains(required));
                points += expected.points.len();
                spans += expected.spans.len();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(missing.is_empty(), "{missing:?} never occurred");
    println!("{points} points and {spans} spans are as expected");
}
