//! Resolves a registry: follows every `ref`, `extends` and `ref_group`.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use otel_contract_model::{Diagnostic, Related, SpanKind, names, semconv};

use super::codes;
use super::registry::{
    Attribute, AttributeUse, Group, Import, Level, Registry, RegistryNode, Signal, Use,
};

/// Maximum nesting of groups.
const MAX_DEPTH: usize = 100;

/// A registry whose references are all resolved.
pub(crate) struct Resolved<'a> {
    /// Attributes of the registry, followed by the attributes of dependencies that are used.
    pub(crate) attributes: Vec<&'a Attribute<'a>>,
    /// Used keys that are defined only in the bundled semantic conventions, each with one of its uses.
    pub(crate) bundled: BTreeMap<String, &'a AttributeUse<'a>>,
    /// Groups of the registry, and imported groups.
    pub(crate) groups: Vec<ResolvedGroup<'a>>,
}

/// A group with its inherited attributes.
pub(crate) struct ResolvedGroup<'a> {
    pub(crate) group: &'a Group<'a>,
    pub(crate) uses: Rc<Flat<'a>>,
}

/// Flattened content of a group.
#[derive(Clone, Default)]
pub(crate) struct Flat<'a> {
    /// Each attribute once, in the order of first use.
    pub(crate) attributes: Vec<Used<'a>>,
    /// Index in `attributes` by key in the contract.
    places: HashMap<&'a str, usize>,
    /// Groups that a span includes as a whole.
    pub(crate) groups: Vec<&'a str>,
    pub(crate) span_kind: Option<SpanKind>,
}

/// A use of an attribute, including inherited settings.
#[derive(Clone)]
pub(crate) struct Used<'a> {
    pub(crate) written: &'a AttributeUse<'a>,
    pub(crate) level: Level,
    pub(crate) sampling_relevant: bool,
}

/// Resolves all references. If `remote` is set, some dependencies have no local files, and missing names may
/// come from the bundled semantic conventions.
pub(crate) fn registry<'a>(
    registry: &'a Registry<'a>,
    remote: bool,
    errors: &mut Vec<Diagnostic>,
) -> Resolved<'a> {
    let mut resolver = Resolver {
        registry,
        remote,
        attributes: HashMap::new(),
        groups: HashMap::new(),
        state: vec![State::New; registry.groups.len()],
        errors,
        trail: Vec::new(),
    };
    resolver.index();
    let groups = registry.groups.iter().enumerate();
    let own = groups.filter(|(_, group)| !group.is_dependency);
    let mut chosen: BTreeSet<usize> = own.map(|(index, _)| index).collect();
    for import in &registry.imports {
        resolver.import(import, &mut chosen);
    }
    let groups: Vec<ResolvedGroup<'a>> = chosen
        .into_iter()
        .map(|index| ResolvedGroup {
            group: &registry.groups[index],
            uses: resolver.flat(index),
        })
        .collect();
    resolver.used(groups)
}

struct Resolver<'a, 'f> {
    registry: &'a Registry<'a>,
    remote: bool,
    attributes: HashMap<&'a str, &'a Attribute<'a>>,
    groups: HashMap<&'a str, usize>,
    state: Vec<State<'a>>,
    errors: &'f mut Vec<Diagnostic>,
    /// The groups on the current path, to describe cycles.
    trail: Vec<usize>,
}

#[derive(Clone)]
enum State<'a> {
    New,
    Open,
    Done(Rc<Flat<'a>>),
}

impl<'a> Resolver<'a, '_> {
    /// Indexes definitions by key and id. Definitions of the registry take precedence over definitions of dependencies.
    fn index(&mut self) {
        for attribute in &self.registry.attributes {
            let known = self.attributes.get(attribute.key.as_str()).copied();
            match known {
                None => {
                    self.attributes.insert(&attribute.key, attribute);
                }
                Some(first) if !attribute.is_dependency => {
                    let arguments: [&dyn std::fmt::Display; 2] = [&"attribute", &attribute.key];
                    let mut error = attribute.at.error(&codes::DUPLICATE, &arguments);
                    error.related.push(Related {
                        phrase: "first at",
                        location: first.at.location(),
                    });
                    self.errors.push(error);
                }
                // If two dependencies define the attribute, the first definition takes precedence.
                Some(_) => {}
            }
        }
        for (index, group) in self.registry.groups.iter().enumerate() {
            match self.groups.get(group.id.as_str()) {
                None => {
                    self.groups.insert(&group.id, index);
                }
                Some(first) => {
                    let first = &self.registry.groups[*first];
                    if !group.is_dependency {
                        let arguments: [&dyn std::fmt::Display; 2] = [&"group", &group.id];
                        let mut error = group.at.error(&codes::DUPLICATE, &arguments);
                        error.related.push(Related {
                            phrase: "first at",
                            location: first.at.location(),
                        });
                        self.errors.push(error);
                    }
                }
            }
        }
    }

    /// Adds the groups that an import matches.
    fn import(&mut self, import: &Import<'a>, chosen: &mut BTreeSet<usize>) {
        let fits = |signal: Signal| match import.section {
            "metrics" => matches!(signal, Signal::Metric(_)),
            "events" => signal == Signal::Event,
            "entities" => signal == Signal::Entity,
            "spans" => matches!(signal, Signal::Span(_)),
            _ => signal == Signal::Attributes,
        };
        let mut found = false;
        for (index, group) in self.registry.groups.iter().enumerate() {
            if group.is_dependency && fits(group.signal) && matches(import.pattern, &group.name) {
                found = true;
                chosen.insert(index);
            }
        }
        if !found {
            let arguments: [&dyn std::fmt::Display; 2] = [&import.section, &import.pattern];
            self.errors
                .push(import.at.error(&codes::EMPTY_IMPORT, &arguments));
        }
    }

    /// Returns the flattened content of a group.
    fn flat(&mut self, index: usize) -> Rc<Flat<'a>> {
        if let State::Done(flat) = &self.state[index] {
            return flat.clone();
        }
        let group = &self.registry.groups[index];
        self.state[index] = State::Open;
        self.trail.push(index);
        let mut flat = Flat::default();
        if let Some((at, id)) = &group.extends
            && let Some(parent) = self.group(*at, id)
        {
            flat = (*parent).clone();
        }
        let is_span = matches!(group.signal, Signal::Span(_));
        if let Signal::Span(Some(kind)) = group.signal {
            flat.span_kind = Some(kind);
        }
        for usage in &group.uses {
            match usage {
                Use::Attribute(usage) => flat.refine(usage),
                Use::Group(at, id) => {
                    let is_public = |index: &usize| {
                        let group = &self.registry.groups[*index];
                        let fits = !group.is_dependency && names::is_name(&group.name);
                        group.signal == Signal::Attributes && fits
                    };
                    let whole = is_span && self.groups.get(id).is_some_and(is_public);
                    let Some(shared) = self.group(*at, id) else {
                        continue;
                    };
                    if whole {
                        if !flat.groups.contains(id) {
                            flat.groups.push(id);
                        }
                        continue;
                    }
                    for used in &shared.attributes {
                        flat.add(used.clone());
                    }
                }
            }
        }
        self.trail.pop();
        let flat = Rc::new(flat);
        self.state[index] = State::Done(flat.clone());
        flat
    }

    /// Returns the flattened content of a referenced group.
    fn group(&mut self, at: RegistryNode<'a>, id: &str) -> Option<Rc<Flat<'a>>> {
        let Some(&index) = self.groups.get(id) else {
            if !self.registry.with_errors.contains(id) {
                self.errors.push(at.error(&codes::MISSING_GROUP, &[&id]));
            }
            return None;
        };
        if let State::Open = self.state[index] {
            let from = self.trail.iter().position(|open| *open == index);
            let cycle = &self.trail[from.unwrap_or(0)..];
            let ids = cycle
                .iter()
                .map(|index| self.registry.groups[*index].id.as_str());
            let path: Vec<&str> = ids.chain([id]).collect();
            let path = path.join(" → ");
            self.errors.push(at.error(&codes::CYCLE, &[&id, &path]));
            return None;
        }
        if self.trail.len() >= MAX_DEPTH {
            self.errors
                .push(at.error(&codes::TOO_DEEP, &[&id, &MAX_DEPTH]));
            return None;
        }
        Some(self.flat(index))
    }

    /// Returns the attributes to convert: all attributes of the registry, and the attributes of dependencies that are
    /// used.
    fn used(self, groups: Vec<ResolvedGroup<'a>>) -> Resolved<'a> {
        let own = self.registry.attributes.iter();
        let mut attributes: Vec<&Attribute<'a>> =
            own.filter(|attribute| !attribute.is_dependency).collect();
        let mut bundled = BTreeMap::new();
        let mut seen: HashSet<&str> = HashSet::new();
        for used in groups.iter().flat_map(|group| &group.uses.attributes) {
            let key = used.written.key.as_str();
            if !seen.insert(key) {
                continue;
            }
            match self.attributes.get(key) {
                Some(attribute) if attribute.is_dependency => attributes.push(attribute),
                Some(_) => {}
                // `error.type` is built in.
                None if key == "error.type" => {}
                None if self.registry.with_errors.contains(key) => {}
                None if self.remote && semconv::find(key).is_some() => {
                    bundled.insert(key.to_owned(), used.written);
                }
                None => {
                    let error = used.written.at.error(&codes::MISSING_ATTRIBUTE, &[&key]);
                    self.errors.push(error);
                }
            }
        }
        Resolved {
            attributes,
            bundled,
            groups,
        }
    }
}

impl<'a> Flat<'a> {
    /// Adds a use unless the attribute is already used.
    fn add(&mut self, used: Used<'a>) {
        if let Entry::Vacant(free) = self.places.entry(&used.written.contract_key) {
            free.insert(self.attributes.len());
            self.attributes.push(used);
        }
    }

    /// Adds a use, or refines the existing use of the attribute.
    fn refine(&mut self, usage: &'a AttributeUse<'a>) {
        let Some(place) = self.places.get(usage.contract_key.as_str()) else {
            self.add(Used {
                written: usage,
                level: usage.level.clone().unwrap_or(Level::Recommended),
                sampling_relevant: usage.sampling_relevant.unwrap_or(false),
            });
            return;
        };
        let known = &mut self.attributes[*place];
        known.written = usage;
        if let Some(level) = &usage.level {
            known.level = level.clone();
        }
        if let Some(relevant) = usage.sampling_relevant {
            known.sampling_relevant = relevant;
        }
    }
}

/// Returns whether a name matches a pattern with `*` wildcards.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match name.find(part) {
            Some(at) => name = &name[at + part.len()..],
            None => return false,
        }
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_matches_any_text() {
        for (pattern, name) in [
            ("http.*", "http.server.duration"),
            ("*", "anything"),
            ("a.*.c", "a.b.c"),
            ("a*b*c", "a1b2c"),
            ("exact", "exact"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("http.*", "rpc.x"), ("a*b*c", "a1c"), ("exact", "exactly")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
