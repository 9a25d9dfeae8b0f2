//! Settings from variables and code. Code takes precedence.

use super::detectors::{self, Detector};
use super::environment::{Environment, Reader, invalid};
use super::export_options::ExportOptions;
use super::formats::read_propagators;
use super::limits::{self, RecordLimits};
use super::otlp::{OtlpSettings, read as otlp};
use super::pairs::{self, Pairs};
use super::printable::printable;
use super::sampler::Fallback;
use super::warning::SetupWarning;
use super::{Signal, misspelt};
use crate::propagation::Format;
use crate::span::Limits;
use std::time::Duration;

/// Settings of a set-up.
#[derive(Debug)]
// Settings that this build does not use are read too, to report their errors.
#[cfg_attr(
    not(all(feature = "logs", any(feature = "otlp-grpc", feature = "otlp-http"))),
    allow(dead_code)
)]
pub(super) struct Settings {
    pub(super) disabled: bool,
    /// OTLP settings of each signal; `None`: the signal is not exported over OTLP.
    pub(super) otlp_traces: Option<OtlpSettings>,
    pub(super) otlp_metrics: Option<OtlpSettings>,
    pub(super) otlp_logs: Option<OtlpSettings>,
    pub(super) span_batch: Batch,
    pub(super) record_batch: Batch,
    pub(super) metric_interval: Duration,
    pub(super) temporality: Temporality,
    /// Whether histograms are exponential by default. For histograms of other instrumentation, a view in code takes
    /// precedence.
    pub(super) exponential: bool,
    /// Sampler of the variable, which replaces the sampling of the contract; `None`: the contract decides.
    pub(super) sampler: Option<Fallback>,
    pub(super) propagators: Vec<Format>,
    pub(super) resource: Vec<(String, String)>,
    /// Detectors of the variable; `None`: the default.
    pub(super) detectors: Option<Vec<Detector>>,
    pub(super) span_limits: Limits,
    pub(super) record_limits: RecordLimits,
}

/// Queue and batches of a batch processor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Batch {
    pub(super) queue: usize,
    /// Maximum number of items of one export.
    pub(super) export_size: usize,
    pub(super) delay: Duration,
    /// Maximum duration of an export, if it is shorter than the timeout of the exporter.
    pub(super) timeout: Duration,
}

/// Temporality preference of exported metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temporality {
    Cumulative,
    Delta,
    LowMemory,
}

/// Maximum length of a queue. The SDK allocates the whole queue when it starts, some 50 MiB for spans.
pub(super) const MAX_QUEUE: u32 = 131_072;

/// Returns the warnings of a disabled set-up, which only installs propagators.
pub(super) fn propagator_warnings(environment: &Environment) -> Vec<SetupWarning> {
    let mut reader = Reader::new(environment);
    let _ = read_propagators(&mut reader);
    reader.warnings
}

impl Settings {
    pub(super) fn read(reader: &mut Reader<'_>, options: &ExportOptions) -> Self {
        let disabled = reader.boolean("OTEL_SDK_DISABLED").unwrap_or(false);
        let mut exporter = |signal: Signal| {
            let needed = signal.is_compiled() && !options.provided.contains(&signal);
            // Checked first, so that a signal that is not exported has no errors.
            (needed && is_exported(reader, signal)).then(|| otlp(reader, options, signal))?
        };
        let (otlp_traces, otlp_metrics, otlp_logs) = (
            exporter(Signal::Traces),
            exporter(Signal::Metrics),
            exporter(Signal::Logs),
        );
        let settings = Self {
            disabled,
            otlp_traces,
            otlp_metrics,
            otlp_logs,
            span_batch: Batch::read(reader, "OTEL_BSP_", Duration::from_secs(5)),
            record_batch: Batch::read(reader, "OTEL_BLRP_", Duration::from_secs(1)),
            metric_interval: read_metric_interval(reader, options),
            temporality: read_temporality(reader),
            exponential: read_exponential(reader),
            sampler: read_sampler(reader),
            propagators: read_propagators(reader),
            resource: read_resource(reader),
            detectors: detectors::read_detectors(reader),
            span_limits: limits::read_span_limits(reader),
            record_limits: limits::read_record_limits(reader),
        };
        warn_about_exemplars(reader);
        misspelt::check(reader);
        settings
    }
}

impl Batch {
    /// Reads the settings of a batch processor. The defaults are those of the specification.
    fn read(reader: &mut Reader<'_>, prefix: &str, delay: Duration) -> Self {
        let bounds = (1, MAX_QUEUE);
        let queue = reader.count(&format!("{prefix}MAX_QUEUE_SIZE"), bounds);
        let batch = reader.count(&format!("{prefix}MAX_EXPORT_BATCH_SIZE"), bounds);
        let queue = queue.unwrap_or(2_048);
        if let Some(batch) = batch.filter(|batch| *batch > queue) {
            reader.variable_warning(
                &format!("{prefix}MAX_EXPORT_BATCH_SIZE"),
                format!("is `{batch}`, which is larger than the queue"),
                format!("`{queue}` is used, the size of the queue"),
                format!("write at most {queue}, or raise `{prefix}MAX_QUEUE_SIZE`"),
            );
        }
        Self {
            queue: queue as usize,
            export_size: batch.unwrap_or(512).min(queue) as usize,
            delay: reader
                .delay(&format!("{prefix}SCHEDULE_DELAY"))
                .unwrap_or(delay),
            timeout: reader
                .timeout(&format!("{prefix}EXPORT_TIMEOUT"))
                .unwrap_or(Duration::from_secs(30)),
        }
    }
}

/// Whether a signal is exported. Unsupported exporters in a list are ignored.
fn is_exported(reader: &mut Reader<'_>, signal: Signal) -> bool {
    let name = format!("OTEL_{}_EXPORTER", signal.upper_name());
    let Some(written) = reader.text(&name) else {
        return true;
    };
    let words: Vec<&str> = written.split(',').map(str::trim).collect();
    let has = |known: &str| words.iter().any(|word| word.eq_ignore_ascii_case(known));
    let (otlp, none) = (has("otlp"), has("none"));
    let effect = match (otlp, none) {
        (true, _) => "`otlp` is used",
        (false, true) => "nothing is exported",
        (false, false) => "it is ignored, and `otlp` is used",
    };
    let help = format!(
        "use `otlp` or `none`; pass any other exporter in code: `.{}(…)`",
        signal.exporter_option()
    );
    for word in &words {
        let what = match word.to_ascii_lowercase().as_str() {
            "none" if otlp => "lists `none` together with an exporter".to_owned(),
            "otlp" | "none" => continue,
            "" => "has an empty item".to_owned(),
            _ if words.len() == 1 => invalid(word),
            _ => format!("lists the unsupported exporter `{}`", printable(word)),
        };
        reader.variable_warning(&name, what, effect, help.clone());
    }
    otlp || !none
}

/// Reads the interval of metric exports. `otlp::read_timeout` reads `OTEL_METRIC_EXPORT_TIMEOUT`, which limits the
/// timeout of the exporter.
fn read_metric_interval(reader: &mut Reader<'_>, options: &ExportOptions) -> Duration {
    let of_variable = reader.interval("OTEL_METRIC_EXPORT_INTERVAL");
    let interval = options.metric_interval.or(of_variable);
    interval.unwrap_or(Duration::from_secs(60))
}

fn read_temporality(reader: &mut Reader<'_>) -> Temporality {
    let name = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    let words = [
        ("cumulative", Temporality::Cumulative),
        ("delta", Temporality::Delta),
        ("lowmemory", Temporality::LowMemory),
    ];
    reader.word(name, &words).unwrap_or(Temporality::Cumulative)
}

/// Whether histograms are exponential by default.
fn read_exponential(reader: &mut Reader<'_>) -> bool {
    let name = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    let words = [
        ("explicit_bucket_histogram", false),
        ("base2_exponential_bucket_histogram", true),
    ];
    reader.word(name, &words).unwrap_or(false)
}

/// Reads the sampler of `OTEL_TRACES_SAMPLER` and its argument.
fn read_sampler(reader: &mut Reader<'_>) -> Option<Fallback> {
    type Make = fn(f64) -> Fallback;
    let words: [(&str, (Make, bool)); 6] = [
        (
            "parentbased_always_on",
            (|_| Fallback::parent_based(1.0), false),
        ),
        (
            "parentbased_always_off",
            (|_| Fallback::parent_based(0.0), false),
        ),
        ("parentbased_traceidratio", (Fallback::parent_based, true)),
        ("always_on", (|_| Fallback::independent(1.0), false)),
        ("always_off", (|_| Fallback::independent(0.0), false)),
        ("traceidratio", (Fallback::independent, true)),
    ];
    let argument = "OTEL_TRACES_SAMPLER_ARG";
    let help = "set it only with `traceidratio` or `parentbased_traceidratio`";
    let Some(sampler) = reader.text("OTEL_TRACES_SAMPLER") else {
        if reader.text(argument).is_some() {
            let what = "is set without `OTEL_TRACES_SAMPLER`";
            reader.variable_warning(argument, what, "it is ignored", help);
        }
        return None;
    };
    let (make, has_argument) = reader.word("OTEL_TRACES_SAMPLER", &words)?;
    let ratio = if has_argument {
        reader.number(
            argument,
            "write the ratio of traces to keep, from 0 to 1, like `0.1`",
            |ratio: &f64| (0.0..=1.0).contains(ratio),
        )
    } else {
        if reader.text(argument).is_some() {
            let what = format!("is set, but `{}` takes no argument", printable(&sampler));
            reader.variable_warning(argument, what, "it is ignored", help);
        }
        None
    };
    Some(make(ratio.unwrap_or(1.0)))
}

/// Reads the resource attributes of the environment. A list with an error is discarded as a whole, as the
/// specification requires.
pub(super) fn read_resource(reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let name = "OTEL_RESOURCE_ATTRIBUTES";
    let Some(written) = reader.text(name) else {
        return Vec::new();
    };
    let Pairs { valid, problems } = Pairs::read(&written);
    let is_valid = problems.is_empty();
    for problem in problems {
        reader.variable_warning(name, problem, "the whole variable is ignored", pairs::HELP);
    }
    if is_valid { valid } else { Vec::new() }
}

/// Warns about the filter of exemplars, which the SDK does not record.
fn warn_about_exemplars(reader: &mut Reader<'_>) {
    let name = "OTEL_METRICS_EXEMPLAR_FILTER";
    let filters = [
        ("always_on", true),
        ("always_off", false),
        ("trace_based", true),
    ];
    if reader.word(name, &filters) == Some(true) {
        let help = "remove it, or write `always_off`";
        reader.no_effect_warning(
            name,
            "has no effect",
            "the OpenTelemetry SDK for Rust records no exemplars",
            help,
        );
    }
}
