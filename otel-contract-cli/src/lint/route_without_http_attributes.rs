//! `route_without_http_attributes`: an operation whose requests cannot be found by method, route or status.

use super::entries::Entry;
use super::{Issue, Lint, Rule, example};
use crate::finding::Level;
use otel_contract_model::{Contract, Operation};

pub(super) const RULE: Rule = Rule {
    name: "route_without_http_attributes",
    level: Level::Warn,
    summary: "an operation with a `route`, but without the attributes of requests",
    why: "A server layer records an attribute only if the operation declares it. Back ends find and group requests by `http.request.method`, `http.route` and `http.response.status_code`; for gRPC, by `rpc.*`.",
    fix: "Import the attributes with `semconv`, and add them to the `attributes` of the operation, or to a group that all such operations share. An operation with an attribute in the namespace `rpc` needs no `http` attributes.",
    bad: example!("route_without_http_attributes", "bad"),
    good: example!("route_without_http_attributes", "good"),
    check,
};

/// The attributes, each with the requirement level that the help suggests. A request that is interrupted has no status
/// code.
const ATTRIBUTES: [(&str, &str); 3] = [
    ("http.request.method", "required"),
    ("http.route", "required"),
    ("http.response.status_code", "recommended"),
];

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    for operation in &contract.operations {
        let keys = keys(contract, operation);
        let is_rpc = keys.iter().any(|key| key.starts_with("rpc."));
        let missing: Vec<(&str, &str)> = ATTRIBUTES
            .into_iter()
            .filter(|(key, _)| !keys.contains(key))
            .collect();
        if operation.routes.is_empty() || is_rpc || missing.is_empty() {
            continue;
        }
        let names: Vec<String> = missing.iter().map(|(key, _)| format!("`{key}`")).collect();
        let issue = Issue {
            message: format!(
                "operation `{}` has a route but not the attributes {}",
                operation.name,
                names.join(", ")
            ),
            label: "requests cannot be told apart".to_owned(),
            help: help(contract, &missing),
            ..Issue::default()
        };
        lint.push(&Entry::from(operation), issue);
    }
}

fn keys<'a>(contract: &'a Contract, operation: &'a Operation) -> Vec<&'a str> {
    let uses = contract.uses(operation).into_iter();
    uses.map(|used| contract[used.attribute].key.as_str())
        .collect()
}

/// Returns the lines to add.
fn help(contract: &Contract, missing: &[(&str, &str)]) -> String {
    let uses: Vec<String> = missing
        .iter()
        .map(|(key, level)| format!("{key}: {level}"))
        .collect();
    let uses = format!("`attributes: {{ {} }}`", uses.join(", "));
    let keys = missing.iter().map(|(key, _)| *key);
    let unknown: Vec<&str> = keys
        .filter(|key| contract.attribute(key).is_none())
        .collect();
    if unknown.is_empty() {
        return format!("add {uses}");
    }
    format!(
        "add {uses}, and to the contract `semconv: [{}]`",
        unknown.join(", ")
    )
}
