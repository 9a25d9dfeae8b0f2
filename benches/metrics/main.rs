//! Measures the cost of a metric measurement, compared with hand-written code.
//!
//! `cargo run --release -p otel-contract-benches --bin metrics -- [ROUNDS]`

use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

otel_contract::contract!("schema/bench.yaml");

use bench::metrics::{JobDuration, JobFailures, QueueJobs};
use bench::{AccountTier, ErrorType, JobType};

/// Number of metric measurements of one case in one round.
const CALLS: usize = 20_000;

/// Boundaries of the histogram in the contract, for the hand-written histogram.
const BOUNDARIES: [f64; 5] = [0.05, 0.1, 0.5, 1.0, 5.0];

const TIERS: [&str; 4] = ["free", "pro", "enterprise", "_OTHER"];
const JOBS: [&str; 3] = ["invoice.create", "invoice.send", "refund.create"];
const ERRORS: [&str; 3] = ["order_not_found", "gateway_timeout", "_OTHER"];
const QUEUES: [&str; 4] = ["invoice-events", "mail", "refunds", "reports"];

fn main() {
    let rounds = std::env::args()
        .nth(1)
        .and_then(|rounds| rounds.parse().ok());
    let rounds: usize = rounds.unwrap_or(201);
    let ours = SdkMeterProvider::builder()
        .with_reader(ManualReader::default())
        .with_view(bench::view)
        .build();
    let theirs = SdkMeterProvider::builder()
        .with_reader(ManualReader::default())
        .build();
    bench::Providers::new().with_meter_provider(ours).install();

    let meter = theirs.meter("bench");
    let duration = meter.f64_histogram("job.duration").with_unit("s");
    let duration = duration.with_boundaries(BOUNDARIES.to_vec()).build();
    let failures = meter.u64_counter("job.failures").with_unit("{job}").build();
    let jobs = meter.u64_counter("queue.jobs").with_unit("{job}").build();
    let bound_durations = SERIES.map(|n| duration.bind(&by_hand(n)));
    let bound_failures = SERIES.map(|n| failures.bind(&by_hand(n)));

    let mut cases = [
        Case {
            name: "histogram, three dimensions",
            goal: Some(0.15),
            ours: timed(|n| {
                bench::metrics::job_duration().record(
                    seconds(n),
                    JobDuration {
                        account_tier: tier(n),
                        job_type: job(n),
                        error_type: error(n),
                    },
                );
            }),
            peer: timed(|n| duration.record(seconds(n), &by_hand(n))),
            floor: Some(timed(|n| bound_durations[n % 12].record(seconds(n)))),
            times: Times::default(),
        },
        Case {
            name: "counter, three dimensions",
            goal: Some(0.10),
            ours: timed(|n| {
                bench::metrics::job_failures().add(
                    1,
                    JobFailures {
                        account_tier: tier(n),
                        job_type: job(n),
                        error_type: error(n),
                    },
                );
            }),
            peer: timed(|n| failures.add(1, &by_hand(n))),
            floor: Some(timed(|n| bound_failures[n % 12].add(1))),
            times: Times::default(),
        },
        Case {
            name: "counter, one of three dimensions bounded",
            goal: None,
            ours: timed(|n| {
                bench::metrics::queue_jobs().add(
                    1,
                    QueueJobs {
                        account_tier: tier(n),
                        job_type: job(n),
                        queue_name: bench::QueueName::capped(QUEUES[n % 4]),
                    },
                );
            }),
            peer: timed(|n| {
                jobs.add(
                    1,
                    &[
                        KeyValue::new("account.tier", TIERS[n % 4]),
                        KeyValue::new("job.type", JOBS[n % 3]),
                        KeyValue::new("queue.name", QUEUES[n % 4].to_owned()),
                    ],
                );
            }),
            floor: None,
            times: Times::default(),
        },
    ];
    for _ in 0..rounds {
        for case in &mut cases {
            case.round();
        }
    }
    print!("{}", table(cases));
}

/// All series: the twelve combinations of dimension values, which alternate.
const SERIES: [usize; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

fn by_hand(n: usize) -> [KeyValue; 3] {
    [
        KeyValue::new("account.tier", TIERS[n % 4]),
        KeyValue::new("error.type", ERRORS[n % 3]),
        KeyValue::new("job.type", JOBS[n % 3]),
    ]
}

fn tier(n: usize) -> AccountTier {
    const TIERS: [AccountTier; 4] = [
        AccountTier::Free,
        AccountTier::Pro,
        AccountTier::Enterprise,
        AccountTier::Other,
    ];
    TIERS[n % 4]
}

fn job(n: usize) -> JobType {
    JobType::ALL[n % 3]
}

fn error(n: usize) -> ErrorType {
    const ERRORS: [ErrorType; 3] = [
        ErrorType::OrderNotFound,
        ErrorType::GatewayTimeout,
        ErrorType::Other,
    ];
    ERRORS[n % 3]
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn seconds(n: usize) -> f64 {
    (n % 1_000) as f64 / 1_000.0
}

/// A metric measurement by `otel-contract`, by hand-written code, and by a bound handle of the SDK for each series, which is
/// the lower limit.
struct Case<'a> {
    name: &'static str,
    goal: Option<f64>,
    ours: Timed<'a>,
    peer: Timed<'a>,
    floor: Option<Timed<'a>>,
    times: Times,
}

type Timed<'a> = Box<dyn Fn() -> Duration + 'a>;

#[derive(Default)]
struct Times {
    ours: Vec<Duration>,
    peer: Vec<Duration>,
    floor: Vec<Duration>,
}

impl Case<'_> {
    fn round(&mut self) {
        self.times.ours.push((self.ours)());
        self.times.peer.push((self.peer)());
        self.times
            .floor
            .extend(self.floor.as_ref().map(|floor| floor()));
    }
}

fn timed<'a>(call: impl Fn(usize) + 'a) -> Timed<'a> {
    Box::new(move || {
        let start = Instant::now();
        for n in 0..CALLS {
            call(black_box(n));
        }
        start.elapsed()
    })
}

fn table(cases: [Case<'_>; 3]) -> String {
    let mut text = format!(
        "{:<42} {:>8} {:>11} {:>9} {:>7} {:>12}   goal\n",
        "case", "ours ns", "by hand ns", "floor ns", "ratio", "floor ratio"
    );
    for case in cases {
        let Times { ours, peer, floor } = case.times;
        let (ours, peer, floor) = (per_call(ours), per_call(peer), per_call(floor));
        let ratio = ours / peer;
        let goal = match case.goal {
            Some(goal) if ratio <= goal => format!("≤ {goal:.2}, met"),
            Some(goal) => format!("≤ {goal:.2}, missed"),
            None => "none".to_owned(),
        };
        let (name, floor_ratio) = (case.name, floor / peer);
        let _ = writeln!(
            text,
            "{name:<42} {ours:>8.1} {peer:>11.1} {floor:>9.1} {ratio:>7.3} {floor_ratio:>12.3}   {goal}"
        );
    }
    text
}

/// Returns the median time per call in nanoseconds.
#[allow(clippy::cast_precision_loss)] // Nanoseconds of one round.
fn per_call(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    median.as_nanos() as f64 / CALLS as f64
}
