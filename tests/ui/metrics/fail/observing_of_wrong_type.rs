//! A callback with the wrong number type, and a callback with dimensions of another metric.

use test_vocabulary::measures::metrics;

fn observe() {
    metrics::workers().observe(|workers| workers.observe(1.5, ())).forever();
    metrics::lag().observe(|lag| lag.observe(1.5, ())).forever();
}

fn main() {}
