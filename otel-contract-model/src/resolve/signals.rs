//! Resolves groups, error classes, metrics, events and the resource.

use crate::contract::{
    Attribute, AttributeUse, ErrorClass, ErrorId, Event, EventId, Group, GroupId, Instrument,
    Metric, Severity,
};
use crate::parse::Spec;
use crate::read::Entry;
use crate::section::Section;
use crate::spec;

use super::uses::Referrer;
use super::{Resolver, sorted_names};

impl Resolver<'_> {
    pub(super) fn groups(&mut self, attributes: &[Attribute]) -> Vec<Group> {
        let spec: &Spec = self.spec;
        let nothing = spec::Group::default();
        let mut groups = Vec::new();
        for Entry { name, value } in &spec.groups {
            let written = &value.as_ref().unwrap_or(&nothing).0;
            self.scope
                .groups
                .insert(name.value.clone(), GroupId(groups.len()));
            let uses = self.uses(Referrer::Group, written.attributes.entries(), attributes);
            let partial = uses.partial || written.attributes.has_errors() || value.is_none();
            self.scope.partial_groups.push(partial);
            groups.push(Group {
                name: name.value.clone(),
                at: self.location(name.span),
                rust: self.rust_name(Section::Groups, name, &written.rust_name),
                brief: written.brief.cloned().unwrap_or_default(),
                attributes: uses.attributes,
            });
        }
        groups
    }

    pub(super) fn errors(&mut self) -> Vec<ErrorClass> {
        let spec: &Spec = self.spec;
        let nothing = spec::ErrorClass::default();
        let known = sorted_names(&spec.errors);
        let mut errors = Vec::new();
        for Entry { name, value } in &spec.errors {
            let written = &value.as_ref().unwrap_or(&nothing).0;
            self.scope
                .errors
                .insert(name.value.clone(), ErrorId(errors.len()));
            self.check_replacement_in(&written.deprecated, &name.value, Section::Errors, &known);
            errors.push(ErrorClass {
                name: name.value.clone(),
                at: self.location(name.span),
                rust: self.rust_name(Section::Errors, name, &written.rust_name),
                brief: written.brief.cloned().unwrap_or_default(),
                severity: written.severity.cloned().unwrap_or(Severity::Error),
                expected: written.expected.cloned().unwrap_or_default(),
                deprecated: self.deprecated_entry(
                    &written.deprecated,
                    &name.value,
                    "an error class",
                ),
            });
        }
        errors
    }

    pub(super) fn metrics(&mut self, attributes: &[Attribute]) -> Vec<Metric> {
        let spec: &Spec = self.spec;
        let nothing = spec::Metric::default();
        let known = sorted_names(&spec.metrics);
        let mut metrics = Vec::new();
        for Entry { name, value } in &spec.metrics {
            let written = value.as_ref().unwrap_or(&nothing);
            self.check_replacement_in(
                &written.life.deprecated,
                &name.value,
                Section::Metrics,
                &known,
            );
            let uses = self.uses(Referrer::Metric, written.attributes.entries(), attributes);
            metrics.push(Metric {
                name: name.value.clone(),
                at: self.location(name.span),
                rust: self.rust_name(Section::Metrics, name, &written.rust_name),
                instrument: written.instrument.cloned().unwrap_or(Instrument::Counter),
                unit: written.unit.cloned().unwrap_or_else(|| "1".to_owned()),
                brief: written.brief.cloned().unwrap_or_default(),
                note: written.note.cloned(),
                observable: written.observable.cloned().unwrap_or(false),
                value_type: written.value_type.cloned().unwrap_or_default(),
                buckets: self.buckets(&written.buckets, false),
                attributes: uses.attributes,
                error_type: uses.error_type,
                life_cycle: self.life_cycle(Section::Metrics, name, &written.life),
            });
        }
        metrics
    }

    pub(super) fn events(&mut self, attributes: &[Attribute]) -> Vec<Event> {
        let spec: &Spec = self.spec;
        let nothing = spec::Event::default();
        let known = sorted_names(&spec.events);
        let mut events = Vec::new();
        for Entry { name, value } in &spec.events {
            let written = value.as_ref().unwrap_or(&nothing);
            self.scope
                .events
                .insert(name.value.clone(), EventId(events.len()));
            self.check_replacement_in(
                &written.life.deprecated,
                &name.value,
                Section::Events,
                &known,
            );
            let uses = self.uses(Referrer::Event, written.attributes.entries(), attributes);
            events.push(Event {
                name: name.value.clone(),
                at: self.location(name.span),
                rust: self.rust_name(Section::Events, name, &written.rust_name),
                brief: written.brief.cloned().unwrap_or_default(),
                note: written.note.cloned(),
                severity: written.severity.cloned().unwrap_or(Severity::Info),
                attributes: uses.attributes,
                error_type: uses.error_type,
                life_cycle: self.life_cycle(Section::Events, name, &written.life),
            });
        }
        events
    }

    pub(super) fn resource(&mut self, attributes: &[Attribute]) -> Vec<AttributeUse> {
        let spec: &Spec = self.spec;
        self.uses(Referrer::Resource, spec.root.resource.entries(), attributes)
            .attributes
    }
}
