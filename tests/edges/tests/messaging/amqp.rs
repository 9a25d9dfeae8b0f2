//! Headers of lapin.

use crate::stand_ins::lapin::{AMQPValue, FieldTable, ShortString};
use opentelemetry::propagation::{Extractor, Injector};
use test_edges::stock::TraceContext;

/// The headers in the properties of a message that was received.
struct Received<'a>(&'a FieldTable);

impl Extractor for Received<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let AMQPValue::LongString(text) = self.0.inner().get(key)? else {
            return None;
        };
        std::str::from_utf8(text.as_bytes()).ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.inner().keys().map(ShortString::as_str).collect()
    }
}

/// The headers of a message that will be sent.
struct Sent(FieldTable);

impl Injector for Sent {
    fn set(&mut self, key: &str, value: String) {
        let value = AMQPValue::LongString(value.into());
        self.0.insert(key.into(), value);
    }
}

pub(crate) fn context(headers: &FieldTable) -> TraceContext {
    TraceContext::from_extractor(&Received(headers))
}

pub(crate) fn headers() -> FieldTable {
    let mut headers = Sent(FieldTable::default());
    TraceContext::current().inject_into(&mut headers);
    headers.0
}
