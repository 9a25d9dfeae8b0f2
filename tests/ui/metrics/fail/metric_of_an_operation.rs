//! Only the operation records its duration metric.

use test_vocabulary::measures::metrics;

fn count() {
    metrics::job_run_duration().record(0.5, metrics::JobRunDuration {});
}

fn main() {}
