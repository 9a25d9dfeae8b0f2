//! From what was written to what holds: every reference becomes an id, every class is decided.
//!
//! What is faulty is reported here where it cannot be said in a [`Contract`] at all, and completed
//! with a harmless assumption. What can be said but must not be is left to `check`.

mod attributes;
mod domain;
mod examples;
mod life;
mod operations;
mod rust_names;
mod signals;
mod takeovers;
mod uses;

use std::collections::HashMap;

use crate::contract::{AttributeId, Budget, Contract, ErrorId, EventId, GroupId, Location};
use crate::diagnostics::Faults;
use crate::names;
use crate::parse::Spec;
use crate::read::{Field, Located};
use crate::source::{Sources, Span};
use crate::{codes, semconv};

use rust_names::RustNames;

/// A contract and what its checks need beside it.
pub(crate) struct Resolved {
    pub(crate) contract: Contract,
    pub(crate) scope: Scope,
}

/// Which names there are, and where.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) attributes: HashMap<String, AttributeId>,
    groups: HashMap<String, GroupId>,
    errors: HashMap<String, ErrorId>,
    events: HashMap<String, EventId>,
    /// By attribute: where its name stands.
    pub(crate) places: Vec<Span>,
    /// By attribute: whether its classes could be decided. Where not, nothing follows from them.
    pub(crate) decided: Vec<bool>,
    /// Some names could not be read, so that unknown ones are no fault.
    incomplete: bool,
}

impl Scope {
    pub(crate) fn place(&self, id: AttributeId) -> Span {
        self.places.get(id.index()).copied().unwrap_or_default()
    }

    pub(crate) fn is_decided(&self, id: AttributeId) -> bool {
        self.decided.get(id.index()).copied().unwrap_or(false)
    }
}

/// What resolving carries along.
struct Resolver<'a> {
    spec: &'a Spec,
    sources: &'a Sources,
    faults: &'a mut Faults,
    scope: Scope,
    rust_names: RustNames,
    /// Some named entry had to be left out.
    left_out: bool,
}

/// Resolves a contract.
pub(crate) fn contract(spec: &Spec, sources: &Sources, faults: &mut Faults) -> Resolved {
    let scope = Scope {
        incomplete: spec.incomplete,
        ..Scope::default()
    };
    let rust_names = RustNames::default();
    let mut resolver = Resolver {
        spec,
        sources,
        faults,
        scope,
        rust_names,
        left_out: false,
    };
    let attributes = resolver.attributes();
    let errors = resolver.errors();
    let groups = resolver.groups(&attributes);
    let events = resolver.events(&attributes);
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
        attributes,
        groups,
        errors,
        operations,
        metrics,
        events,
        resource,
        baggage,
        budget: resolver.budget(),
        incomplete: resolver.left_out || spec.incomplete,
    };
    Resolved {
        contract,
        scope: resolver.scope,
    }
}

impl Resolver<'_> {
    fn location(&self, span: Span) -> Location {
        self.sources.location(span)
    }

    fn contract_name(&mut self) -> String {
        const FALLBACK: &str = "contract";
        let Some(Located { span, value: name }) = self.spec.root.contract.located() else {
            return FALLBACK.to_owned();
        };
        let letters = name
            .chars()
            .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
        let first = name.starts_with(|first: char| first.is_ascii_lowercase());
        if letters && first && !names::is_keyword(name) {
            return name.clone();
        }
        self.faults
            .push(codes::BAD_CONTRACT_NAME.at(*span).with(&[name]));
        match names::rust_name(name) {
            Some(rust) if !rust.snake.starts_with("r#") => rust.snake,
            _ => FALLBACK.to_owned(),
        }
    }

    fn schema_url(&mut self) -> Option<String> {
        let Located { span, value: url } = self.spec.root.schema_url.located()?;
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        if !rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace)) {
            self.faults
                .push(codes::BAD_SCHEMA_URL.at(*span).with(&[url]));
            return None;
        }
        Some(url.clone())
    }

    fn budget(&mut self) -> Budget {
        let Some(budget) = self.spec.root.budget.get() else {
            return Budget::default();
        };
        let mut series = |field: &Field<i64>| {
            let Located { span, value } = field.located()?;
            let series = u64::try_from(*value).ok().filter(|series| *series > 0);
            if series.is_none() {
                self.faults.push(codes::BAD_BUDGET.at(*span).with(&[value]));
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
        let names = self.once(names);
        names
            .into_iter()
            .filter_map(|name| self.attribute_id(name))
            .collect()
    }

    /// The names of a list, each once; repeated ones are reported.
    fn once<'n>(&mut self, names: &'n [Located<String>]) -> Vec<&'n Located<String>> {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut unique = Vec::new();
        for name in names {
            match seen.get(name.value.as_str()) {
                Some(first) => {
                    let fault = codes::REPEATED_REFERENCE.at(name.span).with(&[&name.value]);
                    self.faults.push(fault.related("first at", *first));
                }
                None => {
                    seen.insert(&name.value, name.span);
                    unique.push(name);
                }
            }
        }
        unique
    }

    fn attribute_id(&mut self, name: &Located<String>) -> Option<AttributeId> {
        if let Some(id) = self.scope.attributes.get(&name.value) {
            return Some(*id);
        }
        let fault = codes::UNKNOWN_ATTRIBUTE.at(name.span).with(&[&name.value]);
        let fault = if semconv::get(&name.value).is_some() {
            fault.help(format!("take it over with `semconv: [{}]`", name.value))
        } else if !self.faults.may_suggest() {
            fault
        } else if let Some(meant) = self.instead_of(&name.value) {
            fault.help(format!("the contract's name for it is `{meant}`"))
        } else {
            fault.suggest(nearest(&name.value, &self.scope.attributes).as_deref())
        };
        self.unknown(fault);
        None
    }

    /// The attribute that says people reach for this name instead of it.
    fn instead_of(&self, name: &str) -> Option<String> {
        let claims = |entry: &&crate::read::Entry<crate::spec::Attribute>| {
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
        if let Some(id) = self.scope.groups.get(&name.value) {
            return Some(*id);
        }
        let fault = codes::UNKNOWN_GROUP.at(name.span).with(&[&name.value]);
        let nearest = self.nearest(name, |scope| &scope.groups);
        self.unknown(fault.suggest(nearest.as_deref()));
        None
    }

    fn error_id(&mut self, name: &Located<String>) -> Option<ErrorId> {
        if let Some(id) = self.scope.errors.get(&name.value) {
            return Some(*id);
        }
        let fault = codes::UNKNOWN_ERROR.at(name.span).with(&[&name.value]);
        let nearest = self.nearest(name, |scope| &scope.errors);
        self.unknown(fault.suggest(nearest.as_deref()));
        None
    }

    fn event_id(&mut self, name: &Located<String>) -> Option<EventId> {
        if let Some(id) = self.scope.events.get(&name.value) {
            return Some(*id);
        }
        let fault = codes::UNKNOWN_EVENT.at(name.span).with(&[&name.value]);
        let nearest = self.nearest(name, |scope| &scope.events);
        self.unknown(fault.suggest(nearest.as_deref()));
        None
    }

    fn nearest<T>(
        &mut self,
        name: &Located<String>,
        names: impl Fn(&Scope) -> &HashMap<String, T>,
    ) -> Option<String> {
        self.faults
            .may_suggest()
            .then(|| nearest(&name.value, names(&self.scope)))?
    }

    fn unknown(&mut self, fault: crate::diagnostics::Fault) {
        self.left_out = true;
        if !self.scope.incomplete {
            self.faults.push(fault);
        }
    }
}

/// The nearest of the names.
fn nearest<T>(name: &str, names: &HashMap<String, T>) -> Option<String> {
    // The map has no order, the suggestion must have one.
    let mut candidates: Vec<&str> = names.keys().map(String::as_str).collect();
    candidates.sort_unstable();
    names::nearest(name, candidates).map(str::to_owned)
}

/// The texts of a list, without their places.
fn texts(located: &[Located<String>]) -> Vec<String> {
    located.iter().map(|text| text.value.clone()).collect()
}
