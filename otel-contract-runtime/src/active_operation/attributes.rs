//! Where the attributes of an operation go.

use super::{ActiveOperation, SpanState};
use crate::capped::CappedText;
use crate::definition::{Admitted, OperationAttribute, Recorded, Values};
use crate::telemetry::{push_static, push_text};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{KeyValue, Value};

/// Where an attribute of the span goes.
enum Sink {
    Nothing,
    /// To those the operation keeps: a span is started with them, or given them when it ends.
    Pending,
    /// To the slots, to the span, or in the place of one that is kept.
    Other,
}

impl ActiveOperation {
    /// Sets an attribute.
    ///
    /// Inlined as far as the kind of the value goes, which is known where this is called: what was
    /// just written to memory in parts is slow to read back as a whole.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub fn set(&mut self, index: usize, value: Option<Recorded<'_>>) {
        match value {
            Some(Recorded::Code(code)) => self.set_code(index, code),
            Some(Recorded::Text(text)) => self.set_text(index, text),
            Some(Recorded::Capped(text)) => self.set_capped(index, &text),
            Some(Recorded::CappedRef(text)) => self.set_capped(index, text),
            Some(Recorded::Static(text)) => self.set_static(index, text),
            Some(Recorded::Value(value)) => self.set_value(index, value),
            None => {}
        }
    }

    /// Sets an attribute to a value of its set.
    pub fn set_code(&mut self, index: usize, code: u64) {
        let one = &self.definition.attributes[index];
        if let Some(dimension) = one.dimension {
            self.measuring.set(dimension, code);
        }
        match (self.sink(index), self.telemetry) {
            (Sink::Pending, Some(telemetry)) => {
                telemetry
                    .limits()
                    .show_code(one, code, &mut self.attributes);
            }
            (Sink::Other, Some(_)) => self.keep(index, Admitted::Code(code)),
            _ => {}
        }
    }

    /// Sets an attribute to a text that was given as it is.
    pub fn set_text(&mut self, index: usize, text: &str) {
        let one = &self.definition.attributes[index];
        if let Some(code) = self.bounded(one, text) {
            return self.set_code(index, code);
        }
        match self.sink(index) {
            Sink::Pending => push_text(&mut self.attributes, one.key, text),
            Sink::Other => {
                let value = Value::String(text.to_owned().into());
                self.keep(index, Admitted::Value(value));
            }
            Sink::Nothing => {}
        }
    }

    /// Sets a bounded attribute.
    pub fn set_capped(&mut self, index: usize, text: &CappedText) {
        let one = &self.definition.attributes[index];
        if let Some(telemetry) = self.telemetry {
            let code = telemetry.limits().code_of_capped(one.attribute, text);
            self.set_code(index, code);
        }
    }

    /// Sets an attribute to a text that stands in the source.
    pub fn set_static(&mut self, index: usize, text: &'static str) {
        let one = &self.definition.attributes[index];
        if let Some(code) = self.bounded(one, text) {
            return self.set_code(index, code);
        }
        match self.sink(index) {
            Sink::Pending => push_static(&mut self.attributes, one.key, text),
            Sink::Other => self.keep(index, Admitted::Value(Value::from(text))),
            Sink::Nothing => {}
        }
    }

    /// Sets an attribute to any value.
    pub fn set_value(&mut self, index: usize, value: Value) {
        let one = &self.definition.attributes[index];
        if let Value::String(text) = &value
            && let Some(code) = self.bounded(one, text.as_str())
        {
            return self.set_code(index, code);
        }
        match self.sink(index) {
            Sink::Pending => self.attributes.push(KeyValue::new(one.key, value)),
            Sink::Other => self.keep(index, Admitted::Value(value)),
            Sink::Nothing => {}
        }
    }

    /// The code of a text, if the attribute is bounded.
    #[inline]
    fn bounded(&self, one: &OperationAttribute, text: &str) -> Option<u64> {
        match (one.values, self.telemetry) {
            (Values::Limited(_), Some(telemetry)) => {
                Some(telemetry.limits().code(one.attribute, text))
            }
            _ => None,
        }
    }

    /// Where the span's attributes go now. What the sampler has seen stays as it was.
    #[inline]
    fn sink(&mut self, index: usize) -> Sink {
        if self.definition.attributes[index].sampled {
            return Sink::Nothing;
        }
        // What is given from elsewhere while the body runs, and what is given after it, in one order.
        let late = self.begun && self.slots.is_some();
        match self.span {
            SpanState::Off | SpanState::Buffered(_) if late => Sink::Other,
            SpanState::Off => Sink::Nothing,
            SpanState::Buffered(_) => {
                if self.is_given_first(index) {
                    Sink::Pending
                } else {
                    Sink::Other
                }
            }
            _ if self.slots.is_some() => Sink::Other,
            SpanState::Pending => Sink::Pending,
            SpanState::Sdk => Sink::Other,
        }
    }

    /// Whether an attribute of a span that is buffered has no value yet, under no key.
    #[inline]
    fn is_given_first(&mut self, index: usize) -> bool {
        if !self.definition.contract.renames.is_empty() {
            return false;
        }
        if self.slots.is_none() && !self.sampler_added {
            return true;
        }
        let bit = bit(index);
        let is_first = bit != 0 && self.given & bit == 0;
        self.given |= bit;
        is_first
    }

    #[cold]
    fn keep(&mut self, index: usize, value: Admitted) {
        let buffered = matches!(self.span, SpanState::Buffered(_));
        if let Some(slots) = &self.slots
            && (self.begun || !buffered)
        {
            return slots.keep(index, value);
        }
        let Some(telemetry) = self.telemetry else {
            return;
        };
        let Some(shown) = telemetry.shown(self.definition, index, value) else {
            return;
        };
        if buffered {
            self.put(shown, false);
        } else if let Some(context) = &self.context {
            let span = context.span();
            for other in self.definition.contract.other_keys(&shown) {
                span.set_attribute(other);
            }
            span.set_attribute(shown);
        }
    }

    /// Adds an attribute of a span that is buffered, or gives it another value. `moves`: what had a value when the body began
    /// moves behind it, since others may have set it meanwhile.
    pub(super) fn put(&mut self, shown: KeyValue, moves: bool) {
        let others = self.definition.contract.other_keys(&shown);
        for one in others.collect::<Vec<_>>().into_iter().chain([shown]) {
            let mut known = self.attributes.iter();
            match known.position(|known| known.key == one.key) {
                Some(index) if moves && index < self.entered => {
                    self.attributes.remove(index);
                    self.entered -= 1;
                    self.attributes.push(one);
                }
                Some(index) => self.attributes[index].value = one.value,
                None => self.attributes.push(one),
            }
        }
    }
}

/// The bit of an attribute in [`ActiveOperation::given`]; 0 for one that is beyond.
#[inline]
pub(super) fn bit(index: usize) -> u64 {
    let bit = 1_u64.checked_shl(u32::try_from(index).unwrap_or(u32::MAX));
    bit.unwrap_or_default()
}
