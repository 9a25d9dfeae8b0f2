//! `name_style`: valid names that are hard to read.

use super::entries::{self, Entry};
use super::{Issue, Lint, Rule, example, words};
use crate::finding::Level;
use otel_contract_model::{Attribute, Domain, Instrument, Type};
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "name_style",
    level: Level::Warn,
    summary: "a name that repeats its namespace, is also a namespace or is too long; a list with a singular name; a counter whose name ends in `total`",
    why: "Names are typed into queries for years. The semantic conventions ask for plural names of lists, and for names that are not namespaces of other names. Back ends add `total` to counters themselves.",
    fix: "Rename it as the message suggests, and list the old name under `instead_of`.",
    bad: example!("name_style", "bad"),
    good: example!("name_style", "good"),
    check,
};

/// Maximum length of a name; charts cut off longer names.
const MAX_LENGTH: usize = 64;

fn check(lint: &mut Lint<'_>) {
    let contract = lint.contract();
    let own = |attribute: &&Attribute| !attribute.semconv && attribute.template.is_none();
    let namespaces = namespaces(&contract.attributes);
    for attribute in entries::attributes(contract).filter(own) {
        let issue = stutter(&attribute.key)
            .or_else(|| singular_list(attribute))
            .or_else(|| namespace_itself(attribute, &namespaces))
            .or_else(|| too_long(&attribute.key));
        if let Some(issue) = issue {
            lint.push(&Entry::from(attribute), issue);
        }
    }
    for entry in entries::signals(contract) {
        if let Some(issue) = stutter(entry.name).or_else(|| too_long(entry.name)) {
            lint.push(&entry, issue);
        }
    }
    let counters = contract.metrics.iter();
    for metric in counters.filter(|candidate| candidate.instrument == Instrument::Counter) {
        let last = words::last(&metric.name);
        if words::words(last).last() != Some("total") {
            continue;
        }
        let issue = Issue {
            message: format!("the name of counter `{}` ends in `total`", metric.name),
            label: "redundant suffix".to_owned(),
            help: "name the counted things; back ends add `_total` themselves where needed"
                .to_owned(),
            ..Issue::default()
        };
        lint.push(&Entry::from(metric), issue);
    }
}

/// Checks for a repeated namespace: `order.order_id`.
fn stutter(name: &str) -> Option<Issue> {
    let (last, parent) = (words::last(name), words::parent(name)?);
    let rest = last.strip_prefix(parent)?.strip_prefix('_')?;
    let namespace = name.strip_suffix(last).unwrap_or_default();
    Some(Issue {
        message: format!("`{name}` repeats its namespace"),
        label: format!("repeated `{parent}`"),
        help: format!("write `{namespace}{rest}`"),
        ..Issue::default()
    })
}

/// Checks for a list with a singular name.
fn singular_list(attribute: &Attribute) -> Option<Issue> {
    let is_list = matches!(attribute.domain, Domain::Unbounded(Type::Array(_)));
    // One plural word is enough, as in `attributes_to_get`.
    let mut words = words::words(words::last(&attribute.key));
    if !is_list || words.any(|word| word.ends_with('s')) {
        return None;
    }
    Some(Issue {
        message: format!("`{}` is a list, but its name is singular", attribute.key),
        label: "singular name".to_owned(),
        help: format!("write `{}s`", attribute.key),
        ..Issue::default()
    })
}

/// Returns every namespace with its first key.
fn namespaces(attributes: &[Attribute]) -> HashMap<&str, &Attribute> {
    let mut namespaces = HashMap::new();
    for attribute in attributes {
        for (dot, _) in attribute.key.match_indices('.') {
            namespaces.entry(&attribute.key[..dot]).or_insert(attribute);
        }
    }
    namespaces
}

/// Checks for a key that is also a namespace: `order` and `order.id`.
fn namespace_itself(
    attribute: &Attribute,
    namespaces: &HashMap<&str, &Attribute>,
) -> Option<Issue> {
    let within = namespaces.get(attribute.key.as_str())?;
    Some(Issue {
        message: format!("`{}` is both a name and a namespace", attribute.key),
        label: format!("also the namespace of `{}`", within.key),
        help: format!(
            "rename one of them, for example to `{}.name`",
            attribute.key
        ),
        related: vec![("namespace used at".to_owned(), within.at.clone())],
        at: None,
    })
}

fn too_long(name: &str) -> Option<Issue> {
    (name.len() > MAX_LENGTH).then(|| Issue {
        message: format!("`{name}` is longer than {MAX_LENGTH} characters"),
        label: "too long for the legend of a chart".to_owned(),
        help: "remove namespaces and words that do not distinguish it from other names".to_owned(),
        ..Issue::default()
    })
}
