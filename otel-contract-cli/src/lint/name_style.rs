//! `name_style`: names that follow the rules and still read badly.

use super::entries::{self, Entry};
use super::{Lint, Rule, Said, example, words};
use crate::finding::Level;
use otel_contract_model::{Attribute, Domain, Instrument, Type};
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "name_style",
    level: Level::Warn,
    summary: "a name that repeats its namespace, is a namespace itself, is a list in the singular, a counter called `total`, or too long",
    why: "Names are typed into queries for years. The semantic conventions ask that no name is the namespace of another and that lists are in the plural; back ends add `total` to counters themselves.",
    fix: "Rename it as the message says, and list the old name under `instead_of`.",
    bad: example!("name_style", "bad"),
    good: example!("name_style", "good"),
    check,
};

/// Longer names are cut off in every legend.
const LONGEST: usize = 64;

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    let own = |attribute: &&Attribute| !attribute.semconv && attribute.template.is_none();
    let namespaces = namespaces(&contract.attributes);
    for attribute in entries::attributes(contract).filter(own) {
        let said = stutter(&attribute.key)
            .or_else(|| singular_list(attribute))
            .or_else(|| namespace_itself(attribute, &namespaces))
            .or_else(|| too_long(&attribute.key));
        if let Some(said) = said {
            lint.push(&Entry::from(attribute), said);
        }
    }
    for entry in entries::signals(contract) {
        if let Some(said) = stutter(entry.name).or_else(|| too_long(entry.name)) {
            lint.push(&entry, said);
        }
    }
    let counters = contract.metrics.iter();
    for metric in counters.filter(|it| it.instrument == Instrument::Counter) {
        let last = words::last(&metric.name);
        if words::words(last).last() != Some("total") {
            continue;
        }
        let said = Said {
            message: format!("counter `{}` is called a total", metric.name),
            label: "every counter is one".to_owned(),
            help: "name what is counted; back ends that want `_total` add it themselves".to_owned(),
            ..Said::default()
        };
        lint.push(&Entry::from(metric), said);
    }
}

/// `order.order_id`.
fn stutter(name: &str) -> Option<Said> {
    let (last, parent) = (words::last(name), words::parent(name)?);
    let rest = last.strip_prefix(parent)?.strip_prefix('_')?;
    let namespace = name.strip_suffix(last).unwrap_or_default();
    Some(Said {
        message: format!("`{name}` repeats its namespace"),
        label: format!("`{parent}` twice"),
        help: format!("write `{namespace}{rest}`"),
        ..Said::default()
    })
}

/// A list whose name is that of one thing.
fn singular_list(attribute: &Attribute) -> Option<Said> {
    let is_list = matches!(attribute.domain, Domain::Unbounded(Type::Array(_)));
    // `attributes_to_get` are several too.
    let mut words = words::words(words::last(&attribute.key));
    if !is_list || words.any(|word| word.ends_with('s')) {
        return None;
    }
    Some(Said {
        message: format!("`{}` is a list, but its name is singular", attribute.key),
        label: "one name for many values".to_owned(),
        help: format!("write `{}s`", attribute.key),
        ..Said::default()
    })
}

/// Every namespace, and the first key in it.
fn namespaces(attributes: &[Attribute]) -> HashMap<&str, &Attribute> {
    let mut namespaces = HashMap::new();
    for attribute in attributes {
        for (dot, _) in attribute.key.match_indices('.') {
            namespaces.entry(&attribute.key[..dot]).or_insert(attribute);
        }
    }
    namespaces
}

/// `order` beside `order.id`.
fn namespace_itself(attribute: &Attribute, namespaces: &HashMap<&str, &Attribute>) -> Option<Said> {
    let within = namespaces.get(attribute.key.as_str())?;
    Some(Said {
        message: format!("`{}` is a name and a namespace", attribute.key),
        label: format!("namespace of `{}`", within.key),
        help: format!("rename one of them, as `{}.name`", attribute.key),
        related: vec![("in it".to_owned(), within.at.clone())],
        at: None,
    })
}

fn too_long(name: &str) -> Option<Said> {
    (name.len() > LONGEST).then(|| Said {
        message: format!("`{name}` is longer than {LONGEST} characters"),
        label: "too long to read in a legend".to_owned(),
        help: "drop namespaces and words that tell nothing apart".to_owned(),
        ..Said::default()
    })
}
