//! Settings of exporters from variables and code, in a strict set-up.

use super::export_options::ExportOptions;
use super::settings::Settings;
use super::tests::read;
use super::{Protocol, SetupError};
use std::time::Duration;

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// Returns the settings of variables without errors.
fn valid(variables: &[(&str, &str)]) -> Settings {
    let (settings, errors) = read(variables, &ExportOptions::default());
    assert_eq!(errors, [], "{variables:?}");
    settings
}

/// Returns the errors of these variables, in one line.
fn messages(variables: &[(&str, &str)]) -> String {
    let (_, errors) = read(variables, &ExportOptions::default());
    let messages: Vec<String> = errors.iter().map(SetupError::what).collect();
    messages.join("; ")
}

#[test]
fn endpoints_are_those_of_the_specification() {
    let endpoint = |variables: &[(&str, &str)]| {
        let traces = valid(variables).otlp_traces.expect("spans are exported");
        traces.endpoint
    };
    let grpc = ("OTEL_EXPORTER_OTLP_PROTOCOL", "GRPC");
    let general = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let own = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    assert_eq!(endpoint(&[]), "http://localhost:4318/v1/traces");
    assert_eq!(endpoint(&[grpc]), "http://localhost:4317");
    for (name, value, http) in [
        (general, "http://c:1", "http://c:1/v1/traces"),
        (general, "http://c:1/", "http://c:1/v1/traces"),
        (general, "http://c:1/otlp/", "http://c:1/otlp/v1/traces"),
        (own, "http://c:1/in", "http://c:1/in"),
        (own, "http://[::1]:1/in", "http://[::1]:1/in"),
        (general, "http://[::1]", "http://[::1]/v1/traces"),
        // The path of the signal is inserted before a query.
        (general, "http://c:1/x?y=z", "http://c:1/x/v1/traces?y=z"),
        (
            general,
            "http://c:1/x/?y=/z/",
            "http://c:1/x/v1/traces?y=/z/",
        ),
        (general, "http://c:1?y=z", "http://c:1/v1/traces?y=z"),
        (general, "http://c:1/?", "http://c:1/v1/traces"),
        (own, "http://c:1/in?y=z&u=v%23", "http://c:1/in?y=z&u=v%23"),
        (own, "http://c:1?y=a@b", "http://c:1/?y=a@b"),
        (own, "http://c:1/in/?", "http://c:1/in/"),
    ] {
        assert_eq!(endpoint(&[(name, value)]), http);
    }
    assert_eq!(endpoint(&[grpc, (general, "http://c:1/")]), "http://c:1");
    assert_eq!(endpoint(&[grpc, (general, "http://c:1/x?")]), "http://c:1");
    let insecure = ("OTEL_EXPORTER_OTLP_INSECURE", "true");
    assert_eq!(endpoint(&[grpc, insecure, (general, "c:1")]), "http://c:1");
    // The variable of the signal takes precedence.
    let both = [(general, "http://c:1"), (own, "http://d:1/x")];
    assert_eq!(endpoint(&both), "http://d:1/x");
}

#[test]
fn an_encrypted_endpoint_needs_feature_tls() {
    let (settings, errors) = read(&[(ENDPOINT, "https://c/x")], &ExportOptions::default());
    if cfg!(feature = "tls") {
        let traces = settings.otlp_traces.expect("traces are exported");
        assert_eq!(traces.endpoint, "https://c/x/v1/traces");
    } else {
        let what = "is `https://c`, but feature `tls` of `otel-contract` is not enabled";
        assert!(errors[0].to_string().contains(what), "{errors:?}");
    }
}

#[test]
fn unsupported_settings_of_an_exporter_are_reported() {
    for (name, value, what) in [
        (ENDPOINT, "collector:4317", "is not a URL: it has no scheme"),
        (ENDPOINT, "http://", "has the invalid value `http://`"),
        (
            ENDPOINT,
            "http://c:port",
            "has the invalid value `http://c:port`",
        ),
        (ENDPOINT, "http://c:0", "has the invalid value `http://c:0`"),
        (ENDPOINT, "ftp://c", "has the invalid value `ftp://c`"),
        (ENDPOINT, "http://user:hunter2@c", "contains a user name"),
        (
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "http/json",
            "has the invalid value `http/json`",
        ),
        (
            "OTEL_EXPORTER_OTLP_COMPRESSION",
            "zstd",
            "has the invalid value `zstd`",
        ),
        (
            "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
            "10s",
            "has the invalid value `10s`",
        ),
        (
            "OTEL_METRIC_EXPORT_TIMEOUT",
            "soon",
            "has the invalid value `soon`",
        ),
        (
            "OTEL_TRACES_EXPORTER",
            "console",
            "has the invalid value `console`",
        ),
        (
            "OTEL_METRICS_EXPORTER",
            "prometheus",
            "has the invalid value `prometheus`",
        ),
        (
            "OTEL_EXPORTER_OTLP_CERTIFICATE",
            "/etc/ca.pem",
            if cfg!(feature = "tls") {
                "is set, but the endpoint is not encrypted"
            } else {
                "is set, but feature `tls` of `otel-contract` is not enabled"
            },
        ),
        (
            "OTEL_EXPORTER_OTLP_HEADERS",
            "x key=hunter2",
            "contains `x key`, which is not a valid header name",
        ),
        (
            "OTEL_EXPORTER_OTLP_HEADERS",
            "key=hunter2%0A",
            "has header `key` with a value that is not printable ASCII",
        ),
        (
            "OTEL_EXPORTER_OTLP_HEADERS",
            "hunter2",
            "has an invalid item at position 1: it is not `key=value`",
        ),
    ] {
        // Several signals may read the variable. Its error is reported once.
        assert_eq!(messages(&[(name, value)]), format!("`{name}` {what}"));
    }
}

#[test]
fn fragments_and_queries_that_are_not_sent_are_reported() {
    let grpc = ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    let own = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT";
    for name in [ENDPOINT, own] {
        let fragment = format!("`{name}` has a fragment, which is not sent");
        for value in [
            "http://c#frag",
            "http://c/x#frag",
            "http://c/x?y=z#",
            "http://c/#?y",
        ] {
            assert_eq!(messages(&[(name, value)]), fragment, "{value}");
            if !value.contains("?y=") {
                assert_eq!(messages(&[grpc, (name, value)]), fragment, "{value}");
            }
        }
        let query = format!("`{name}` has a query, which gRPC does not send");
        for value in ["http://c:1?key=hunter2", "http://c:1/x?key=hunter2"] {
            assert_eq!(messages(&[grpc, (name, value)]), query, "{value}");
        }
        let insecure = ("OTEL_EXPORTER_OTLP_INSECURE", "true");
        assert_eq!(
            messages(&[grpc, insecure, (name, "c:1?key=hunter2")]),
            query
        );
    }
}

#[test]
fn unsupported_endpoints_in_code_are_reported() {
    for (protocol, url, what) in [
        (
            None,
            "http://c#frag",
            "`endpoint(…)` has a fragment, which is not sent",
        ),
        (
            Some(Protocol::Grpc),
            "http://c?key=hunter2",
            "`endpoint(…)` has a query, which gRPC does not send",
        ),
    ] {
        let options = ExportOptions {
            endpoint: Some(url.to_owned()),
            protocol,
            ..ExportOptions::default()
        };
        let (_, errors) = read(&[], &options);
        assert_eq!(errors.first().map(SetupError::what).as_deref(), Some(what));
    }
}

#[test]
fn signals_that_are_not_exported_have_no_errors() {
    let none = [
        "OTEL_TRACES_EXPORTER",
        "OTEL_METRICS_EXPORTER",
        "OTEL_LOGS_EXPORTER",
    ];
    let exporters = none.map(|name| (name, "none")).into_iter();
    let variables: Vec<_> = exporters.chain([(ENDPOINT, "nowhere")]).collect();
    assert_eq!(messages(&variables), "");
}

#[test]
fn code_takes_precedence_over_variables() {
    let variables = [
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://variable:1/x"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "A=1,b=2"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1000"),
        ("OTEL_METRIC_EXPORT_TIMEOUT", "500"),
    ];
    let traces = valid(&variables).otlp_traces.expect("spans are exported");
    let metrics = valid(&variables).otlp_metrics.expect("points are exported");
    assert_eq!(traces.timeout, Duration::from_secs(1));
    assert_eq!(metrics.timeout, Duration::from_millis(500));
    let options = ExportOptions {
        endpoint: Some("http://code:1".to_owned()),
        protocol: Some(Protocol::Grpc),
        headers: vec![("a".to_owned(), "3".to_owned())],
        timeout: Some(Duration::from_secs(3)),
        ..ExportOptions::default()
    };
    let (settings, errors) = read(&variables, &options);
    assert_eq!(errors, []);
    let traces = settings.otlp_traces.expect("spans are exported");
    assert_eq!(traces.endpoint, "http://code:1");
    assert_eq!(traces.protocol, Protocol::Grpc);
    let header = |(name, value): &(String, String)| format!("{name}: {value}");
    let headers: Vec<String> = traces.headers.iter().map(header).collect();
    assert_eq!(headers, ["b: 2", "a: 3"]);
    assert_eq!(traces.timeout, Duration::from_secs(3));
    // `Debug` shows names only.
    let shown = format!("{traces:?}");
    assert!(shown.contains("headers: [\"b\", \"a\"]"), "{shown}");
}
