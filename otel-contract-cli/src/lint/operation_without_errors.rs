//! `operation_without_errors`: an operation without a list of errors.

use super::entries::Entry;
use super::{Issue, Lint, Rule, example};
use crate::finding::Level;
use otel_contract_model::names;

pub(super) const RULE: Rule = Rule {
    name: "operation_without_errors",
    level: Level::Warn,
    summary: "an operation without `errors`",
    why: "Without the list, the operation may fail with any error class of the contract. Readers cannot see which, the compiler cannot check it, and its metrics need a series for each class.",
    fix: "Add `errors: [...]`, or `errors: []` if the operation cannot fail.",
    bad: example!("operation_without_errors", "bad"),
    good: example!("operation_without_errors", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    for operation in &contract.operations {
        if operation.errors.is_some() || operation.life_cycle.deprecated.is_some() {
            continue;
        }
        let known: Vec<&str> = contract
            .errors
            .iter()
            .map(|error| error.name.as_str())
            .collect();
        let help = match known.as_slice() {
            [] => "declare error classes under `errors` and list them here; use `errors: []` if it cannot fail".to_owned(),
            known => format!(
                "list the error classes that it can fail with, or write `errors: []` if it cannot fail; the contract declares {}",
                names::list(known)
            ),
        };
        let issue = Issue {
            message: format!("operation `{}` does not list its errors", operation.name),
            label: "missing `errors`".to_owned(),
            help,
            ..Issue::default()
        };
        lint.push(&Entry::from(operation), issue);
    }
}
