//! A secret as a dimension that may be left out.

use test_vocabulary::measures::metrics;

fn count(card: &str) {
    metrics::credit().add(1.0, metrics::Credit {}.card_number(card));
}

fn main() {}
