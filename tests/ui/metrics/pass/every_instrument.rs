//! Instruments of every kind and number type, with their bounds at compile time.

use otel_contract::metric::{Counter, Gauge, Histogram, Observable, UpDownCounter};
use test_vocabulary::measures::{CONTRACT, metrics};

pub(crate) fn main() {
    let _: Counter<metrics::Jobs, u64> = metrics::jobs();
    let _: Counter<metrics::Traffic, f64> = metrics::traffic();
    let _: UpDownCounter<metrics::Waiting, i64> = metrics::waiting();
    let _: UpDownCounter<metrics::Credit, f64> = metrics::credit();
    let _: Histogram<metrics::BatchSize, u64> = metrics::batch_size();
    let _: Histogram<metrics::Wait, f64> = metrics::wait();
    let _: Gauge<metrics::PoolSize, i64> = metrics::pool_size();
    let _: Gauge<metrics::Load, f64> = metrics::load();
    let _: Observable<metrics::Lag, f64> = metrics::lag();
    let _: Observable<metrics::Workers, i64> = metrics::workers();
    let _: Observable<metrics::Read, u64> = metrics::read();
    let _: Observable<metrics::Worked, f64> = metrics::worked();
    let _: Observable<metrics::InFlight, i64> = metrics::in_flight();
    let _: Observable<metrics::Balance, f64> = metrics::balance();

    // Three tiers; twenty queues and `_OTHER`; five topics, `_OTHER` and no topic.
    const { assert!(metrics::Jobs::SERIES == 3 * 21 * 7) };
    const { assert!(metrics::Traffic::SERIES == 2) };
    const { assert!(metrics::Credit::SERIES == 3 + 1) };
    const { assert!(metrics::BatchSize::SERIES == 4 * 6) };
    const { assert!(metrics::Wait::SERIES == 2 * 4) };
    const { assert!(metrics::Load::SERIES == 1) };
    const { assert!(metrics::Read::SERIES == 7) };
    // The metric of an operation: its outcomes are `broken`, success, `panic`, `cancelled` and `_OTHER`.
    const { assert!(metrics::JobRunDuration::SERIES == 21 * 4 * 7 * 5) };
    const { assert!(metrics::JobRunActive::SERIES == 21 * 4) };
    assert_eq!(metrics::JobRunDuration::NAME, "job.run.duration");
    assert_eq!(metrics::BatchSize::NAME, "batch.size");

    let described: Vec<_> =
        CONTRACT.metrics.iter().map(|one| (one.name, one.instrument, one.unit, one.series)).collect();
    assert_eq!(described.len(), 14);
    assert_eq!(described[0], (metrics::Jobs::NAME, "counter", "{job}", metrics::Jobs::SERIES));
    assert_eq!(described[5], ("wait", "histogram", "s", 8));
    let keys: Vec<_> = CONTRACT.metrics[0].attributes.iter().map(|used| used.key).collect();
    assert_eq!(keys, ["account.tier", "queue.name", "topic.name"]);
    assert_eq!(CONTRACT.metrics[0].location.line, 35);
    let run = CONTRACT.operation("job.run").expect("an operation");
    let own: Vec<_> = run.metrics.iter().map(|one| (one.name, one.series)).collect();
    assert_eq!(own, [("job.run.duration", 2_940), ("job.run.active", 84)]);
}
