//! What everything is: `serde_yaml`'s values on the positions already read.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::positions::Position;
use super::{Node, Value, syntax};
use crate::codes;
use crate::diagnostics::Faults;
use crate::source::Span;

/// Never shown: the fault has words of its own.
const DIFFER: &str = "positions and values differ";

/// The nodes of a text whose positions are known.
pub(super) fn read(text: &str, root: &Position, faults: &mut Faults) -> Option<Node> {
    match At(root).deserialize(serde_yaml::Deserializer::from_str(text)) {
        Ok(node) => Some(node),
        Err(error) => {
            // The two readers of YAML disagree: rare, and never taken silently.
            let mut span = Span {
                line: 1,
                column: 1,
                length: 1,
                ..root.span
            };
            if let Some(location) = error.location() {
                span.line = u32::try_from(location.line()).unwrap_or(1);
                span.column = u32::try_from(location.column()).unwrap_or(1);
            }
            // Its own bound on aliases is below ours where the file is small.
            let repeats = error.to_string().contains("repetition limit");
            faults.push(if repeats {
                codes::ALIAS_BOMB.at(span)
            } else {
                syntax::fault(span, "", text)
            });
            None
        }
    }
}

/// Reads the value that stands at a position.
struct At<'a>(&'a Position);

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = Node;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let span = self.0.span;
        deserializer
            .deserialize_any(self)
            .map(|value| Node { span, value })
    }
}

impl At<'_> {
    fn end<E: Error>(&self, children: usize) -> Result<(), E> {
        if self.0.children.len() == children {
            Ok(())
        } else {
            Err(E::custom(DIFFER))
        }
    }

    fn scalar<E: Error>(&self, value: Value) -> Result<Value, E> {
        self.end(0).map(|()| value)
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.scalar(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.scalar(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.scalar(Value::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.visit_i128(i128::from(value))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "an integer beyond 64 bits is only a number"
    )]
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.scalar(match i64::try_from(value) {
            Ok(value) => Value::Int(value),
            Err(_) => Value::Float(value as f64),
        })
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "an integer beyond 64 bits is only a number"
    )]
    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.scalar(Value::Float(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.scalar(Value::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.scalar(Value::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.scalar(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::with_capacity(self.0.children.len());
        for child in &self.0.children {
            let item = sequence.next_element_seed(At(child))?;
            items.push(item.ok_or_else(|| Error::custom(DIFFER))?);
        }
        match sequence.next_element::<serde::de::IgnoredAny>()? {
            None => Ok(Value::List(items)),
            Some(_) => Err(Error::custom(DIFFER)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut mapping: A) -> Result<Value, A::Error> {
        let mut entries = Vec::with_capacity(self.0.children.len() / 2);
        let mut children = self.0.children.iter();
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            let Some(key) = mapping.next_key_seed(At(key))? else {
                return Err(Error::custom(DIFFER));
            };
            entries.push((key, mapping.next_value_seed(At(value))?));
        }
        match mapping.next_key::<serde::de::IgnoredAny>()? {
            None => Ok(Value::Map(entries)),
            Some(_) => Err(Error::custom(DIFFER)),
        }
    }
}
