//! `namespace`: missing namespaces, and namespaces in both singular and plural.

use super::entries::{self, Entry};
use super::{Issue, Lint, Rule, example, words};
use crate::finding::Level;
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "namespace",
    level: Level::Warn,
    summary: "a name without a namespace, or a namespace in both singular and plural",
    why: "The attributes of all teams and libraries share one store. A plain `status` from two teams mixes two meanings; `order.` and `orders.` split one meaning.",
    fix: "Add a namespace: `order.status`. Use the singular form of each namespace.",
    bad: example!("namespace", "bad"),
    good: example!("namespace", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    for entry in entries::all(contract).filter(|entry| !entry.name.contains('.')) {
        let issue = Issue {
            message: format!("{} `{}` has no namespace", entry.kind, entry.name),
            label: "missing namespace".to_owned(),
            help: format!("add a namespace: `{}.{}`", contract.name, entry.name),
            ..Issue::default()
        };
        lint.push(&entry, issue);
    }
    let mut first: HashMap<String, Entry<'_>> = HashMap::new();
    let own = entries::attributes(contract).filter(|attribute| !attribute.semconv);
    for entry in own.map(Entry::from) {
        let Some((namespace, _)) = entry.name.split_once('.') else {
            continue;
        };
        let known = first.entry(words::singular(namespace)).or_insert(entry);
        let other = known.name.split('.').next().unwrap_or_default();
        if other == namespace {
            continue;
        }
        let known = *known;
        let issue = Issue {
            message: format!("namespace `{namespace}` is also written `{other}`"),
            label: format!("`{namespace}` here"),
            help: "use one form, the singular".to_owned(),
            related: vec![(format!("`{other}` at"), known.at.clone())],
            at: None,
        };
        lint.push_unless_any_allows(&[&entry, &known], issue);
    }
}
