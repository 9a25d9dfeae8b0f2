//! W3C Baggage, limited to the attributes that a contract lists.

use crate::local::{self, Attached};
use opentelemetry::baggage::{Baggage, BaggageExt as _, BaggageMetadata, KeyValueMetadata};
use opentelemetry::{Context, Key, StringValue};
use std::borrow::Cow;
use std::fmt::Write as _;

/// Baggage of a contract: implemented by the `Baggage` that `contract!` generates from `baggage:`, and by pairs of them for
/// a process with two contracts:
///
/// ```
/// otel_contract::contract!("doc/billing.yaml");
///
/// use otel_contract::propagation::{NoBaggage, TraceContext};
///
/// /// Propagates the baggage of `billing` and of another contract.
/// type Both = TraceContext<(billing::Baggage, NoBaggage)>;
///
/// # fn main() {
/// let context: Both = ";baggage=account.tier=pro,user=ada".parse().expect("well formed");
/// assert_eq!(context.to_string(), ";baggage=account.tier=pro");
/// # }
/// ```
pub trait ContractBaggage: 'static {
    /// Returns the keys, without duplicates.
    #[doc(hidden)]
    fn keys() -> Cow<'static, [&'static str]>;

    /// Returns the value in the notation of the contract; `None` if the key is not listed or the value is invalid.
    #[doc(hidden)]
    fn admit(key: &str, value: &str) -> Option<String>;
}

/// No baggage.
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

/// Maximum length of an encoded value in bytes. A longer value is dropped.
const MAX_VALUE_LENGTH: usize = 256;
/// Maximum length of the header in bytes (W3C Baggage, "Limits"). Entries beyond the limit are dropped.
const MAX_LENGTH: usize = 8_192;

/// Returns a header with the entries of the context's baggage whose keys the contract lists.
pub(crate) fn outgoing_header(
    context: &Context,
    keys: &[&'static str],
    admit: impl Fn(&str, &str) -> Option<String>,
) -> Option<Box<str>> {
    let baggage = context.baggage();
    if baggage.is_empty() {
        return None;
    }
    build_header(keys, admit, |key| {
        Some(Cow::Borrowed(baggage.get(key)?.as_str()))
    })
}

/// Returns a header with the entries that the contract lists. Malformed entries are skipped: the contract did not write
/// them.
pub(crate) fn filter_header(
    header: &str,
    keys: &[&'static str],
    admit: impl Fn(&str, &str) -> Option<String>,
) -> Option<Box<str>> {
    let members = || header.split(',').filter_map(parse_member);
    build_header(keys, admit, |key| {
        // The last value is used, as in the SDK's propagator.
        let (_, value) = members().rfind(|(known, _)| *known == key)?;
        percent_decode(value)
    })
}

fn parse_member(member: &str) -> Option<(&str, &str)> {
    // Properties follow a semicolon. Contracts have no properties.
    let (key, value) = member.split(';').next()?.split_once('=')?;
    Some((key.trim(), value.trim()))
}

fn build_header<'a>(
    keys: &[&'static str],
    admit: impl Fn(&str, &str) -> Option<String>,
    value: impl Fn(&'static str) -> Option<Cow<'a, str>>,
) -> Option<Box<str>> {
    let mut all = String::new();
    for &key in keys {
        let Some(value) = value(key).and_then(|value| admit(key, &value)) else {
            continue;
        };
        let value = percent_encode(&value);
        if value.len() <= MAX_VALUE_LENGTH && all.len() + key.len() + value.len() + 2 <= MAX_LENGTH
        {
            let comma = if all.is_empty() { "" } else { "," };
            let _ = write!(all, "{comma}{key}={value}");
        }
    }
    (!all.is_empty()).then(|| all.into())
}

/// Returns the context with the received baggage. It replaces all baggage of the contract in the context.
pub(crate) fn with_received(context: Context, header: Option<&str>, keys: &[&str]) -> Context {
    if header.is_none() && context.baggage().is_empty() {
        return context;
    }
    let mut merged = other_baggage(&context, keys);
    for (key, value) in header
        .into_iter()
        .flat_map(|header| header.split(','))
        .filter_map(parse_member)
    {
        if let Some(value) = percent_decode(value) {
            merged.push(KeyValueMetadata::new(
                key.to_owned(),
                value.into_owned(),
                "",
            ));
        }
    }
    context.with_baggage(merged)
}

fn other_baggage(context: &Context, keys: &[&str]) -> Vec<KeyValueMetadata> {
    let all = context.baggage().into_iter();
    let others = all.filter(|(key, _)| !keys.contains(&key.as_str()));
    let pair = |(key, (value, metadata)): (&Key, &(StringValue, BaggageMetadata))| {
        KeyValueMetadata::new(key.clone(), value.clone(), metadata.clone())
    };
    others.map(pair).collect()
}

/// Returns the context with these values, which replace values of the same keys.
#[doc(hidden)]
#[must_use]
pub fn context_with(context: &Context, values: &[(&'static str, String)]) -> Context {
    if values.is_empty() {
        return context.clone();
    }
    let keys: Vec<&str> = values.iter().map(|(key, _)| *key).collect();
    let mut merged = other_baggage(context, &keys);
    for (key, value) in values {
        merged.push(KeyValueMetadata::new(*key, value.clone(), ""));
    }
    context.with_baggage(merged)
}

/// Attaches these values to the current context, until the guard is dropped.
#[doc(hidden)]
pub fn attach(values: &[(&'static str, String)]) -> Attached {
    Attached::new(context_with(&local::current(), values))
}

/// Returns the baggage value of a key in a context.
#[doc(hidden)]
#[must_use]
pub fn read(context: &Context, key: &str) -> Option<String> {
    Some(Baggage::get(context.baggage(), key)?.as_str().to_owned())
}

/// Percent-encodes the bytes that the specification does not allow in a value.
fn percent_encode(value: &str) -> String {
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

/// Percent-decodes a value; `None` if the result is not UTF-8.
fn percent_decode(value: &str) -> Option<Cow<'_, str>> {
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

    struct TwoKeys;

    impl ContractBaggage for TwoKeys {
        fn keys() -> Cow<'static, [&'static str]> {
            Cow::Borrowed(&["account.tier", "note"])
        }

        fn admit(key: &str, value: &str) -> Option<String> {
            let admitted = key == "note" || ["free", "pro"].contains(&value);
            admitted.then(|| value.to_owned())
        }
    }

    fn parse_as<B: ContractBaggage>(header: &str) -> Option<Box<str>> {
        filter_header(header, &B::keys(), B::admit)
    }

    #[test]
    fn only_keys_and_values_of_the_contract_are_read_from_a_header() {
        let header = "user=ada, account.tier = pro;ttl=3 ,note=a%20b%2Cc,,=,x";
        assert_eq!(
            parse_as::<TwoKeys>(header).as_deref(),
            Some("account.tier=pro,note=a%20b%2Cc")
        );
        assert_eq!(parse_as::<TwoKeys>("account.tier=gold,user=ada"), None);
        assert_eq!(parse_as::<NoBaggage>(header), None);
        assert_eq!(
            parse_as::<(NoBaggage, TwoKeys)>("account.tier=pro").as_deref(),
            Some("account.tier=pro")
        );
    }

    #[test]
    fn a_value_that_is_too_long_is_dropped() {
        let fits = format!("note={}", "x".repeat(MAX_VALUE_LENGTH));
        assert_eq!(parse_as::<TwoKeys>(&fits).as_deref(), Some(&*fits));
        let header = format!("account.tier=pro,{fits}x");
        assert_eq!(
            parse_as::<TwoKeys>(&header).as_deref(),
            Some("account.tier=pro")
        );
    }

    #[test]
    fn any_text_survives_encoding_and_decoding() {
        for text in ["", "pro", "a b", "100%", "%41", "ä,;\"\\=", "\u{0}\n"] {
            let encoded = percent_encode(text);
            assert!(encoded.bytes().all(|c| c.is_ascii_graphic()), "{encoded}");
            assert!(!encoded.contains([',', ';', '"', '\\']), "{encoded}");
            assert_eq!(percent_decode(&encoded).as_deref(), Some(text));
        }
        assert_eq!(percent_decode("%FF"), None);
        assert_eq!(percent_decode("%4").as_deref(), Some("%4"));
    }

    #[test]
    fn received_baggage_replaces_the_baggage_of_the_contract_only() {
        let before = Context::new().with_baggage([
            opentelemetry::KeyValue::new("account.tier", "free"),
            opentelemetry::KeyValue::new("note", "old"),
            opentelemetry::KeyValue::new("user", "ada"),
        ]);
        let after = with_received(before, Some("account.tier=pro"), &TwoKeys::keys());
        let read = |key| read(&after, key);
        assert_eq!(read("account.tier").as_deref(), Some("pro"));
        assert_eq!(read("note"), None);
        assert_eq!(read("user").as_deref(), Some("ada"));
    }
}
