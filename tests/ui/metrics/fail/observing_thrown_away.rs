//! A callback nobody keeps is not asked.
#![deny(warnings)]

use test_vocabulary::measures::metrics;

fn observe() {
    metrics::workers().observe(|workers| workers.observe(1, ()));
}

fn main() {}
