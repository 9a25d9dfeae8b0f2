//! Fields whose value is one of a few words.

use crate::contract::{
    Element, Emit, Instrument, MetricValue, RequirementLevel, Severity, SpanKind, Stability, Type,
};

/// Implements reading for fields whose value is one of a few words.
macro_rules! words {
    ($( $noun:literal $type:ident { $($word:literal => $value:expr,)+ } )+) => {$(
        impl $crate::read::Read for $type {
            const EXPECTED: $crate::read::Expected = $crate::read::Expected::Other($noun);
            fn read(
                node: &$crate::yaml::Node,
                reader: &mut $crate::read::Reader<'_>,
            ) -> Option<Self> {
                let $crate::yaml::Value::Text(word) = &node.value else {
                    return reader.wrong_type(Self::EXPECTED, node);
                };
                match word.as_str() {
                    $( $word => Some($value), )+
                    _ => {
                        let known = &[$($word),+];
                        $crate::spec::words::report_unknown(word, Self::EXPECTED, known, node, reader);
                        None
                    }
                }
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "enum": [$($word),+] })
            }
        }
    )+};
}

/// Reports an unknown word.
pub(super) fn report_unknown(
    word: &str,
    expected: crate::read::Expected,
    known: &[&str],
    node: &crate::yaml::Node,
    reader: &mut crate::read::Reader<'_>,
) {
    let diag = crate::codes::UNKNOWN_WORD.at(node.span, [&word, &expected]);
    reader.diagnostics.push(
        match crate::names::suggestion(word, known.iter().copied()) {
            Some(nearest) => diag.suggest(word, Some(nearest), known.iter().copied()),
            None => diag.help(format!("use one of {}", crate::names::list(known))),
        },
    );
}

/// The cardinality class, as written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardinalityClass {
    Closed,
    Bounded,
    Unbounded,
}

/// The privacy class, as written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PrivacyClass {
    Public,
    Internal,
    Personal,
    Secret,
}

words! {
    "a cardinality class" CardinalityClass {
        "closed" => CardinalityClass::Closed,
        "bounded" => CardinalityClass::Bounded,
        "unbounded" => CardinalityClass::Unbounded,
    }
    "a privacy class" PrivacyClass {
        "public" => PrivacyClass::Public,
        "internal" => PrivacyClass::Internal,
        "personal" => PrivacyClass::Personal,
        "secret" => PrivacyClass::Secret,
    }
    "an attribute type" Type {
        "string" => Type::String,
        "int" => Type::Int,
        "double" => Type::Double,
        "boolean" => Type::Boolean,
        "string[]" => Type::Array(Element::String),
        "int[]" => Type::Array(Element::Int),
        "double[]" => Type::Array(Element::Double),
        "boolean[]" => Type::Array(Element::Boolean),
    }
    "a stability level" Stability {
        "development" => Stability::Development,
        "release_candidate" => Stability::ReleaseCandidate,
        "stable" => Stability::Stable,
    }
    "a value of `emit`" Emit {
        "new" => Emit::New,
        "both" => Emit::Both,
    }
    "a span kind" SpanKind {
        "internal" => SpanKind::Internal,
        "server" => SpanKind::Server,
        "client" => SpanKind::Client,
        "producer" => SpanKind::Producer,
        "consumer" => SpanKind::Consumer,
    }
    "an instrument" Instrument {
        "counter" => Instrument::Counter,
        "updowncounter" => Instrument::UpDownCounter,
        "histogram" => Instrument::Histogram,
        "gauge" => Instrument::Gauge,
    }
    "a metric's value type" MetricValue {
        "int" => MetricValue::Int,
        "double" => MetricValue::Double,
    }
    "a severity" Severity {
        "trace" => Severity::Trace,
        "debug" => Severity::Debug,
        "info" => Severity::Info,
        "warn" => Severity::Warn,
        "error" => Severity::Error,
        "fatal" => Severity::Fatal,
    }
    "a requirement level" RequirementLevel {
        "required" => RequirementLevel::Required,
        "on_success" => RequirementLevel::OnSuccess,
        "recommended" => RequirementLevel::Recommended,
        "opt_in" => RequirementLevel::OptIn,
    }
}
