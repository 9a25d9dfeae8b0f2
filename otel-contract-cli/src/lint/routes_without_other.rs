//! `routes_without_other`: a contract with routes that leaves unmatched requests without telemetry.

use super::entries::Entry;
use super::{Issue, Lint, Rule, example};
use crate::finding::Level;
use otel_contract_model::Route;

pub(super) const RULE: Rule = Rule {
    name: "routes_without_other",
    level: Level::Warn,
    summary: "a contract with routes, but without an operation for other requests",
    why: "A request that matches no route of the contract leaves no telemetry: scans, wrong URLs and routes that are missing in the contract stay invisible.",
    fix: "Add an operation with `route: _OTHER`.",
    bad: example!("routes_without_other", "bad"),
    good: example!("routes_without_other", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    let mut routes = contract.operations.iter().flat_map(|known| &known.routes);
    // In an incomplete contract, the operation may be missing because of an error.
    if contract.incomplete || routes.any(|route| *route == Route::Other) {
        return;
    }
    let mut operations = contract.operations.iter();
    let Some(first) = operations.find(|operation| !operation.routes.is_empty()) else {
        return;
    };
    let namespace = first.name.split('.').next().unwrap_or(&first.name);
    let issue = Issue {
        message: format!(
            "no operation of contract `{}` has the route `_OTHER`, so requests that match no other route leave no telemetry",
            contract.name
        ),
        label: "first operation with a route".to_owned(),
        help: format!(
            "add an operation: `{namespace}.unmatched: {{ brief: Answer a request that matches no route., kind: server, route: _OTHER }}`"
        ),
        ..Issue::default()
    };
    lint.push(&Entry::from(first), issue);
}
