//! The factors of the number of series.

use otel_contract_model::series::{Bound, active, duration, metric};
use otel_contract_model::{Contract, Source};
use otel_contract_yaml::compile;

/// Returns each factor as text, with the key of its attribute and whether it may be absent.
fn factors(contract: &Contract, bound: &Bound) -> Vec<(String, Option<String>, bool)> {
    let factors = bound.factors.iter().map(|factor| {
        let key = factor.attribute.map(|id| contract[id].key.clone());
        (factor.to_string(), key, factor.may_be_absent)
    });
    factors.collect()
}

fn shop() -> Contract {
    let text = "contract: shop
version: 1.0.0
brief: Words.
defaults: { privacy: internal }
attributes:
  shop.tier: { values: [free, pro], other: true, brief: Tier. }
  shop.rush: { type: boolean, brief: Rush. }
  queue.name: { type: string, cardinality: bounded, limit: 50, brief: Queue. }
errors: { timeout: T., refused: R. }
operations:
  shop.buy:
    brief: Buy.
    attributes: { shop.tier: required, queue.name: on_success, shop.rush: recommended }
    metrics: { dimensions: [queue.name, shop.rush, shop.tier], active: true }
metrics:
  shop.visits:
    instrument: counter
    unit: '{visit}'
    brief: Visits.
    attributes: { error.type: opt_in, shop.tier: required }
  shop.faults:
    instrument: counter
    unit: '{fault}'
    brief: Faults.
    attributes: { error.type: required }
";
    let compiled = compile(&Source::text("", "shop.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
    compiled.contract.expect("a contract")
}

#[test]
fn a_factor_names_its_attribute_and_whether_it_may_be_absent() {
    let contract = shop();
    let operation = &contract.operations[0];
    let metrics = operation.metrics.as_ref().expect("metrics");
    let some = |key: &str| Some(key.to_owned());
    assert_eq!(
        factors(&contract, &duration(&contract, operation, metrics)),
        [
            ("52 queues".to_owned(), some("queue.name"), true),
            ("3 rushes".to_owned(), some("shop.rush"), true),
            ("3 tiers".to_owned(), some("shop.tier"), false),
            ("6 outcomes".to_owned(), None, false),
        ]
    );
    // Attributes set by `ok(…)` are unknown while the operation is active.
    assert_eq!(
        factors(&contract, &active(&contract, operation, metrics)),
        [
            ("3 rushes".to_owned(), some("shop.rush"), true),
            ("3 tiers".to_owned(), some("shop.tier"), false),
        ]
    );
}

#[test]
fn the_error_types_of_a_metric_are_the_error_classes_and_other() {
    let contract = shop();
    assert_eq!(
        factors(&contract, &metric(&contract, &contract.metrics[0])),
        [
            ("3 tiers".to_owned(), Some("shop.tier".to_owned()), false),
            ("4 error types".to_owned(), None, true),
        ]
    );
    assert_eq!(
        factors(&contract, &metric(&contract, &contract.metrics[1])),
        [("3 error types".to_owned(), None, false)]
    );
}

/// Returns the errors of a contract with two metrics. `queues` and `routes` are the limits of `queue.name` and of the
/// imported `http.route`.
fn over_budget(queues: u32, routes: u32) -> String {
    let text = format!(
        "contract: shop
version: 1.0.0
brief: Words.
defaults: {{ privacy: internal }}
budget: {{ series_per_metric: 500 }}
semconv: {{ http.route: {{ limit: {routes} }} }}
attributes:
  shop.tier: {{ values: [free, pro], other: true, brief: Tier. }}
  queue.name: {{ type: string, cardinality: bounded, limit: {queues}, brief: Queue. }}
metrics:
  shop.jobs: {{ instrument: counter, unit: '{{job}}', brief: Jobs., attributes: {{ shop.tier: required, queue.name: recommended }} }}
  shop.calls: {{ instrument: counter, unit: '{{call}}', brief: Calls., attributes: {{ shop.tier: recommended, http.route: required }} }}
"
    );
    compile(&Source::text("", "shop.yaml", text))
        .diagnostics
        .to_string()
}

#[test]
fn the_limit_in_the_help_is_the_largest_that_fits_the_budget() {
    let errors = over_budget(900, 900);
    assert!(errors.contains("lower the `limit` of `queue.name`, the largest factor, to 164,"));
    assert!(errors.contains("`semconv: { http.route: { limit: 124 } }`"));
    assert_eq!(over_budget(164, 124), "");
    assert!(over_budget(165, 124).contains("shop.jobs"));
    assert!(over_budget(164, 125).contains("shop.calls"));
}
