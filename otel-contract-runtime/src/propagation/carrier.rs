//! Carriers of a context: headers and string maps.

use opentelemetry::propagation::Extractor;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// Headers or a map of strings, which [`TraceContext::inject`](super::TraceContext::inject) writes and
/// [`TraceContext::extract`](super::TraceContext::extract) reads. Implemented for `HashMap` and `BTreeMap` of strings, and
/// with features for `http::HeaderMap` (`http`) and the `HeaderMap` of actix-web and awc (`actix`).
///
/// Implement the trait for other types, or use OpenTelemetry's `Injector` and `Extractor`.
///
/// ```
/// use otel_contract::TraceContext;
/// use otel_contract::propagation::Carrier;
///
/// /// The headers of a message in the client of a broker.
/// #[derive(Default)]
/// struct Headers(Vec<(String, Vec<u8>)>);
///
/// impl Carrier for Headers {
///     fn each(&self, name: &str, take: &mut dyn FnMut(&str)) {
///         let named = self.0.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
///         named.for_each(|(_, value)| take(&String::from_utf8_lossy(value)));
///     }
///
///     fn set(&mut self, name: &'static str, value: Option<&str>) {
///         self.0.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
///         self.0.extend(value.map(|value| (name.to_owned(), value.into())));
///     }
/// }
///
/// let context = TraceContext::from_lossy("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
/// let mut message = Headers::default();
/// context.inject(&mut message);
/// assert_eq!(TraceContext::extract(&message), context);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a carrier of a trace context",
    label = "no carrier",
    note = "`http::HeaderMap` is a carrier with the feature `http` of `otel-contract`, in the `Cargo.toml` of the crate that owns the contract",
    note = "the header map of actix-web and awc is a carrier with the feature `actix`",
    note = "other header maps: `TraceContext::from_extractor(…)` and `inject_into(…)` with OpenTelemetry's `Extractor` and `Injector`"
)]
pub trait Carrier {
    /// Calls `take` with every value of this header, in order. `name` is in lowercase; the comparison must ignore case. A
    /// duplicate `traceparent` is invalid, so a carrier that can contain a name twice must pass both values.
    fn each(&self, name: &str, take: &mut dyn FnMut(&str));

    /// Replaces this header; `None` removes it, so that no header of an earlier context is sent.
    fn set(&mut self, name: &'static str, value: Option<&str>);
}

macro_rules! maps {
    ($([$($generic:tt)*] $map:ty;)*) => {$(
        impl<$($generic)*> Carrier for $map {
            // Inline, so that only a service that uses this map compiles the functions.
            #[inline]
            fn each(&self, name: &str, take: &mut dyn FnMut(&str)) {
                // A map can contain a name in several spellings, each with its own value. The lowercase name comes first.
                if let Some(value) = self.get(name) {
                    take(value);
                }
                let others = self
                    .iter()
                    .filter(|(key, _)| key.eq_ignore_ascii_case(name) && *key != name);
                others.for_each(|(_, value)| take(value));
            }

            #[inline]
            fn set(&mut self, name: &'static str, value: Option<&str>) {
                self.retain(|key, _| !key.eq_ignore_ascii_case(name));
                if let Some(value) = value {
                    self.insert(name.to_owned(), value.to_owned());
                }
            }
        }
    )*};
}

maps! {
    [S: BuildHasher] HashMap<String, String, S>;
    [] BTreeMap<String, String>;
}

/// Implements the trait for a header map of the `http` crate, or of a framework that has its types of names and values.
#[cfg(any(feature = "http", feature = "actix"))]
macro_rules! header_map {
    ($map:ty, $name:ty, $value:ty) => {
        impl Carrier for $map {
            fn each(&self, name: &str, take: &mut dyn FnMut(&str)) {
                for value in self.get_all(name) {
                    // A value that is not text becomes a character that no part of a context allows.
                    take(value.to_str().unwrap_or("\u{fffd}"));
                }
            }

            fn set(&mut self, name: &'static str, value: Option<&str>) {
                // The fields of a propagator set in code may be invalid header names.
                let Ok(name) = <$name>::from_bytes(name.as_bytes()) else {
                    return;
                };
                match value.and_then(|value| <$value>::from_str(value).ok()) {
                    Some(value) => {
                        self.insert(name, value);
                    }
                    None => {
                        self.remove(name);
                    }
                }
            }
        }
    };
}

#[cfg(feature = "http")]
header_map!(http::HeaderMap, http::HeaderName, http::HeaderValue);
#[cfg(feature = "actix")]
header_map!(
    actix_web::http::header::HeaderMap,
    actix_web::http::header::HeaderName,
    actix_web::http::header::HeaderValue
);

/// Extractor of a carrier, for a propagator of OpenTelemetry. The propagator borrows the values, so each header is stored
/// when it is first read.
pub(super) struct CarrierExtractor<'a, C: ?Sized> {
    carrier: &'a C,
    /// Headers of the propagator, which `keys` returns if they have a value.
    fields: &'a [&'static str],
    first: OnceCell<Box<ReadHeader>>,
}

/// The values of one header, and the header that was read next.
struct ReadHeader {
    name: String,
    values: Vec<String>,
    next: OnceCell<Box<ReadHeader>>,
}

impl<'a, C: Carrier + ?Sized> CarrierExtractor<'a, C> {
    pub(super) fn new(carrier: &'a C, fields: &'a [&'static str]) -> Self {
        Self {
            carrier,
            fields,
            first: OnceCell::new(),
        }
    }

    fn values(&self, name: &str) -> &[String] {
        let name = name.to_ascii_lowercase();
        let mut cell = &self.first;
        loop {
            let found = cell.get_or_init(|| {
                let mut values = Vec::new();
                self.carrier
                    .each(&name, &mut |value| values.push(value.to_owned()));
                Box::new(ReadHeader {
                    name: name.clone(),
                    values,
                    next: OnceCell::new(),
                })
            });
            if found.name == name {
                return &found.values;
            }
            cell = &found.next;
        }
    }
}

impl<C: Carrier + ?Sized> Extractor for CarrierExtractor<'_, C> {
    fn get(&self, key: &str) -> Option<&str> {
        self.values(key).first().map(String::as_str)
    }

    fn keys(&self) -> Vec<&str> {
        let fields = self.fields.iter().copied();
        fields.filter(|name| self.get(name).is_some()).collect()
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let values = self.values(key);
        (!values.is_empty()).then(|| values.iter().map(String::as_str).collect())
    }
}
