//! Names taken over from the bundled semantic conventions, refined where the contract says so.

use std::collections::HashSet;

use crate::codes;
use crate::contract::{Attribute, Type};
use crate::names;
use crate::parse::Spec;
use crate::read::{Entry, Field, Located};
use crate::semconv;
use crate::source::Span;
use crate::spec::{self, PrivacyClass, Refinement};

use super::Resolver;
use super::attributes::ERROR_TYPE;

impl Resolver<'_> {
    /// Names taken over from the semantic conventions, and those the resource names.
    pub(super) fn taken_over(&mut self, attributes: &mut Vec<Attribute>) {
        let spec: &Spec = self.spec;
        let names: Vec<Located<String>> =
            spec.semconv.iter().map(|(name, _)| name.clone()).collect();
        let unique: HashSet<Span> = self.once(&names).iter().map(|name| name.span).collect();
        for (name, refinement) in &spec.semconv {
            if !unique.contains(&name.span) {
                continue;
            }
            if let Some(declared) = self.scope.attributes.get(&name.value) {
                let place = self.scope.place(*declared);
                let fault = codes::DUPLICATE_DEFINITION
                    .at(name.span)
                    .with(&[&"attribute", &name.value]);
                self.faults.push(
                    fault
                        .help("remove it here, or from `attributes`")
                        .related("first at", place),
                );
                continue;
            }
            match semconv::get(&name.value) {
                Some(bundled) => {
                    let written = refine(bundled.written(name.span), refinement);
                    self.bundled(name, &written, attributes);
                }
                None if name.value == ERROR_TYPE => {
                    let fault = codes::BUILT_IN.at(name.span);
                    self.faults
                        .push(fault.help("remove it; every contract has it"));
                }
                None => {
                    self.left_out = true;
                    let fault = codes::UNKNOWN_SEMCONV.at(name.span).with(&[&name.value]);
                    let suggested = self.faults.may_suggest();
                    let nearest = suggested
                        .then(|| names::nearest(&name.value, semconv::keys()))
                        .flatten();
                    self.faults
                        .push(fault.correct(&name.value, nearest, semconv::keys()));
                    let missing = [Some(name.value.as_str()), nearest];
                    let missing = missing.into_iter().flatten().map(str::to_owned);
                    self.scope.missing.keys.extend(missing);
                }
            }
        }
        for Entry { name, .. } in spec.root.resource.entries() {
            if self.scope.attributes.contains_key(&name.value) {
                continue;
            }
            if let Some(bundled) = semconv::get(&name.value) {
                let written = bundled.written(name.span);
                self.bundled(name, &written, attributes);
            }
        }
    }

    fn bundled(
        &mut self,
        name: &Located<String>,
        written: &spec::Attribute,
        attributes: &mut Vec<Attribute>,
    ) {
        let mut prototype = self.prototype(name, written, true);
        prototype.resolved.semconv = true;
        self.add(name, prototype, &written.rust_name, attributes);
    }
}

/// A bundled name with what the contract says otherwise of it.
fn refine(bundled: spec::Attribute, here: &Refinement) -> spec::Attribute {
    let values = !here.values.is_absent() || !here.range.is_absent();
    let classed = values || !here.cardinality.is_absent();
    let relimited = !here.limit.is_absent();
    let privacy = here.privacy.get();
    let unprotected = privacy.is_some_and(|class| *class != PrivacyClass::Personal);
    spec::Attribute {
        value_type: value_type(&bundled),
        brief: here.brief.or(bundled.brief),
        note: here.note.or(bundled.note),
        instead_of: here.instead_of.clone(),
        values: if classed {
            here.values.clone()
        } else {
            bundled.values
        },
        other: if classed || !here.other.is_absent() {
            here.other.clone()
        } else {
            bundled.other
        },
        range: if classed {
            here.range.clone()
        } else {
            bundled.range
        },
        cardinality: if classed {
            here.cardinality.clone()
        } else {
            bundled.cardinality
        },
        limit: if classed || relimited {
            here.limit.clone()
        } else {
            bundled.limit
        },
        privacy: here.privacy.or(bundled.privacy),
        protect: if unprotected {
            here.protect.clone()
        } else {
            here.protect.or(bundled.protect)
        },
        newtype: here.newtype.clone(),
        stability: bundled.stability,
        allow: here.allow.clone(),
        rust_name: here.rust_name.clone(),
        ..spec::Attribute::default()
    }
}

/// The type of a bundled name, said also where its values say it.
fn value_type(bundled: &spec::Attribute) -> Field<Type> {
    let at = bundled.brief.key.unwrap_or_default();
    if !bundled.values.is_absent() {
        return Field::implied(at, Type::String);
    }
    if !bundled.range.is_absent() {
        return Field::implied(at, Type::Int);
    }
    bundled.value_type.clone()
}
