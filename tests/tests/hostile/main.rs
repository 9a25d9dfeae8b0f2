//! Ten million measurements whose bounded attributes somebody hostile chooses: the series stay those
//! of the contract, every measurement is in the one it belongs to, and memory does not grow with them.
//!
//! A binary of its own, so that resident memory is this test's alone. Linux only: it reads
//! `/proc/self/status`.
#![cfg(target_os = "linux")]

mod adversary;
mod oracle;

use adversary::{attack, welcome};
use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};
use oracle::{Given, expected};
use otel_contract_tests::points::{Meters, Point};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use test_vocabulary::measures::{self, metrics};

/// Measurements, at least.
const RECORDS: u64 = 10_000_000;

/// What the process may grow by, in KiB.
const GROWTH: u64 = 8 * 1_024;

/// Counts spans by their attributes, as the metric has them for dimensions.
#[derive(Clone, Debug, Default)]
struct Spans(Arc<Mutex<BTreeMap<BTreeMap<String, String>, u64>>>);

impl SpanProcessor for Spans {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        let attributes = span
            .attributes
            .iter()
            .filter(|one| one.key.as_str() != "order.id");
        let attributes = attributes.map(|one| (one.key.to_string(), one.value.to_string()));
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

/// A line of `/proc/self/status`, in KiB.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status
        .lines()
        .find_map(|one| one.strip_prefix(line))
        .expect("the line is there");
    let number = line.trim_matches(|c: char| !c.is_ascii_digit());
    number.parse().expect("a number of KiB")
}

fn of<'a>(points: &'a [Point], metric: &'a str) -> impl Iterator<Item = &'a Point> {
    points.iter().filter(move |point| point.metric == metric)
}

#[test]
fn ten_million_hostile_measurements_stay_within_the_series_and_memory_of_the_contract() {
    let welcome = welcome();
    let (_meters, _spans) = install();
    attack(&welcome, RECORDS / 100);

    let (meters, spans) = install();
    let before = memory("VmRSS:");
    let given = attack(&welcome, RECORDS);
    let grown = memory("VmHWM:").saturating_sub(before);
    println!("{} measurements, {grown} KiB more", given.records);
    assert!(given.records >= RECORDS, "{}", given.records);
    assert!(grown < GROWTH, "{grown} KiB more than before");

    // Asked while metrics are collected, values are no less hostile.
    let asked = Arc::new(AtomicBool::new(false));
    let observing = observe(&asked);
    let points = meters.points();
    assert!(asked.load(Ordering::Relaxed));
    within_bounds(&points);
    assert_eq!(
        of(&points, "lag").count(),
        1,
        "only `_OTHER` is left for those that come late"
    );
    drop(observing);

    let points = meters.points();
    within_bounds(&points);
    for (metric, unit) in [("jobs", None), ("waiting", None), ("batch.size", Some(3.0))] {
        let mut expected = expected(&given, &welcome, metric, unit.unwrap_or(1.0));
        if unit.is_none() {
            expected.iter_mut().for_each(|point| point.count = 1);
        }
        let points: Vec<Point> = of(&points, metric).cloned().collect();
        assert!(points == expected, "{metric}: {} points", points.len());
    }
    agree(&given, &welcome, &points, &spans);
    let active: f64 = of(&points, "job.run.active").map(|point| point.value).sum();
    assert!(active.abs() < 0.5, "{active} operations run at the end");

    let limited = of(&points, "otel_contract.limited");
    let limited: Vec<String> = limited.map(ToString::to_string).collect();
    let (queues, topics) = (given.refused_queues + LATE, given.refused_topics + LATE);
    assert_eq!(
        limited,
        [
            format!("otel_contract.limited{{otel_contract.attribute=queue.name}} {queues}"),
            format!("otel_contract.limited{{otel_contract.attribute=topic.name}} {topics}"),
        ]
    );
}

/// Values each callback gives.
const LATE: u64 = 20_000;

fn observe(asked: &Arc<AtomicBool>) -> [metrics::Observing; 2] {
    let asked = asked.clone();
    let lag = metrics::lag().observe(move |lag| {
        asked.store(true, Ordering::Relaxed);
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

fn within_bounds(points: &[Point]) {
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
        let count = of(points, metric).count() as u64;
        assert!(
            count <= series,
            "{metric} has {count} series, {series} at most"
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

/// What spans show is what the duration counts, and what was given.
fn agree(given: &Given, welcome: &[String], points: &[Point], spans: &Spans) {
    let counts = |points: &mut dyn Iterator<Item = Point>| -> BTreeMap<_, _> {
        points
            .map(|point| (point.attributes, point.count))
            .collect()
    };
    let shown = spans
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let measured = counts(&mut of(points, "job.run.duration").cloned());
    assert!(shown == measured, "spans and durations differ");
    let expected = counts(&mut expected(given, welcome, "job.run.duration", 0.0).into_iter());
    assert!(
        measured == expected,
        "durations are not those that were given"
    );
}
