//! `semconv_mismatch`: a name of the semantic conventions that says something else here.

use super::entries::{self, Entry};
use super::{Lint, Rule, Said, example};
use crate::finding::Level;
use otel_contract_model::semconv::{self, Convention};
use otel_contract_model::{Attribute, Domain, Element, Type, names};

pub(super) const RULE: Rule = Rule {
    name: "semconv_mismatch",
    level: Level::Warn,
    summary: "a name of the semantic conventions with another type or other values",
    why: "Libraries and back ends give that name the conventions' meaning: dashboards mix both, and a store that fixes a field's type refuses one of them.",
    fix: "Take the name over with `semconv: [...]`, or give yours a name of its own.",
    bad: example!("semconv_mismatch", "bad"),
    good: example!("semconv_mismatch", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    for attribute in entries::attributes(lint.contract()) {
        let Some(convention) = semconv::find(&attribute.key) else {
            continue;
        };
        if let Some(said) = mismatch(attribute, &convention) {
            lint.push(&Entry::from(attribute), said);
        }
    }
}

fn mismatch(attribute: &Attribute, convention: &Convention) -> Option<Said> {
    let key = &attribute.key;
    let take_over = if attribute.semconv {
        "use the conventions' values, or a name of your own".to_owned()
    } else {
        format!("take it over with `semconv: [{key}]`, or choose a name of your own")
    };
    let said = |message: String, label: String| {
        Some(Said {
            message,
            label,
            help: take_over,
            ..Said::default()
        })
    };
    let (here, there) = (attribute.value_type()?, convention.value_type?);
    if here != there {
        let (here, there) = (noun(here), noun(there));
        return said(
            format!("`{key}` is {there} in the semantic conventions, and {here} here"),
            format!("{here} here"),
        );
    }
    let known: Vec<&str> = convention.values().map(|one| one.value).collect();
    if known.is_empty() {
        return None;
    }
    let listed: Vec<String> = match &attribute.domain {
        Domain::Strings { values, .. } => values.iter().map(|it| it.value.clone()).collect(),
        Domain::Ints { values } => values.iter().map(|it| it.value.to_string()).collect(),
        Domain::Limited { .. } | Domain::Unbounded(_) => {
            return said(
                format!("the semantic conventions list the values of `{key}`"),
                "takes any value here".to_owned(),
            );
        }
        Domain::Range { .. } | Domain::Boolean | Domain::Secret => return None,
    };
    let unknown = listed.iter().filter(|it| !known.contains(&it.as_str()));
    let unknown: Vec<&str> = unknown.map(String::as_str).collect();
    if unknown.is_empty() {
        return None;
    }
    let values = names::list(&unknown);
    said(
        format!("`{key}` lists values that the semantic conventions do not have: {values}"),
        "other values here".to_owned(),
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
