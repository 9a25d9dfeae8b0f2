//! The operation of a request, from its headers to the last byte of its response.

use super::facts::{Facts as _, RequestFact, RequestFacts, ResponseFacts};
use super::routes::RoutedOperation;
use super::unrouted;
use crate::active_operation::{ActiveOperation, HandlerOutcome, SharedOperation};
use crate::definition::{ContractDefinition, OTHER};
use crate::entry::Entry;
use crate::grpc::GrpcStatus;
use crate::local;
use crate::outcome::Failure;
use opentelemetry::trace::Status;
use opentelemetry::{Context, ContextGuard};
use std::sync::Arc;

/// A request that is being served. If it is dropped before it was answered, it was cancelled, or its handler panicked.
#[derive(Debug)]
pub(crate) struct ActiveRequest {
    /// `None`: nothing is recorded, or the operation has ended.
    operation: Option<Arc<SharedOperation>>,
    of_response: ResponseAttributes,
    /// Context of the request; `None`: the current one.
    context: Option<Context>,
    pub(crate) response: ResponseFacts,
    /// The contract, if it has no route for the request.
    unrouted: Option<&'static ContractDefinition>,
    /// Whether code of the service is running: if the request is dropped now, that code panicked.
    is_running: bool,
}

type ResponseAttributes = &'static [(usize, super::facts::ResponseFact)];

/// Why no complete response was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interruption {
    Panicked,
    /// The client closed the connection, or the server stopped.
    Cancelled,
    /// The service or the body of the response returned an error.
    Failed,
}

impl ActiveRequest {
    /// Starts the operation of a request. `parent`: the context that the client sent.
    pub(crate) fn start(
        routed: &'static RoutedOperation,
        parent: Option<Context>,
        facts: &RequestFacts<'_>,
    ) -> Self {
        let definition = routed.definition;
        let value = |&(index, fact): &(usize, RequestFact)| {
            let values = definition.attributes[index].values;
            Some((index, facts.get(fact)?.allowed(values)?))
        };
        let mut entry = Entry::new(definition);
        entry.set_parent(parent);
        for (index, value) in routed.sampling_relevant.iter().filter_map(value) {
            entry.set(index, Some(value));
        }
        let mut unused_parent = None;
        let (shared, context) = SharedOperation::start(definition, |operation| {
            unused_parent = entry.start_request(operation, definition.attributes.len());
            for (index, value) in routed.of_request.iter().filter_map(value) {
                if operation.wants(index) {
                    operation.set(index, Some(value));
                }
            }
        });
        let context = context.or(unused_parent);
        Self {
            operation: shared,
            of_response: &routed.of_response,
            context,
            response: ResponseFacts::default(),
            unrouted: (facts.route == OTHER).then_some(definition.contract),
            is_running: false,
        }
    }

    /// Runs code of the service in the context of the request.
    pub(crate) fn run<R>(&mut self, call: impl FnOnce() -> R) -> R {
        let guard: Option<ContextGuard> = self.context.clone().and_then(local::attach);
        self.is_running = true;
        let result = call();
        self.is_running = false;
        drop(guard);
        result
    }

    /// Ends the operation. `interruption`: why the response is not complete.
    pub(crate) fn end(&mut self, interruption: Option<Interruption>) {
        let Some(shared) = self.operation.take() else {
            return;
        };
        let (response, attributes) = (self.response, self.of_response);
        if let (true, Some(contract), Some(status @ 200..400)) =
            (cfg!(debug_assertions), self.unrouted, response.status)
        {
            unrouted::report(contract, status);
        }
        shared.end(move |operation, handler| {
            for (index, fact) in attributes {
                let values = operation.definition.attributes[*index].values;
                let value = response.get(*fact).and_then(|fact| fact.allowed(values));
                operation.set(*index, value);
            }
            finish(operation, handler, response, interruption);
        });
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        if self.operation.is_none() {
            return;
        }
        let interruption = if self.is_running {
            Interruption::Panicked
        } else {
            Interruption::Cancelled
        };
        let _guard = self.context.clone().and_then(local::attach);
        self.end(Some(interruption));
    }
}

/// Ends the operation with the outcome of its handler, of its response and of its delivery, in this order. By the
/// conventions for servers, a response of 5xx is an error, and one of 4xx is not: it keeps the error class, and the status
/// of its span is `Unset`.
fn finish(
    operation: &mut ActiveOperation,
    handler: Option<HandlerOutcome>,
    response: ResponseFacts,
    interruption: Option<Interruption>,
) {
    let is_rejected = response.is_client_error() && interruption.is_none();
    if let Some(HandlerOutcome {
        class: Some(class),
        status,
    }) = handler
    {
        let was_interrupted = matches!(class, "panic" | "cancelled");
        let status = status.filter(|_| was_interrupted || !is_rejected);
        return operation.end(Some(class), status);
    }
    match interruption {
        Some(Interruption::Panicked) => operation.end(Some("panic"), Some(Status::error(""))),
        Some(Interruption::Cancelled) => operation.end(Some("cancelled"), Some(Status::error(""))),
        Some(Interruption::Failed) => operation.fail(Failure::new(OTHER)),
        None if response.is_server_error() => operation.fail(Failure::new(OTHER)),
        // The handler that took the operation has noted its success.
        None if handler.is_some() => operation.end(None, None),
        None => operation.succeed(),
    }
}

impl ResponseFacts {
    fn is_server_error(self) -> bool {
        self.grpc.is_some_and(GrpcStatus::is_server_error)
            || self.status.is_some_and(|status| status >= 500)
    }

    fn is_client_error(self) -> bool {
        let is_grpc_error = |status: GrpcStatus| status.0 != 0 && !status.is_server_error();
        self.grpc.is_some_and(is_grpc_error)
            || self
                .status
                .is_some_and(|status| (400..500).contains(&status))
    }
}
