//! Baggage contains only attributes that the contract lists under `baggage`, with values of their types.

use test_vocabulary::billing;

fn main() {
    let _guard = billing::Baggage::new().account_id("acc").attach();
    let _guard = billing::Baggage::new().account_tier("pro").attach();
}
