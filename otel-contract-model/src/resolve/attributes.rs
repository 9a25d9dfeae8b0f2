//! Resolves attributes: declared, from templates, and imported from the semantic conventions.

use crate::codes;
use crate::contract::{Attribute, AttributeId, Domain, Privacy, Protect, RustName, Type};
use crate::names::{self, ERROR_TYPE};
use crate::parse::Spec;
use crate::read::{Entry, Field, Located};
use crate::section::Section;
use crate::spec::{self, PrivacyClass};

use super::{Resolver, Scope, texts};

/// The help for `error.type` in the resource and in the baggage.
pub(crate) const ERROR_TYPE_HELP: &str = "remove it: `error.type` describes how an operation ended";

/// An attribute without its name. Each key of a template gets a copy.
#[derive(Clone)]
pub(super) struct Prototype {
    pub(super) resolved: Attribute,
    /// Whether its classes could be determined.
    decided: bool,
}

impl Resolver<'_> {
    /// Resolves all attributes: declared attributes, then imported attributes, then attributes of the resource.
    pub(super) fn attributes(&mut self) -> Vec<Attribute> {
        let spec: &Spec = self.spec;
        let mut attributes = Vec::new();
        let nothing = spec::Attribute::default();
        for Entry { name, value } in &spec.attributes {
            let readable = value.is_some();
            let written = value.as_ref().unwrap_or(&nothing);
            if name.value == ERROR_TYPE {
                self.diagnostics.push(codes::BUILT_IN.at(name.span, []));
            } else if name.value.contains(['<', '>']) {
                self.template(name, written, readable, &mut attributes);
            } else {
                if let (Some(at), true) = (written.keys.key, readable) {
                    let diag = codes::KEYS_WITHOUT_TEMPLATE.at(at, [&name.value]);
                    self.diagnostics.push(diag);
                }
                self.attribute(name, written, readable, &mut attributes);
            }
        }
        self.imports(&mut attributes);
        for Entry { name, value } in &spec.attributes {
            let Some(written) = value else { continue };
            let keys = || attributes.iter().map(|known| known.key.as_str()).collect();
            let known = |scope: &Scope, key: &str| {
                scope.attributes.contains_key(key) || scope.missing.may_declare_attribute(key)
            };
            self.check_replacement(
                &written.life.deprecated,
                &name.value,
                Some(Section::Attributes),
                &known,
                &keys,
            );
        }
        attributes
    }

    /// Adds an attribute for each key of a template.
    fn template(
        &mut self,
        name: &Located<String>,
        written: &spec::Attribute,
        readable: bool,
        attributes: &mut Vec<Attribute>,
    ) {
        let Some(prefix) = names::template_prefix(&name.value) else {
            self.diagnostics
                .push(codes::BAD_TEMPLATE.at(name.span, [&name.value]));
            let prefix = name.value.split(['<', '>']).next().unwrap_or_default();
            self.missing_keys(prefix);
            return;
        };
        let none_yet = written.keys.get().is_some_and(Vec::is_empty) && !written.keys.has_errors();
        if readable && written.keys.is_absent() {
            self.diagnostics
                .push(codes::TEMPLATE_WITHOUT_KEYS.at(name.span, [&name.value]));
        }
        if written.keys.get().is_none() || written.keys.has_errors() {
            self.missing_keys(prefix);
        }
        if let Some(Located { span, value, .. }) = written.rust_name.located() {
            let diag = codes::BAD_RUST_NAME.at(*span, [value]);
            self.diagnostics
                .push(diag.help("remove it: each key of a template gets its own Rust name"));
        }
        let prototype = self.prototype(name, written, readable);
        if none_yet {
            let key = name.value.clone();
            self.templates.push(Attribute {
                template: Some(key.clone()),
                rust: names::rust_name(prefix).unwrap_or(prototype.resolved.rust.clone()),
                key,
                ..prototype.resolved.clone()
            });
        }
        for key in self.unique(written.keys.items()) {
            let expanded = Located::new(key.span, format!("{prefix}{}", key.value));
            if expanded.value == ERROR_TYPE {
                let diag = codes::BUILT_IN.at(key.span, []);
                self.diagnostics.push(diag.help("remove this key"));
                continue;
            }
            let mut attribute = prototype.clone();
            attribute.resolved.template = Some(name.value.clone());
            self.add(&expanded, attribute, &Field::default(), attributes);
        }
    }

    /// Records that the keys of a template could not be read.
    fn missing_keys(&mut self, prefix: &str) {
        self.is_incomplete = true;
        self.scope.missing.prefixes.push(prefix.to_owned());
    }

    fn attribute(
        &mut self,
        name: &Located<String>,
        written: &spec::Attribute,
        readable: bool,
        attributes: &mut Vec<Attribute>,
    ) {
        let prototype = self.prototype(name, written, readable);
        self.add(name, prototype, &written.rust_name, attributes);
    }

    /// Adds an attribute under a name.
    pub(super) fn add(
        &mut self,
        name: &Located<String>,
        prototype: Prototype,
        rust_name: &Field<String>,
        attributes: &mut Vec<Attribute>,
    ) {
        if let Some(first) = self.scope.attributes.get(&name.value) {
            // Declared names are unique, so one of the two declarations is a key of a template.
            let diag = codes::DUPLICATE_DEFINITION.at(name.span, [&"attribute", &name.value]);
            self.diagnostics
                .push(diag.related("first occurrence at", self.scope.span(*first)));
            return;
        }
        self.scope
            .attributes
            .insert(name.value.clone(), AttributeId(attributes.len()));
        self.scope.locations.push(name.span);
        self.scope.decided.push(prototype.decided);
        attributes.push(Attribute {
            key: name.value.clone(),
            at: self.location(name.span),
            rust: self.rust_name(Section::Attributes, name, rust_name),
            ..prototype.resolved
        });
    }

    /// Resolves an attribute except for its name.
    pub(super) fn prototype(
        &mut self,
        name: &Located<String>,
        written: &spec::Attribute,
        readable: bool,
    ) -> Prototype {
        let class = if readable {
            self.privacy_class(name, written)
        } else {
            None
        };
        let domain = match class {
            Some(PrivacyClass::Secret) => {
                self.reject_values(name, written);
                Some(Domain::Secret)
            }
            _ if readable => self.domain(name, written),
            _ => None,
        };
        let privacy = self.privacy(name, written, class, domain.as_ref());
        if let Some(domain) = &domain {
            self.check_newtype(name, written, domain);
            self.check_examples(name, written, domain);
        }
        let decided = domain.is_some() && class.is_some();
        let domain = domain.unwrap_or_else(|| {
            Domain::Unbounded(written.value_type.cloned().unwrap_or(Type::String))
        });
        let resolved = Attribute {
            key: String::new(),
            at: self.location(name.span),
            rust: RustName {
                snake: String::new(),
                camel: String::new(),
            },
            brief: written.brief.cloned().unwrap_or_default(),
            note: written.note.cloned(),
            examples: written
                .examples
                .items()
                .iter()
                .map(|example| example.value.to_string())
                .collect(),
            instead_of: texts(written.instead_of.items()),
            newtype: written.rules.newtype.get() == Some(&true) && takes_newtype(&domain),
            domain,
            privacy,
            template: None,
            semconv: false,
            conventional_values: false,
            life_cycle: self.life_cycle(Section::Attributes, name, &written.life),
        };
        Prototype { resolved, decided }
    }

    /// Returns the privacy class, or the default class. Returns `None`, after an error, if the class is missing or
    /// invalid.
    fn privacy_class(
        &mut self,
        name: &Located<String>,
        written: &spec::Attribute,
    ) -> Option<PrivacyClass> {
        if !written.rules.privacy.is_absent() {
            return written.rules.privacy.cloned();
        }
        let defaults = &self.spec.root.defaults;
        let default = defaults.get().map(|defaults| &defaults.privacy);
        if default.is_some_and(Field::is_invalid) || defaults.is_invalid() {
            return None;
        }
        match default.and_then(Field::located) {
            Some(Located {
                value: PrivacyClass::Public | PrivacyClass::Internal,
                ..
            }) => default.and_then(Field::cloned),
            // Already reported at the default.
            Some(_) => None,
            None => {
                self.diagnostics
                    .push(codes::MISSING_PRIVACY.at(name.span, [&name.value]));
                None
            }
        }
    }

    fn privacy(
        &mut self,
        name: &Located<String>,
        written: &spec::Attribute,
        class: Option<PrivacyClass>,
        domain: Option<&Domain>,
    ) -> Privacy {
        let protect = &written.rules.protect;
        if let (Some(at), Some(PrivacyClass::Public | PrivacyClass::Internal)) =
            (protect.key, class)
        {
            self.diagnostics
                .push(codes::PROTECT_WITHOUT_PERSONAL.at(at, [&name.value]));
        }
        match class {
            Some(PrivacyClass::Public) => Privacy::Public,
            Some(PrivacyClass::Internal) | None => Privacy::Internal,
            Some(PrivacyClass::Secret) => Privacy::Secret,
            Some(PrivacyClass::Personal) => {
                let at = written
                    .rules
                    .privacy
                    .located()
                    .map_or(name.span, |class| class.span);
                match domain {
                    Some(Domain::Unbounded(Type::String)) | None => {
                        if protect.is_absent() {
                            let diag = codes::PERSONAL_WITHOUT_PROTECT.at(at, [&name.value]);
                            self.diagnostics.push(diag);
                        }
                        let protect = protect.get().map_or(Protect::Mask, |given| given.0);
                        Privacy::Personal(protect)
                    }
                    Some(_) => {
                        let diag = codes::PERSONAL_NOT_STRING.at(at, [&name.value]);
                        let mut imports = self.spec.semconv.iter();
                        let is_import = imports.any(|(import, _)| import.span == name.span);
                        let is_string = written.value_type.get() == Some(&Type::String);
                        // The type of an import cannot be changed.
                        self.diagnostics.push(match (is_import, is_string) {
                            (true, true) => {
                                diag.help("use `cardinality: unbounded`, or another `privacy`")
                            }
                            (true, false) => diag.help("use another `privacy`"),
                            (false, _) => diag,
                        });
                        Privacy::Internal
                    }
                }
            }
        }
    }

    /// Rejects value rules of a secret, which is never recorded.
    fn reject_values(&mut self, name: &Located<String>, written: &spec::Attribute) {
        let given = [
            ("values", written.rules.values.key),
            ("range", written.rules.range.key),
            ("limit", written.rules.limit.key),
            ("other", written.rules.other.key),
            ("newtype", written.rules.newtype.key),
            ("protect", written.rules.protect.key),
        ];
        if let Some((word, at)) = given.iter().find_map(|(word, at)| Some((word, (*at)?))) {
            let diag = codes::SECRET_WITH_VALUES.at(at, [&name.value, word]);
            self.diagnostics.push(diag);
        }
    }

    fn check_newtype(
        &mut self,
        name: &Located<String>,
        written: &spec::Attribute,
        domain: &Domain,
    ) {
        // Already reported for a secret.
        let fits = takes_newtype(domain) || *domain == Domain::Secret;
        if let (
            Some(Located {
                span, value: true, ..
            }),
            false,
        ) = (written.rules.newtype.located(), fits)
        {
            let because = match domain {
                Domain::Unbounded(_) => "its values are not strings",
                _ => "its values already have a generated type",
            };
            let diag = codes::NEWTYPE_NOT_STRING.at(*span, [&name.value, &because]);
            self.diagnostics.push(diag);
        }
    }
}

/// Returns whether the values are strings without a closed set. Only such attributes benefit from a generated type.
fn takes_newtype(domain: &Domain) -> bool {
    matches!(
        domain,
        Domain::Unbounded(Type::String) | Domain::Limited { .. }
    )
}
