//! Variables of exporters: invalid values that a set-up ignores with a warning, and values that are always errors.

use super::Protocol;
use super::environment::MAX_TIME;
use super::export_options::ExportOptions;
use super::lenient_tests::{UNSET, read};
use super::otlp::OtlpSettings;

/// Returns the settings of the span exporter, and all warnings.
#[track_caller]
fn traces(variables: &[(&str, &str)]) -> (Option<OtlpSettings>, Vec<String>) {
    let (settings, errors, warnings) = read(variables, &ExportOptions::default());
    assert_eq!(errors, [""; 0], "{variables:?}");
    (settings.otlp_traces, warnings)
}

#[test]
fn unsupported_exporters_in_a_list_are_ignored() {
    for (value, exported, expected) in [
        ("otlp", true, vec![]),
        ("OTLP", true, vec![]),
        ("otlp,otlp", true, vec![]),
        ("none", false, vec![]),
        (
            "otlp,console",
            true,
            vec!["lists the unsupported exporter `console`; `otlp` is used"],
        ),
        (
            "console, otlp",
            true,
            vec!["lists the unsupported exporter `console`; `otlp` is used"],
        ),
        (
            "otlp,none",
            true,
            vec!["lists `none` together with an exporter; `otlp` is used"],
        ),
        (
            "console,none",
            false,
            vec!["lists the unsupported exporter `console`; nothing is exported"],
        ),
        ("otlp,", true, vec!["has an empty item; `otlp` is used"]),
        (
            "console",
            true,
            vec!["has the invalid value `console`; it is ignored, and `otlp` is used"],
        ),
        (
            "zipkin,console",
            true,
            vec![
                "lists the unsupported exporter `zipkin`; it is ignored, and `otlp` is used",
                "lists the unsupported exporter `console`; it is ignored, and `otlp` is used",
            ],
        ),
    ] {
        let (traces, warnings) = traces(&[("OTEL_TRACES_EXPORTER", value)]);
        assert_eq!(traces.is_some(), exported, "{value}");
        let expected: Vec<String> = expected
            .iter()
            .map(|warning| format!("`OTEL_TRACES_EXPORTER` {warning}"))
            .collect();
        assert_eq!(warnings, expected, "{value}");
    }
}

#[test]
fn a_signal_that_is_not_exported_needs_no_valid_exporter() {
    let nowhere = [
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere"),
        ("OTEL_TRACES_SAMPLER", "bogus"),
    ];
    let (_, warnings) = traces(&nowhere);
    assert_eq!(
        warnings,
        [format!(
            "`OTEL_TRACES_SAMPLER` has the invalid value `bogus`; {UNSET}"
        )]
    );
}

#[test]
fn invalid_settings_of_an_exporter_fall_back_to_the_default() {
    let (default, _) = traces(&[]);
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "htp/protobuf"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "-1"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "18446744073709551615"),
    ] {
        let (traces, warnings) = traces(&[(name, value)]);
        assert_eq!(
            warnings,
            [format!("`{name}` has the invalid value `{value}`; {UNSET}")]
        );
        assert_eq!(traces, default, "{name}");
    }
    // If the variable of a signal is ignored, the variable of all signals is used.
    let (traces, _) = traces(&[
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "zstd"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
    ]);
    let traces = traces.expect("spans are exported");
    assert_eq!((traces.gzip, traces.protocol), (true, Protocol::Grpc));
}

#[test]
fn a_timeout_of_zero_means_no_limit() {
    let (traces, warnings) = traces(&[("OTEL_EXPORTER_OTLP_TIMEOUT", "0")]);
    assert_eq!(warnings, [""; 0]);
    assert_eq!(traces.map(|otlp| otlp.timeout), Some(MAX_TIME));
}

#[test]
fn the_fragment_of_an_endpoint_is_removed() {
    for (value, endpoint) in [
        ("http://c:1#frag", "http://c:1/v1/traces"),
        ("http://c:1/x#frag?y", "http://c:1/x/v1/traces"),
        ("http://c:1/x?y=z#", "http://c:1/x/v1/traces?y=z"),
    ] {
        let (traces, warnings) = traces(&[("OTEL_EXPORTER_OTLP_ENDPOINT", value)]);
        assert_eq!(traces.expect("spans are exported").endpoint, endpoint);
        assert_eq!(
            warnings,
            [
                "`OTEL_EXPORTER_OTLP_ENDPOINT` has a fragment, which is not sent; it is used without the fragment"
            ]
        );
    }
}

#[test]
fn a_header_that_occurs_twice_has_its_last_value() {
    let (traces, warnings) = traces(&[("OTEL_EXPORTER_OTLP_HEADERS", "a=hunter1,b=2,A=hunter3,")]);
    let headers = traces.expect("spans are exported").headers;
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(headers, [header("b", "2"), header("a", "hunter3")]);
    assert_eq!(
        warnings,
        ["`OTEL_EXPORTER_OTLP_HEADERS` has header `A` twice; its last value is used"]
    );
}

/// Without these settings, telemetry would be sent to another collector, for another tenant, or without encryption.
#[test]
fn settings_that_decide_where_telemetry_is_sent_are_never_ignored() {
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:hunter2@c"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:port"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=%zz"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x tenant=1"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/etc/ca.pem"),
        ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "/etc/key.pem"),
    ] {
        let (_, errors, warnings) = read(&[(name, value)], &ExportOptions::default());
        assert_eq!((errors.len(), warnings.len()), (1, 0), "{name}={value}");
    }
}
