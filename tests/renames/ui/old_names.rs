//! Old names of renamed attributes in a crate that denies warnings: as a key with an expression or a literal,
//! set late, on success, and in a group's struct.

#![deny(deprecated)]

use test_renames::renames::{self, instrumented_operation};

#[instrumented_operation(
    renames::OrderCreate as op,
    purchase.id = renames::OrderId::new("ord_1"),
    account.plan = "pro",
    ok(|()| queue.title = "fast"),
)]
fn keys() {
    op.purchase_count(renames::OrderCount::MIN);
}

#[derive(renames::Attributes)]
#[attributes(renames::Buyer)]
struct Buyer {
    #[attribute(account.plan)]
    plan: renames::AccountTier,
}

#[instrumented_operation(
    renames::OrderCreate,
    order.id = renames::OrderId::new("ord_1"),
    purchase.id = renames::OrderId::new("ord_1"),
    account.tier = "pro",
    ok(|()| queue.name = "fast"),
)]
fn both_names() {}

fn main() {}
