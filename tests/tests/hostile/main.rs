//! Ten million measurements with hostile values of bounded attributes: the series stay within the bounds of the
//! contract, every measurement is in the right series, and memory does not grow with the number of values.
//!
//! This is a separate binary, so that only this test uses resident memory. It runs only on Linux, since it reads
//! `/proc/self/status`.
#![cfg(target_os = "linux")]

mod adversary;
mod oracle;

use adversary::{admitted_texts, attack};
use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};
use oracle::{Tally, expected};
use otel_contract_tests::points::{Meters, Point};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use test_vocabulary::measures::{self, metrics};

/// Minimum number of measurements.
const RECORDS: u64 = 10_000_000;

/// Maximum growth of the process's memory, in KiB.
const GROWTH: u64 = 8 * 1_024;

/// Counts spans by the attributes that are dimensions of the metric.
#[derive(Clone, Debug, Default)]
struct Spans(Arc<Mutex<BTreeMap<BTreeMap<String, String>, u64>>>);

impl SpanProcessor for Spans {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        let attributes = span
            .attributes
            .iter()
            .filter(|attribute| attribute.key.as_str() != "order.id");
        let attributes =
            attributes.map(|attribute| (attribute.key.to_string(), attribute.value.to_string()));
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(attributes.collect()).or_default() += 1;
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

fn install() -> (Meters, Spans) {
    let meters = Meters::with_view(measures::view);
    let spans = Spans::default();
    let tracers = SdkTracerProvider::builder()
        .with_span_processor(spans.clone())
        .build();
    let providers = measures::Providers::new().with_tracer_provider(tracers);
    providers
        .with_meter_provider(meters.provider.clone())
        .install();
    (meters, spans)
}

/// Value of a line of `/proc/self/status`, in KiB.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a readable status file");
    let line = status
        .lines()
        .find_map(|candidate| candidate.strip_prefix(line))
        .expect("a line with this name");
    let number = line.trim_matches(|c: char| !c.is_ascii_digit());
    number.parse().expect("a number of KiB")
}

/// Points of one metric.
fn points_of<'a>(points: &'a [Point], metric: &'a str) -> impl Iterator<Item = &'a Point> {
    points.iter().filter(move |point| point.metric == metric)
}

#[test]
fn ten_million_hostile_measurements_stay_within_the_series_and_memory_of_the_contract() {
    let admitted = admitted_texts();
    let (_meters, _spans) = install();
    attack(&admitted, RECORDS / 100);

    let (meters, spans) = install();
    let before = memory("VmRSS:");
    let tally = attack(&admitted, RECORDS);
    let grown = memory("VmHWM:").saturating_sub(before);
    println!("{} measurements, {grown} KiB more", tally.records);
    assert!(tally.records >= RECORDS, "{}", tally.records);
    assert!(grown < GROWTH, "{grown} KiB more than before");

    // Callbacks observe hostile values too, during a collection.
    let is_called = Arc::new(AtomicBool::new(false));
    let observing = observe(&is_called);
    let points = meters.points();
    assert!(is_called.load(Ordering::Relaxed));
    assert_within_bounds(&points);
    assert_eq!(
        points_of(&points, "lag").count(),
        1,
        "late values are recorded as `_OTHER`"
    );
    drop(observing);

    let points = meters.points();
    assert_within_bounds(&points);
    // `None`: not a histogram, so every point has count 1; each measurement is 1.
    for (metric, measured) in [("jobs", None), ("waiting", None), ("batch.size", Some(3.0))] {
        let mut expected = expected(&tally, &admitted, metric, measured.unwrap_or(1.0));
        if measured.is_none() {
            expected.iter_mut().for_each(|point| point.count = 1);
        }
        let points: Vec<Point> = points_of(&points, metric).cloned().collect();
        assert!(points == expected, "{metric}: {} points", points.len());
    }
    assert_agreement(&tally, &admitted, &points, &spans);
    let active: f64 = points_of(&points, "job.run.active")
        .map(|point| point.value)
        .sum();
    assert!(
        active.abs() < 0.5,
        "{active} operations are active at the end"
    );

    let limited = points_of(&points, "otel_contract.limited");
    let limited: Vec<String> = limited.map(ToString::to_string).collect();
    let (queues, topics) = (tally.limited_queues + LATE, tally.limited_topics + LATE);
    assert_eq!(
        limited,
        [
            format!("otel_contract.limited{{otel_contract.attribute=queue.name}} {queues}"),
            format!("otel_contract.limited{{otel_contract.attribute=topic.name}} {topics}"),
        ]
    );
}

/// Number of values that each callback observes.
const LATE: u64 = 20_000;

fn observe(is_called: &Arc<AtomicBool>) -> [metrics::CallbackRegistration; 2] {
    let is_called = is_called.clone();
    let lag = metrics::lag().observe(move |lag| {
        is_called.store(true, Ordering::Relaxed);
        for n in 0..LATE {
            lag.observe(
                1.0,
                metrics::Lag {
                    queue_name: measures::QueueName::capped(format!("late {n}")),
                },
            );
        }
    });
    let read = metrics::read().observe(|read| {
        for n in 0..LATE {
            read.observe(
                1,
                metrics::Read {}.topic_name(measures::TopicName::capped(format!("late {n}"))),
            );
        }
    });
    [lag, read]
}

fn assert_within_bounds(points: &[Point]) {
    let bounds = [
        (metrics::Jobs::NAME, metrics::Jobs::SERIES),
        (metrics::Waiting::NAME, metrics::Waiting::SERIES),
        (metrics::BatchSize::NAME, metrics::BatchSize::SERIES),
        (metrics::PoolSize::NAME, metrics::PoolSize::SERIES),
        (metrics::Lag::NAME, metrics::Lag::SERIES),
        (metrics::Read::NAME, metrics::Read::SERIES),
        (
            metrics::JobRunDuration::NAME,
            metrics::JobRunDuration::SERIES,
        ),
        (metrics::JobRunActive::NAME, metrics::JobRunActive::SERIES),
        ("otel_contract.limited", 2),
    ];
    for (metric, series) in bounds {
        let count = points_of(points, metric).count() as u64;
        assert!(
            count <= series,
            "{metric} has {count} series, but at most {series} are allowed"
        );
    }
    for point in points {
        assert!(
            bounds.iter().any(|(metric, _)| *metric == point.metric),
            "{point}"
        );
        assert!(
            !point.attributes.contains_key("otel.metric.overflow"),
            "{point}"
        );
    }
}

/// Asserts that spans and durations agree with each other and with the recorded values.
fn assert_agreement(tally: &Tally, admitted: &[String], points: &[Point], spans: &Spans) {
    let counts = |points: &mut dyn Iterator<Item = Point>| -> BTreeMap<_, _> {
        points
            .map(|point| (point.attributes, point.count))
            .collect()
    };
    let from_spans = spans
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let measured = counts(&mut points_of(points, "job.run.duration").cloned());
    assert!(from_spans == measured, "spans and durations differ");
    let expected = counts(&mut expected(tally, admitted, "job.run.duration", 0.0).into_iter());
    assert!(
        measured == expected,
        "durations differ from the recorded values"
    );
}
