//! Headers of rdkafka.

use crate::stand_ins::rdkafka::{Header, Headers, OwnedHeaders};
use opentelemetry::propagation::{Extractor, Injector};
use test_edges::stock::TraceContext;

/// Headers of a message that was received: `BorrowedHeaders` or `OwnedHeaders`.
struct Received<'a, H>(&'a H);

impl<H: Headers> Extractor for Received<'_, H> {
    fn get(&self, key: &str) -> Option<&str> {
        let header = self.0.iter().find(|header| header.key == key)?;
        std::str::from_utf8(header.value?).ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|header| header.key).collect()
    }
}

/// Headers of a message that will be sent.
struct Sent(OwnedHeaders);

impl Injector for Sent {
    fn set(&mut self, key: &str, value: String) {
        let value = Some(&value);
        self.0 = std::mem::take(&mut self.0).insert(Header { key, value });
    }
}

pub(crate) fn context(headers: &impl Headers) -> TraceContext {
    TraceContext::from_extractor(&Received(headers))
}

pub(crate) fn headers() -> OwnedHeaders {
    let mut headers = Sent(OwnedHeaders::new());
    TraceContext::current().inject_into(&mut headers);
    headers.0
}
