//! The signals, and the protocols of their exporters.

use std::fmt;

/// A signal of OpenTelemetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Spans.
    Traces,
    /// Points of metrics.
    Metrics,
    /// Log records.
    Logs,
}

impl Signal {
    /// Returns the name in variables, like `TRACES`.
    pub(super) fn upper_name(self) -> &'static str {
        match self {
            Self::Traces => "TRACES",
            Self::Metrics => "METRICS",
            Self::Logs => "LOGS",
        }
    }

    /// Returns the names of two variables: the variable of the signal, then the variable of all signals.
    pub(super) fn variables(self, setting: &str) -> [String; 2] {
        [
            self.variable(setting),
            format!("OTEL_EXPORTER_OTLP_{setting}"),
        ]
    }

    /// Returns the name of a variable of the exporter, like `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`.
    pub(super) fn variable(self, setting: &str) -> String {
        format!("OTEL_EXPORTER_OTLP_{}_{setting}", self.upper_name())
    }

    /// Returns the path of the signal over OTLP/HTTP.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Traces => "/v1/traces",
            Self::Metrics => "/v1/metrics",
            Self::Logs => "/v1/logs",
        }
    }

    /// Returns the name of the items of the signal, in the plural.
    pub(super) fn items(self) -> &'static str {
        match self {
            Self::Traces => "spans",
            Self::Metrics => "points",
            Self::Logs => "log records",
        }
    }

    /// Returns the name of the builder method that sets an exporter.
    pub(super) fn exporter_option(self) -> &'static str {
        match self {
            Self::Traces => "with_span_exporter",
            Self::Metrics => "with_metric_exporter",
            Self::Logs => "with_log_exporter",
        }
    }

    /// Whether the feature is compiled in.
    pub(super) fn is_compiled(self) -> bool {
        match self {
            Self::Traces | Self::Metrics => true,
            Self::Logs => cfg!(feature = "logs"),
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.items())
    }
}

/// A protocol of OTLP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Protobuf over HTTP/1.1; feature `otlp-http`.
    HttpProtobuf,
    /// gRPC; feature `otlp-grpc`.
    Grpc,
}

impl Protocol {
    /// All protocols; the default of the specification comes first.
    pub(super) const ALL: [Self; 2] = [Self::HttpProtobuf, Self::Grpc];

    /// Returns the name in variables.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::HttpProtobuf => "http/protobuf",
            Self::Grpc => "grpc",
        }
    }

    /// Whether the feature is compiled in.
    pub(super) fn is_compiled(self) -> bool {
        match self {
            Self::HttpProtobuf => cfg!(feature = "otlp-http"),
            Self::Grpc => cfg!(feature = "otlp-grpc"),
        }
    }

    pub(super) fn feature(self) -> &'static str {
        match self {
            Self::HttpProtobuf => "otlp-http",
            Self::Grpc => "otlp-grpc",
        }
    }

    pub(super) fn default_endpoint(self) -> &'static str {
        match self {
            Self::HttpProtobuf => "http://localhost:4318",
            Self::Grpc => "http://localhost:4317",
        }
    }
}
