//! `stats`: counts and series.

use crate::stage::{Stage, VALID};

const CONTRACT: &str = "contract: shop
version: 1.0.0
brief: Telemetry vocabulary of the shop.
semconv: [http.route]
defaults: { privacy: internal }
budget: { series_per_metric: 2000, series: 5000 }
attributes:
  order.id: { type: string, cardinality: unbounded, brief: Number on the receipt. }
  order.channel: { values: [web, app], other: true, privacy: public, brief: Where it was placed. }
  queue.name: { type: string, cardinality: bounded, limit: 50, brief: Queue it waits in. }
  user.email: { type: string, cardinality: unbounded, privacy: personal, protect: hash, brief: Where the receipt goes. }
  card.cvv: { privacy: secret, brief: Card verification value. }
errors: { out_of_stock: Nothing of it is left. }
operations:
  order.place:
    brief: Take an order.
    attributes: { order.channel: required, queue.name: recommended }
    errors: [out_of_stock]
    metrics: { dimensions: [order.channel, queue.name], active: true }
metrics:
  order.items: { instrument: counter, unit: \"{item}\", brief: Goods ordered., attributes: { order.channel: required } }
";

#[test]
fn human_output_consists_of_tables() {
    let run = Stage::with("stats", CONTRACT).run(&["stats"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn json_output_is_one_document() {
    let run = Stage::with("stats_json", CONTRACT).run(&["stats", "--format", "json"]);
    let stats: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let shop = &stats["contracts"][0];
    assert_eq!(shop["contract"], "shop");
    assert_eq!(shop["counts"]["attributes"], 6);
    assert_eq!(shop["cardinality"]["unbounded"], 2);
    assert_eq!(shop["privacy"]["secret"], 1);
    assert_eq!(shop["metrics"][0]["metric"], "order.place.duration");
    // Numbers of series: 3 channels × 52 queues × 5 outcomes; 3 × 52; 3.
    assert_eq!(shop["metrics"][0]["series"], 780);
    assert_eq!(shop["series"]["total"], 780 + 156 + 3);
    assert_eq!(shop["series"]["budget"], 5000);
}

#[test]
fn contracts_with_errors_have_no_numbers_and_others_are_still_counted() {
    let stage = Stage::with("stats_faults", &CONTRACT.replace("1.0.0", "1"));
    stage.write("sound.yaml", VALID);
    let run = stage.run(&["stats"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.starts_with("shop 1.0.0  sound.yaml\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr.contains("`contract.yaml` has 1 error, so"),
        "{}",
        run.stderr
    );
    assert_eq!(stage.run(&["stats", "missing.yaml"]).code, 2);
}
