//! From what was written to what it comes to: every `ref`, `extends` and `ref_group` is followed.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use otel_contract_model::{Diagnostic, Related, SpanKind, names, semconv};

use super::codes;
use super::registry::{At, Attribute, AttributeUse, Group, Import, Level, Registry, Signal, Use};

/// Deeper than any group extends others.
const DEEPEST: usize = 100;

/// A registry in which every reference leads somewhere.
pub(crate) struct Resolved<'a> {
    /// The registry's own attributes, then those of dependencies that are in use.
    pub(crate) attributes: Vec<&'a Attribute<'a>>,
    /// Keys in use that only the bundled semantic conventions have, and where.
    pub(crate) bundled: BTreeMap<String, &'a AttributeUse<'a>>,
    /// The registry's own groups and those it imports.
    pub(crate) groups: Vec<ResolvedGroup<'a>>,
}

/// A group with everything it has from others.
pub(crate) struct ResolvedGroup<'a> {
    pub(crate) group: &'a Group<'a>,
    pub(crate) uses: Rc<Flat<'a>>,
}

/// What a group comes to.
#[derive(Clone, Default)]
pub(crate) struct Flat<'a> {
    /// Each attribute once, in the order first written.
    pub(crate) attributes: Vec<Used<'a>>,
    /// By what they refer to: where they are in `attributes`.
    places: HashMap<&'a str, usize>,
    /// The groups a span refers to whole.
    pub(crate) groups: Vec<&'a str>,
    pub(crate) span_kind: Option<SpanKind>,
}

/// An attribute in use, after what it inherits.
#[derive(Clone)]
pub(crate) struct Used<'a> {
    pub(crate) written: &'a AttributeUse<'a>,
    pub(crate) level: Level,
    pub(crate) sampling_relevant: bool,
}

/// Follows every reference. `remote`: there are dependencies whose files are not here, so that names
/// may come from the bundled semantic conventions.
pub(crate) fn registry<'a>(
    registry: &'a Registry<'a>,
    remote: bool,
    faults: &mut Vec<Diagnostic>,
) -> Resolved<'a> {
    let mut resolver = Resolver {
        registry,
        remote,
        attributes: HashMap::new(),
        groups: HashMap::new(),
        state: vec![State::New; registry.groups.len()],
        faults,
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
    faults: &'f mut Vec<Diagnostic>,
    /// The groups being followed, for what to say of a circle.
    trail: Vec<usize>,
}

#[derive(Clone)]
enum State<'a> {
    New,
    Open,
    Done(Rc<Flat<'a>>),
}

impl<'a> Resolver<'a, '_> {
    /// By key and id; what a registry says goes before what its dependencies say.
    fn index(&mut self) {
        for attribute in &self.registry.attributes {
            let known = self.attributes.get(attribute.key.as_str()).copied();
            match known {
                None => {
                    self.attributes.insert(&attribute.key, attribute);
                }
                // Of two dependencies, the first has its way.
                Some(first) if !attribute.is_dependency => {
                    let arguments: [&dyn std::fmt::Display; 2] = [&"attribute", &attribute.key];
                    let mut fault = attribute.at.fault(&codes::TWICE, &arguments);
                    fault.related.push(Related {
                        phrase: "first at",
                        location: first.at.location(),
                    });
                    self.faults.push(fault);
                }
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
                        let mut fault = group.at.fault(&codes::TWICE, &arguments);
                        fault.related.push(Related {
                            phrase: "first at",
                            location: first.at.location(),
                        });
                        self.faults.push(fault);
                    }
                }
            }
        }
    }

    /// Adds what an import matches.
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
            self.faults
                .push(import.at.fault(&codes::EMPTY_IMPORT, &arguments));
        }
    }

    /// What a group comes to.
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

    /// What the group of a reference comes to.
    fn group(&mut self, at: At<'a>, id: &str) -> Option<Rc<Flat<'a>>> {
        let Some(&index) = self.groups.get(id) else {
            if !self.registry.faulty.contains(id) {
                self.faults.push(at.fault(&codes::MISSING_GROUP, &[&id]));
            }
            return None;
        };
        if let State::Open = self.state[index] {
            let from = self.trail.iter().position(|open| *open == index);
            let circle = &self.trail[from.unwrap_or(0)..];
            let ids = circle
                .iter()
                .map(|index| self.registry.groups[*index].id.as_str());
            let way: Vec<&str> = ids.chain([id]).collect();
            let way = way.join(" → ");
            self.faults.push(at.fault(&codes::CYCLE, &[&id, &way]));
            return None;
        }
        if self.trail.len() >= DEEPEST {
            self.faults
                .push(at.fault(&codes::TOO_DEEP, &[&id, &DEEPEST]));
            return None;
        }
        Some(self.flat(index))
    }

    /// The attributes that are carried: those defined, and those of dependencies in use.
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
                // The built-in attribute needs no definition.
                None if key == "error.type" => {}
                None if self.registry.faulty.contains(key) => {}
                None if self.remote && semconv::find(key).is_some() => {
                    bundled.insert(key.to_owned(), used.written);
                }
                None => {
                    let fault = used.written.at.fault(&codes::MISSING_ATTRIBUTE, &[&key]);
                    self.faults.push(fault);
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
    /// Adds a use, unless there is one.
    fn add(&mut self, used: Used<'a>) {
        if let Entry::Vacant(free) = self.places.entry(&used.written.full) {
            free.insert(self.attributes.len());
            self.attributes.push(used);
        }
    }

    /// Adds a use, or refines the one that is there.
    fn refine(&mut self, usage: &'a AttributeUse<'a>) {
        let Some(place) = self.places.get(usage.full.as_str()) else {
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

/// Whether a name fits a pattern in which `*` stands for anything.
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
    fn a_star_stands_for_anything() {
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
