//! The first format: one list of `groups`.

use otel_contract_model::{Instrument, SpanKind};

use super::super::codes;
use super::super::registry::{Group, RegistryNode, Signal};
use super::{Fields, Reader};

impl<'a> Reader<'_, 'a> {
    pub(super) fn first_format(&mut self, at: RegistryNode<'a>) {
        let Some(mut fields) = self.open(at, "the file") else {
            return;
        };
        if let Some(groups) = fields.take("groups") {
            for item in self.items(groups) {
                self.group(groups.with(item));
            }
        }
        self.imports(&mut fields);
        self.close(fields);
    }

    fn group(&mut self, at: RegistryNode<'a>) -> Option<()> {
        let mut fields = self.open(at, "a group")?;
        let id = fields.required("id", self.errors)?;
        fields.owner = format!("group `{id}`");
        let word = fields.take("type");
        let signal = match word {
            Some(word) => {
                let signal = self.signal(word, &mut fields);
                if signal.is_none() {
                    self.registry.with_errors.insert(id.to_owned());
                }
                signal?
            }
            None => Signal::Attributes,
        };
        let named = match signal {
            Signal::Metric(_) => fields.required("metric_name", self.errors),
            Signal::Event | Signal::Entity => fields.text("name", self.errors),
            _ => None,
        };
        let prefix = match signal {
            Signal::Span(_) => "span.",
            Signal::Event => "event.",
            Signal::Entity => "entity.",
            _ => "",
        };
        let name = named.unwrap_or_else(|| id.strip_prefix(prefix).unwrap_or(id));
        let extends = fields.take("extends");
        let extends = extends.and_then(|at| Some((at, at.node.text()?.to_owned())));
        let key_prefix = fields.text("prefix", self.errors).unwrap_or_default();
        let attributes = fields.take("attributes");
        let (uses, definition_count) = self.uses(attributes, key_prefix);
        let common = self.common(&mut fields);
        let unit = match signal {
            Signal::Metric(_) => fields.text("unit", self.errors),
            _ => None,
        };
        self.close(fields);
        self.registry.groups.push(Group {
            at,
            id: id.to_owned(),
            name: name.to_owned(),
            signal,
            is_dependency: self.is_dependency,
            common,
            unit,
            extends,
            uses,
            definition_count,
        });
        Some(())
    }

    fn signal(&mut self, word: RegistryNode<'a>, fields: &mut Fields<'a>) -> Option<Signal> {
        match word.node.text() {
            Some("attribute_group") => Some(Signal::Attributes),
            Some("span") => {
                let kind = fields.take("span_kind");
                let kind = kind.and_then(|kind| self.span_kind(kind));
                Some(Signal::Span(kind))
            }
            Some("metric") => {
                let instrument = fields.take("instrument");
                let instrument = instrument.and_then(|word| self.instrument(word));
                Some(Signal::Metric(instrument))
            }
            Some("event") => Some(Signal::Event),
            Some("entity" | "resource") => Some(Signal::Entity),
            other => {
                const WORDS: &str =
                    "`attribute_group`, `span`, `metric`, `event`, `entity`, `resource`";
                let written = other.unwrap_or(word.node.shown());
                let error = word.error(&codes::UNKNOWN_WORD, &[&written, &"a group type", &WORDS]);
                self.errors.push(error);
                None
            }
        }
    }

    pub(super) fn span_kind(&mut self, at: RegistryNode<'a>) -> Option<SpanKind> {
        match at.node.text() {
            Some("internal") => Some(SpanKind::Internal),
            Some("server") => Some(SpanKind::Server),
            Some("client") => Some(SpanKind::Client),
            Some("producer") => Some(SpanKind::Producer),
            Some("consumer") => Some(SpanKind::Consumer),
            other => {
                const WORDS: &str = "`internal`, `server`, `client`, `producer`, `consumer`";
                let written = other.unwrap_or(at.node.shown());
                let error = at.error(&codes::UNKNOWN_WORD, &[&written, &"a span kind", &WORDS]);
                self.errors.push(error);
                None
            }
        }
    }

    pub(super) fn instrument(&mut self, at: RegistryNode<'a>) -> Option<Instrument> {
        match at.node.text() {
            Some("counter") => Some(Instrument::Counter),
            Some("updowncounter") => Some(Instrument::UpDownCounter),
            Some("histogram") => Some(Instrument::Histogram),
            Some("gauge") => Some(Instrument::Gauge),
            other => {
                const WORDS: &str = "`counter`, `updowncounter`, `histogram`, `gauge`";
                let written = other.unwrap_or(at.node.shown());
                let error = at.error(&codes::UNKNOWN_WORD, &[&written, &"an instrument", &WORDS]);
                self.errors.push(error);
                None
            }
        }
    }
}
