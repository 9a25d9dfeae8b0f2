//! `operation_without_errors`: an operation that may fail with anything.

use super::entries::Entry;
use super::{Lint, Rule, Said, example};
use crate::finding::Level;
use otel_contract_model::names;

pub(super) const RULE: Rule = Rule {
    name: "operation_without_errors",
    level: Level::Warn,
    summary: "an operation that does not say which errors it may fail with",
    why: "Without a list it may fail with any class of the contract: nothing tells a reader which, the compiler holds nobody to it, and its metrics keep a series for each.",
    fix: "Add `errors: [...]`, or `errors: []` where it cannot fail.",
    bad: example!("operation_without_errors", "bad"),
    good: example!("operation_without_errors", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    for operation in &contract.operations {
        if operation.errors.is_some() || operation.deprecated.is_some() {
            continue;
        }
        let known: Vec<&str> = contract.errors.iter().map(|it| it.name.as_str()).collect();
        let help = match known.as_slice() {
            [] => "name what can go wrong under `errors`, and list it here; `errors: []` if nothing can".to_owned(),
            known => format!(
                "list those of {} it may end with, or `errors: []`",
                names::list(known)
            ),
        };
        let said = Said {
            message: format!(
                "operation `{}` does not say how it may fail",
                operation.name
            ),
            label: "has no `errors`".to_owned(),
            help,
            ..Said::default()
        };
        lint.push(&Entry::from(operation), said);
    }
}
