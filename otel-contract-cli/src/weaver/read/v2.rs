//! The second format, `definition/2`: one section per kind of entry.

use otel_contract_model::Node;

use super::super::codes;
use super::super::registry::{Group, Import, RegistryNode, Signal};
use super::{Fields, Reader};

/// Parses an entry of a section.
type Entry<'r, 'a> = fn(&mut Reader<'r, 'a>, RegistryNode<'a>) -> Option<()>;

impl<'a> Reader<'_, 'a> {
    pub(super) fn second_format(&mut self, at: RegistryNode<'a>) {
        let Some(mut fields) = self.open(at, "the file") else {
            return;
        };
        fields.take("file_format");
        fields.take("version");
        if let Some(section) = fields.take("attributes") {
            for item in self.items(section) {
                self.definition(section.with(item), "key", "");
            }
        }
        let sections: [(&str, Entry<'_, 'a>); 7] = [
            ("attribute_groups", Reader::attribute_group),
            ("spans", Reader::span),
            ("span_refinements", Reader::span_refinement),
            ("metrics", Reader::metric),
            ("metric_refinements", Reader::metric_refinement),
            ("events", Reader::event),
            ("entities", Reader::entity),
        ];
        for (name, entry) in sections {
            if let Some(section) = fields.take(name) {
                for item in self.items(section) {
                    entry(self, section.with(item));
                }
            }
        }
        self.imports(&mut fields);
        self.close(fields);
    }

    /// Parses imports from dependencies, in both formats.
    pub(super) fn imports(&mut self, fields: &mut Fields<'a>) {
        let Some(imports) = fields.take("imports") else {
            return;
        };
        for (section, patterns) in imports.node.entries() {
            let known = ["metrics", "events", "entities", "spans", "attribute_groups"];
            let name = section.text().unwrap_or_default();
            if !known.contains(&name) {
                const WORDS: &str = "`attribute_groups`, `entities`, `events`, `metrics`, `spans`";
                let error = imports.with(section).error(
                    &codes::UNKNOWN_WORD,
                    &[&name, &"a section that can be imported", &WORDS],
                );
                self.errors.push(error);
                continue;
            }
            for pattern in self.items(imports.with(patterns)) {
                match pattern.text() {
                    Some(text) => self.registry.imports.push(Import {
                        at: imports.with(pattern),
                        section: name,
                        pattern: text,
                    }),
                    None => self.wrong(imports.with(pattern), "a string"),
                }
            }
        }
    }

    fn attribute_group(&mut self, at: RegistryNode<'a>) -> Option<()> {
        let mut fields = self.open(at, "an attribute group")?;
        let id = fields.required("id", self.errors)?;
        fields.owner = format!("group `{id}`");
        let signal = match fields.text("visibility", self.errors) {
            Some("internal") => Signal::Shared,
            _ => Signal::Attributes,
        };
        self.add(fields, id.to_owned(), id, signal, None);
        Some(())
    }

    fn span(&mut self, at: RegistryNode<'a>) -> Option<()> {
        let mut fields = self.open(at, "a span")?;
        let name = fields.required("type", self.errors)?;
        fields.owner = format!("span `{name}`");
        let kind = fields.take("kind");
        let kind = kind.and_then(|kind| self.span_kind(kind));
        let signal = Signal::Span(kind);
        self.add(fields, format!("span.{name}"), name, signal, None);
        Some(())
    }

    /// Parses a span refinement, which inherits from another span.
    fn span_refinement(&mut self, at: RegistryNode<'a>) -> Option<()> {
        let (fields, name, base) = self.refinement(at, "span")?;
        let id = format!("span.{name}");
        self.add(fields, id, name, Signal::Span(None), Some(base));
        Some(())
    }

    fn metric(&mut self, at: RegistryNode<'a>) -> Option<()> {
        let mut fields = self.open(at, "a metric")?;
        let name = fields.required("name", self.errors)?;
        fields.owner = format!("metric `{name}`");
        let instrument = fields.take("instrument");
        let instrument = instrument.and_then(|word| self.instrument(word));
        let signal = Signal::Metric(instrument);
        self.add(fields, format!("metric.{name}"), name, signal, None);
        Some(())
    }

    fn metric_refinement(&mut self, at: RegistryNode<'a>) -> Option<()> {
        let (fields, name, base) = self.refinement(at, "metric")?;
        let id = format!("metric.{name}");
        self.add(fields, id, name, Signal::MetricRefinement, Some(base));
        Some(())
    }

    fn event(&mut self, at: RegistryNode<'a>) -> Option<()> {
        let mut fields = self.open(at, "an event")?;
        let name = fields.required("name", self.errors)?;
        fields.owner = format!("event `{name}`");
        self.add(fields, format!("event.{name}"), name, Signal::Event, None);
        Some(())
    }

    fn entity(&mut self, at: RegistryNode<'a>) -> Option<()> {
        let mut fields = self.open(at, "an entity")?;
        let name = fields.required("type", self.errors)?;
        fields.owner = format!("entity `{name}`");
        let identity = fields.take("identity");
        let description = fields.take("description");
        let (mut uses, _) = self.uses(identity, "");
        uses.extend(self.uses(description, "").0);
        let id = format!("entity.{name}");
        self.add(fields, id, name, Signal::Entity, None);
        self.registry.groups.last_mut()?.uses = uses;
        Some(())
    }

    fn refinement(
        &mut self,
        at: RegistryNode<'a>,
        kind: &str,
    ) -> Option<(Fields<'a>, &'a str, (RegistryNode<'a>, String))> {
        let mut fields = self.open(at, "a refinement")?;
        let id = fields.required("id", self.errors)?;
        let name = id.strip_prefix(&format!("{kind}.")).unwrap_or(id);
        fields.owner = format!("refinement `{name}`");
        let base = at.node.get("ref");
        let text = fields.required("ref", self.errors)?;
        let base = (at.with(base?), format!("{kind}.{text}"));
        Some((fields, name, base))
    }

    /// Adds a group with its remaining fields.
    fn add(
        &mut self,
        mut fields: Fields<'a>,
        id: String,
        name: &str,
        signal: Signal,
        extends: Option<(RegistryNode<'a>, String)>,
    ) {
        let attributes = fields.take("attributes");
        let (uses, definition_count) = self.uses(attributes, "");
        let common = self.common(&mut fields);
        let unit = match signal {
            Signal::Metric(_) => fields.text("unit", self.errors),
            _ => None,
        };
        let at = fields.at;
        // The field `name` of a span describes the span name in its `note`. An export writes the type of the span as
        // the note; such a note adds nothing.
        if let Some(prose) = fields.take("name")
            && prose.node.get("note").and_then(Node::text) != Some(name)
        {
            self.unread(prose, &fields.owner, "name");
        }
        self.close(fields);
        self.registry.groups.push(Group {
            at,
            id,
            name: name.to_owned(),
            signal,
            is_dependency: self.is_dependency,
            common,
            unit,
            extends,
            uses,
            definition_count,
        });
    }
}
