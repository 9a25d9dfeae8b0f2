//! `otel-contract`: the operation as an annotated function.

use crate::bench::{self, instrumented_operation};
use crate::polls::{Polls, Wait};
use crate::workload::{DEPENDENCY, Job, Tier, Timeout, work};

#[derive(Clone, Copy, otel_contract::AttributeValue)]
#[attribute_value(bench::AccountTier)]
enum ContractTier {
    Free,
    Pro,
    Enterprise,
}

impl From<Tier> for ContractTier {
    fn from(tier: Tier) -> Self {
        match tier {
            Tier::Free => Self::Free,
            Tier::Pro => Self::Pro,
            Tier::Enterprise => Self::Enterprise,
        }
    }
}

#[instrumented_operation(
    bench::JobRun,
    order.id = job.order_id,
    account.tier = ContractTier::from(job.tier),
    dependency = "payment-gateway",
    retry.attempt = bench::RetryAttempt::saturating(job.attempt),
    queue.name = bench::QueueName::capped(job.queue),
)]
pub(crate) fn run(job: Job<'_>) -> Result<usize, Timeout> {
    work(job)
}

/// The operation with an attribute that is recorded on success.
#[instrumented_operation(
    bench::JobCount,
    order.id = job.order_id,
    account.tier = ContractTier::from(job.tier),
    dependency = "payment-gateway",
    retry.attempt = bench::RetryAttempt::saturating(job.attempt),
    queue.name = bench::QueueName::capped(job.queue),
    ok(|count| item.count = i64::try_from(*count).unwrap_or(i64::MAX)),
)]
pub(crate) fn run_ok(job: Job<'_>) -> Result<usize, Timeout> {
    work(job)
}

/// The operation with a handle, which sets an attribute after the start.
#[instrumented_operation(
    bench::JobRun as op,
    order.id = job.order_id,
    account.tier = ContractTier::from(job.tier),
    dependency = "payment-gateway",
    retry.attempt = bench::RetryAttempt::saturating(job.attempt),
    queue.name = bench::QueueName::capped(job.queue),
)]
pub(crate) fn run_handle(job: Job<'_>) -> Result<usize, Timeout> {
    op.dependency(DEPENDENCY);
    work(job)
}

#[instrumented_operation(
    bench::JobRun,
    order.id = job.order_id,
    account.tier = ContractTier::from(job.tier),
    dependency = "payment-gateway",
    retry.attempt = bench::RetryAttempt::saturating(job.attempt),
    queue.name = bench::QueueName::capped(job.queue),
)]
pub(crate) async fn run_async(job: Job<'_>, polls: Polls) -> Result<usize, Timeout> {
    Wait(polls).await;
    work(job)
}
