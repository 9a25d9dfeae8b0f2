//! Imports attributes from the bundled semantic conventions, with the refinements of the contract.

use std::collections::HashSet;

use crate::codes::{self, TEMPLATE_KEY};
use crate::contract::Attribute;
use crate::files::Span;
use crate::names::{self, ERROR_TYPE};
use crate::parse::Spec;
use crate::read::{Entry, Located};
use crate::semconv::{self, Convention, Import};
use crate::spec::{self, LifeCycle, PrivacyClass, Refinement, ValueRules};

use super::Resolver;

impl Resolver<'_> {
    /// Adds the imported attributes, and the semantic-convention attributes of the resource.
    pub(super) fn imports(&mut self, attributes: &mut Vec<Attribute>) {
        let spec: &Spec = self.spec;
        let names: Vec<Located<String>> =
            spec.semconv.iter().map(|(name, _)| name.clone()).collect();
        let unique: HashSet<Span> = self.unique(&names).iter().map(|name| name.span).collect();
        for (name, refinement) in &spec.semconv {
            if !unique.contains(&name.span) {
                continue;
            }
            if let Some(declared) = self.scope.attributes.get(&name.value) {
                let declared_at = self.scope.span(*declared);
                let diag = codes::DUPLICATE_DEFINITION.at(name.span, [&"attribute", &name.value]);
                self.diagnostics.push(
                    diag.help("remove it here, or from `attributes`")
                        .related("first occurrence at", declared_at),
                );
                continue;
            }
            match semconv::import(&name.value) {
                Import::Attribute(found) => {
                    let known = |other: &str| self.has(other);
                    let written = refine(found.written(name.span, known), refinement);
                    let conventional_values = refinement.rules.values.is_absent();
                    self.add_bundled(name, &found, &written, conventional_values, attributes);
                }
                other => self.reject_import(name, &other),
            }
        }
        for Entry { name, .. } in spec.root.resource.entries() {
            if self.scope.attributes.contains_key(&name.value) {
                continue;
            }
            if let Import::Attribute(found) = semconv::import(&name.value) {
                let written = found.written(name.span, |other| self.has(other));
                self.add_bundled(name, &found, &written, true, attributes);
            }
        }
    }

    /// Returns whether the contract declares or imports a name.
    fn has(&self, name: &str) -> bool {
        let imports = || {
            self.spec
                .semconv
                .iter()
                .any(|(import, _)| import.value == name)
        };
        self.scope.attributes.contains_key(name) || imports()
    }

    /// Reports a name that cannot be imported.
    fn reject_import(&mut self, name: &Located<String>, found: &Import) {
        let key = &name.value;
        let unknown = || codes::UNKNOWN_SEMCONV.at(name.span, [key]);
        let diag = match found {
            _ if key == ERROR_TYPE => {
                let diag = codes::BUILT_IN.at(name.span, []);
                self.diagnostics
                    .push(diag.help("remove it: every contract has it"));
                return;
            }
            Import::Reserved => {
                let diag = codes::RESERVED_NAMESPACE.at(name.span, [key]);
                diag.help("remove it: SDKs record it automatically")
            }
            Import::AnyType => codes::SEMCONV_OF_ANY_TYPE.at(name.span, [key]),
            Import::Template(template) => {
                let prefix = names::template_prefix(template.key).unwrap_or(template.key);
                let diag = codes::SEMCONV_TEMPLATE.at(name.span, [key]);
                diag.help(format!("list the keys you use, one by one: `{prefix}…`"))
            }
            Import::Attribute(_) | Import::Unknown => {
                let suggested = self.diagnostics.may_suggest();
                let nearest = suggested
                    .then(|| names::nearest(key, semconv::keys()))
                    .flatten();
                let missing = nearest.map(str::to_owned);
                self.scope.missing.keys.extend(missing);
                unknown().suggest(key, nearest, semconv::keys())
            }
        };
        self.is_incomplete = true;
        self.diagnostics.push(diag);
        self.scope.missing.keys.insert(key.clone());
    }

    fn add_bundled(
        &mut self,
        name: &Located<String>,
        found: &Convention,
        written: &spec::Attribute,
        conventional_values: bool,
        attributes: &mut Vec<Attribute>,
    ) {
        let mut prototype = self.prototype(name, written, true);
        prototype.resolved.semconv = true;
        prototype.resolved.conventional_values = conventional_values;
        if let Some(prefix) = names::template_prefix(found.key) {
            if !names::is_template_key(&name.value[prefix.len()..]) {
                let diag = codes::BAD_NAME.at(name.span, [&name.value]);
                self.diagnostics.push(diag.help(TEMPLATE_KEY));
            }
            prototype.resolved.template = Some(found.key.to_owned());
        }
        self.add(name, prototype, &written.rust_name, attributes);
    }
}

/// Returns a bundled attribute with the refinements of the contract.
fn refine(bundled: spec::Attribute, refinement: &Refinement) -> spec::Attribute {
    spec::Attribute {
        value_type: bundled.value_type,
        brief: refinement.brief.or(bundled.brief),
        note: refinement.note.or(bundled.note),
        instead_of: refinement.instead_of.clone(),
        rules: refine_rules(bundled.rules, &refinement.rules),
        life: LifeCycle {
            allow: refinement.allow.clone(),
            ..bundled.life
        },
        rust_name: refinement.rust_name.clone(),
        ..spec::Attribute::default()
    }
}

fn refine_rules(bundled: ValueRules, refinement: &ValueRules) -> ValueRules {
    let class = refinement.privacy.get();
    let is_unprotected = class.is_some_and(|class| *class != PrivacyClass::Personal);
    let is_reclassified = !refinement.values.is_absent()
        || !refinement.range.is_absent()
        || !refinement.cardinality.is_absent()
        // A secret is never recorded, so the bundled values do not apply.
        || class == Some(&PrivacyClass::Secret);
    let protect = if is_unprotected {
        refinement.protect.clone()
    } else {
        refinement.protect.or(bundled.protect)
    };
    let privacy = refinement.privacy.or(bundled.privacy);
    if is_reclassified {
        return ValueRules {
            privacy,
            protect,
            ..refinement.clone()
        };
    }
    ValueRules {
        values: bundled.values,
        other: refinement.other.or(bundled.other),
        range: bundled.range,
        cardinality: bundled.cardinality,
        limit: refinement.limit.or(bundled.limit),
        privacy,
        protect,
        newtype: refinement.newtype.clone(),
    }
}
