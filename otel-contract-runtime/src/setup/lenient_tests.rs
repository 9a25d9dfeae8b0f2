//! Variables that a set-up ignores with a warning, as the specification requires.

use super::environment::{Environment, MAX_TIME, Reader};
use super::export_options::ExportOptions;
use super::sampler::Fallback;
use super::settings::{MAX_QUEUE, Settings, Temporality};
use super::{SetupError, Signal};
use crate::propagation::Format;
use std::time::Duration;

/// Returns settings, errors and warnings of these variables.
pub(super) fn read(
    variables: &[(&str, &str)],
    options: &ExportOptions,
) -> (Settings, Vec<String>, Vec<String>) {
    let environment: Environment = variables.iter().copied().collect();
    let mut reader = Reader::new(&environment);
    let settings = Settings::read(&mut reader, options);
    let errors = reader.errors.iter().map(SetupError::what).collect();
    let warnings = reader.warnings.iter();
    let warnings = warnings.map(|warning| format!("{}; {}", warning.what(), warning.effect()));
    (settings, errors, warnings.collect())
}

/// Returns settings and warnings of variables without errors.
#[track_caller]
fn warned(variables: &[(&str, &str)]) -> (Settings, Vec<String>) {
    let (settings, errors, warnings) = read(variables, &with_providers());
    assert_eq!(errors, [""; 0], "{variables:?}");
    (settings, warnings)
}

/// Returns options with a provider for every signal, so that variables of exporters are not read.
fn with_providers() -> ExportOptions {
    ExportOptions {
        provided: vec![Signal::Traces, Signal::Metrics, Signal::Logs],
        ..ExportOptions::default()
    }
}

pub(super) const UNSET: &str = "it is ignored, as if it were not set";

#[test]
fn an_invalid_value_counts_as_not_set() {
    let (default, _) = warned(&[]);
    for (name, value) in [
        ("OTEL_TRACES_SAMPLER", "bogus"),
        ("OTEL_TRACES_SAMPLER", "jaeger_remote"),
        ("OTEL_TRACES_SAMPLER", "xray"),
        ("OTEL_BSP_SCHEDULE_DELAY", "5s"),
        ("OTEL_BSP_SCHEDULE_DELAY", "-1"),
        ("OTEL_BSP_SCHEDULE_DELAY", "18446744073709551616"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "1.5"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "0"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "many"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "4294967295"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "18446744073709551615"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4294967295"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0"),
        ("OTEL_BLRP_MAX_QUEUE_SIZE", "131073"),
        ("OTEL_BLRP_MAX_QUEUE_SIZE", "-5"),
        ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "1e9"),
        ("OTEL_BLRP_EXPORT_TIMEOUT", "-1"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "0"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1m"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "2147483648"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "sometimes"),
        (
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
            "delter",
        ),
        (
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
            "base3",
        ),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "many"),
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "-1"),
        ("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4294967296"),
    ] {
        let (settings, warnings) = warned(&[(name, value)]);
        assert_eq!(
            warnings,
            [format!("`{name}` has the invalid value `{value}`; {UNSET}")]
        );
        assert_eq!(format!("{settings:?}"), format!("{default:?}"), "{name}");
    }
}

#[test]
fn only_the_word_true_is_true() {
    for (value, disabled, is_warned) in [
        ("true", true, false),
        ("TRUE", true, false),
        (" True ", true, false),
        ("false", false, false),
        ("False", false, false),
        ("", false, false),
        ("1", false, true),
        ("yes", false, true),
        ("on", false, true),
        ("truee", false, true),
    ] {
        let (settings, warnings) = warned(&[("OTEL_SDK_DISABLED", value)]);
        assert_eq!(settings.disabled, disabled, "{value}");
        let warning =
            format!("`OTEL_SDK_DISABLED` has the invalid value `{value}`; it is read as `false`");
        let expected: Vec<String> = is_warned.then_some(warning).into_iter().collect();
        assert_eq!(warnings, expected, "{value}");
    }
}

#[test]
fn an_argument_is_read_for_samplers_that_take_one() {
    let (sampler, argument) = ("OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG");
    let read = |variables: &[(&str, &str)]| {
        let (settings, warnings) = warned(variables);
        (format!("{:?}", settings.sampler), warnings)
    };
    let debug_form = |sampler: Fallback| format!("{:?}", Some(sampler));
    let (tenth, warnings) = read(&[(sampler, "traceidratio"), (argument, "0.1")]);
    assert_eq!(tenth, debug_form(Fallback::independent(0.1)));
    assert_eq!(warnings, [""; 0]);
    // An invalid argument counts as not set, so all spans are sampled.
    for value in ["1.5", "-0.1", "NaN", "half", "inf"] {
        let (all, warnings) = read(&[(sampler, "parentbased_traceidratio"), (argument, value)]);
        assert_eq!(all, debug_form(Fallback::parent_based(1.0)));
        assert_eq!(
            warnings,
            [format!(
                "`{argument}` has the invalid value `{value}`; {UNSET}"
            )]
        );
    }
    for word in ["always_off", "always_on", "parentbased_always_on"] {
        let (_, warnings) = read(&[(sampler, word), (argument, "0.1")]);
        assert_eq!(
            warnings,
            [format!(
                "`{argument}` is set, but `{word}` takes no argument; it is ignored"
            )]
        );
    }
    let (none, warnings) = read(&[(argument, "0.1")]);
    assert_eq!(none, "None", "the contract decides about sampling");
    assert_eq!(
        warnings,
        [format!(
            "`{argument}` is set without `{sampler}`; it is ignored"
        )]
    );
    // An unknown sampler gives one warning, and none about its argument.
    let (none, warnings) = read(&[(sampler, "jaeger_remote"), (argument, "endpoint=x")]);
    assert_eq!(none, "None");
    assert_eq!(warnings.len(), 1, "{warnings:?}");
}

#[test]
fn a_time_of_zero_has_the_meaning_of_the_specification() {
    let (settings, warnings) = warned(&[
        ("OTEL_BSP_SCHEDULE_DELAY", "0"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "0"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "0"),
        ("OTEL_BLRP_EXPORT_TIMEOUT", "0"),
    ]);
    assert_eq!(warnings, [""; 0]);
    for batch in [settings.span_batch, settings.record_batch] {
        assert_eq!(batch.delay, Duration::from_millis(1), "as soon as possible");
        assert_eq!(batch.timeout, MAX_TIME, "no limit");
    }
}

#[test]
fn a_queue_has_an_upper_bound_and_a_batch_fits_into_it() {
    for (queue, batch, expected, is_warned) in [
        ("131072", "131072", (131_072, 131_072), false),
        ("100", "", (100, 100), false),
        ("100", "101", (100, 100), true),
        ("", "4096", (2_048, 2_048), true),
        ("1", "1", (1, 1), false),
    ] {
        let (settings, warnings) = warned(&[
            ("OTEL_BSP_MAX_QUEUE_SIZE", queue),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", batch),
        ]);
        let spans = settings.span_batch;
        assert_eq!((spans.queue, spans.export_size), expected);
        assert_eq!(warnings.len(), usize::from(is_warned), "{warnings:?}");
    }
    // The queue that the SDK allocates is smaller than 64 MiB.
    let span = std::mem::size_of::<opentelemetry_sdk::trace::SpanData>();
    assert!(span * MAX_QUEUE as usize <= 64 * 1024 * 1024, "{span}");
}

#[test]
fn variables_without_effect_are_reported() {
    for name in [
        "OTEL_CONFIG_FILE",
        "OTEL_EXPERIMENTAL_CONFIG_FILE",
        "OTEL_LOG_LEVEL",
        "OTEL_EXPORTER_ZIPKIN_ENDPOINT",
        "OTEL_EXPORTER_PROMETHEUS_PORT",
        "OTEL_EXPORTER_JAEGER_AGENT_HOST",
        "OTEL_EXPORTER_OTLP_SPAN_INSECURE",
    ] {
        let (_, warnings) = warned(&[(name, "1")]);
        assert_eq!(warnings, [format!("`{name}` has no effect; it is ignored")]);
        let (_, warnings) = warned(&[(name, "")]);
        assert_eq!(warnings, [""; 0], "an empty variable is not set");
    }
    for filter in ["always_on", "trace_based"] {
        let (_, warnings) = warned(&[("OTEL_METRICS_EXEMPLAR_FILTER", filter)]);
        assert_eq!(
            warnings,
            [
                "`OTEL_METRICS_EXEMPLAR_FILTER` has no effect; the OpenTelemetry SDK for Rust records no exemplars"
            ]
        );
    }
    for (name, value) in [
        ("OTEL_METRICS_EXEMPLAR_FILTER", "always_off"),
        ("OTEL_PYTHON_LOG_LEVEL", "debug"),
        ("OTEL_SEMCONV_STABILITY_OPT_IN", "http"),
    ] {
        let (_, warnings) = warned(&[(name, value)]);
        assert_eq!(warnings, [""; 0], "{name}");
    }
}

#[test]
fn a_misspelt_name_is_reported() {
    for (name, nearest) in [
        ("OTEL_SERVICE_NMAE", "OTEL_SERVICE_NAME"),
        ("OTEL_TRACES_SAMPLR", "OTEL_TRACES_SAMPLER"),
        (
            "OTEL_EXPORTER_OTLP_TRACE_ENDPOINT",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        ),
    ] {
        let environment: Environment = [(name, "hunter2")].into_iter().collect();
        let mut reader = Reader::new(&environment);
        let _ = Settings::read(&mut reader, &with_providers());
        assert_eq!(reader.errors, []);
        let shown: Vec<String> = reader.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [format!(
                "`{name}` is not an OpenTelemetry variable\n  = note: it is ignored\n  = help: did you mean `{nearest}`?"
            )]
        );
    }
}

#[test]
fn variables_without_effect_are_warnings_in_a_strict_set_up() {
    let environment: Environment = [("OTEL_LOG_LEVEL", "info")].into_iter().collect();
    let mut reader = Reader::new(&environment).strict(true);
    let _ = Settings::read(&mut reader, &with_providers());
    assert_eq!((reader.errors.len(), reader.warnings.len()), (0, 1));
}

#[test]
fn temporality_and_aggregation_are_read() {
    let (settings, warnings) = warned(&[
        (
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
            "LowMemory",
        ),
        (
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
            "BASE2_exponential_bucket_histogram",
        ),
    ]);
    assert_eq!(warnings, [""; 0]);
    assert_eq!(settings.temporality, Temporality::LowMemory);
    assert!(settings.exponential);
}

#[test]
fn unknown_propagators_are_skipped_if_one_is_known() {
    let (settings, warnings) = warned(&[("OTEL_PROPAGATORS", "xray,tracecontext,jaeger")]);
    assert_eq!(settings.propagators, [Format::TraceContext]);
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].contains("`xray`"), "{warnings:?}");
}

#[test]
fn a_value_is_shown_on_one_line() {
    let long = "x".repeat(10_000);
    for (value, shown) in [
        ("a\u{1b}[31m\nb", "a\\u{1b}[31m\\u{a}b"),
        ("\u{202e}cba", "\\u{202e}cba"),
        (&long, &format!("{}…", &long[..300])),
    ] {
        let (_, warnings) = warned(&[("OTEL_TRACES_SAMPLER", value)]);
        assert_eq!(
            warnings,
            [format!(
                "`OTEL_TRACES_SAMPLER` has the invalid value `{shown}`; {UNSET}"
            )]
        );
    }
}

#[cfg(unix)]
#[test]
fn bytes_that_are_not_utf8_are_an_error_only_for_vital_variables() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;
    for (name, is_vital) in [
        ("OTEL_TRACES_SAMPLER", false),
        ("OTEL_BSP_MAX_QUEUE_SIZE", false),
        #[cfg(feature = "otlp-http")]
        ("OTEL_EXPORTER_OTLP_ENDPOINT", true),
        #[cfg(feature = "otlp-http")]
        ("OTEL_EXPORTER_OTLP_HEADERS", true),
    ] {
        let environment: Environment = [(name, OsString::from_vec(vec![0xff]))]
            .into_iter()
            .collect();
        let mut reader = Reader::new(&environment);
        let options = if is_vital {
            ExportOptions::default()
        } else {
            with_providers()
        };
        let _ = Settings::read(&mut reader, &options);
        let counts = (reader.errors.len(), reader.warnings.len());
        assert_eq!(
            counts,
            (usize::from(is_vital), usize::from(!is_vital)),
            "{name}"
        );
    }
}
