//! Setting the attributes of an operation.

use super::{ActiveOperation, SpanState};
use crate::capped::CappedText;
use crate::definition::{Admitted, InputValue, OperationAttribute, Values};
use crate::telemetry::{push_static, push_text};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{KeyValue, Value};

/// Destination of an attribute of the span.
enum Sink {
    /// The value is discarded.
    Drop,
    /// The value is appended to the attributes of the operation, which become attributes of the span at its start or at
    /// its end.
    Push,
    /// The value is stored in the slots, is set on the SDK span, or replaces an earlier value in the attributes of the
    /// operation.
    Store,
}

impl ActiveOperation {
    /// Sets the attribute with this index.
    ///
    /// The match on the kind of value is inlined, because the caller knows the kind: a value that was just written is
    /// slow to read back, see “Store forwarding” in `active_operation`.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub fn set(&mut self, index: usize, value: Option<InputValue<'_>>) {
        match value {
            Some(InputValue::Code(code)) => self.set_code(index, code),
            Some(InputValue::Text(text)) => self.set_text(index, text),
            Some(InputValue::Capped(text)) => self.set_capped(index, &text),
            Some(InputValue::CappedRef(text)) => self.set_capped(index, text),
            Some(InputValue::Static(text)) => self.set_static(index, text),
            Some(InputValue::Value(value)) => self.set_value(index, value),
            None => {}
        }
    }

    /// Sets an attribute whose values have codes to the value with this code.
    pub fn set_code(&mut self, index: usize, code: u64) {
        let attribute = &self.definition.attributes[index];
        if let Some(dimension) = attribute.dimension {
            self.measurements.set(dimension, code);
        }
        self.log(index, || Admitted::Code(code));
        match (self.sink(index), self.telemetry) {
            (Sink::Push, Some(telemetry)) => {
                telemetry
                    .limiters()
                    .push_key_value(attribute, code, &mut self.attributes);
            }
            (Sink::Store, Some(_)) => self.store(index, Admitted::Code(code)),
            _ => {}
        }
    }

    /// Sets an attribute to a borrowed text.
    pub fn set_text(&mut self, index: usize, text: &str) {
        let attribute = &self.definition.attributes[index];
        if let Some(code) = self.bounded(attribute, text) {
            return self.set_code(index, code);
        }
        self.log(index, || Admitted::Value(Value::from(text.to_owned())));
        match self.sink(index) {
            Sink::Push => push_text(&mut self.attributes, attribute.key, text),
            Sink::Store => {
                let value = Value::String(text.to_owned().into());
                self.store(index, Admitted::Value(value));
            }
            Sink::Drop => {}
        }
    }

    /// Sets a bounded attribute.
    pub fn set_capped(&mut self, index: usize, text: &CappedText) {
        let attribute = &self.definition.attributes[index];
        if let Some(telemetry) = self.telemetry {
            let code = telemetry
                .limiters()
                .code_of_capped(attribute.attribute, text);
            self.set_code(index, code);
        }
    }

    /// Sets an attribute to a text from the source code.
    pub fn set_static(&mut self, index: usize, text: &'static str) {
        let attribute = &self.definition.attributes[index];
        if let Some(code) = self.bounded(attribute, text) {
            return self.set_code(index, code);
        }
        self.log(index, || Admitted::Value(Value::from(text)));
        match self.sink(index) {
            Sink::Push => push_static(&mut self.attributes, attribute.key, text),
            Sink::Store => self.store(index, Admitted::Value(Value::from(text))),
            Sink::Drop => {}
        }
    }

    /// Sets an attribute to any other value.
    pub fn set_value(&mut self, index: usize, value: Value) {
        let attribute = &self.definition.attributes[index];
        if let Value::String(text) = &value
            && let Some(code) = self.bounded(attribute, text.as_str())
        {
            return self.set_code(index, code);
        }
        self.log(index, || Admitted::Value(value.clone()));
        match self.sink(index) {
            Sink::Push => self.attributes.push(KeyValue::new(attribute.key, value)),
            Sink::Store => self.store(index, Admitted::Value(value)),
            Sink::Drop => {}
        }
    }

    /// Returns the code of a text if the attribute is bounded.
    #[inline]
    fn bounded(&self, attribute: &OperationAttribute, text: &str) -> Option<u64> {
        match (attribute.values, self.telemetry) {
            (Values::Limited(_), Some(telemetry)) => {
                Some(telemetry.limiters().code(attribute.attribute, text))
            }
            _ => None,
        }
    }

    /// Returns the destination of a new value of the attribute with this index. A value that the sampler has seen does
    /// not change.
    #[inline]
    fn sink(&mut self, index: usize) -> Sink {
        if self.definition.attributes[index].sampling_relevant && !self.is_unseen(index) {
            return Sink::Drop;
        }
        // Values set by handles while the body runs and values set after it go to the slots, so that the last one wins.
        let late = self.begun && self.slots.is_some();
        match self.span {
            SpanState::Off | SpanState::Buffered(_) if late => Sink::Store,
            SpanState::Off => Sink::Drop,
            SpanState::Buffered(_) => {
                if self.is_first_value(index) {
                    Sink::Push
                } else {
                    Sink::Store
                }
            }
            _ if self.slots.is_some() => Sink::Store,
            SpanState::Pending => Sink::Push,
            SpanState::Sdk => Sink::Store,
        }
    }

    /// Whether the sampler has not seen the attribute because a server layer, which does not know it, started the operation.
    #[cfg_attr(not(feature = "edge"), allow(clippy::unused_self))] // Same signature as with the feature.
    #[inline]
    fn is_unseen(&self, index: usize) -> bool {
        #[cfg(feature = "edge")]
        return self.shared.is_some() && bit(index) != 0 && self.already_set & bit(index) == 0;
        #[cfg(not(feature = "edge"))]
        {
            let _ = index;
            false
        }
    }

    /// Whether a buffered span is known to have no value of an attribute yet, under any of its keys. If it is not known, the
    /// value is stored by a search through the list.
    #[inline]
    fn is_first_value(&mut self, index: usize) -> bool {
        if !self.definition.contract.renames.is_empty() {
            return false;
        }
        if self.slots.is_none() && !self.may_replace {
            return true;
        }
        let bit = bit(index);
        let is_first = bit != 0 && self.already_set & bit == 0;
        self.already_set |= bit;
        is_first
    }

    #[cold]
    fn store(&mut self, index: usize, value: Admitted) {
        let buffered = matches!(self.span, SpanState::Buffered(_));
        if let Some(slots) = &self.slots
            && (self.begun || !buffered)
        {
            return slots.store(index, value);
        }
        let Some(telemetry) = self.telemetry else {
            return;
        };
        let Some(attribute) = telemetry.key_value(self.definition, index, value) else {
            return;
        };
        if buffered {
            self.set_buffered(attribute, false);
        } else if let Some(context) = &self.context {
            self.already_set |= bit(index);
            let span = context.span();
            for other in self.definition.contract.other_keys(&attribute) {
                span.set_attribute(other);
            }
            span.set_attribute(attribute);
        }
    }

    /// Sets an attribute of a buffered span. `moves_entry`: if the attribute is one of the entry attributes, it is moved
    /// to the end of the list. Its new value then takes precedence over a value that other code has set on the span.
    pub(super) fn set_buffered(&mut self, new: KeyValue, moves_entry: bool) {
        let others = self.definition.contract.other_keys(&new);
        for attribute in others.collect::<Vec<_>>().into_iter().chain([new]) {
            let mut present = self.attributes.iter();
            match present.position(|present| present.key == attribute.key) {
                Some(index) if moves_entry && index < self.entry_attributes => {
                    self.attributes.remove(index);
                    self.entry_attributes -= 1;
                    self.attributes.push(attribute);
                }
                Some(index) => self.attributes[index].value = attribute.value,
                None => self.attributes.push(attribute),
            }
        }
    }
}

/// Returns the bit of an attribute in [`ActiveOperation::already_set`]; 0 for an index beyond 63.
#[inline]
pub(super) fn bit(index: usize) -> u64 {
    let bit = 1_u64.checked_shl(u32::try_from(index).unwrap_or(u32::MAX));
    bit.unwrap_or_default()
}
