//! Writer that adds correlation fields to log records.

use crate::current::CurrentOperation;
use crate::local;
use crate::logged::{self, LoggedAttributes};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, KeyValue, Value};
use std::fmt::{self, Write as _};
use std::io;
use std::sync::Arc;
use tracing_core::Metadata;
use tracing_subscriber::fmt::MakeWriter;

/// Writer for `fmt` that adds correlation fields to every record: `trace_id` and `span_id` of the current span, the
/// current `operation`, and the `service`. A JSON record, which begins with `{` and ends with `}`, gets additional
/// members. Any other record gets `key=value` pairs at the end of its last line. Fields without a value are omitted.
///
/// It wraps another writer, so the format, colours and filters do not change: `fmt().map_writer(Correlated::new)`, or
/// `fmt::layer().map_writer(Correlated::new)`. If another thread writes the records, as with a non-blocking writer,
/// wrap that writer with `Correlated`, not the other way round: the fields are read on the thread that calls `write`,
/// which must be the thread that logs.
///
/// ```
/// use otel_contract::logs::Correlated;
///
/// # fn main() {
/// tracing_subscriber::fmt()
///     .with_writer(Correlated::new(std::io::stderr).with_service("invoice-worker"))
///     .init();
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Correlated<M> {
    inner: M,
    service: Option<Arc<str>>,
    attributes: Arc<[&'static str]>,
}

impl<M> Correlated<M> {
    /// Wraps a writer. The service is the value of `OTEL_SERVICE_NAME`, if the variable is set.
    pub fn new(inner: M) -> Self {
        let service = std::env::var("OTEL_SERVICE_NAME").ok();
        Self {
            inner,
            service: service.filter(|name| !name.is_empty()).map(Arc::from),
            attributes: Arc::default(),
        }
    }

    /// Sets the name of the service, instead of the value of `OTEL_SERVICE_NAME`.
    #[must_use]
    pub fn with_service(mut self, name: impl Into<Arc<str>>) -> Self {
        self.service = Some(name.into());
        self
    }

    /// Adds these attributes of the current operation to every record, as far as they are set when the record is written.
    /// They are named by the `KEY` of their types, and have the values that the span records: personal values are
    /// protected, bounded values are limited. A secret attribute has no type, and so no key. An operation does not need to be
    /// sampled. Attributes of enclosing operations are not added. An operation without telemetry has no attributes: no
    /// provider is installed, or telemetry is suppressed.
    ///
    /// In JSON, integers, booleans and finite numbers are written as such, and other values as strings.
    ///
    /// Every operation that starts afterwards pays for it, in the whole process: four allocations, a lock for each
    /// attribute that is set, and another for each selected attribute. Attributes of operations that are not sampled are
    /// evaluated, too. Without a call of this method, nothing is stored.
    ///
    /// ```
    /// otel_contract::contract!("doc/billing.yaml");
    ///
    /// use otel_contract::Attribute as _;
    /// use otel_contract::logs::Correlated;
    ///
    /// # fn main() {
    /// tracing_subscriber::fmt()
    ///     .map_writer(|writer| Correlated::new(writer).with_attributes([billing::OrderId::KEY]))
    ///     .init();
    /// # }
    /// ```
    #[must_use]
    pub fn with_attributes(mut self, keys: impl IntoIterator<Item = &'static str>) -> Self {
        self.attributes = keys.into_iter().collect();
        logged::request(&self.attributes);
        self
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Correlated<M> {
    type Writer = CorrelatedWriter<'a, M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        CorrelatedWriter {
            inner: self.inner.make_writer(),
            adds_fields: true,
            service: self.service.as_deref(),
            attributes: &self.attributes,
        }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        CorrelatedWriter {
            inner: self.inner.make_writer_for(meta),
            // The OpenTelemetry crates emit log events while they borrow the current context; reading the context then
            // would panic.
            adds_fields: !meta.target().starts_with("opentelemetry"),
            service: self.service.as_deref(),
            attributes: &self.attributes,
        }
    }
}

/// Writer of [`Correlated`]. Each write must be one record, as written by `fmt`.
#[derive(Debug)]
pub struct CorrelatedWriter<'a, W> {
    inner: W,
    adds_fields: bool,
    service: Option<&'a str>,
    attributes: &'a [&'static str],
}

impl<W: io::Write> io::Write for CorrelatedWriter<'_, W> {
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        if !self.adds_fields {
            return self.inner.write(record);
        }
        match with_fields(record, &Fields::current(self.service, self.attributes)) {
            Some(line) => self.inner.write_all(&line).map(|()| record.len()),
            None => self.inner.write(record),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Fields that are added to a record.
#[derive(Default)]
struct Fields<'a> {
    /// Fields in the order in which they are written.
    fields: [(&'static str, Option<Text<'a>>); 4],
    /// Attributes of the operation.
    attributes: Vec<(&'static str, Text<'a>)>,
}

enum Text<'a> {
    Owned(String),
    Plain(&'a str),
    /// A number or a boolean, which JSON writes without quotes.
    Literal(String),
}

impl Text<'_> {
    fn of(value: &Value) -> Self {
        match value {
            Value::Bool(_) | Value::I64(_) => Self::Literal(value.to_string()),
            Value::F64(number) if number.is_finite() => Self::Literal(number.to_string()),
            value => Self::Owned(value.to_string()),
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Owned(text) | Self::Literal(text) => text,
            Self::Plain(text) => text,
        }
    }
}

impl<'a> Fields<'a> {
    fn current(service: Option<&'a str>, keys: &[&'static str]) -> Self {
        let current = local::map_current(|context| Self::of(context, service, keys));
        current.unwrap_or_else(|| Self::of(&Context::new(), service, keys))
    }

    fn of(context: &Context, service: Option<&'a str>, keys: &[&'static str]) -> Self {
        let current = context.span();
        let span = Some(current.span_context()).filter(|span| span.is_valid());
        let operation = context.get::<CurrentOperation>().filter(|_| span.is_some());
        let attributes = |operation: &CurrentOperation| {
            let attributes = LoggedAttributes::of(context, operation.definition, keys);
            let key = |attribute: &KeyValue| {
                let mut keys = keys.iter();
                keys.find(|key| **key == attribute.key.as_str()).copied()
            };
            let attributes = attributes.iter();
            attributes
                .filter_map(|attribute| Some((key(attribute)?, Text::of(&attribute.value))))
                .collect()
        };
        Self {
            attributes: operation.map(attributes).unwrap_or_default(),
            fields: [
                (
                    "trace_id",
                    span.map(|span| Text::Owned(span.trace_id().to_string())),
                ),
                (
                    "span_id",
                    span.map(|span| Text::Owned(span.span_id().to_string())),
                ),
                (
                    "operation",
                    operation.map(|operation| Text::Plain(operation.definition.name)),
                ),
                ("service", service.map(Text::Plain)),
            ],
        }
    }

    fn present(&self) -> impl Iterator<Item = (&'static str, &Text<'a>)> {
        let fields = self.fields.iter();
        let fields = fields.filter_map(|(key, value)| Some((*key, value.as_ref()?)));
        fields.chain(self.attributes.iter().map(|(key, value)| (*key, value)))
    }
}

/// Returns the record with the fields; `None` if it is not a whole record, or if there are no fields.
fn with_fields(record: &[u8], fields: &Fields<'_>) -> Option<Vec<u8>> {
    let content = record.trim_ascii_end();
    if content.len() == record.len() || content.is_empty() || fields.present().next().is_none() {
        return None;
    }
    let end = &record[content.len()..];
    let mut added = String::with_capacity(128);
    let json = content
        .starts_with(b"{")
        .then(|| content.strip_suffix(b"}"))
        .flatten();
    let kept = match json {
        Some(open) => {
            let mut comma = if open == b"{" { "" } else { "," };
            for (key, value) in fields.present() {
                let _ = match value {
                    Text::Literal(value) => write!(added, "{comma}\"{key}\":{value}"),
                    value => write!(added, "{comma}\"{key}\":\"{}\"", Escaped(value.as_str())),
                };
                comma = ",";
            }
            added.push('}');
            open
        }
        None => {
            for (key, value) in fields.present() {
                let value = value.as_str();
                if value.contains([' ', '"', '=']) || value.contains(char::is_control) {
                    let _ = write!(added, " {key}=\"{}\"", Escaped(value));
                } else {
                    let _ = write!(added, " {key}={value}");
                }
            }
            content
        }
    };
    Some([kept, added.as_bytes(), end].concat())
}

/// Text inside a JSON string.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '"' | '\\' => write!(f, "\\{letter}")?,
                letter if letter.is_control() => write!(f, "\\u{:04x}", u32::from(letter))?,
                letter => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(service: &str) -> Fields<'_> {
        Fields {
            fields: [
                ("trace_id", Some(Text::Owned("0af7".to_owned()))),
                ("span_id", None),
                ("operation", Some(Text::Plain("invoice.create"))),
                ("service", Some(Text::Plain(service))),
            ],
            attributes: Vec::new(),
        }
    }

    fn line(record: &str, service: &str) -> String {
        let line = with_fields(record.as_bytes(), &fields(service)).expect("a whole record");
        String::from_utf8(line).expect("text")
    }

    #[test]
    fn text_records_get_the_fields_at_the_end_of_their_last_line() {
        assert_eq!(
            line("INFO paid order=7\n", "api"),
            "INFO paid order=7 trace_id=0af7 operation=invoice.create service=api\n"
        );
        assert_eq!(
            line("  INFO paid\n    at src/main.rs:3\n\n", "a b\n"),
            "  INFO paid\n    at src/main.rs:3 trace_id=0af7 operation=invoice.create service=\"a b\\u000a\"\n\n"
        );
    }

    #[test]
    fn json_records_stay_valid_json() {
        assert_eq!(
            line("{\"level\":\"INFO\"}\n", "a\"\\"),
            "{\"level\":\"INFO\",\"trace_id\":\"0af7\",\"operation\":\"invoice.create\",\"service\":\"a\\\"\\\\\"}\n"
        );
        assert_eq!(
            line("{}\n", "api"),
            "{\"trace_id\":\"0af7\",\"operation\":\"invoice.create\",\"service\":\"api\"}\n"
        );
    }

    #[test]
    fn partial_records_and_records_without_fields_do_not_change() {
        assert_eq!(with_fields(b"part", &fields("api")), None);
        assert_eq!(with_fields(b"\n", &fields("api")), None);
        assert_eq!(with_fields(b"INFO paid\n", &Fields::default()), None);
    }
}
