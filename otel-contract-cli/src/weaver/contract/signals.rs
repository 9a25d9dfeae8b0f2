//! Converts groups, operations, metrics, events and the resource.

use std::collections::HashSet;

use otel_contract_model::{Instrument, SpanKind, names};

use super::Writer;
use super::annotation::Annotation;
use super::attributes::stability;
use super::draft::Draft;
use super::head::is_about;
use super::rust_names::Kind as NameKind;
use super::uses::User;
use crate::weaver::registry::Signal;
use crate::weaver::report::Outcome;
use crate::weaver::resolve::ResolvedGroup;
use crate::weaver::yaml::{Map, Yaml};
use crate::words;

impl<'a> Writer<'_, 'a> {
    pub(super) fn signals(&mut self, draft: &mut Draft) {
        let resolved = self.resolved;
        let mut groups = HashSet::new();
        for group in &resolved.groups {
            if group.group.signal == Signal::Attributes && !is_about(group.group) {
                self.group(group, draft, &mut groups);
            }
        }
        let named = |fits: fn(Signal) -> bool| -> HashSet<&str> {
            let all = resolved.groups.iter().map(|group| group.group);
            all.filter(|group| fits(group.signal))
                .map(|group| group.name.as_str())
                .collect()
        };
        let operations = named(|signal| matches!(signal, Signal::Span(_)));
        let metrics = named(|signal| matches!(signal, Signal::Metric(_)));
        let events = named(|signal| signal == Signal::Event);
        for group in &resolved.groups {
            match group.group.signal {
                Signal::Event => self.event(group, draft, &events),
                Signal::Span(_) => self.operation(group, draft, &groups, &operations),
                Signal::Metric(instrument) => self.metric(group, instrument, draft, &metrics),
                Signal::MetricRefinement => {
                    self.report_left_out(group, "a contract has only one metric per name");
                }
                Signal::Entity if !Annotation(group.group.common.annotation).has("resource") => {
                    self.report_left_out(group, "a contract has one resource instead of entities");
                }
                Signal::Shared => {
                    self.report_changed(
                        group,
                        "its attributes are written out where they are used",
                    );
                }
                Signal::Entity | Signal::Attributes => {}
            }
        }
    }

    /// Converts the resource of a registry that was exported from a contract.
    pub(super) fn resource(&mut self, draft: &mut Draft) {
        let resolved = self.resolved;
        for group in &resolved.groups {
            let annotation = Annotation(group.group.common.annotation);
            if group.group.signal != Signal::Entity || !annotation.has("resource") {
                continue;
            }
            let subject = "the resource";
            let order = annotation.texts("order");
            let used = &group.uses.attributes;
            let uses = self.uses(subject, User::Resource, used, &order);
            for (key, level) in uses.into_entries() {
                let place = Some(group.group.at.place());
                draft.add("resource", &key, level, subject, place);
            }
        }
    }

    fn group(
        &mut self,
        group: &ResolvedGroup<'a>,
        draft: &mut Draft,
        converted: &mut HashSet<&'a str>,
    ) {
        let definition = group.group;
        let common = &definition.common;
        if definition.definition_count > 0 && definition.definition_count == definition.uses.len() {
            self.report_changed(
                group,
                "contains definitions, which are converted separately",
            );
            return;
        }
        let annotation = Annotation(common.annotation);
        let subject = subject(group);
        let order = annotation.texts("order");
        let uses = self.uses(&subject, User::Group, &group.uses.attributes, &order);
        if uses.is_empty() && !self.is_exported {
            self.report_left_out(group, "none of its attributes is in the contract");
            return;
        }
        if !self.has_valid_name(group) {
            return;
        }
        for (field, there) in [
            ("note", common.note.is_some()),
            ("deprecated", common.deprecated.is_some()),
        ] {
            if there {
                let reason = format!("a group of a contract has no `{field}`");
                self.report_item(Outcome::Partly, group, &reason);
            }
        }
        let written = annotation.text("rust_name");
        let rust_name = self.names.claim(NameKind::Group, &definition.name, written);
        let brief = common.brief.filter(|_| !annotation.is_set("no_brief"));
        let brief = brief.map(|brief| self.text(brief));
        let value = if brief.is_none() && rust_name.is_none() && !uses.has_any(&GROUP_FIELDS) {
            uses
        } else {
            let mut map = Map::new();
            map.put_some("brief", brief);
            map.put_some("rust_name", rust_name);
            map.put("attributes", uses);
            map
        };
        converted.insert(&definition.name);
        let place = Some(definition.at.place());
        draft.add("groups", &definition.name, value, &subject, place);
    }

    fn operation(
        &mut self,
        group: &ResolvedGroup<'a>,
        draft: &mut Draft,
        groups: &HashSet<&str>,
        operations: &HashSet<&str>,
    ) {
        if !self.has_valid_name(group) {
            return;
        }
        let definition = group.group;
        let annotation = Annotation(definition.common.annotation);
        let subject = subject(group);
        let mut map = self.described(group);
        map.put_some("kind", group.uses.span_kind.and_then(span_kind));
        annotation.copy(&["route"], &mut map);
        let (known, lost): (Vec<&str>, Vec<&str>) = group
            .uses
            .groups
            .iter()
            .partition(|id| groups.contains(*id));
        for id in lost {
            let subject = format!("group `{id}` in {subject}");
            let place = Some(definition.at.place());
            let reason = "the group is not in the contract";
            self.report.add(Outcome::LeftOut, subject, place, reason);
        }
        if !known.is_empty() {
            map.put("groups", known);
        }
        let order = annotation.texts("order");
        let uses = self.uses(&subject, User::Operation, &group.uses.attributes, &order);
        if !uses.is_empty() {
            map.put("attributes", uses);
        }
        annotation.copy(&["errors", "events"], &mut map);
        // Spans of a registry do not mention metrics, so the operation records none.
        map.put(
            "metrics",
            annotation.yaml("metrics").unwrap_or(Yaml::Bool(false)),
        );
        annotation.copy(&["sampling"], &mut map);
        self.life(group, NameKind::Operation, operations, &mut map);
        let place = Some(definition.at.place());
        draft.add("operations", &definition.name, map, &subject, place);
    }

    fn metric(
        &mut self,
        group: &ResolvedGroup<'a>,
        instrument: Option<Instrument>,
        draft: &mut Draft,
        metrics: &HashSet<&str>,
    ) {
        if !self.has_valid_name(group) {
            return;
        }
        let definition = group.group;
        let (Some(instrument), Some(unit)) = (instrument, definition.unit) else {
            self.report_left_out(group, "a metric without instrument or unit");
            return;
        };
        let annotation = Annotation(definition.common.annotation);
        let subject = subject(group);
        let mut map = Map::new();
        map.put("instrument", words::instrument(instrument));
        map.put("unit", unit);
        map.append(self.described(group));
        annotation.copy(&["observable"], &mut map);
        let generated = definition.common.metric_value_type;
        let value_type = annotation.text("value_type").or(generated);
        map.put_some("value_type", value_type.filter(|word| *word == "double"));
        annotation.copy(&["buckets"], &mut map);
        let order = annotation.texts("order");
        let uses = self.uses(&subject, User::Metric, &group.uses.attributes, &order);
        if !uses.is_empty() {
            map.put("attributes", uses);
        }
        self.life(group, NameKind::Metric, metrics, &mut map);
        let place = Some(definition.at.place());
        draft.add("metrics", &definition.name, map, &subject, place);
    }

    fn event(&mut self, group: &ResolvedGroup<'a>, draft: &mut Draft, events: &HashSet<&str>) {
        if !self.has_valid_name(group) {
            return;
        }
        let definition = group.group;
        let annotation = Annotation(definition.common.annotation);
        let subject = subject(group);
        let mut map = Map::new();
        let severity = annotation.text("severity");
        map.put("severity", severity.unwrap_or("info"));
        if severity.is_none() {
            self.report_changed(group, "has no severity, so `info` is used");
        }
        map.append(self.described(group));
        let order = annotation.texts("order");
        let uses = self.uses(&subject, User::Event, &group.uses.attributes, &order);
        if !uses.is_empty() {
            map.put("attributes", uses);
        }
        self.life(group, NameKind::Event, events, &mut map);
        let place = Some(definition.at.place());
        draft.add("events", &definition.name, map, &subject, place);
    }

    /// Converts brief and note.
    fn described(&mut self, group: &ResolvedGroup<'a>) -> Map {
        let common = &group.group.common;
        let mut map = Map::new();
        match common.brief {
            Some(brief) => map.put("brief", self.text(brief)),
            None => {
                self.report_changed(group, "has no brief, so its name is used");
                map.put("brief", format!("`{}` of the registry.", group.group.name));
            }
        }
        map.put_some("note", common.note.map(|note| self.text(note)));
        map
    }

    /// Converts stability, deprecation, owners and names.
    fn life(
        &mut self,
        group: &ResolvedGroup<'a>,
        kind: NameKind,
        known: &HashSet<&str>,
        map: &mut Map,
    ) {
        let common = &group.group.common;
        let annotation = Annotation(common.annotation);
        map.put_some("stability", stability(common.stability));
        let name = group.group.name.as_str();
        let deprecated = self.deprecated(common, |other| other != name && known.contains(other));
        map.put_some("deprecated", deprecated);
        annotation.copy(&["owners", "expires", "allow"], map);
        let written = annotation.text("rust_name");
        map.put_some("rust_name", self.names.claim(kind, name, written));
    }

    fn has_valid_name(&mut self, group: &ResolvedGroup<'a>) -> bool {
        let fits = names::is_name(&group.group.name);
        if !fits {
            self.report_left_out(group, "not a valid name");
        }
        fits
    }

    fn report_left_out(&mut self, group: &ResolvedGroup<'a>, reason: &str) {
        self.report_item(Outcome::LeftOut, group, reason);
    }

    fn report_changed(&mut self, group: &ResolvedGroup<'a>, reason: &str) {
        self.report_item(Outcome::Changed, group, reason);
    }

    fn report_item(&mut self, outcome: Outcome, group: &ResolvedGroup<'a>, reason: &str) {
        let place = Some(group.group.at.place());
        let subject = subject(group);
        self.report.add(outcome, subject, place, reason);
    }
}

/// Describes a group for reports.
fn subject(group: &ResolvedGroup<'_>) -> String {
    let word = match group.group.signal {
        Signal::Attributes | Signal::Shared => "group",
        Signal::Span(_) => "span",
        Signal::Metric(_) | Signal::MetricRefinement => "metric",
        Signal::Event => "event",
        Signal::Entity => "entity",
    };
    format!("{word} `{}`", group.group.name)
}

/// Attribute keys that equal a field name of a group. With such a key, the group needs its long form.
const GROUP_FIELDS: [&str; 3] = ["brief", "rust_name", "attributes"];

/// Returns a span kind, or `None` for the default.
fn span_kind(kind: SpanKind) -> Option<&'static str> {
    (kind != SpanKind::Internal).then(|| words::kind(kind))
}
