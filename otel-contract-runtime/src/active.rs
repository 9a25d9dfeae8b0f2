//! Operations that code starts and ends itself, without the attribute macro.

use crate::active_operation::ActiveOperation;
use crate::operation::Operation;
use crate::outcome::Failure;
use opentelemetry::Context;
use std::future::Future;
use std::ops::Deref;

/// A started operation. Its methods set attributes (`active.retry_attempt(2)`). [`succeed`](Self::succeed) or
/// [`fail`](Self::fail) ends the operation; dropping it before its end records a cancellation.
///
/// Starting an operation does not attach its context: run code that belongs to the operation with
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
    operation: ActiveOperation,
}

impl<O: Operation> Active<O> {
    #[doc(hidden)]
    pub fn new(operation: ActiveOperation) -> Self {
        Self {
            handle: O::handle(operation.handle()),
            operation,
        }
    }

    /// Returns the context with the operation's span, to pass to code that belongs to the operation.
    #[must_use]
    pub fn context(&self) -> Context {
        self.operation.context()
    }

    /// Returns a handle that sets attributes from other code, such as a spawned task.
    #[must_use]
    pub fn handle(&self) -> O::Handle {
        self.handle.clone()
    }

    /// Runs a closure in the context of the operation.
    pub fn in_context<R>(&self, body: impl FnOnce() -> R) -> R {
        let _guard = self.operation.attach();
        body()
    }

    /// Ends the operation as successful.
    pub fn succeed(mut self) {
        self.operation.succeed();
    }

    /// Ends the operation as failed with an error class of the contract. A class that the operation does not list is
    /// recorded as `_OTHER`.
    pub fn fail(mut self, class: impl Into<Failure>) {
        self.operation
            .fail(class.into().restricted_to(O::definition()));
    }
}

impl<O: Operation> Deref for Active<O> {
    type Target = O::Handle;

    fn deref(&self) -> &O::Handle {
        &self.handle
    }
}

/// Runs a future as an operation, which `start` starts on the first poll.
#[doc(hidden)]
pub async fn run<T, E, F: Future<Output = Result<T, E>>>(
    start: impl FnOnce() -> ActiveOperation,
    body: F,
    classify: impl FnOnce(&E) -> Failure,
) -> Result<T, E> {
    let mut operation = start();
    let result = crate::future::run(&mut operation, body).await;
    match &result {
        Ok(_) => operation.succeed(),
        Err(error) => operation.fail(classify(error)),
    }
    result
}
