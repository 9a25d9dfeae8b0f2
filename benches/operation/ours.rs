//! Under the contract.

use super::bench::{self, instrumented_operation};
use super::workload::{Job, Tier, Timeout, work};

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
    queue.name = job.queue,
)]
pub(crate) fn run(job: Job<'_>) -> Result<usize, Timeout> {
    work(job)
}
