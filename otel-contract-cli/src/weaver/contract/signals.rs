//! Converts groups, operations, metrics, events and the resource.

use std::collections::HashSet;

use otel_contract_model::{Instrument, SpanKind, names};

use super::Writer;
use super::attributes::stability;
use super::draft::Draft;
use super::head::is_about;
use super::ours::Ours;
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
        for one in &resolved.groups {
            if one.group.signal == Signal::Attributes && !is_about(one.group) {
                self.group(one, draft, &mut groups);
            }
        }
        let named = |fits: fn(Signal) -> bool| -> HashSet<&str> {
            let all = resolved.groups.iter().map(|one| one.group);
            all.filter(|group| fits(group.signal))
                .map(|group| group.name.as_str())
                .collect()
        };
        let operations = named(|signal| matches!(signal, Signal::Span(_)));
        let metrics = named(|signal| matches!(signal, Signal::Metric(_)));
        let events = named(|signal| signal == Signal::Event);
        for one in &resolved.groups {
            match one.group.signal {
                Signal::Event => self.event(one, draft, &events),
                Signal::Span(_) => self.operation(one, draft, &groups, &operations),
                Signal::Metric(instrument) => self.metric(one, instrument, draft, &metrics),
                Signal::MetricRefinement => {
                    self.left_out(one, "a contract has only one metric per name");
                }
                Signal::Entity if !Ours(one.group.common.ours).has("resource") => {
                    self.left_out(one, "a contract has one resource instead of entities");
                }
                Signal::Shared => {
                    self.changed(one, "its attributes are written out where they are used")
                }
                Signal::Entity | Signal::Attributes => {}
            }
        }
    }

    /// Converts the resource of a registry that was exported from a contract.
    pub(super) fn resource(&mut self, draft: &mut Draft) {
        let resolved = self.resolved;
        for one in &resolved.groups {
            let ours = Ours(one.group.common.ours);
            if one.group.signal != Signal::Entity || !ours.has("resource") {
                continue;
            }
            let owner = "the resource";
            let order = ours.texts("order");
            let used = &one.uses.attributes;
            let uses = self.uses(owner, User::Resource, used, &order);
            for (key, level) in uses.into_entries() {
                let place = Some(one.group.at.place());
                draft.add("resource", &key, level, owner, place);
            }
        }
    }

    fn group(
        &mut self,
        one: &ResolvedGroup<'a>,
        draft: &mut Draft,
        carried: &mut HashSet<&'a str>,
    ) {
        let group = one.group;
        let common = &group.common;
        if group.defines > 0 && group.defines == group.uses.len() {
            self.changed(one, "contains definitions, which are converted separately");
            return;
        }
        let ours = Ours(common.ours);
        let owner = owner(one);
        let order = ours.texts("order");
        let uses = self.uses(&owner, User::Group, &one.uses.attributes, &order);
        if uses.is_empty() && !self.is_ours {
            self.left_out(one, "none of its attributes is in the contract");
            return;
        }
        if !self.has_name(one) {
            return;
        }
        for (field, there) in [
            ("note", common.note.is_some()),
            ("deprecated", common.deprecated.is_some()),
        ] {
            if there {
                let reason = format!("a group of a contract has no `{field}`");
                self.said(Outcome::Partly, one, &reason);
            }
        }
        let written = ours.text("rust_name");
        let rust_name = self.names.claim(NameKind::Group, &group.name, written);
        let brief = common.brief.filter(|_| !ours.is_set("no_brief"));
        let brief = brief.map(|brief| self.text(brief));
        let value = if brief.is_none() && rust_name.is_none() && !uses.has_any(&LONG_GROUP) {
            uses
        } else {
            let mut map = Map::new();
            map.put_some("brief", brief);
            map.put_some("rust_name", rust_name);
            map.put("attributes", uses);
            map
        };
        carried.insert(&group.name);
        let place = Some(group.at.place());
        draft.add("groups", &group.name, value, &owner, place);
    }

    fn operation(
        &mut self,
        one: &ResolvedGroup<'a>,
        draft: &mut Draft,
        groups: &HashSet<&str>,
        operations: &HashSet<&str>,
    ) {
        if !self.has_name(one) {
            return;
        }
        let group = one.group;
        let ours = Ours(group.common.ours);
        let owner = owner(one);
        let mut map = self.described(one);
        map.put_some("kind", one.uses.span_kind.and_then(span_kind));
        let (known, lost): (Vec<&str>, Vec<&str>) =
            one.uses.groups.iter().partition(|id| groups.contains(*id));
        for id in lost {
            let subject = format!("group `{id}` in {owner}");
            let place = Some(group.at.place());
            let reason = "the group is not in the contract";
            self.report.add(Outcome::LeftOut, subject, place, reason);
        }
        if !known.is_empty() {
            map.put("groups", known);
        }
        let order = ours.texts("order");
        let uses = self.uses(&owner, User::Operation, &one.uses.attributes, &order);
        if !uses.is_empty() {
            map.put("attributes", uses);
        }
        ours.copy(&["errors", "events"], &mut map);
        // Spans of a registry do not mention metrics, so the operation records none.
        map.put("metrics", ours.yaml("metrics").unwrap_or(Yaml::Bool(false)));
        ours.copy(&["sampling"], &mut map);
        self.life(one, NameKind::Operation, operations, &mut map);
        let place = Some(group.at.place());
        draft.add("operations", &group.name, map, &owner, place);
    }

    fn metric(
        &mut self,
        one: &ResolvedGroup<'a>,
        instrument: Option<Instrument>,
        draft: &mut Draft,
        metrics: &HashSet<&str>,
    ) {
        if !self.has_name(one) {
            return;
        }
        let group = one.group;
        let (Some(instrument), Some(unit)) = (instrument, group.unit) else {
            self.left_out(one, "a metric without instrument or unit");
            return;
        };
        let ours = Ours(group.common.ours);
        let owner = owner(one);
        let mut map = Map::new();
        map.put("instrument", words::instrument(instrument));
        map.put("unit", unit);
        map.append(self.described(one));
        ours.copy(&["observable"], &mut map);
        let generated = group.common.metric_value_type;
        let value_type = ours.text("value_type").or(generated);
        map.put_some("value_type", value_type.filter(|word| *word == "double"));
        ours.copy(&["buckets"], &mut map);
        let order = ours.texts("order");
        let uses = self.uses(&owner, User::Metric, &one.uses.attributes, &order);
        if !uses.is_empty() {
            map.put("attributes", uses);
        }
        self.life(one, NameKind::Metric, metrics, &mut map);
        let place = Some(group.at.place());
        draft.add("metrics", &group.name, map, &owner, place);
    }

    fn event(&mut self, one: &ResolvedGroup<'a>, draft: &mut Draft, events: &HashSet<&str>) {
        if !self.has_name(one) {
            return;
        }
        let group = one.group;
        let ours = Ours(group.common.ours);
        let owner = owner(one);
        let mut map = Map::new();
        let severity = ours.text("severity");
        map.put("severity", severity.unwrap_or("info"));
        if severity.is_none() {
            self.changed(one, "has no severity, so `info` is used");
        }
        map.append(self.described(one));
        let order = ours.texts("order");
        let uses = self.uses(&owner, User::Event, &one.uses.attributes, &order);
        if !uses.is_empty() {
            map.put("attributes", uses);
        }
        self.life(one, NameKind::Event, events, &mut map);
        let place = Some(group.at.place());
        draft.add("events", &group.name, map, &owner, place);
    }

    /// Converts brief and note.
    fn described(&mut self, one: &ResolvedGroup<'a>) -> Map {
        let common = &one.group.common;
        let mut map = Map::new();
        match common.brief {
            Some(brief) => map.put("brief", self.text(brief)),
            None => {
                self.changed(one, "has no brief, so its name is used");
                map.put("brief", format!("`{}` of the registry.", one.group.name));
            }
        }
        map.put_some("note", common.note.map(|note| self.text(note)));
        map
    }

    /// Converts stability, deprecation, owners and names.
    fn life(
        &mut self,
        one: &ResolvedGroup<'a>,
        kind: NameKind,
        known: &HashSet<&str>,
        map: &mut Map,
    ) {
        let common = &one.group.common;
        let ours = Ours(common.ours);
        map.put_some("stability", stability(common.stability));
        let name = one.group.name.as_str();
        let deprecated = self.deprecated(common, |other| other != name && known.contains(other));
        map.put_some("deprecated", deprecated);
        ours.copy(&["owners", "expires", "allow"], map);
        let written = ours.text("rust_name");
        map.put_some("rust_name", self.names.claim(kind, name, written));
    }

    fn has_name(&mut self, one: &ResolvedGroup<'a>) -> bool {
        let fits = names::is_name(&one.group.name);
        if !fits {
            self.left_out(one, "not a valid name");
        }
        fits
    }

    fn left_out(&mut self, one: &ResolvedGroup<'a>, reason: &str) {
        self.said(Outcome::LeftOut, one, reason);
    }

    fn changed(&mut self, one: &ResolvedGroup<'a>, reason: &str) {
        self.said(Outcome::Changed, one, reason);
    }

    fn said(&mut self, outcome: Outcome, one: &ResolvedGroup<'a>, reason: &str) {
        let place = Some(one.group.at.place());
        let owner = owner(one);
        self.report.add(outcome, owner, place, reason);
    }
}

/// Describes a group for reports.
fn owner(one: &ResolvedGroup<'_>) -> String {
    let word = match one.group.signal {
        Signal::Attributes | Signal::Shared => "group",
        Signal::Span(_) => "span",
        Signal::Metric(_) | Signal::MetricRefinement => "metric",
        Signal::Event => "event",
        Signal::Entity => "entity",
    };
    format!("{word} `{}`", one.group.name)
}

/// Fields that require the long form of a group.
const LONG_GROUP: [&str; 3] = ["brief", "rust_name", "attributes"];

/// Returns a span kind unless it is the default.
fn span_kind(kind: SpanKind) -> Option<&'static str> {
    (kind != SpanKind::Internal).then(|| words::kind(kind))
}
