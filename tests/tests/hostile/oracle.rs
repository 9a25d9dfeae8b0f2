//! Oracle: counts the recorded values, and computes the expected points.

use crate::adversary::{QUEUES, TIERS, TOPICS};
use otel_contract_tests::points::Point;

/// Counts of the recorded values. They are independent of limiters, codes and tables of the runtime.
pub(crate) struct Tally {
    pub(crate) records: u64,
    /// Measurements by metric, tier, queue and topic. The values of each dimension are followed by `_OTHER` and by the
    /// missing value.
    counts: Vec<u64>,
    pub(crate) limited_queues: u64,
    pub(crate) limited_topics: u64,
}

const METRICS: [&str; 5] = [
    "jobs",
    "waiting",
    "batch.size",
    "pool.size",
    "job.run.duration",
];
pub(crate) const NO_TIER: usize = TIERS.len();
pub(crate) const NO_QUEUE: usize = QUEUES + 1;
pub(crate) const NO_TOPIC: usize = TOPICS + 1;

/// Index into [`Tally::counts`].
fn index(metric: usize, tier: usize, queue: usize, topic: usize) -> usize {
    ((metric * (NO_TIER + 1) + tier) * (NO_QUEUE + 1) + queue) * (NO_TOPIC + 1) + topic
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            records: 0,
            counts: vec![0; index(METRICS.len(), 0, 0, 0)],
            limited_queues: 0,
            limited_topics: 0,
        }
    }

    pub(crate) fn count(&mut self, metric: usize, tier: usize, queue: usize, topic: usize) {
        self.records += 1;
        self.counts[index(metric, tier, queue, topic)] += 1;
    }

    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.records += other.records;
        self.limited_queues += other.limited_queues;
        self.limited_topics += other.limited_topics;
        for (count, other) in self.counts.iter_mut().zip(other.counts) {
            *count += other;
        }
        self
    }
}

/// Expected points of a metric, if every measurement is `measured`.
pub(crate) fn expected(
    tally: &Tally,
    admitted: &[String],
    metric: &str,
    measured: f64,
) -> Vec<Point> {
    let number = METRICS.iter().position(|name| *name == metric);
    let number = number.expect("a metric of the oracle");
    let text = |others: usize, text: usize| match text {
        text if text == others => "_OTHER".to_owned(),
        text => admitted[text].clone(),
    };
    let mut points = Vec::new();
    for tier in 0..=NO_TIER {
        for queue in 0..=NO_QUEUE {
            for topic in 0..=NO_TOPIC {
                let count = tally.counts[index(number, tier, queue, topic)];
                let pairs = [
                    TIERS
                        .get(tier)
                        .map(|tier| ("account.tier", tier.to_string())),
                    (queue < NO_QUEUE).then(|| ("queue.name", text(QUEUES, queue))),
                    (topic < NO_TOPIC).then(|| ("topic.name", text(TOPICS, topic))),
                    (metric == "batch.size").then(|| ("shard.number", "-1".to_owned())),
                ];
                let pairs = pairs.into_iter().flatten();
                #[allow(clippy::cast_precision_loss)] // The counts are some millions.
                let value = count as f64 * measured;
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
