//! A callback whose registration is dropped is not called.
#![deny(warnings)]

use test_vocabulary::measures::metrics;

fn observe() {
    metrics::workers().observe(|workers| workers.observe(1, ()));
}

fn main() {}
