//! Tests of the business path that assert its telemetry. Each test has its own scope and a paused clock.

use crate::gateway::Gateway;
use crate::queue::Queue;
use crate::service::{Billing, BillingError};
use crate::store::Store;
use acme_telemetry::billing::testing::{self, Coverage, TestScope};
use acme_telemetry::billing::{
    self, AccountTier, ErrorType, InvoiceId, JobType, OrderId, QueueName, RetryAttempt,
};

/// Creates a queue whose metrics are recorded in this scope.
fn queue(scope: &TestScope) -> Queue {
    scope.run(|| Queue::new(QueueName::capped("invoice-events")))
}

/// Processes the job of one order, with a gateway whose first `slow_calls` calls time out.
async fn process(
    scope: &TestScope,
    queue: &mut Queue,
    order: &str,
    slow_calls: i64,
) -> Result<(), BillingError> {
    let billing = Billing {
        store: Store,
        gateway: Gateway { slow_calls },
    };
    let job = async {
        queue.push(OrderId::new(order));
        let job = queue.take().expect("the queue has the pushed job");
        billing.process(job).await
    };
    scope.run_async(job).await.map(drop)
}

#[tokio::test(start_paused = true)]
async fn a_call_of_a_slow_gateway_is_retried() {
    let scope = testing::scope();
    let mut queue = queue(&scope);
    process(&scope, &mut queue, "ord_9Qd7", 1).await.unwrap();

    scope
        .operation::<billing::InvoiceCreate>()
        .once()
        .succeeded()
        .child_of::<billing::InvoiceWorkerProcess>()
        .with((AccountTier::Enterprise, billing::constant!(RetryAttempt, 1)))
        .with(InvoiceId::from("inv_9Qd7"));
    let calls = scope.operation::<billing::InvoiceGatewayCreate>();
    calls
        .having(RetryAttempt::MIN)
        .once()
        .failed(ErrorType::GatewayTimeout);
    scope
        .duration::<billing::InvoiceCreate>()
        .having(AccountTier::Enterprise)
        .succeeded()
        .count(1);
    scope.assert_contract(&billing::CONTRACT);
}

#[tokio::test(start_paused = true)]
async fn a_job_without_an_order_fails_before_any_invoice() {
    let scope = testing::scope();
    let mut queue = queue(&scope);
    process(&scope, &mut queue, "ord_missing", 0)
        .await
        .unwrap_err();

    scope
        .operation::<billing::InvoiceWorkerProcess>()
        .once()
        .failed(ErrorType::OrderNotFound)
        .root()
        .exactly((
            QueueName::capped("invoice-events"),
            JobType::InvoiceCreate,
            OrderId::new("ord_missing"),
        ));
    scope.operation::<billing::InvoiceCreate>().never();
    scope.assert_contract(&billing::CONTRACT);
}

#[tokio::test(start_paused = true)]
async fn the_business_path_covers_every_entry_of_the_contract() {
    let scope = testing::scope();
    let mut queue = queue(&scope);
    for (order, slow_calls) in [
        ("ord_8Zk2", 0),
        ("ord_9Qd7", 1),
        ("ord_missing", 0),
        ("ord_3Lm1", 9),
    ] {
        let _ = process(&scope, &mut queue, order, slow_calls).await;
    }
    scope.assert_contract(&billing::CONTRACT);
    // `invoice.create` starts after the order was loaded.
    let coverage = Coverage::of(&billing::CONTRACT);
    scope.assert_coverage(coverage.exclude("error order_not_found of invoice.create"));
}
