//! One segment of a key.

use test_vocabulary::{billing, forms::{self, instrumented_operation}};

#[instrumented_operation(forms::FormRun, count = 1)]
fn last() {}

#[instrumented_operation(billing::InvoiceCreate, order = order_id, ..account = account, ok(|()| invoice.id = "1"))]
fn first(order_id: billing::OrderId, account: &billing::Account) {}

#[instrumented_operation(forms::FormRun, work = 1)]
fn several() {}

#[instrumented_operation(forms::FormRun, urgent = true)]
fn of_the_contract() {}

#[instrumented_operation(forms::FormRun, app.work.count = 1)]
fn more() {}

fn main() {}
