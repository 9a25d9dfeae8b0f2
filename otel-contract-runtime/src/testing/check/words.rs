//! Attributes against the vocabulary, wherever they stand.

use super::findings::{About, Findings};
use crate::definition::OTHER;
use crate::description::{
    Attribute, AttributeUse, Cardinality, Contract, Location, Privacy, RequirementLevel,
};
use crate::testing::recording::{Attributes, Recording, find};
use crate::testing::value;
use opentelemetry::logs::AnyValue;
use std::collections::BTreeSet;

/// The outcomes every operation has beside its classes.
pub(super) const OUTCOMES: [&str; 3] = ["panic", "cancelled", OTHER];

/// What may be recorded in one place: an operation, a metric, an event.
pub(super) struct Place<'a> {
    pub(super) contract: &'static Contract,
    /// As in "is not an attribute of operation `invoice.create`".
    pub(super) what: String,
    /// Where it is declared.
    pub(super) location: Location,
    /// The keys it takes.
    pub(super) keys: Vec<&'a str>,
    /// The values of `error.type`, where it takes it.
    pub(super) errors: Option<Vec<&'a str>>,
}

impl Place<'_> {
    /// Every attribute is one of the place, once, with a value of its own.
    pub(super) fn check(&self, about: &mut About<'_>, attributes: &Attributes) {
        let mut seen = BTreeSet::new();
        for (key, value) in attributes {
            let key = key.as_str();
            if !seen.insert(key) {
                let message = format!("`{key}` is recorded more than once");
                let help = "set it once, or by the operation's handle, which keeps the last value";
                about.push(self.contract, self.location, message, Some(help.to_owned()));
                continue;
            }
            if key == "error.type" {
                self.check_class(about, value);
                continue;
            }
            let Some(attribute) = self.contract.attribute(key) else {
                self.unknown(about, key);
                continue;
            };
            // While an attribute is being renamed its other key comes along.
            let mut keys = attribute.beside.iter().chain([&key]);
            let taken = keys.any(|key| self.keys.contains(key));
            if !taken && attribute.privacy != Privacy::Secret {
                let message = format!("`{key}` is not an attribute of {}", self.what);
                let help = format!(
                    "list it there in the contract, or remove it; {}",
                    self.takes()
                );
                about.push(self.contract, self.location, message, Some(help));
            }
            check_value(about, self.contract, attribute, value);
        }
    }

    fn unknown(&self, about: &mut About<'_>, key: &str) {
        let mut attributes = self.contract.attributes.iter();
        let owner = attributes.find(|one| one.instead_of.contains(&key));
        let help = match owner {
            Some(owner) => format!("the contract's name for it is `{}`", owner.key),
            None => match value::nearest(key, self.keys.iter().copied()) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => self.takes(),
            },
        };
        let message = format!("`{key}` is not in the vocabulary");
        about.push(self.contract, self.location, message, Some(help));
    }

    fn takes(&self) -> String {
        if self.keys.is_empty() {
            return format!("{} takes no attributes", self.what);
        }
        let keys: Vec<String> = self.keys.iter().map(|key| format!("`{key}`")).collect();
        format!("{} takes {}", self.what, keys.join(", "))
    }

    fn check_class(&self, about: &mut About<'_>, value: &AnyValue) {
        let (contract, location) = (self.contract, self.location);
        let Some(classes) = &self.errors else {
            let message = format!("`error.type` is not an attribute of {}", self.what);
            about.push(contract, location, message, None);
            return;
        };
        if let AnyValue::String(class) = value
            && classes.contains(&class.as_str())
        {
            return;
        }
        let classes: Vec<String> = classes.iter().map(|class| format!("`{class}`")).collect();
        let shown = value::shown(contract, "error.type", value);
        let message = format!("{shown} is not a value of `error.type` of {}", self.what);
        let help = format!("it takes {}", classes.join(", "));
        about.push(contract, location, message, Some(help));
    }

    /// Those that must be there are there.
    pub(super) fn check_required<'k>(
        &self,
        about: &mut About<'_>,
        attributes: &Attributes,
        required: impl IntoIterator<Item = &'k str>,
        when: &str,
    ) {
        for key in required {
            if find(attributes, key).is_none() {
                let message = format!("`{key}` is required{when}, and is not recorded");
                about.push(self.contract, self.location, message, None);
            }
        }
    }
}

/// The keys of this level.
pub(super) fn of_level(
    uses: &'static [AttributeUse],
    level: RequirementLevel,
) -> impl Iterator<Item = &'static str> {
    let uses = uses.iter().filter(move |used| used.level == level);
    uses.map(|used| used.key)
}

pub(super) fn keys(uses: &'static [AttributeUse]) -> Vec<&'static str> {
    uses.iter().map(|used| used.key).collect()
}

/// A value is one of its attribute.
fn check_value(
    about: &mut About<'_>,
    contract: &'static Contract,
    attribute: &Attribute,
    value: &AnyValue,
) {
    if let Some(wrong) = value::check(contract, attribute, value) {
        about.push(
            contract,
            attribute.location,
            wrong.message,
            Some(wrong.help),
        );
    }
}

/// Words of the contracts mean the same under other scopes.
pub(super) fn check_foreign(
    about: &mut About<'_>,
    contracts: &[&'static Contract],
    attributes: &Attributes,
) {
    for (key, value) in attributes {
        for contract in contracts {
            if let Some(attribute) = contract.attribute(key.as_str()) {
                check_value(about, contract, attribute, value);
            }
        }
    }
}

/// The resource says what the contract requires, and says it rightly.
pub(super) fn check_resource(
    findings: &mut Findings,
    contract: &'static Contract,
    resource: &Attributes,
) {
    let subject = match find(resource, "service.name") {
        Some(AnyValue::String(name)) if !name.as_str().is_empty() => {
            format!("resource of `{}`", name.as_str())
        }
        _ => "resource".to_owned(),
    };
    let about = &mut findings.about(subject);
    for used in contract.resource {
        let location = contract.attribute(used.key).map(|one| one.location);
        let location = location.unwrap_or(contract.location);
        let empty =
            |value: &AnyValue| matches!(value, AnyValue::String(text) if text.as_str().is_empty());
        match find(resource, used.key) {
            None if used.level == RequirementLevel::Required => {
                let message = format!("`{}` is required, and is not there", used.key);
                let help = "build it by the contract's `Resource`, whose fields are required";
                about.push(contract, location, message, Some(help.to_owned()));
            }
            Some(value) if used.level == RequirementLevel::Required && empty(value) => {
                let message = format!("`{}` is required, and is empty", used.key);
                about.push(contract, location, message, None);
            }
            _ => {}
        }
    }
    // What else a resource says (`telemetry.sdk.name`) is the SDK's.
    check_foreign(about, &[contract], resource);
}

/// No bounded attribute has more values than its limit, over everything the contract recorded.
pub(super) fn check_limits(
    findings: &mut Findings,
    contract: &'static Contract,
    recording: &Recording,
) {
    for attribute in contract.attributes {
        let Cardinality::Bounded(limit) = attribute.cardinality else {
            continue;
        };
        let ours = |name: &str| name == contract.name;
        let spans = recording.spans.iter().filter(|one| ours(one.scope.name()));
        let points = recording.points.iter().filter(|one| ours(one.scope.name()));
        let records = recording
            .records
            .iter()
            .filter(|one| ours(one.scope.name()));
        let all = spans
            .map(|one| &one.attributes)
            .chain(points.map(|one| &one.attributes))
            .chain(records.map(|one| &one.attributes));
        let values = all.filter_map(|attributes| find(attributes, attribute.key));
        let other =
            |value: &&AnyValue| matches!(value, AnyValue::String(text) if text.as_str() == OTHER);
        // Compared, never printed.
        let values = values
            .filter(|value| !other(value))
            .map(|value| format!("{value:?}"));
        let count = values.collect::<BTreeSet<_>>().len();
        let processes = recording.processes();
        if count > (limit as usize).saturating_mul(processes) {
            let each = if processes == 1 {
                ""
            } else {
                " in each process"
            };
            let message = format!("has {count} different values, its limit is {limit}{each}");
            let help = "record it through the contract's types, which record the rest as `_OTHER`";
            findings
                .about(format!("attribute `{}`", attribute.key))
                .push(contract, attribute.location, message, Some(help.to_owned()));
        }
    }
}
