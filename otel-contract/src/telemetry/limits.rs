//! The limiters of one contract under one installed telemetry.

use super::limiter::Limiter;
use crate::definition::{
    Admitted, AttributeDefinition, ContractDefinition, Dimension, Recorded, Values,
};
use opentelemetry::{KeyValue, Value};
use std::sync::OnceLock;

/// One limiter per bounded attribute, made when its first value comes: tests with telemetry of their
/// own do not see each other's values.
#[derive(Debug)]
pub(crate) struct Limits {
    attributes: &'static [AttributeDefinition],
    limiters: Box<[OnceLock<Limiter>]>,
}

impl Limits {
    pub(crate) fn new(contract: &'static ContractDefinition) -> Self {
        let attributes = contract.attributes;
        Self {
            attributes,
            limiters: attributes.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// A value as it may be recorded: text of a bounded attribute becomes a code.
    #[inline]
    pub(crate) fn admit(&self, attribute: usize, given: Recorded<'_>) -> Admitted {
        let bounded = || matches!(self.attributes[attribute].values, Values::Limited(_));
        match given {
            Recorded::Code(code) => Admitted::Code(code),
            Recorded::Text(text) if bounded() => Admitted::Code(self.code(attribute, text)),
            Recorded::Text(text) => Admitted::Value(Value::String(text.to_owned().into())),
            Recorded::Value(Value::String(text)) if bounded() => {
                Admitted::Code(self.code(attribute, text.as_str()))
            }
            Recorded::Value(value) => Admitted::Value(value),
        }
    }

    /// The code of a text of a bounded attribute.
    pub(crate) fn code(&self, attribute: usize, text: &str) -> u64 {
        let Values::Limited(limit) = self.attributes[attribute].values else {
            return 0;
        };
        let limiter = self.limiters[attribute].get_or_init(|| Limiter::new(limit));
        limiter.admit(text)
    }

    /// What a span or a log shows of an admitted value.
    pub(crate) fn shown(&self, attribute: usize, admitted: Admitted) -> Option<KeyValue> {
        let AttributeDefinition { key, values } = &self.attributes[attribute];
        let value = match admitted {
            Admitted::Code(code) => self.coded(*values, attribute, code)?,
            Admitted::Value(value) => value,
        };
        Some(KeyValue::new(*key, value))
    }

    /// What a metric shows of a dimension.
    pub(crate) fn value(&self, dimension: &Dimension, code: u64) -> Option<Value> {
        match dimension.attribute {
            Some(attribute) => self.coded(dimension.values, attribute, code),
            None => dimension.values.value(code),
        }
    }

    fn coded(&self, values: Values, attribute: usize, code: u64) -> Option<Value> {
        match values {
            Values::Limited(_) => Some(self.limiters[attribute].get()?.value(code)),
            values => values.value(code),
        }
    }

    /// Every attribute whose values were refused, and how often.
    pub(crate) fn refused(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let limiters = self.attributes.iter().zip(&self.limiters);
        limiters.filter_map(|(attribute, limiter)| {
            let refused = limiter.get()?.refused();
            (refused > 0).then_some((attribute.key, refused))
        })
    }
}
