//! Only what the contract lists under `baggage` travels, and in its own type.

use test_vocabulary::billing;

fn main() {
    let _guard = billing::Baggage::new().account_id("acc").attach();
    let _guard = billing::Baggage::new().account_tier("pro").attach();
}
