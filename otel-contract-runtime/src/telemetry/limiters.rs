//! The limiters of a contract under one installation.

use super::limiter::Limiter;
use crate::capped::CappedText;
use crate::definition::{
    Admitted, AttributeDefinition, ContractDefinition, Dimension, InputValue, OTHER,
    OperationAttribute, Values,
};
use opentelemetry::{KeyValue, Value};
use std::sync::{Arc, OnceLock};

/// One limiter per bounded attribute, created for its first value. Each test scope has its own limiters, so that tests do
/// not see each other's values.
#[derive(Debug)]
pub(crate) struct Limiters {
    contract: &'static ContractDefinition,
    attributes: &'static [AttributeDefinition],
    // Boxed, because few attributes are bounded and a limiter is large.
    by_attribute: Box<[OnceLock<Box<Limiter>>]>,
}

impl Limiters {
    pub(crate) fn new(contract: &'static ContractDefinition) -> Self {
        let attributes = contract.attributes;
        Self {
            contract,
            attributes,
            by_attribute: attributes.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// Returns the contract of the attributes.
    pub(crate) fn contract(&self) -> &'static ContractDefinition {
        self.contract
    }

    /// Converts a value to its recordable form: text of a bounded attribute becomes a code.
    #[inline]
    pub(crate) fn admit(&self, attribute: usize, input: InputValue<'_>) -> Admitted {
        let value = match input {
            InputValue::Code(code) => return Admitted::Code(code),
            InputValue::Text(text) => match self.bounded(attribute, text) {
                Some(code) => return Admitted::Code(code),
                None => Value::String(text.to_owned().into()),
            },
            InputValue::Capped(text) => {
                return Admitted::Code(self.code_of_capped(attribute, &text));
            }
            InputValue::CappedRef(text) => {
                return Admitted::Code(self.code_of_capped(attribute, text));
            }
            InputValue::Static(text) => match self.bounded(attribute, text) {
                Some(code) => return Admitted::Code(code),
                None => Value::from(text),
            },
            InputValue::Value(value) => value,
        };
        let code = match &value {
            Value::String(text) => self.bounded(attribute, text.as_str()),
            _ => None,
        };
        code.map_or(Admitted::Value(value), Admitted::Code)
    }

    /// Returns the code of a text of a bounded attribute.
    pub(crate) fn code(&self, attribute: usize, text: &str) -> u64 {
        self.limiter(attribute)
            .map_or(0, |limiter| limiter.admit(text))
    }

    /// Returns the code of a text whose type is that of a bounded attribute.
    pub(crate) fn code_of_capped(&self, attribute: usize, text: &CappedText) -> u64 {
        self.limiter(attribute)
            .map_or(0, |limiter| limiter.admit_capped(text))
    }

    #[inline]
    fn limiter(&self, attribute: usize) -> Option<&Limiter> {
        let Values::Limited(limit) = self.attributes[attribute].values else {
            return None;
        };
        Some(self.by_attribute[attribute].get_or_init(|| Box::new(Limiter::new(limit))))
    }

    /// Returns the code of a text if the attribute is bounded.
    #[inline]
    pub(crate) fn bounded(&self, attribute: usize, text: &str) -> Option<u64> {
        let bounded = matches!(self.attributes[attribute].values, Values::Limited(_));
        bounded.then(|| self.code(attribute, text))
    }

    /// Pushes the span attribute for a code onto the list of attributes, without moving it.
    #[inline]
    pub(crate) fn push_key_value(
        &self,
        attribute: &OperationAttribute,
        code: u64,
        attributes: &mut Vec<KeyValue>,
    ) {
        let key = attribute.key;
        match attribute.values {
            Values::Strings(values) => {
                if let Some(value) = usize::try_from(code).ok().and_then(|code| values.get(code)) {
                    push_static(attributes, key, value);
                }
            }
            Values::Limited(_) => {
                let limiter = self.by_attribute[attribute.attribute].get();
                let text = limiter.and_then(|limiter| limiter.text(code));
                push_static(attributes, key, text.unwrap_or(OTHER));
            }
            Values::Range(least, _) => push_int(attributes, key, least.wrapping_add_unsigned(code)),
            values => attributes.extend(values.value(code).map(|value| KeyValue::new(key, value))),
        }
    }

    /// Returns the attribute of a span or a log record for an admitted value.
    #[inline]
    pub(crate) fn key_value(&self, attribute: usize, admitted: Admitted) -> Option<KeyValue> {
        let value = match admitted {
            Admitted::Code(code) => self.coded(self.attributes[attribute].values, attribute, code),
            Admitted::Value(value) => Some(value),
        };
        Some(KeyValue::new(self.attributes[attribute].key, value?))
    }

    /// Returns the value of a dimension of a metric for a code.
    pub(crate) fn value(&self, dimension: &Dimension, code: u64) -> Option<Value> {
        match dimension.attribute {
            Some(attribute) => self.coded(dimension.values, attribute, code),
            None => dimension.values.value(code),
        }
    }

    #[inline]
    fn coded(&self, values: Values, attribute: usize, code: u64) -> Option<Value> {
        match values {
            Values::Limited(_) => Some(self.by_attribute[attribute].get()?.value(code)),
            values => values.value(code),
        }
    }

    /// Returns the key of every attribute with rejected values, and how often values were rejected.
    pub(crate) fn rejected(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let limiters = self.attributes.iter().zip(&self.by_attribute);
        limiters.filter_map(|(attribute, limiter)| {
            let rejected = limiter.get()?.rejected();
            (rejected > 0).then_some((attribute.key, rejected))
        })
    }
}

// One function per kind of value, with a separate branch if there is room: without this separation, the compiler builds
// the attribute on the stack first, where it is slow to read back (“Store forwarding” in `active_operation`).
macro_rules! push {
    ($($name:ident: $value:ty $(=> $convert:expr)?;)*) => {$(
        pub(crate) fn $name(attributes: &mut Vec<KeyValue>, key: &'static str, value: $value) {
            $(let value = $convert(value);)?
            if attributes.len() < attributes.capacity() {
                attributes.push(KeyValue::new(key, value));
            } else {
                attributes.reserve(1);
                attributes.push(KeyValue::new(key, value));
            }
        }
    )*};
}

push! {
    push_static: &'static str;
    push_int: i64;
    push_text: &str => Arc::<str>::from;
}
