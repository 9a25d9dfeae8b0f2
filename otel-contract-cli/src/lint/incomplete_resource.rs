//! `incomplete_resource`: a resource that the set-up rejects.

use super::{Issue, Lint, Rule, example};
use crate::finding::{Level, Place};

pub(super) const RULE: Rule = Rule {
    name: "incomplete_resource",
    level: Level::Deny,
    summary: "a `resource` that does not require the attributes that identify a service",
    why: "The set-up (`shop::telemetry(…)`) needs these attributes: without them, nobody can find out which service, version and environment sent the telemetry.",
    fix: "Require `service.name`, `service.version` and `deployment.environment.name`. If no service calls the set-up of the contract, set `incomplete_resource = \"allow\"` in `[workspace.metadata.otel-contract.lints]` of `Cargo.toml`.",
    bad: example!("incomplete_resource", "bad"),
    good: example!("incomplete_resource", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    // A contract without a resource is a vocabulary that other contracts of the service complete. In an incomplete
    // contract, an attribute can be missing because its use has an error.
    let Some(first) = contract.resource.first() else {
        return;
    };
    let missing = contract.missing_identity();
    if missing.is_empty() || contract.incomplete {
        return;
    }
    let written = contract
        .resource
        .iter()
        .find(|used| missing.contains(&contract[used.attribute].key.as_str()));
    let used = written.unwrap_or(first);
    let at = used.at.clone();
    let length = lint.length(&at, &contract[used.attribute].key);
    let keys: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
    let lines: Vec<String> = missing
        .iter()
        .map(|key| format!("{key}: required"))
        .collect();
    let label = match written {
        Some(_) => "not `required`",
        None => "the resource begins here",
    };
    let issue = Issue {
        message: format!(
            "the set-up rejects the resource of contract `{}`, which does not require {}",
            contract.name,
            keys.join(", ")
        ),
        label: label.to_owned(),
        help: format!("write under `resource`: `{}`", lines.join(", ")),
        ..Issue::default()
    };
    lint.push_at(Place { at, length }, issue);
}
