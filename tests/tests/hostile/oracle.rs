//! What was given, counted by hand, and the points that have to come of it.

use crate::adversary::{QUEUES, TIERS, TOPICS};
use otel_contract_tests::points::Point;

/// What was given: the oracle. It knows nothing of limiters, codes or tables.
pub(crate) struct Given {
    pub(crate) records: u64,
    /// Measurements by metric, tier, queue and topic; after the values come `_OTHER`, and absent.
    counts: Vec<u64>,
    pub(crate) refused_queues: u64,
    pub(crate) refused_topics: u64,
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

/// A place in [`Given::counts`].
fn place(metric: usize, tier: usize, queue: usize, topic: usize) -> usize {
    ((metric * (NO_TIER + 1) + tier) * (NO_QUEUE + 1) + queue) * (NO_TOPIC + 1) + topic
}

impl Given {
    pub(crate) fn new() -> Self {
        Self {
            records: 0,
            counts: vec![0; place(METRICS.len(), 0, 0, 0)],
            refused_queues: 0,
            refused_topics: 0,
        }
    }

    pub(crate) fn count(&mut self, metric: usize, tier: usize, queue: usize, topic: usize) {
        self.records += 1;
        self.counts[place(metric, tier, queue, topic)] += 1;
    }

    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.records += other.records;
        self.refused_queues += other.refused_queues;
        self.refused_topics += other.refused_topics;
        for (count, other) in self.counts.iter_mut().zip(other.counts) {
            *count += other;
        }
        self
    }
}

/// The points a counter or histogram has to have.
pub(crate) fn expected(given: &Given, welcome: &[String], metric: &str, unit: f64) -> Vec<Point> {
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
                    TIERS
                        .get(tier)
                        .map(|tier| ("account.tier", tier.to_string())),
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
