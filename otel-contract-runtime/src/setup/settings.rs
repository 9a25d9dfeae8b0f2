//! What the variables and the code ask for, together: code wins.

use super::environment::Reader;
use super::formats::propagators;
use super::sampler::Fallback;
use super::{Protocol, SetupError, Signal};
pub(super) use crate::propagation::Format as Propagator;
use crate::setup::otlp::{OtlpSettings, read as otlp};
use std::time::Duration;

/// What the builder was told about exporting; it goes before every variable.
#[derive(Default)]
pub(super) struct Chosen {
    pub(super) endpoint: Option<String>,
    pub(super) protocol: Option<Protocol>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
    pub(super) metric_interval: Option<Duration>,
    /// Signals the user has a provider for, which need no exporter.
    pub(super) provided: Vec<Signal>,
}

/// Everything a set-up needs to know.
#[derive(Debug)]
// What this build does not export is read all the same, since it may be wrong.
#[cfg_attr(
    not(all(feature = "logs", any(feature = "otlp-grpc", feature = "otlp-http"))),
    allow(dead_code)
)]
pub(super) struct Settings {
    pub(super) disabled: bool,
    /// By signal; `None`: it is not exported.
    pub(super) traces: Option<OtlpSettings>,
    pub(super) metrics: Option<OtlpSettings>,
    pub(super) logs: Option<OtlpSettings>,
    pub(super) spans: Batch,
    pub(super) records: Batch,
    pub(super) metric_interval: Duration,
    pub(super) temporality: Temporality,
    pub(super) sampler: Fallback,
    pub(super) propagators: Vec<Propagator>,
    pub(super) resource: Vec<(String, String)>,
}

/// How a batch processor queues.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Batch {
    pub(super) queue: usize,
    pub(super) together: usize,
    pub(super) delay: Duration,
    /// Longest export, where it is less than that of the exporter.
    pub(super) timeout: Duration,
}

/// How sums are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temporality {
    Cumulative,
    Delta,
    LowMemory,
}

impl Settings {
    pub(super) fn read(reader: &mut Reader<'_>, chosen: &Chosen) -> Self {
        let booleans = [("true", true), ("false", false)];
        let disabled = reader.word("OTEL_SDK_DISABLED", &booleans);
        let mut exporter = |signal: Signal| {
            let needed = signal.is_compiled() && !chosen.provided.contains(&signal);
            // Said before anything of the signal is read: a signal that goes nowhere has no faults.
            (needed && exports(reader, signal)).then(|| otlp(reader, chosen, signal))?
        };
        let (traces, metrics, logs) = (
            exporter(Signal::Traces),
            exporter(Signal::Metrics),
            exporter(Signal::Logs),
        );
        ignored_by_the_sdk(reader);
        let settings = Self {
            disabled: disabled.unwrap_or(false),
            traces,
            metrics,
            logs,
            spans: Batch::read(reader, "OTEL_BSP_", Duration::from_secs(5)),
            records: Batch::read(reader, "OTEL_BLRP_", Duration::from_secs(1)),
            metric_interval: metric_interval(reader, chosen),
            temporality: temporality(reader),
            sampler: sampler(reader),
            propagators: propagators(reader),
            resource: reader.pairs("OTEL_RESOURCE_ATTRIBUTES"),
        };
        reader.misspelt();
        settings
    }
}

impl Batch {
    /// Defaults as in the specification.
    fn read(reader: &mut Reader<'_>, prefix: &str, delay: Duration) -> Self {
        let mut count = |name: &str, least| reader.count(&format!("{prefix}{name}"), least);
        let queue = count("MAX_QUEUE_SIZE", 1);
        let batch = count("MAX_EXPORT_BATCH_SIZE", 1);
        let mut millis = |name: &str| reader.millis(&format!("{prefix}{name}"));
        let read = Self {
            queue: queue.unwrap_or(2_048),
            together: batch.unwrap_or(512.min(queue.unwrap_or(512))),
            delay: millis("SCHEDULE_DELAY").unwrap_or(delay),
            timeout: millis("EXPORT_TIMEOUT").unwrap_or(Duration::from_secs(30)),
        };
        if read.together > read.queue {
            let (batch, queue) = (read.together, read.queue);
            reader.wrong(
                &format!("{prefix}MAX_EXPORT_BATCH_SIZE"),
                format!("is `{batch}`, more than fit into the queue"),
                format!("write at most {queue}, or raise `{prefix}MAX_QUEUE_SIZE`"),
            );
        }
        read
    }
}

/// Whether a signal is exported.
fn exports(reader: &mut Reader<'_>, signal: Signal) -> bool {
    let name = format!("OTEL_{}_EXPORTER", signal.upper());
    let Some(written) = reader.text(&name) else {
        return true;
    };
    match written.to_ascii_lowercase().as_str() {
        "otlp" => true,
        "none" => false,
        _ => {
            let help = format!(
                "use `otlp` or `none`; any other exporter is given in code: `.{}(…)`",
                signal.exporter_option()
            );
            reader.wrong(&name, format!("is `{written}`"), help);
            false
        }
    }
}

/// The interval of metrics; `OTEL_METRIC_EXPORT_TIMEOUT` goes into the exporter's.
fn metric_interval(reader: &mut Reader<'_>, chosen: &Chosen) -> Duration {
    let interval = reader.millis("OTEL_METRIC_EXPORT_INTERVAL");
    let interval = chosen.metric_interval.or(interval);
    interval.unwrap_or(Duration::from_secs(60))
}

fn temporality(reader: &mut Reader<'_>) -> Temporality {
    let name = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";
    let words = [
        ("cumulative", Temporality::Cumulative),
        ("delta", Temporality::Delta),
        ("lowmemory", Temporality::LowMemory),
    ];
    reader.word(name, &words).unwrap_or(Temporality::Cumulative)
}

/// What is sampled of spans the contract says nothing about.
fn sampler(reader: &mut Reader<'_>) -> Fallback {
    type Make = fn(f64) -> Fallback;
    let words: [(&str, Make); 6] = [
        ("parentbased_always_on", |_| Fallback::parent(1.0)),
        ("parentbased_always_off", |_| Fallback::parent(0.0)),
        ("parentbased_traceidratio", Fallback::parent),
        ("always_on", |_| Fallback::root(1.0)),
        ("always_off", |_| Fallback::root(0.0)),
        ("traceidratio", Fallback::root),
    ];
    let make = reader.word("OTEL_TRACES_SAMPLER", &words);
    let share = reader.number(
        "OTEL_TRACES_SAMPLER_ARG",
        "write the share of traces to keep, from 0 to 1, like `0.1`",
        |share: &f64| (0.0..=1.0).contains(share),
    );
    make.map_or(Fallback::parent(1.0), |make| make(share.unwrap_or(1.0)))
}

/// What the SDK reads by itself, or takes no notice of: a wrong value would pass in silence.
fn ignored_by_the_sdk(reader: &mut Reader<'_>) {
    for name in [
        "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
        "OTEL_SPAN_EVENT_COUNT_LIMIT",
        "OTEL_SPAN_LINK_COUNT_LIMIT",
    ] {
        reader.count(name, 0);
    }
    let filters = [("always_on", ()), ("always_off", ()), ("trace_based", ())];
    reader.word("OTEL_METRICS_EXEMPLAR_FILTER", &filters);
    let aggregations = [("explicit_bucket_histogram", ())];
    reader.word(
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
        &aggregations,
    );
}

/// A fault of an option given in code.
pub(super) fn option(name: &'static str, what: impl Into<String>, help: &str) -> SetupError {
    SetupError::Option {
        name,
        what: what.into(),
        help: help.to_owned(),
    }
}
