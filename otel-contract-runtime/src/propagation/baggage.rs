//! The attributes a contract lets travel with requests, as W3C Baggage.

use crate::local::{self, Attached};
use opentelemetry::Context;
use opentelemetry::baggage::{Baggage, BaggageExt as _, KeyValueMetadata};
use std::borrow::Cow;
use std::fmt::Write as _;

/// What may travel with a trace: implemented by the `Baggage` that `contract!` generates from the
/// contract's `baggage:`, and by pairs of them, for a process of two contracts:
///
/// ```
/// otel_contract::contract!("doc/billing.yaml");
///
/// use otel_contract::propagation::{NoBaggage, TraceContext};
///
/// /// That of `billing`, and of another contract.
/// type Both = TraceContext<(billing::Baggage, NoBaggage)>;
///
/// # fn main() {
/// let context: Both = ";baggage=account.tier=pro,user=ada".parse().expect("well formed");
/// assert_eq!(context.to_string(), ";baggage=account.tier=pro");
/// # }
/// ```
pub trait ContractBaggage: 'static {
    /// The keys, each once.
    #[doc(hidden)]
    fn keys() -> Cow<'static, [&'static str]>;

    /// The value as the contract has it; `None` where it is none.
    #[doc(hidden)]
    fn admit(key: &str, value: &str) -> Option<String>;
}

/// Nothing travels beside the trace itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoBaggage;

impl ContractBaggage for NoBaggage {
    fn keys() -> Cow<'static, [&'static str]> {
        Cow::Borrowed(&[])
    }

    fn admit(_: &str, _: &str) -> Option<String> {
        None
    }
}

impl<A: ContractBaggage, B: ContractBaggage> ContractBaggage for (A, B) {
    fn keys() -> Cow<'static, [&'static str]> {
        let mut keys = A::keys().into_owned();
        let others = B::keys();
        let others: Vec<_> = others.iter().filter(|key| !keys.contains(key)).collect();
        keys.extend(others);
        Cow::Owned(keys)
    }

    fn admit(key: &str, value: &str) -> Option<String> {
        A::admit(key, value).or_else(|| B::admit(key, value))
    }
}

/// Bytes of a value that travels, as it is written: one that is longer stays behind.
const LONGEST_VALUE: usize = 256;
/// Bytes of everything (W3C Baggage, "Limits"): what does not fit stays behind.
const LONGEST: usize = 8_192;

/// What of a context's baggage the contract knows, as it is sent.
pub(crate) fn sent(
    context: &Context,
    keys: &[&'static str],
    admit: impl Fn(&str, &str) -> Option<String>,
) -> Option<Box<str>> {
    let baggage = context.baggage();
    if baggage.is_empty() {
        return None;
    }
    written(keys, admit, |key| {
        Some(Cow::Borrowed(baggage.get(key)?.as_str()))
    })
}

/// What of a header the contract knows; members that are malformed are somebody else's.
pub(crate) fn parse(
    header: &str,
    keys: &[&'static str],
    admit: impl Fn(&str, &str) -> Option<String>,
) -> Option<Box<str>> {
    let members = || header.split(',').filter_map(member);
    written(keys, admit, |key| {
        // The last says it, as for the SDK's propagator.
        let (_, value) = members().rfind(|(known, _)| *known == key)?;
        decoded(value)
    })
}

fn member(member: &str) -> Option<(&str, &str)> {
    // Properties, after a semicolon, are not part of the contract.
    let (key, value) = member.split(';').next()?.split_once('=')?;
    Some((key.trim(), value.trim()))
}

fn written<'a>(
    keys: &[&'static str],
    admit: impl Fn(&str, &str) -> Option<String>,
    value: impl Fn(&'static str) -> Option<Cow<'a, str>>,
) -> Option<Box<str>> {
    let mut all = String::new();
    for &key in keys {
        let Some(value) = value(key).and_then(|value| admit(key, &value)) else {
            continue;
        };
        let value = encoded(&value);
        if value.len() <= LONGEST_VALUE && all.len() + key.len() + value.len() + 2 <= LONGEST {
            let comma = if all.is_empty() { "" } else { "," };
            let _ = write!(all, "{comma}{key}={value}");
        }
    }
    (!all.is_empty()).then(|| all.into())
}

/// A context in which the contract's baggage is what was received, and nothing else of the contract.
pub(crate) fn received(context: Context, header: Option<&str>, keys: &[&str]) -> Context {
    let none = context.baggage().is_empty();
    if header.is_none() && none {
        return context;
    }
    let mut merged = others(&context, keys);
    for (key, value) in header
        .into_iter()
        .flat_map(|it| it.split(','))
        .filter_map(member)
    {
        if let Some(value) = decoded(value) {
            merged.push(KeyValueMetadata::new(
                key.to_owned(),
                value.into_owned(),
                "",
            ));
        }
    }
    context.with_baggage(merged)
}

fn others(context: &Context, keys: &[&str]) -> Vec<KeyValueMetadata> {
    let all = context.baggage().into_iter();
    let others = all.filter(|(key, _)| !keys.contains(&key.as_str()));
    let pair = |(key, (value, metadata)): (&opentelemetry::Key, &(_, _))| {
        let (value, metadata): &(
            opentelemetry::StringValue,
            opentelemetry::baggage::BaggageMetadata,
        ) = &(Clone::clone(value), Clone::clone(metadata));
        KeyValueMetadata::new(key.clone(), value.clone(), metadata.clone())
    };
    others.map(pair).collect()
}

/// This context with these values; they replace what it has of the same keys.
#[doc(hidden)]
#[must_use]
pub fn context_with(context: &Context, values: &[(&'static str, String)]) -> Context {
    if values.is_empty() {
        return context.clone();
    }
    let keys: Vec<&str> = values.iter().map(|(key, _)| *key).collect();
    let mut merged = others(context, &keys);
    for (key, value) in values {
        merged.push(KeyValueMetadata::new(*key, value.clone(), ""));
    }
    context.with_baggage(merged)
}

/// Attaches these values to the current context, until the guard goes.
#[doc(hidden)]
pub fn attach(values: &[(&'static str, String)]) -> Attached {
    Attached::new(context_with(&local::current(), values))
}

/// The text a context has for a key.
#[doc(hidden)]
#[must_use]
pub fn read(context: &Context, key: &str) -> Option<String> {
    Some(Baggage::get(context.baggage(), key)?.as_str().to_owned())
}

/// Percent-encoded where the specification does not take the byte as it is.
fn encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'!' | b'#' | b'$' | b'&'..=b'+' | b'-'..=b':' | b'<'..=b'[' | b']'..=b'~' => {
                encoded.push(char::from(byte));
            }
            byte => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// `None` where it is not UTF-8 once decoded.
fn decoded(value: &str) -> Option<Cow<'_, str>> {
    if !value.contains('%') {
        return Some(Cow::Borrowed(value));
    }
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let bytes = value.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let pair = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2)));
        if let (b'%', (Some(high), Some(low))) = (byte, pair) {
            decoded.push(u8::try_from(high * 16 + low).ok()?);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Two;

    impl ContractBaggage for Two {
        fn keys() -> Cow<'static, [&'static str]> {
            Cow::Borrowed(&["account.tier", "note"])
        }

        fn admit(key: &str, value: &str) -> Option<String> {
            let admitted = key == "note" || ["free", "pro"].contains(&value);
            admitted.then(|| value.to_owned())
        }
    }

    fn parse_as<B: ContractBaggage>(header: &str) -> Option<Box<str>> {
        parse(header, &B::keys(), B::admit)
    }

    #[test]
    fn only_the_keys_and_values_of_the_contract_are_taken_from_a_header() {
        let header = "user=ada, account.tier = pro;ttl=3 ,note=a%20b%2Cc,,=,x";
        assert_eq!(
            parse_as::<Two>(header).as_deref(),
            Some("account.tier=pro,note=a%20b%2Cc")
        );
        assert_eq!(parse_as::<Two>("account.tier=gold,user=ada"), None);
        assert_eq!(parse_as::<NoBaggage>(header), None);
        assert_eq!(
            parse_as::<(NoBaggage, Two)>("account.tier=pro").as_deref(),
            Some("account.tier=pro")
        );
    }

    #[test]
    fn a_value_that_is_too_long_stays_behind() {
        let fits = format!("note={}", "x".repeat(LONGEST_VALUE));
        assert_eq!(parse_as::<Two>(&fits).as_deref(), Some(&*fits));
        let header = format!("account.tier=pro,{fits}x");
        assert_eq!(
            parse_as::<Two>(&header).as_deref(),
            Some("account.tier=pro")
        );
    }

    #[test]
    fn any_text_is_what_it_was_after_encoding_and_decoding() {
        for text in ["", "pro", "a b", "100%", "%41", "ä,;\"\\=", "\u{0}\n"] {
            let encoded = encoded(text);
            assert!(encoded.bytes().all(|c| c.is_ascii_graphic()), "{encoded}");
            assert!(!encoded.contains([',', ';', '"', '\\']), "{encoded}");
            assert_eq!(decoded(&encoded).as_deref(), Some(text));
        }
        assert_eq!(decoded("%FF"), None);
        assert_eq!(decoded("%4").as_deref(), Some("%4"));
    }

    #[test]
    fn what_is_received_replaces_the_contract_s_baggage_and_leaves_the_rest() {
        let before = Context::new().with_baggage([
            opentelemetry::KeyValue::new("account.tier", "free"),
            opentelemetry::KeyValue::new("note", "old"),
            opentelemetry::KeyValue::new("user", "ada"),
        ]);
        let after = received(before, Some("account.tier=pro"), &Two::keys());
        let read = |key| read(&after, key);
        assert_eq!(read("account.tier").as_deref(), Some("pro"));
        assert_eq!(read("note"), None);
        assert_eq!(read("user").as_deref(), Some("ada"));
    }
}
