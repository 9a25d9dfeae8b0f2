//! `semconv_mismatch`: a semantic-convention name with another meaning.

use super::entries::{self, Entry};
use super::{Issue, Lint, Rule, example};
use crate::finding::Level;
use otel_contract_model::semconv::{self, Convention};
use otel_contract_model::{Attribute, Domain, Element, Type, names};

pub(super) const RULE: Rule = Rule {
    name: "semconv_mismatch",
    level: Level::Warn,
    summary: "a semantic-convention name with a different type or different values",
    why: "Libraries and back ends use this name with the meaning of the conventions. Dashboards mix both meanings, and stores with typed fields reject one of them.",
    fix: "Import the attribute with `semconv: [...]`, or choose another name.",
    bad: example!("semconv_mismatch", "bad"),
    good: example!("semconv_mismatch", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    for attribute in entries::attributes(lint.contract()) {
        let Some(convention) = semconv::find(&attribute.key) else {
            continue;
        };
        if let Some(issue) = mismatch(attribute, &convention) {
            lint.push(&Entry::from(attribute), issue);
        }
    }
}

fn mismatch(attribute: &Attribute, convention: &Convention) -> Option<Issue> {
    let key = &attribute.key;
    let take_over = if attribute.semconv {
        "use the values of the conventions, or choose another name".to_owned()
    } else {
        format!("import it with `semconv: [{key}]`, or choose another name")
    };
    let issue = |message: String, label: String| {
        Some(Issue {
            message,
            label,
            help: take_over,
            ..Issue::default()
        })
    };
    let (here, there) = (attribute.value_type()?, convention.value_type?);
    if here != there {
        let (here, there) = (noun(here), noun(there));
        return issue(
            format!("`{key}` is {there} in the semantic conventions, but {here} here"),
            format!("{here} here"),
        );
    }
    let known: Vec<&str> = convention.values().map(|value| value.value).collect();
    if known.is_empty() {
        return None;
    }
    let listed: Vec<String> = match &attribute.domain {
        Domain::Strings { values, .. } => values.iter().map(|value| value.value.clone()).collect(),
        Domain::Ints { values } => values.iter().map(|value| value.value.to_string()).collect(),
        Domain::Limited { .. } | Domain::Unbounded(_) => {
            return issue(
                format!("the semantic conventions list the values of `{key}`"),
                "accepts any value here".to_owned(),
            );
        }
        Domain::Range { .. } | Domain::Boolean | Domain::Secret => return None,
    };
    let unknown = listed
        .iter()
        .filter(|value| !known.contains(&value.as_str()));
    let unknown: Vec<&str> = unknown.map(String::as_str).collect();
    if unknown.is_empty() {
        return None;
    }
    let values = names::list(&unknown);
    issue(
        format!("`{key}` lists values that are not in the semantic conventions: {values}"),
        "additional values".to_owned(),
    )
}

fn noun(value: Type) -> &'static str {
    match value {
        Type::String => "a string",
        Type::Int => "an int",
        Type::Double => "a double",
        Type::Boolean => "a boolean",
        Type::Array(Element::String) => "a list of strings",
        Type::Array(Element::Int) => "a list of ints",
        Type::Array(Element::Double) => "a list of doubles",
        Type::Array(Element::Boolean) => "a list of booleans",
    }
}
