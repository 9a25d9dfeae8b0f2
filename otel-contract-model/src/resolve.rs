//! Resolves a contract: references become ids, and classes are determined.
//!
//! Errors that a [`Contract`] cannot represent, such as an unknown name, are reported here, and the entry gets a
//! default that causes no further errors. `check` reports all other errors.

mod attributes;
mod domain;
mod examples;
mod imports;
mod life;
mod misnamed;
mod operations;
mod rust_names;
mod signals;
mod uses;

use std::collections::HashMap;

use crate::codes::{self, Template};
use crate::contract::{
    Allowance, Attribute, AttributeId, Budget, Contract, ErrorId, EventId, GroupId, Location,
    OperationMetrics,
};
use crate::diagnostics::{Diag, DiagContext};
use crate::files::{Sources, Span};
use crate::names::{self, ERROR_TYPE};
use crate::parse::{Missing, Spec};
use crate::read::{Entry, Field, Located};
use crate::section::Section;
use crate::semconv;

pub(crate) use misnamed::Misnamed;

use rust_names::RustNames;
use uses::Referrer;

/// A resolved contract, with additional data for the checks.
pub(crate) struct Resolved {
    pub(crate) contract: Contract,
    pub(crate) scope: Scope,
    pub(crate) misnamed: Misnamed,
}

/// The declared names and their locations.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) attributes: HashMap<String, AttributeId>,
    groups: HashMap<String, GroupId>,
    errors: HashMap<String, ErrorId>,
    events: HashMap<String, EventId>,
    /// The location of each attribute's name.
    pub(crate) locations: Vec<Span>,
    /// For each attribute: whether its classes could be determined. If not, errors that depend on the classes are not
    /// reported.
    pub(crate) decided: Vec<bool>,
    /// For each group: whether some of its attributes could not be resolved.
    partial_groups: Vec<bool>,
    /// For each operation: whether some attribute of the operation or of its groups could not be resolved.
    pub(crate) partial_operations: Vec<bool>,
    /// Unreadable parts. Names that they may declare are not reported as unknown.
    missing: Missing,
}

impl Scope {
    pub(crate) fn span(&self, id: AttributeId) -> Span {
        self.locations.get(id.index()).copied().unwrap_or_default()
    }

    pub(crate) fn is_decided(&self, id: AttributeId) -> bool {
        self.decided.get(id.index()).copied().unwrap_or(false)
    }
}

/// The state of the resolution.
struct Resolver<'a> {
    spec: &'a Spec,
    sources: &'a Sources,
    diagnostics: &'a mut DiagContext,
    scope: Scope,
    misnamed: Misnamed,
    rust_names: RustNames,
    /// Templates without keys.
    templates: Vec<Attribute>,
    /// Whether some name or key could not be resolved.
    is_incomplete: bool,
    /// The metrics of `defaults`.
    defaults: Option<OperationMetrics>,
    allowances: Vec<Allowance>,
}

/// Resolves a contract.
pub(crate) fn contract(spec: &Spec, sources: &Sources, diagnostics: &mut DiagContext) -> Resolved {
    let scope = Scope {
        missing: spec.missing.clone(),
        ..Scope::default()
    };
    let rust_names = RustNames::default();
    let mut resolver = Resolver {
        spec,
        sources,
        diagnostics,
        scope,
        misnamed: Misnamed::of(spec),
        rust_names,
        templates: Vec::new(),
        is_incomplete: false,
        defaults: None,
        allowances: Vec::new(),
    };
    let attributes = resolver.attributes();
    let errors = resolver.errors();
    let groups = resolver.groups(&attributes);
    let events = resolver.events(&attributes);
    resolver.default_metrics();
    let operations = resolver.operations(&attributes);
    let metrics = resolver.metrics(&attributes);
    let resource = resolver.resource(&attributes);
    let baggage = resolver.baggage();
    let root = &spec.root;
    let contract = Contract {
        name: resolver.contract_name(),
        version: resolver
            .version(root.version.located())
            .unwrap_or_else(|| "0.0.0".to_owned()),
        schema_url: resolver.schema_url(),
        brief: root.brief.cloned().unwrap_or_default(),
        owners: texts(root.owners.items()),
        at: sources.location(spec.at),
        files: sources.names(),
        renamed: renamed(&attributes),
        attributes,
        templates: std::mem::take(&mut resolver.templates),
        groups,
        errors,
        operations,
        metrics,
        events,
        resource,
        baggage,
        budget: resolver.budget(),
        allowances: std::mem::take(&mut resolver.allowances),
        incomplete: resolver.is_incomplete
            || spec.missing.anything
            || !spec.missing.sections.is_empty(),
    };
    Resolved {
        contract,
        scope: resolver.scope,
        misnamed: resolver.misnamed,
    }
}

fn renamed(attributes: &[Attribute]) -> Vec<AttributeId> {
    let indexed = attributes.iter().enumerate();
    let renamed = indexed.filter(|(_, attribute)| attribute.successor().is_some());
    renamed.map(|(index, _)| AttributeId(index)).collect()
}

impl Resolver<'_> {
    fn location(&self, span: Span) -> Location {
        self.sources.location(span)
    }

    fn contract_name(&mut self) -> String {
        const FALLBACK: &str = "contract";
        let Some(Located {
            span, value: name, ..
        }) = self.spec.root.contract.located()
        else {
            return FALLBACK.to_owned();
        };
        let letters = name
            .chars()
            .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
        let first = name.starts_with(|first: char| first.is_ascii_lowercase());
        if letters && first && !names::is_keyword(name) {
            return name.clone();
        }
        self.diagnostics
            .push(codes::BAD_CONTRACT_NAME.at(*span, [name]));
        match names::rust_name(name) {
            Some(rust) if !rust.snake.starts_with("r#") => rust.snake,
            _ => FALLBACK.to_owned(),
        }
    }

    fn schema_url(&mut self) -> Option<String> {
        let Located {
            span, value: url, ..
        } = self.spec.root.schema_url.located()?;
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        if !rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace)) {
            self.diagnostics
                .push(codes::BAD_SCHEMA_URL.at(*span, [url]));
            return None;
        }
        Some(url.clone())
    }

    fn budget(&mut self) -> Budget {
        let Some(budget) = self.spec.root.budget.get() else {
            return Budget::default();
        };
        let mut series = |field: &Field<i64>| {
            let written = field.located()?;
            let series = u64::try_from(written.value).ok();
            let series = series.filter(|series| *series > 0);
            if series.is_none() {
                let diag = codes::BAD_BUDGET.at(written.span, [&written.quoted()]);
                self.diagnostics.push(diag);
            }
            series
        };
        Budget {
            series_per_metric: series(&budget.series_per_metric),
            series: series(&budget.series),
        }
    }

    fn baggage(&mut self) -> Vec<AttributeId> {
        let names = self.spec.root.baggage.items();
        let names = self.unique(names);
        names
            .into_iter()
            .filter_map(|name| self.attribute_id(name, Referrer::Baggage))
            .collect()
    }

    /// Returns the names of a list, each once. Reports repeated names.
    fn unique<'n>(&mut self, names: &'n [Located<String>]) -> Vec<&'n Located<String>> {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut unique = Vec::new();
        for name in names {
            match seen.get(name.value.as_str()) {
                Some(first) => {
                    let diag = codes::REPEATED_REFERENCE.at(name.span, [&name.value]);
                    self.diagnostics
                        .push(diag.related("first occurrence at", *first));
                }
                None => {
                    seen.insert(&name.value, name.span);
                    unique.push(name);
                }
            }
        }
        unique
    }

    /// Returns the attribute that `referrer` refers to by a name.
    fn attribute_id(&mut self, name: &Located<String>, referrer: Referrer) -> Option<AttributeId> {
        let section = Section::Attributes;
        let misnamed = self
            .misnamed
            .record_use(section, name, &codes::UNKNOWN_ATTRIBUTE);
        let declared = misnamed.as_ref().unwrap_or(&name.value);
        if let Some(&id) = self.scope.attributes.get(declared) {
            // Also register the name as written at the reference, because the checks look up the attribute by this
            // name.
            self.scope.attributes.insert(name.value.clone(), id);
            return Some(id);
        }
        if name.value == ERROR_TYPE {
            let diag = referrer.error_type(name.span);
            self.diagnostics.push(match referrer {
                Referrer::Baggage => diag.help(attributes::ERROR_TYPE_HELP),
                Referrer::Dimensions => diag.help(
                    "remove it: `error.type` is always a dimension of `<operation>.duration`",
                ),
                _ => diag,
            });
            return None;
        }
        let is_missing = self.scope.missing.may_declare_attribute(&name.value);
        let diag = codes::UNKNOWN_ATTRIBUTE.at(name.span, [&name.value]);
        let diag = if is_missing {
            diag
        } else if let semconv::Import::Attribute(_) = semconv::import(&name.value) {
            diag.help(format!("import it with `semconv: [{}]`", name.value))
        } else if let Some(key) = self.template_key(&name.value) {
            diag.help(format!("use one of the template's keys: `{key}`"))
        } else if let Some((template, key)) = self.template_of(&name.value) {
            diag.help(format!("add `{key}` to the `keys` of `{template}`"))
        } else if !self.diagnostics.may_suggest() {
            diag
        } else if let Some(suggestion) = self.instead_of(&name.value) {
            let help = |name: &str| format!("the contract's name for it is `{name}`");
            if names::is_well_formed(&suggestion) {
                diag.help(help(&suggestion))
                    .replace(&name.value, &suggestion)
            } else {
                // The declared name is invalid too. Suggest the corrected name, although no entry has this name yet.
                diag.help(help(&names::corrected(&suggestion).unwrap_or(suggestion)))
            }
        } else {
            let mut candidates: Vec<&str> =
                self.scope.attributes.keys().map(String::as_str).collect();
            candidates.sort_unstable();
            let nearest = names::nearest_key(&name.value, candidates.iter().copied());
            suggest_corrected(diag, &name.value, nearest, &candidates)
        };
        self.report_unknown(diag, is_missing);
        None
    }

    /// Returns the first attribute of the template with this name.
    fn template_key(&self, name: &str) -> Option<String> {
        let prefix = names::template_prefix(name)?;
        let template = self
            .spec
            .attributes
            .iter()
            .find(|entry| entry.name.value == name)?;
        let key = template.value.as_ref()?.keys.items().first()?;
        Some(format!("{prefix}{}", key.value))
    }

    /// Returns the template that matches a name, and the key.
    fn template_of<'n>(&self, name: &'n str) -> Option<(String, &'n str)> {
        let templates = self.spec.attributes.iter();
        let mut fitting = templates.filter_map(|entry| {
            let prefix = names::template_prefix(&entry.name.value)?;
            let key = name.strip_prefix(prefix)?;
            names::is_template_key(key).then(|| (entry.name.value.clone(), key))
        });
        fitting.next()
    }

    /// Returns the attribute that lists this name in `instead_of`.
    fn instead_of(&self, name: &str) -> Option<String> {
        let claims = |entry: &&Entry<crate::spec::Attribute>| {
            entry.value.as_ref().is_some_and(|attribute| {
                attribute
                    .instead_of
                    .items()
                    .iter()
                    .any(|claimed| claimed.value == name)
            })
        };
        let owner = self.spec.attributes.iter().find(claims)?;
        Some(owner.name.value.clone())
    }

    fn group_id(&mut self, name: &Located<String>) -> Option<GroupId> {
        let code = &codes::UNKNOWN_GROUP;
        self.entry_id(Section::Groups, name, code, |scope| &scope.groups)
    }

    fn error_id(&mut self, name: &Located<String>) -> Option<ErrorId> {
        let code = &codes::UNKNOWN_ERROR;
        self.entry_id(Section::Errors, name, code, |scope| &scope.errors)
    }

    fn event_id(&mut self, name: &Located<String>) -> Option<EventId> {
        let code = &codes::UNKNOWN_EVENT;
        self.entry_id(Section::Events, name, code, |scope| &scope.events)
    }

    /// Returns the id of the entry that has this name in a section. Reports an unknown name.
    fn entry_id<T: Copy>(
        &mut self,
        section: Section,
        name: &Located<String>,
        unknown: &'static Template<1>,
        ids: fn(&Scope) -> &HashMap<String, T>,
    ) -> Option<T> {
        let misnamed = self.misnamed.record_use(section, name, unknown);
        let declared = misnamed.as_ref().unwrap_or(&name.value);
        if let Some(id) = ids(&self.scope).get(declared) {
            return Some(*id);
        }
        let diag = unknown.at(name.span, [&name.value]);
        let diag = if self.diagnostics.may_suggest() {
            suggest_nearest(diag, &name.value, ids(&self.scope))
        } else {
            diag
        };
        let is_missing = self.scope.missing.may_declare_entry(section);
        self.report_unknown(diag, is_missing);
        None
    }

    /// Reports an unknown name, unless an unreadable part may declare it.
    fn report_unknown(&mut self, diag: Diag, is_missing: bool) {
        self.is_incomplete = true;
        if !is_missing {
            self.diagnostics.push(diag);
        }
    }
}

/// Adds the nearest known name to the error of an unknown name.
fn suggest_nearest<T>(diag: Diag, name: &str, names: &HashMap<String, T>) -> Diag {
    // The map is unordered; sort the names so that the suggestion is deterministic.
    let mut candidates: Vec<&str> = names.keys().map(String::as_str).collect();
    candidates.sort_unstable();
    let nearest = names::nearest(name, candidates.iter().copied());
    suggest_corrected(diag, name, nearest, &candidates)
}

/// Suggests the nearest name, corrected to the naming rules.
fn suggest_corrected(diag: Diag, name: &str, nearest: Option<&str>, candidates: &[&str]) -> Diag {
    match nearest {
        Some(nearest) if !names::is_well_formed(nearest) && !nearest.contains('<') => {
            // If several entries are misnamed, the corrected name can equal the written name.
            match names::corrected(nearest).filter(|corrected| corrected != name) {
                Some(corrected) => diag.help(format!("did you mean `{corrected}`?")),
                None => diag,
            }
        }
        nearest => diag.suggest(name, nearest, candidates.iter().copied()),
    }
}

/// Returns the names of the entries of a section, sorted.
fn sorted_names<T>(entries: &[Entry<T>]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for entry in entries {
        names.push(&entry.name.value);
    }
    names.sort_unstable();
    names
}

/// Returns the texts of a list without their locations.
fn texts(located: &[Located<String>]) -> Vec<String> {
    located.iter().map(|text| text.value.clone()).collect()
}
