//! Headers of async-nats.

use crate::stand_ins::async_nats::{HeaderMap, HeaderValue};
use opentelemetry::propagation::{Extractor, Injector};
use test_edges::stock::TraceContext;

struct Received<'a>(&'a HeaderMap);

impl Extractor for Received<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(HeaderValue::as_str)
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_ref()).collect()
    }
}

struct Sent(HeaderMap);

impl Injector for Sent {
    fn set(&mut self, key: &str, value: String) {
        self.0.insert(key, value);
    }
}

pub(crate) fn context(headers: &HeaderMap) -> TraceContext {
    TraceContext::from_extractor(&Received(headers))
}

pub(crate) fn headers() -> HeaderMap {
    let mut headers = Sent(HeaderMap::new());
    TraceContext::current().inject_into(&mut headers);
    headers.0
}
