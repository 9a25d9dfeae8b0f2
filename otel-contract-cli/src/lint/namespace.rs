//! `namespace`: names without one, and namespaces that differ by a letter.

use super::entries::{self, Entry};
use super::{Lint, Rule, Said, example, words};
use crate::finding::Level;
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "namespace",
    level: Level::Warn,
    summary: "a name without a namespace, or two namespaces that differ in singular and plural alone",
    why: "Attributes of all teams and of every library end in one store. `status` of two teams is two things under one name; `order.` and `orders.` are one thing under two.",
    fix: "Put what it belongs to before it: `order.status`; keep one form of each namespace, the singular.",
    bad: example!("namespace", "bad"),
    good: example!("namespace", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    for entry in entries::all(contract).filter(|it| !it.name.contains('.')) {
        let said = Said {
            message: format!("{} `{}` has no namespace", entry.kind, entry.name),
            label: "belongs to nothing".to_owned(),
            help: format!("say what it belongs to: `{}.{}`", contract.name, entry.name),
            ..Said::default()
        };
        lint.push(&entry, said);
    }
    let mut first: HashMap<String, Entry<'_>> = HashMap::new();
    let own = entries::attributes(contract).filter(|it| !it.semconv);
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
        let said = Said {
            message: format!("namespace `{namespace}` is called `{other}` elsewhere"),
            label: format!("`{namespace}` here"),
            help: "keep one of them, the singular".to_owned(),
            related: vec![(format!("`{other}` at"), known.at.clone())],
            at: None,
        };
        lint.push_unless(&[&entry, &known], said);
    }
}
