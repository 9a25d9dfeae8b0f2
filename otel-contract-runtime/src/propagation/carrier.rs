//! What a context travels in: headers and string maps.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// Headers, or a map of strings: what [`TraceContext::inject`](super::TraceContext::inject) writes
/// and [`TraceContext::extract`](super::TraceContext::extract) reads. Implemented for `HashMap` and
/// `BTreeMap` of strings, and with feature `http` for `http::HeaderMap`.
///
/// For anything else implement it, or go through OpenTelemetry's `Injector` and `Extractor`.
///
/// ```
/// use otel_contract::TraceContext;
/// use otel_contract::propagation::Carrier;
///
/// /// The headers of a message, as a broker's client has them.
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
pub trait Carrier {
    /// Hands over every value of this header; `name` is in lowercase.
    fn each(&self, name: &str, take: &mut dyn FnMut(&str));

    /// Replaces this header; `None` removes it, so that nothing stale is passed on.
    fn set(&mut self, name: &'static str, value: Option<&str>);
}

macro_rules! maps {
    ($([$($generic:tt)*] $map:ty;)*) => {$(
        impl<$($generic)*> Carrier for $map {
            fn each(&self, name: &str, take: &mut dyn FnMut(&str)) {
                if let Some(value) = self.get(name) {
                    return take(value);
                }
                // Written by somebody who capitalises.
                let named = self.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
                named.for_each(|(_, value)| take(value));
            }

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

#[cfg(feature = "http")]
impl Carrier for http::HeaderMap {
    fn each(&self, name: &str, take: &mut dyn FnMut(&str)) {
        for value in self.get_all(name) {
            // Bytes that are no text are handed over as what no part of a context takes.
            take(value.to_str().unwrap_or("\u{fffd}"));
        }
    }

    fn set(&mut self, name: &'static str, value: Option<&str>) {
        match value.and_then(|value| http::HeaderValue::from_str(value).ok()) {
            Some(value) => {
                self.insert(name, value);
            }
            None => {
                self.remove(name);
            }
        }
    }
}
