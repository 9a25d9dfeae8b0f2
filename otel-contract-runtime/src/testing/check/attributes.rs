//! Checks of attributes on spans, points, log records and resources.

use super::findings::{Findings, SubjectViolations};
use crate::definition::OTHER;
use crate::description::{
    Attribute, AttributeUse, Cardinality, Contract, Location, Privacy, RequirementLevel,
};
use crate::testing::recording::{Attributes, Recording, find};
use crate::testing::value;
use opentelemetry::InstrumentationScope;
use opentelemetry::logs::AnyValue;
use std::collections::BTreeSet;

/// Values of `error.type` that every operation may record in addition to its error classes.
pub(super) const OUTCOMES: [&str; 3] = ["panic", "cancelled", OTHER];

/// Attributes that an operation, a metric or an event declares.
pub(super) struct Declaration<'a> {
    pub(super) contract: &'static Contract,
    /// The kind and the name for messages, such as "operation `invoice.create`".
    pub(super) subject: String,
    /// Location of the declaration in the contract.
    pub(super) location: Location,
    /// Keys of the declared attributes.
    pub(super) keys: Vec<&'a str>,
    /// Values of `error.type`; `None` if `error.type` is not allowed.
    pub(super) error_types: Option<Vec<&'a str>>,
}

impl Declaration<'_> {
    /// Checks that each attribute is declared, is recorded once, and has a valid value.
    pub(super) fn check(&self, violations: &mut SubjectViolations<'_>, attributes: &Attributes) {
        let mut seen = BTreeSet::new();
        for (key, value) in attributes {
            let key = key.as_str();
            if !seen.insert(key) {
                let message = format!("`{key}` is recorded more than once");
                let help =
                    "set it once, or with the types of the contract, which record each key once";
                violations.push(self.contract, self.location, message, Some(help.to_owned()));
                continue;
            }
            if key == "error.type" {
                self.check_class(violations, value);
                continue;
            }
            let Some(attribute) = self.contract.attribute(key) else {
                self.push_unknown_key(violations, key);
                continue;
            };
            // While an attribute is being renamed, it is recorded under both keys.
            let mut keys = attribute.other_keys.iter().chain([&key]);
            let is_declared = keys.any(|key| self.keys.contains(key));
            if !is_declared && attribute.privacy != Privacy::Secret {
                let message = format!("`{key}` is not an attribute of {}", self.subject);
                let help = format!(
                    "add it to {} in the contract, or remove it; {}",
                    self.subject,
                    self.list_keys()
                );
                violations.push(self.contract, self.location, message, Some(help));
            }
            check_value(violations, self.contract, attribute, value);
        }
    }

    fn push_unknown_key(&self, violations: &mut SubjectViolations<'_>, key: &str) {
        let mut attributes = self.contract.attributes.iter();
        let replacement = attributes.find(|attribute| attribute.instead_of.contains(&key));
        let help = match replacement {
            Some(replacement) => format!("the contract's name for it is `{}`", replacement.key),
            None => match value::nearest(key, self.keys.iter().copied()) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => self.list_keys(),
            },
        };
        let message = format!("`{key}` is not an attribute of the contract");
        violations.push(self.contract, self.location, message, Some(help));
    }

    fn list_keys(&self) -> String {
        if self.keys.is_empty() {
            return format!("{} has no attributes", self.subject);
        }
        let keys: Vec<String> = self.keys.iter().map(|key| format!("`{key}`")).collect();
        format!("the attributes of {} are {}", self.subject, keys.join(", "))
    }

    fn check_class(&self, violations: &mut SubjectViolations<'_>, value: &AnyValue) {
        let (contract, location) = (self.contract, self.location);
        let Some(allowed) = &self.error_types else {
            let message = format!("`error.type` is not an attribute of {}", self.subject);
            violations.push(contract, location, message, None);
            return;
        };
        if let AnyValue::String(class) = value
            && allowed.contains(&class.as_str())
        {
            return;
        }
        let classes: Vec<String> = allowed.iter().map(|class| format!("`{class}`")).collect();
        let printable = value::printable(contract, "error.type", value);
        let message = format!(
            "{printable} is not a value of `error.type` of {}",
            self.subject
        );
        let help = format!("its values are {}", classes.join(", "));
        violations.push(contract, location, message, Some(help));
    }

    /// Checks that each required attribute is recorded. `when` completes "is required", as in " on success".
    pub(super) fn check_required<'k>(
        &self,
        violations: &mut SubjectViolations<'_>,
        attributes: &Attributes,
        required: impl IntoIterator<Item = &'k str>,
        when: &str,
    ) {
        for key in required {
            if find(attributes, key).is_none() {
                let message = format!("`{key}` is required{when} but not recorded");
                violations.push(self.contract, self.location, message, None);
            }
        }
    }
}

/// Returns the keys with this requirement level.
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

/// Checks a value against the declaration of its attribute.
fn check_value(
    violations: &mut SubjectViolations<'_>,
    contract: &'static Contract,
    attribute: &Attribute,
    value: &AnyValue,
) {
    if let Some(error) = value::check(contract, attribute, value) {
        violations.push(
            contract,
            attribute.location,
            error.message,
            Some(error.help),
        );
    }
}

/// Checks the values of the attributes that a contract declares. Other attributes are allowed.
pub(super) fn check_values(
    violations: &mut SubjectViolations<'_>,
    contracts: &[&'static Contract],
    attributes: &Attributes,
) {
    for (key, value) in attributes {
        for contract in contracts {
            if let Some(attribute) = contract.attribute(key.as_str()) {
                check_value(violations, contract, attribute, value);
            }
        }
    }
}

/// Checks that the resource has the required attributes, and that their values are valid.
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
    let violations = &mut findings.of_subject(subject);
    for used in contract.resource {
        let attribute = contract.attribute(used.key);
        let location = attribute.map_or(contract.location, |attribute| attribute.location);
        let is_empty =
            |value: &AnyValue| matches!(value, AnyValue::String(text) if text.as_str().is_empty());
        match find(resource, used.key) {
            None if used.level == RequirementLevel::Required => {
                let message = format!("`{}` is required but missing", used.key);
                let help = "build the resource from the contract's `Resource` struct, which requires the field";
                violations.push(contract, location, message, Some(help.to_owned()));
            }
            Some(value) if used.level == RequirementLevel::Required && is_empty(value) => {
                let message = format!("`{}` is required but empty", used.key);
                violations.push(contract, location, message, None);
            }
            _ => {}
        }
    }
    // Undeclared attributes, such as `telemetry.sdk.name`, come from the SDK and are allowed.
    check_values(violations, &[contract], resource);
}

/// Checks that each bounded attribute has no more distinct values than its bound, over all telemetry of the contract.
pub(super) fn check_bounds(
    findings: &mut Findings,
    contract: &'static Contract,
    recording: &Recording,
) {
    for attribute in contract.attributes {
        let Cardinality::Bounded(bound) = attribute.cardinality else {
            continue;
        };
        let is_own = |scope: &InstrumentationScope| scope.name() == contract.name;
        let spans = recording.spans.iter().filter(|span| is_own(&span.scope));
        let points = recording.points.iter().filter(|point| is_own(&point.scope));
        let records = recording
            .records
            .iter()
            .filter(|record| is_own(&record.scope));
        let attribute_lists = spans
            .map(|span| &span.attributes)
            .chain(points.map(|point| &point.attributes))
            .chain(records.map(|record| &record.attributes));
        let is_other =
            |value: &&AnyValue| matches!(value, AnyValue::String(text) if text.as_str() == OTHER);
        // Values may be secret: they are only compared, never printed.
        let values = attribute_lists
            .filter_map(|attributes| find(attributes, attribute.key))
            .filter(|value| !is_other(value))
            .map(|value| format!("{value:?}"));
        let count = values.collect::<BTreeSet<_>>().len();
        let processes = recording.processes();
        if count > (bound as usize).saturating_mul(processes) {
            let scope_of_bound = if processes == 1 {
                ""
            } else {
                " in each process"
            };
            let message =
                format!("has {count} distinct values, its bound is {bound}{scope_of_bound}");
            let help =
                "record it through the contract's types, which record further values as `_OTHER`";
            findings
                .of_subject(format!("attribute `{}`", attribute.key))
                .push(contract, attribute.location, message, Some(help.to_owned()));
        }
    }
}
