//! Settings and errors from variables, in a strict set-up, without the environment of the process.

use super::Signal;
use super::environment::{Environment, Reader};
use super::error::{SetupError, SetupErrors};
use super::export_options::ExportOptions;
use super::settings::{Settings, Temporality};
use super::warning::SetupWarnings;
use crate::propagation::Format;
use std::time::Duration;

/// Reads variables as a strict set-up.
pub(super) fn read(
    variables: &[(&str, &str)],
    options: &ExportOptions,
) -> (Settings, Vec<SetupError>) {
    let environment: Environment = variables.iter().copied().collect();
    let mut reader = Reader::new(&environment).strict(true);
    let settings = Settings::read(&mut reader, options);
    (settings, reader.errors)
}

/// Returns problem and help text of the only error of one variable.
#[track_caller]
fn error(name: &str, value: &str) -> (String, String) {
    let (_, errors) = read(&[(name, value)], &with_providers());
    let [error] = errors.as_slice() else {
        panic!("expected one error of `{name}={value}`: {errors:?}");
    };
    (error.what(), error.help())
}

/// Returns options with a provider for every signal, so that variables of exporters are not read.
fn with_providers() -> ExportOptions {
    ExportOptions {
        provided: vec![Signal::Traces, Signal::Metrics, Signal::Logs],
        ..ExportOptions::default()
    }
}

#[test]
fn an_invalid_variable_is_reported_with_the_valid_values() {
    for (name, value, help) in [
        ("OTEL_SDK_DISABLED", "yes", "use one of `true`, `false`"),
        (
            "OTEL_TRACES_SAMPLER",
            "jaeger_remote",
            "use one of `parentbased_always_on`, `parentbased_always_off`, `parentbased_traceidratio`, `always_on`, `always_off`, `traceidratio`",
        ),
        (
            "OTEL_BSP_SCHEDULE_DELAY",
            "5s",
            "write milliseconds, like `5000`",
        ),
        (
            "OTEL_BSP_MAX_QUEUE_SIZE",
            "0",
            "write a whole number from 1 to 131072, like `512`",
        ),
        (
            "OTEL_BLRP_EXPORT_TIMEOUT",
            "-1",
            "write milliseconds, like `5000`; `0` means no limit",
        ),
        (
            "OTEL_METRIC_EXPORT_INTERVAL",
            "0",
            "write milliseconds, a whole number above zero, like `5000`",
        ),
        (
            "OTEL_METRICS_EXEMPLAR_FILTER",
            "sometimes",
            "use one of `always_on`, `always_off`, `trace_based`",
        ),
        (
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
            "delter",
            "use one of `cumulative`, `delta`, `lowmemory`",
        ),
        (
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
            "base2",
            "use one of `explicit_bucket_histogram`, `base2_exponential_bucket_histogram`",
        ),
        (
            "OTEL_SPAN_LINK_COUNT_LIMIT",
            "many",
            "write a whole number, like `128`",
        ),
    ] {
        let expected = (
            format!("`{name}` has the invalid value `{value}`"),
            help.to_owned(),
        );
        assert_eq!(error(name, value), expected);
    }
    let (what, help) = error("OTEL_PROPAGATORS", "tracecontext, xray");
    assert_eq!(
        what,
        "`OTEL_PROPAGATORS` lists the unsupported propagator `xray`"
    );
    assert_eq!(
        help,
        "use one of `tracecontext`, `baggage`, `b3`, `b3multi`, `none`; pass any other propagator in code: `.propagator(…)`"
    );
    let (what, help) = error("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4096");
    assert_eq!(
        what,
        "`OTEL_BSP_MAX_EXPORT_BATCH_SIZE` is `4096`, which is larger than the queue"
    );
    assert_eq!(
        help,
        "write at most 2048, or raise `OTEL_BSP_MAX_QUEUE_SIZE`"
    );
    let (what, _) = error("OTEL_RESOURCE_ATTRIBUTES", "a=b,c");
    assert_eq!(
        what,
        "`OTEL_RESOURCE_ATTRIBUTES` has an invalid item at position 2: it is not `key=value`"
    );
}

#[test]
fn a_misspelt_variable_is_reported_with_the_similar_name() {
    let (what, help) = error("OTEL_TRACES_SAMPLR", "always_on");
    assert_eq!(
        what,
        "`OTEL_TRACES_SAMPLR` is not an OpenTelemetry variable"
    );
    assert_eq!(help, "did you mean `OTEL_TRACES_SAMPLER`?");
    // Names of the specification that are similar to each other, and names of other programs.
    for name in [
        "OTEL_BLRP_SCHEDULE_DELAY",
        "OTEL_BSP_SCHEDULE_DELAY",
        "OTEL_SERVICE_NAME",
        "OTEL_LOG_LEVEL",
        "OTEL_PYTHON_LOG_LEVEL",
        "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_EXPORTER_OTLP_METRIC_INSECURE",
        "OTEL_EXPORTER_PROMETHEUS_PORT",
    ] {
        let (_, errors) = read(&[(name, "1")], &with_providers());
        assert_eq!(errors, [], "{name}");
    }
}

#[test]
fn all_errors_are_reported_at_once() {
    let variables = [
        ("OTEL_SDK_DISABLED", "no"),
        ("OTEL_TRACES_SAMPLER", "half"),
        ("OTEL_PROPAGATORS", "jaeger,xray"),
    ];
    let (_, errors) = read(&variables, &with_providers());
    let errors = SetupErrors::result(errors, SetupWarnings::default()).expect_err("four errors");
    assert_eq!(errors.iter().count(), 4);
    let text = errors.to_string();
    assert!(
        text.starts_with("telemetry cannot be set up\n\nerror: `OTEL_SDK_DISABLED` has the invalid value `no`\n  = help: use one of `true`, `false`\n\nerror: "),
        "{text}"
    );
    // `main` prints the errors with `Debug`.
    assert_eq!(format!("{errors:?}"), text);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf8_is_reported() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;
    let environment: Environment = [("OTEL_TRACES_SAMPLER", OsString::from_vec(vec![0xff]))]
        .into_iter()
        .collect();
    let mut reader = Reader::new(&environment).strict(true);
    let _ = Settings::read(&mut reader, &with_providers());
    let messages: Vec<String> = reader.errors.iter().map(SetupError::what).collect();
    assert_eq!(messages, ["`OTEL_TRACES_SAMPLER` is not UTF-8"]);
}

#[test]
fn propagators_are_case_insensitive_ordered_and_deduplicated() {
    use Format::{Baggage, TraceContext};
    for (written, expected) in [
        ("", vec![TraceContext, Baggage]),
        ("baggage,tracecontext", vec![Baggage, TraceContext]),
        (" TraceContext , tracecontext ,,", vec![TraceContext]),
        ("none", vec![]),
        ("none,baggage", vec![Baggage]),
    ] {
        let (settings, errors) = read(&[("OTEL_PROPAGATORS", written)], &with_providers());
        assert_eq!(
            (settings.propagators, errors),
            (expected, vec![]),
            "{written}"
        );
    }
    // An unknown name does not affect the others.
    let (settings, errors) = read(
        &[("OTEL_PROPAGATORS", "xray,baggage,jaeger")],
        &with_providers(),
    );
    assert_eq!(settings.propagators, [Baggage]);
    assert_eq!(errors.len(), 2);
    // A list without a known name counts as not set.
    let (settings, errors) = read(&[("OTEL_PROPAGATORS", "xray")], &with_providers());
    assert_eq!(settings.propagators, [TraceContext, Baggage]);
    assert_eq!(errors.len(), 1);
}

#[cfg(feature = "b3")]
#[test]
fn b3_has_a_propagator_for_each_of_its_two_header_formats() {
    let written = "b3multi,B3,tracecontext,b3";
    let (settings, errors) = read(&[("OTEL_PROPAGATORS", written)], &with_providers());
    assert_eq!(errors, []);
    let expected = [Format::B3Multi, Format::B3, Format::TraceContext];
    assert_eq!(settings.propagators, expected);
}

#[cfg(not(feature = "b3"))]
#[test]
fn b3_without_its_feature_is_reported_with_the_feature() {
    for name in ["b3", "b3multi"] {
        let written = format!("tracecontext,{name}");
        let (settings, errors) = read(&[("OTEL_PROPAGATORS", &written)], &with_providers());
        assert_eq!(settings.propagators, [Format::TraceContext]);
        let messages: Vec<String> = errors.iter().map(SetupError::what).collect();
        assert_eq!(
            messages,
            [format!(
                "`OTEL_PROPAGATORS` lists `{name}`, but feature `b3` of `otel-contract` is not enabled"
            )]
        );
    }
}

#[test]
fn defaults_are_those_of_the_specification() {
    let (settings, errors) = read(&[], &with_providers());
    assert_eq!(errors, []);
    assert!(!settings.disabled);
    let spans = settings.span_batch;
    assert_eq!((spans.queue, spans.export_size), (2_048, 512));
    assert_eq!(spans.delay, Duration::from_secs(5));
    assert_eq!(settings.record_batch.delay, Duration::from_secs(1));
    assert_eq!(settings.metric_interval, Duration::from_secs(60));
    assert_eq!(settings.temporality, Temporality::Cumulative);
    let both = [Format::TraceContext, Format::Baggage];
    assert_eq!(settings.propagators, both);
    let (settings, _) = read(&[("OTEL_PROPAGATORS", "none")], &with_providers());
    assert_eq!(settings.propagators, []);
    // A small queue limits the batch without an error.
    let (settings, errors) = read(&[("OTEL_BSP_MAX_QUEUE_SIZE", "100")], &with_providers());
    assert_eq!((settings.span_batch.export_size, errors), (100, vec![]));
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
#[test]
fn without_an_exporter_the_missing_feature_is_reported() {
    let (_, errors) = read(&[], &ExportOptions::default());
    let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "spans, measurements or log records need an OTLP exporter, but feature `otlp-http` of `otel-contract` is not enabled\n  = help: enable it: `otel-contract = { features = [\"otlp-http\"] }`"
        ]
    );
}

#[cfg(all(feature = "otlp-grpc", not(feature = "otlp-http")))]
#[test]
fn a_protocol_that_is_not_compiled_in_is_reported_with_its_feature() {
    let variables = [("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];
    let (_, errors) = read(&variables, &ExportOptions::default());
    let messages: Vec<String> = errors.iter().map(SetupError::what).collect();
    assert_eq!(
        messages,
        [
            "`OTEL_EXPORTER_OTLP_PROTOCOL` requires the protocol `http/protobuf`, but feature `otlp-http` of `otel-contract` is not enabled"
        ]
    );
}

#[cfg(feature = "hash")]
#[test]
fn a_key_is_never_shown_and_must_be_long_enough() {
    use super::key::Key;
    let environment = Environment::from_iter([
        ("SHORT", "hunter2"),
        ("LONG", "hunter2hunter2hunter2hunter2hunter2"),
        ("BLANK", " "),
    ]);
    let mut reader = Reader::new(&environment);
    let mut read = |key: Key| key.read(&mut reader).is_some();
    assert!(read(Key::Variable("LONG".to_owned())));
    assert!(read(Key::Bytes(vec![0; 32])));
    assert!(!read(Key::Variable("SHORT".to_owned())));
    assert!(!read(Key::Variable("UNSET".to_owned())));
    assert!(!read(Key::Variable("BLANK".to_owned())));
    assert!(!read(Key::Bytes(vec![b'h'; 31])));
    let messages: Vec<String> = reader.errors.iter().map(SetupError::what).collect();
    assert_eq!(
        messages,
        [
            "`SHORT` contains a protection key of only 7 bytes",
            "`UNSET` must contain the protection key, but is not set",
            "`BLANK` must contain the protection key, but is not set",
            "`protection_key(…)` received a key of only 31 bytes",
        ]
    );
    assert!(!format!("{:?}", reader.errors).contains("hunter2"));
}
