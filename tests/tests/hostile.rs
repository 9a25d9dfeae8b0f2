//! Ten million measurements whose bounded attributes somebody hostile chooses: the series stay those
//! of the contract, every measurement is in the one it belongs to, and memory does not grow with them.
//!
//! A binary of its own, so that resident memory is this test's alone. Linux only: it reads
//! `/proc/self/status`.
#![cfg(target_os = "linux")]

use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};
use otel_contract_tests::points::{Meters, Point};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use test_vocabulary::measures::{self, AccountTier, ShardNumber, instrumented_operation, metrics};

const THREADS: usize = 4;

/// Measurements, at least.
const RECORDS: u64 = 10_000_000;

/// What the process may grow by, in KiB.
const GROWTH: u64 = 8 * 1_024;

const TIERS: [AccountTier; 3] = [AccountTier::Free, AccountTier::Pro, AccountTier::Other];
const QUEUES: usize = 20;
const TOPICS: usize = 5;

/// The first twenty texts to come for `queue.name`, of which the first five come for `topic.name`.
fn welcome() -> Vec<String> {
    let long = "l".repeat(64 * 1_024);
    let mut texts = vec![
        String::new(),
        "\0".to_owned(),
        "\u{202e}\u{1F468}\u{200D}\u{1F469} é".to_owned(),
        format!("{long}1"),
        format!("{long}2"),
        "\0\0".to_owned(),
        " ".to_owned(),
        "_other".to_owned(),
        "_OTHER ".to_owned(),
        "otel.metric.overflow".to_owned(),
    ];
    texts.extend((texts.len()..QUEUES).map(|n| format!("queue {n}")));
    texts
}

/// A text somebody hostile gives, and which of the welcome ones it is. `Err`: it is called `_OTHER`
/// already, so that it is not refused.
type Chosen = Result<Option<usize>, ()>;

/// Chooses texts; never the same twice, but for the welcome ones.
struct Adversary<'a> {
    welcome: &'a [String],
    text: String,
    state: u64,
    thread: usize,
    count: u64,
    given: Given,
}

/// What was given: the oracle. It knows nothing of limiters, codes or tables.
struct Given {
    records: u64,
    /// Measurements by metric, tier, queue and topic; after the values come `_OTHER`, and absent.
    counts: Vec<u64>,
    refused_queues: u64,
    refused_topics: u64,
}

const METRICS: [&str; 5] = [
    "jobs",
    "waiting",
    "batch.size",
    "pool.size",
    "job.run.duration",
];
const NO_TIER: usize = TIERS.len();
const NO_QUEUE: usize = QUEUES + 1;
const NO_TOPIC: usize = TOPICS + 1;

/// A place in [`Given::counts`].
fn place(metric: usize, tier: usize, queue: usize, topic: usize) -> usize {
    ((metric * (NO_TIER + 1) + tier) * (NO_QUEUE + 1) + queue) * (NO_TOPIC + 1) + topic
}

impl Given {
    fn new() -> Self {
        Self {
            records: 0,
            counts: vec![0; place(METRICS.len(), 0, 0, 0)],
            refused_queues: 0,
            refused_topics: 0,
        }
    }

    fn count(&mut self, metric: usize, tier: usize, queue: usize, topic: usize) {
        self.records += 1;
        self.counts[place(metric, tier, queue, topic)] += 1;
    }

    fn merge(mut self, other: Self) -> Self {
        self.records += other.records;
        self.refused_queues += other.refused_queues;
        self.refused_topics += other.refused_topics;
        for (count, other) in self.counts.iter_mut().zip(other.counts) {
            *count += other;
        }
        self
    }
}

impl<'a> Adversary<'a> {
    fn new(welcome: &'a [String], thread: usize) -> Self {
        Self {
            welcome,
            text: String::new(),
            state: thread as u64 + 1,
            thread,
            count: 0,
            given: Given::new(),
        }
    }

    #[allow(clippy::cast_possible_truncation)] // The high bits, which are the good ones.
    fn random(&mut self, below: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.state >> 33) as usize % below
    }

    /// Writes the next text.
    fn choose(&mut self, places: usize) -> Chosen {
        self.count += 1;
        self.text.clear();
        let (thread, count) = (self.thread, self.count);
        if count % 8 == 0 {
            // The long ones are hashed whole, so only now and then.
            let place = match self.random(places) {
                place if self.welcome[place].len() > 1_000 && count % 64 != 0 => 0,
                place => place,
            };
            self.text.push_str(&self.welcome[place]);
            return Ok(Some(place));
        }
        if count % 1_001 == 0 {
            self.text.push_str("_OTHER");
            return Err(());
        }
        match count % 5 {
            // As long as can be, different at the very end.
            _ if count % 10_007 == 0 => self.text.extend(std::iter::repeat_n('l', 64 * 1_024)),
            0 => self.text.push_str("\u{202e}\u{1F468}\u{200D}\u{1F469} é"),
            1 => self.text.push('\0'),
            // The same under the hash of other languages' strings.
            2 => {
                (0..16).for_each(|bit| self.text.push_str(["Aa", "BB"][count as usize >> bit & 1]))
            }
            3 => self
                .text
                .push_str("https://queues.acme.example/eu-west-1/production/invoices/"),
            _ => {}
        }
        let written = write!(self.text, "{thread}/{count}");
        written.expect("a string takes what is written");
        Ok(None)
    }

    fn queue(&mut self) -> usize {
        let chosen = self.choose(QUEUES);
        self.given.refused_queues += u64::from(chosen == Ok(None));
        chosen.ok().flatten().unwrap_or(QUEUES)
    }

    fn topic(&mut self) -> usize {
        let chosen = self.choose(TOPICS);
        self.given.refused_topics += u64::from(chosen == Ok(None));
        chosen.ok().flatten().unwrap_or(TOPICS)
    }

    /// One call, by turns of everything that takes a bounded attribute.
    fn call(&mut self, turn: u64) {
        let tier = self.random(TIERS.len());
        match turn % 20 {
            0 => self.operation(tier),
            1..=9 => {
                let queue = self.queue();
                let dimensions = metrics::Jobs {
                    account_tier: TIERS[tier],
                    queue_name: self.text.as_str().into(),
                };
                if turn % 2 == 0 {
                    let topic = self.topic();
                    let dimensions = dimensions.topic_name(self.text.as_str());
                    metrics::jobs().add(1, dimensions);
                    self.given.count(0, tier, queue, topic);
                } else {
                    metrics::jobs().add(1, dimensions);
                    self.given.count(0, tier, queue, NO_TOPIC);
                }
            }
            10..=12 => {
                let queue = self.queue();
                metrics::waiting().add(
                    1,
                    metrics::Waiting {
                        queue_name: self.text.as_str().into(),
                    },
                );
                self.given.count(1, NO_TIER, queue, NO_TOPIC);
            }
            13..=16 => {
                let topic = self.topic();
                let dimensions = metrics::BatchSize {
                    shard_number: ShardNumber::MIN,
                    topic_name: self.text.as_str().into(),
                };
                metrics::batch_size().record(3, dimensions);
                self.given.count(2, NO_TIER, NO_QUEUE, topic);
            }
            _ => {
                let queue = self.queue();
                metrics::pool_size().record(1, metrics::PoolSize {}.queue_name(self.text.as_str()));
                self.given.count(3, NO_TIER, queue, NO_TOPIC);
            }
        }
    }

    /// An operation, through the attribute or by hand: a duration, and up and down of those that run.
    fn operation(&mut self, tier: usize) {
        let queue = self.queue();
        let queue_name = std::mem::take(&mut self.text);
        let topic = self.topic();
        if self.count % 2 == 0 {
            run(&queue_name, TIERS[tier], &self.text);
        } else {
            let job = measures::JobRun {
                queue_name: queue_name.as_str().into(),
            };
            let active = job.account_tier(TIERS[tier]).start();
            active.topic_name(self.text.as_str());
            active.succeed();
        }
        self.given.records += 2;
        self.given.count(4, tier, queue, topic);
    }
}

#[instrumented_operation(
    measures::JobRun,
    queue.name = queue,
    account.tier = tier,
    order.id = queue,
    ok(|topic| topic.name = topic),
)]
fn run<'a>(queue: &str, tier: AccountTier, topic: &'a str) -> &'a str {
    topic
}

/// Every thread gives the welcome texts first, in an order of its own, then whatever it likes.
fn attack(welcome: &[String], records: u64) -> Given {
    let attack = |thread: usize| {
        let mut adversary = Adversary::new(welcome, thread);
        for n in 0..QUEUES {
            let queue = (n * 7 + thread * 3) % QUEUES;
            metrics::waiting().add(
                1,
                metrics::Waiting {
                    queue_name: welcome[queue].as_str().into(),
                },
            );
            adversary.given.count(1, NO_TIER, queue, NO_TOPIC);
            let topic = (n + thread) % TOPICS;
            let dimensions = metrics::BatchSize {
                shard_number: ShardNumber::MIN,
                topic_name: welcome[topic].as_str().into(),
            };
            metrics::batch_size().record(3, dimensions);
            adversary.given.count(2, NO_TIER, NO_QUEUE, topic);
        }
        let mut turn = 0;
        while adversary.given.records < records / THREADS as u64 {
            adversary.call(turn);
            turn += 1;
        }
        adversary.given
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || attack(thread)))
            .collect();
        let given = threads
            .into_iter()
            .map(|thread| thread.join().expect("the thread ends"));
        given.fold(Given::new(), Given::merge)
    })
}

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

/// The points a counter or histogram has to have.
fn expected(given: &Given, welcome: &[String], metric: &str, unit: f64) -> Vec<Point> {
    let number = METRICS.iter().position(|one| *one == metric);
    let number = number.expect("a metric of the oracle");
    let text = |others: usize, text: usize| match text {
        text if text == others => "_OTHER".to_owned(),
        text => welcome[text].clone(),
    };
    let mut points = Vec::new();
    for tier in 0..=NO_TIER {
        for queue in 0..=NO_QUEUE {
            for topic in 0..=NO_TOPIC {
                let count = given.counts[place(number, tier, queue, topic)];
                let pairs = [
                    (tier < NO_TIER).then(|| ("account.tier", TIERS[tier].to_string())),
                    (queue < NO_QUEUE).then(|| ("queue.name", text(QUEUES, queue))),
                    (topic < NO_TOPIC).then(|| ("topic.name", text(TOPICS, topic))),
                    (metric == "batch.size").then(|| ("shard.number", "-1".to_owned())),
                ];
                let pairs = pairs.into_iter().flatten();
                #[allow(clippy::cast_precision_loss)] // Some millions.
                let value = count as f64 * unit;
                points.extend((count > 0).then(|| Point {
                    metric: metric.to_owned(),
                    attributes: pairs.map(|(key, value)| (key.to_owned(), value)).collect(),
                    value,
                    count,
                }));
            }
        }
    }
    points.sort_by_cached_key(|point| point.attributes.clone());
    points
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
    for (metric, unit) in [("jobs", 1.0), ("waiting", 1.0), ("batch.size", 3.0)] {
        let mut expected = expected(&given, &welcome, metric, unit);
        if unit == 1.0 {
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

fn observe(asked: &Arc<AtomicBool>) -> [measures::__private::metric::Observing; 2] {
    let asked = asked.clone();
    let lag = metrics::lag().observe(move |lag| {
        asked.store(true, Ordering::Relaxed);
        for n in 0..LATE {
            lag.observe(
                1.0,
                metrics::Lag {
                    queue_name: format!("late {n}").into(),
                },
            );
        }
    });
    let read = metrics::read().observe(|read| {
        for n in 0..LATE {
            read.observe(1, metrics::Read {}.topic_name(format!("late {n}")));
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
