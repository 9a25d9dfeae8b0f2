//! Unbounded text for a bounded attribute.

use std::borrow::Cow;
use std::sync::Arc;
use test_vocabulary::caps::{self, instrumented_operation};

struct Client {
    host: String,
}

#[instrumented_operation(caps::CarryRun, queue.name = queue)]
fn text(queue: &str) {}

#[instrumented_operation(caps::CarryRun, queue.name)]
fn shorthand(queue_name: &'static str) {}

#[instrumented_operation(caps::CarryRun, queue.name = queue)]
fn string(queue: String) {}

#[instrumented_operation(caps::CarryRun, queue.name = queue)]
fn string_reference(queue: &String) {}

#[instrumented_operation(caps::CarryRun, queue.name = format!("queue {number}"))]
fn formatted(number: u8) {}

#[instrumented_operation(caps::CarryRun, queue.name = queue)]
fn cow(queue: Cow<'_, str>) {}

#[instrumented_operation(caps::CarryRun, queue.name = queue, tenant.name = tenant)]
fn others(queue: Option<&str>, tenant: Arc<str>) {}

impl Client {
    #[instrumented_operation(caps::CarryRun, server.address = &self.host)]
    fn field(&self) {}
}

#[instrumented_operation(caps::CarryRun, shard.key = shard)]
fn newtype(shard: &str) {}

#[instrumented_operation(caps::CarryPlace, queue.name = queue, shard.key = caps::ShardKey::capped("s"))]
fn required(queue: &str) {}

#[instrumented_operation(caps::CarryRun as op)]
fn setter_of_the_handle(queue: &str) {
    op.queue_name(queue);
}

#[instrumented_operation(caps::CarryRun, ok(|queue| queue.name = queue))]
fn on_success(queue: String) -> String {
    queue
}

fn main() {}
