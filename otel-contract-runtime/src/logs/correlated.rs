//! Writer that adds correlation fields to log records.

use crate::current::CurrentOperation;
use crate::local;
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt as _;
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
}

impl<M> Correlated<M> {
    /// Wraps a writer. The service is the value of `OTEL_SERVICE_NAME`, if the variable is set.
    pub fn new(inner: M) -> Self {
        let service = std::env::var("OTEL_SERVICE_NAME").ok();
        Self {
            inner,
            service: service.filter(|name| !name.is_empty()).map(Arc::from),
        }
    }

    /// Sets the name of the service, instead of the value of `OTEL_SERVICE_NAME`.
    #[must_use]
    pub fn with_service(mut self, name: impl Into<Arc<str>>) -> Self {
        self.service = Some(name.into());
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
        }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        CorrelatedWriter {
            inner: self.inner.make_writer_for(meta),
            // The OpenTelemetry crates emit log events while they borrow the current context; reading the context then
            // would panic.
            adds_fields: !meta.target().starts_with("opentelemetry"),
            service: self.service.as_deref(),
        }
    }
}

/// Writer of [`Correlated`]. Each write must be one record, as written by `fmt`.
#[derive(Debug)]
pub struct CorrelatedWriter<'a, W> {
    inner: W,
    adds_fields: bool,
    service: Option<&'a str>,
}

impl<W: io::Write> io::Write for CorrelatedWriter<'_, W> {
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        if !self.adds_fields {
            return self.inner.write(record);
        }
        match with_fields(record, &Fields::current(self.service)) {
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
}

enum Text<'a> {
    Hex(String),
    Plain(&'a str),
}

impl<'a> Fields<'a> {
    fn current(service: Option<&'a str>) -> Self {
        let current = local::map_current(|context| Self::of(context, service));
        current.unwrap_or_else(|| Self::of(&Context::new(), service))
    }

    fn of(context: &Context, service: Option<&'a str>) -> Self {
        let current = context.span();
        let span = Some(current.span_context()).filter(|span| span.is_valid());
        let operation = context.get::<CurrentOperation>().filter(|_| span.is_some());
        Self {
            fields: [
                (
                    "trace_id",
                    span.map(|span| Text::Hex(span.trace_id().to_string())),
                ),
                (
                    "span_id",
                    span.map(|span| Text::Hex(span.span_id().to_string())),
                ),
                (
                    "operation",
                    operation.map(|operation| Text::Plain(operation.definition.name)),
                ),
                ("service", service.map(Text::Plain)),
            ],
        }
    }

    fn present(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields.iter().filter_map(|(key, value)| match value {
            Some(Text::Hex(value)) => Some((*key, value.as_str())),
            Some(Text::Plain(value)) => Some((*key, *value)),
            None => None,
        })
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
                let _ = write!(added, "{comma}\"{key}\":\"{}\"", Escaped(value));
                comma = ",";
            }
            added.push('}');
            open
        }
        None => {
            for (key, value) in fields.present() {
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
                ("trace_id", Some(Text::Hex("0af7".to_owned()))),
                ("span_id", None),
                ("operation", Some(Text::Plain("invoice.create"))),
                ("service", Some(Text::Plain(service))),
            ],
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
