//! Converts attributes.

use otel_contract_model::{Stability, Type, names, semconv};

use super::Writer;
use super::annotation::Annotation;
use super::classes::Classes;
use super::converted::Properties;
use super::draft::Draft;
use super::rust_names::Kind as NameKind;
use super::values::{ValueKind, value_kind};
use crate::weaver::registry::{Attribute, Common, Kind, RegistryNode};
use crate::weaver::report::Outcome;
use crate::weaver::yaml::{Map, Yaml};
use crate::words;

/// The attribute that every contract has implicitly.
pub(super) const ERROR_TYPE: &str = "error.type";

/// Attributes of a registry.
type Definitions<'a> = Vec<&'a Attribute<'a>>;

impl<'a> Writer<'_, 'a> {
    pub(super) fn attributes(&mut self, draft: &mut Draft) {
        let resolved = self.resolved;
        let all = resolved.attributes.iter().copied();
        let (converted, left_out): (Definitions<'a>, Definitions<'a>) =
            all.partition(|attribute| rejection(attribute).is_none());
        let own = |attributes: &[&Attribute<'_>]| {
            attributes
                .iter()
                .filter(|attribute| !attribute.is_dependency)
                .count()
        };
        self.report.attributes = own(&resolved.attributes);
        if self.is_exported && left_out.iter().any(|attribute| attribute.key == ERROR_TYPE) {
            // `error.type` becomes the errors of the contract.
            self.report.attributes -= 1;
        }
        self.report.converted = own(&converted);
        for attribute in left_out {
            if attribute.key == ERROR_TYPE {
                self.errors(attribute, draft);
                if self.is_exported {
                    continue;
                }
            }
            if let Some(reason) = rejection(attribute) {
                let subject = format!("attribute `{}`", attribute.key);
                let place = Some(attribute.at.place());
                self.report.add(Outcome::LeftOut, subject, place, reason);
            }
        }
        // A deprecated attribute may refer to an attribute that follows later.
        for attribute in &converted {
            for key in keys(attribute) {
                self.converted.insert(key, Properties::default());
            }
        }
        let rust_names = self.rust_names(&converted);
        let is_imported = |attribute: &&Attribute<'a>| {
            let annotation = Annotation(attribute.common.annotation);
            annotation.has("semconv") && semconv::find(&attribute.key).is_some()
        };
        let (imported, written): (Vec<_>, Vec<_>) = converted
            .into_iter()
            .zip(rust_names)
            .partition(|(attribute, _)| is_imported(attribute));
        for (attribute, rust_name) in imported {
            self.semconv_attribute(attribute, rust_name, draft);
        }
        for (key, usage) in &resolved.bundled {
            self.bundled(key, usage.at, draft);
        }
        for (attribute, rust_name) in written {
            self.attribute(attribute, rust_name, draft);
        }
    }

    /// Assigns Rust names: first the explicit names, then names for current attributes, then names for deprecated
    /// attributes.
    fn rust_names(&mut self, converted: &[&'a Attribute<'a>]) -> Vec<Option<String>> {
        let mut chosen = vec![None; converted.len()];
        let mut order: Vec<usize> = (0..converted.len()).collect();
        order.sort_by_key(|index| {
            let attribute = converted[*index];
            let is_explicit = Annotation(attribute.common.annotation).has("rust_name");
            (!is_explicit, attribute.common.deprecated.is_some())
        });
        for index in order {
            let attribute = converted[index];
            let written = Annotation(attribute.common.annotation).text("rust_name");
            let kind = match attribute.common.deprecated {
                Some(_) => NameKind::OldAttribute,
                None => NameKind::Attribute,
            };
            for key in keys(attribute) {
                chosen[index] = self.names.claim(kind, &key, written);
            }
        }
        chosen
    }

    fn attribute(
        &mut self,
        attribute: &'a Attribute<'a>,
        rust_name: Option<String>,
        draft: &mut Draft,
    ) {
        let common = &attribute.common;
        let annotation = Annotation(common.annotation);
        let mut map = Map::new();
        let classes = self.classes(attribute, true, &mut map);
        map.put("brief", self.brief(attribute));
        map.put_some("note", common.note.map(|note| self.text(note)));
        self.examples(attribute, &classes.domain, &mut map);
        annotation.copy(&["instead_of"], &mut map);
        if !classes.known.is_secret {
            annotation.copy(&["newtype"], &mut map);
        }
        if let Kind::Template(_) = attribute.kind {
            let none_yet = Yaml::List(Vec::new());
            map.put("keys", annotation.yaml("keys").unwrap_or(none_yet));
        }
        map.put_some("stability", stability(common.stability));
        let converted = &self.converted;
        let deprecated = self.deprecated(common, |name| converted.contains(name));
        map.put_some("deprecated", deprecated);
        annotation.copy(&["owners", "expires", "allow"], &mut map);
        map.put_some("rust_name", rust_name);
        let key = match (&attribute.kind, annotation.text("template")) {
            (Kind::Template(_), Some(template)) => template.to_owned(),
            (Kind::Template(_), None) => format!("{}.<key>", attribute.key),
            _ => attribute.key.clone(),
        };
        self.record_converted(attribute, &classes);
        let subject = format!("attribute `{}`", attribute.key);
        let place = attribute.at.place();
        let entry = draft.add("attributes", &key, map, &subject, Some(place.clone()));
        entry.is_attribute = !attribute.is_dependency;
        if let Some(why) = classes.undecided {
            entry.comment = Some(format!("to decide: {why}"));
            let reason = format!("needs a class: {why}");
            self.report
                .add(Outcome::Review, subject, Some(place), reason);
        }
    }

    /// Imports a semantic-convention attribute, with the changes of the registry.
    fn semconv_attribute(
        &mut self,
        attribute: &'a Attribute<'a>,
        rust_name: Option<String>,
        draft: &mut Draft,
    ) {
        let annotation = Annotation(attribute.common.annotation);
        let refined = annotation.texts("semconv");
        let is_refined = |field: &str| refined.contains(&field);
        let mut all = Map::new();
        let classes = self.classes(attribute, false, &mut all);
        let mut map = Map::new();
        if is_refined("brief") {
            map.put("brief", self.brief(attribute));
        }
        map.put_some("note", attribute.common.note.map(|note| self.text(note)));
        annotation.copy(&["instead_of"], &mut map);
        let fields = ["values", "other", "range", "cardinality", "limit"];
        if is_refined("values") {
            all.move_to(&mut map, &fields);
        }
        if is_refined("privacy") {
            all.move_to(&mut map, &["privacy", "protect"]);
        }
        annotation.copy(&["newtype", "allow"], &mut map);
        map.put_some("rust_name", rust_name);
        self.record_converted(attribute, &classes);
        let subject = format!("attribute `{}`", attribute.key);
        let place = Some(attribute.at.place());
        let entry = draft.add("semconv", &attribute.key, map, &subject, place);
        entry.is_attribute = !attribute.is_dependency;
    }

    /// Imports a used attribute that only the bundled conventions define.
    fn bundled(&mut self, key: &str, at: RegistryNode<'_>, draft: &mut Draft) {
        let Some(found) = semconv::find(key) else {
            return;
        };
        let subject = format!("attribute `{key}`");
        let place = Some(at.place());
        if found.value_type.is_none() || found.is_template() && found.key.starts_with(key) {
            let reason = "in the semantic conventions, it does not have a single type";
            self.report.add(Outcome::LeftOut, subject, place, reason);
            return;
        }
        let mut map = Map::new();
        map.put_some(
            "rust_name",
            self.names.claim(NameKind::Attribute, key, None),
        );
        draft.add("semconv", key, map, &subject, place.clone());
        let values = match found.cardinality {
            semconv::Class::Closed if found.value_type == Some(Type::Boolean) => Some(2),
            semconv::Class::Closed => Some(found.values().count() as u64 + 1),
            semconv::Class::Range(min, max) => Some(max.abs_diff(min).saturating_add(1)),
            semconv::Class::Bounded(limit) => Some(u64::from(limit) + 1),
            semconv::Class::Unbounded => None,
        };
        let known = Properties {
            values,
            is_personal: matches!(found.privacy, otel_contract_model::Privacy::Personal(_)),
            is_secret: found.privacy == otel_contract_model::Privacy::Secret,
        };
        self.converted.insert(key.to_owned(), known);
        let reason =
            "defined by a dependency without local files; imported from the bundled conventions";
        self.report.add(Outcome::Changed, subject, place, reason);
    }

    fn record_converted(&mut self, attribute: &Attribute<'_>, classes: &Classes) {
        for key in keys(attribute) {
            self.converted.insert(key, classes.known);
        }
    }

    fn brief(&mut self, attribute: &Attribute<'a>) -> String {
        match attribute.common.brief {
            Some(brief) => self.text(brief).to_owned(),
            None => {
                let subject = format!("attribute `{}`", attribute.key);
                let place = Some(attribute.at.place());
                let reason = "has no brief, so its key is used";
                self.report.add(Outcome::Changed, subject, place, reason);
                format!("`{}` of the registry.", attribute.key)
            }
        }
    }

    /// Converts a deprecation.
    pub(super) fn deprecated(
        &self,
        common: &Common<'a>,
        known: impl Fn(&str) -> bool,
    ) -> Option<Map> {
        let deprecated = common.deprecated.as_ref()?;
        let annotation = Annotation(Annotation(common.annotation).get("deprecated"));
        let mut map = Map::new();
        annotation.copy(&["since"], &mut map);
        let mut note = deprecated.note.map(|note| self.text(note).to_owned());
        match deprecated.renamed_to {
            Some(name) if known(name) => {
                map.put("replaced_by", name);
                annotation.copy(&["emit"], &mut map);
            }
            Some(name) => {
                let renamed = format!("Renamed to `{name}`.");
                note = Some(match note {
                    Some(note) => format!("{renamed} {note}"),
                    None => renamed,
                });
            }
            None if note.is_none() => {
                note = Some(if deprecated.obsoleted {
                    "No replacement.".to_owned()
                } else {
                    "Deprecated by the registry.".to_owned()
                });
            }
            None => {}
        }
        map.put_some("note", note);
        annotation.copy(&["removed_in"], &mut map);
        Some(map)
    }

    /// Converts the values of `error.type` to error classes.
    fn errors(&mut self, attribute: &'a Attribute<'a>, draft: &mut Draft) {
        let Kind::Enum(members, _) = &attribute.kind else {
            return;
        };
        let values: Vec<&str> = members
            .iter()
            .filter_map(|member| member.value.text())
            .collect();
        for member in members {
            let Some(name) = member.value.text().filter(|name| *name != "_OTHER") else {
                continue;
            };
            let annotation = Annotation(member.common.annotation);
            let brief = member.common.brief.map(|brief| self.text(brief).to_owned());
            let brief = brief.unwrap_or_else(|| format!("`{name}` of the registry."));
            let deprecated = self.deprecated(&member.common, |name| values.contains(&name));
            let mut map = Map::new();
            map.put("brief", brief.as_str());
            map.put_some("deprecated", deprecated);
            annotation.copy(&["severity", "expected", "rust_name"], &mut map);
            let value = if map.len() == 1 {
                Yaml::from(brief)
            } else {
                map.into()
            };
            self.errors += 1;
            let subject = format!("error `{name}`");
            draft.add("errors", name, value, &subject, Some(member.at.place()));
        }
    }
}

/// Returns the reason why a contract cannot contain an attribute, or `None` if a contract can contain it.
fn rejection(attribute: &Attribute<'_>) -> Option<String> {
    let key = attribute.key.as_str();
    if key == ERROR_TYPE {
        return Some("built in: every contract has it, with the `errors` as values".to_owned());
    }
    if key == "otel" || key.starts_with("otel.") {
        return Some("the namespace `otel` is reserved for OpenTelemetry".to_owned());
    }
    // The key of a bundled template may contain dashes.
    let is_key = Annotation(attribute.common.annotation).has("semconv")
        && semconv::find(key).is_some_and(|found| found.is_template());
    if !names::is_name(key) && !is_key {
        return Some(
            "not a valid name: contracts use lowercase words separated by dots".to_owned(),
        );
    }
    match &attribute.kind {
        Kind::Any | Kind::Template(None) => {
            Some("accepts values of any type, which a contract cannot check".to_owned())
        }
        Kind::Enum(members, _) if members.is_empty() => Some("an enum without members".to_owned()),
        Kind::Enum(members, _) if value_kind(members) == ValueKind::Mixed => {
            Some("its values have several types".to_owned())
        }
        Kind::Enum(members, _) if value_kind(members) == ValueKind::Beyond => {
            let beyond = members
                .iter()
                .find(|member| member.value.is_beyond_integers());
            let beyond = beyond.map_or("a value", |member| member.value.shown());
            Some(format!("its value `{beyond}` exceeds 64-bit integers"))
        }
        _ => None,
    }
}

/// Returns the keys in the contract: the key of the attribute, or all keys of a template.
fn keys(attribute: &Attribute<'_>) -> Vec<String> {
    match attribute.kind {
        Kind::Template(_) => {
            let keys = Annotation(attribute.common.annotation).texts("keys");
            keys.into_iter()
                .map(|key| format!("{}.{key}", attribute.key))
                .collect()
        }
        _ => vec![attribute.key.clone()],
    }
}

/// Returns a stability, or `None` for the default.
pub(super) fn stability(stability: Stability) -> Option<&'static str> {
    (stability != Stability::Development).then(|| words::stability(stability))
}
