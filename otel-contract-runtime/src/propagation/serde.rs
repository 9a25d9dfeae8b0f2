//! Serialization of a trace context, for example in the payload of a job. Malformed input never makes a job fail.

use super::TRACEPARENT;
use super::baggage::ContractBaggage;
use super::carrier::Carrier;
use super::context::TraceContext;
use super::malformed::MalformedTraceContext;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// Serializes the text of `Display`.
impl<B> Serialize for TraceContext<B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Deserializes the text, a map of headers, or null. Any other input gives an empty context, whose
/// [`problem`](TraceContext::problem) is the reason. Add `#[serde(default)]` to a field that may be missing.
impl<'de, B: ContractBaggage> Deserialize<'de> for TraceContext<B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(TraceContextVisitor(PhantomData))
        } else {
            // Formats without type information: the value is text, as it was serialized.
            deserializer.deserialize_str(TraceContextVisitor(PhantomData))
        }
    }
}

struct TraceContextVisitor<B>(PhantomData<fn() -> B>);

impl<B: ContractBaggage> TraceContextVisitor<B> {
    fn invalid() -> TraceContext<B> {
        TraceContext::malformed(MalformedTraceContext::new(
            TRACEPARENT,
            "it is neither text nor a map of headers",
        ))
    }
}

impl<'de, B: ContractBaggage> Visitor<'de> for TraceContextVisitor<B> {
    type Value = TraceContext<B>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a trace context as text, or a map of headers")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(TraceContext::from_lossy(text))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(std::str::from_utf8(bytes).map_or_else(|_| Self::invalid(), TraceContext::from_lossy))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(TraceContext::default())
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(TraceContext::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        TraceContext::deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        TraceContext::deserialize(deserializer)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut headers = Headers(Vec::new());
        while let Some(name) = map.next_key::<String>()? {
            if let Text(Some(value)) = map.next_value()? {
                headers.0.push((name, value));
            }
        }
        Ok(TraceContext::extract(&headers))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::invalid())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Self::invalid())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Self::invalid())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Self::invalid())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Self::invalid())
    }
}

/// A map of headers in its order. A name may occur twice, like a header.
struct Headers(Vec<(String, String)>);

impl Carrier for Headers {
    fn each(&self, name: &str, take: &mut dyn FnMut(&str)) {
        let named = self
            .0
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name));
        named.for_each(|(_, value)| take(value));
    }

    fn set(&mut self, name: &'static str, value: Option<&str>) {
        self.0.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.0
            .extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }
}

/// A value in a map of headers: `None` for null. A value of another type becomes the empty string, so that a
/// `traceparent` of that type is reported as malformed.
struct Text(Option<String>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value of a header")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(Some(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_none<E>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        Text::deserialize(deserializer)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Text, E> {
        Ok(Text(Some(String::new())))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Text, E> {
        Ok(Text(Some(String::new())))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Text, E> {
        Ok(Text(Some(String::new())))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Text, E> {
        Ok(Text(Some(String::new())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text(Some(String::new())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text(Some(String::new())))
    }
}
