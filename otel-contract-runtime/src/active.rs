//! An operation held by hand, without the attribute macro.

use crate::active_operation::ActiveOperation;
use crate::operation::Operation;
use crate::outcome::Failure;
use opentelemetry::Context;
use std::future::Future;
use std::ops::Deref;

/// A started operation. Attributes are set on it directly (`active.retry_attempt(2)`); it ends by
/// [`succeed`](Self::succeed) or [`fail`](Self::fail), and counts as cancelled when dropped before.
///
/// Its context is not attached by itself: run what belongs to it through
/// [`in_context`](Self::in_context).
///
/// ```
/// otel_contract::contract!("doc/billing.yaml");
///
/// # fn main() {
/// let active = billing::InvoiceCreate { order_id: "ord_1".into() }
///     .account_tier(billing::AccountTier::Pro)
///     .start();
/// let invoice = active.in_context(|| "inv_1");
/// active.invoice_id(invoice);
/// active.succeed();
/// # }
/// ```
#[must_use = "the operation is cancelled when this is dropped"]
#[derive(Debug)]
pub struct Active<O: Operation> {
    handle: O::Handle,
    running: ActiveOperation,
}

impl<O: Operation> Active<O> {
    #[doc(hidden)]
    pub fn new(running: ActiveOperation) -> Self {
        Self {
            handle: O::handle(running.handle()),
            running,
        }
    }

    /// The context with the operation's span, to pass on to what belongs to it.
    #[must_use]
    pub fn context(&self) -> Context {
        self.running.context()
    }

    /// Sets attributes from elsewhere, such as a spawned task.
    #[must_use]
    pub fn handle(&self) -> O::Handle {
        self.handle.clone()
    }

    /// Runs a piece of the operation in its context.
    pub fn in_context<R>(&self, body: impl FnOnce() -> R) -> R {
        let _guard = self.running.attach();
        body()
    }

    /// Ends the operation as succeeded.
    pub fn succeed(mut self) {
        self.running.succeed();
    }

    /// Ends the operation as failed with a class of the contract; one that the operation does not
    /// list is recorded as `_OTHER`.
    pub fn fail(mut self, class: impl Into<Failure>) {
        self.running
            .fail(class.into().restricted_to(O::definition()));
    }
}

impl<O: Operation> Deref for Active<O> {
    type Target = O::Handle;

    fn deref(&self) -> &O::Handle {
        &self.handle
    }
}

/// Runs a future as the operation that `start` starts, when it is polled first.
#[doc(hidden)]
pub async fn run<T, E, F: Future<Output = Result<T, E>>>(
    start: impl FnOnce() -> ActiveOperation,
    body: F,
    classify: impl FnOnce(&E) -> Failure,
) -> Result<T, E> {
    let mut running = start();
    let result = crate::future::run(&mut running, body).await;
    match &result {
        Ok(_) => running.succeed(),
        Err(error) => running.fail(classify(error)),
    }
    result
}
