//! A secret attribute as an optional dimension.

use test_vocabulary::measures::metrics;

fn count(card: &str) {
    metrics::credit().add(1.0, metrics::Credit {}.card_number(card));
}

fn main() {}
