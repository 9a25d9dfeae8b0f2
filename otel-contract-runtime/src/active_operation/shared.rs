//! An operation that a server layer shares with the handler of the request.
//!
//! The layer starts the operation, and puts it into the context of the request. The first annotated function of the same
//! operation takes it instead of starting a second one, sets its attributes and gives it back with its outcome. The layer
//! ends it with the response. Either the function or this module owns the operation at any time.

use super::ActiveOperation;
use crate::definition::OperationDefinition;
use crate::local;
use opentelemetry::Context;
use opentelemetry::trace::Status;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Outcome of the function that took the operation.
#[derive(Debug)]
pub(crate) struct HandlerOutcome {
    /// The error class; `None`: the function succeeded.
    pub(crate) class: Option<&'static str>,
    /// Status of the span; `None`: `Unset`.
    pub(crate) status: Option<Status>,
}

/// Ends the operation; `None`: no function took it.
type EndWith = Box<dyn FnOnce(&mut ActiveOperation, Option<HandlerOutcome>) + Send>;

/// An operation that one function may take.
pub(crate) struct SharedOperation(Mutex<State>);

struct State {
    /// An operation without effect while a function owns the shared one, and after its end. Operations are swapped, because
    /// they are large.
    operation: ActiveOperation,
    owner: Owner,
    outcome: Option<HandlerOutcome>,
    /// Set if the response is complete while a function still owns the operation.
    end: Option<EndWith>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// No function has taken the operation.
    Request,
    Function,
    /// The function has given it back.
    RequestAgain,
    /// The operation has ended.
    None,
}

impl std::fmt::Debug for SharedOperation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.lock();
        f.debug_tuple("SharedOperation")
            .field(&state.owner)
            .finish()
    }
}

/// The shared operation of a context.
#[derive(Clone, Debug)]
struct InRequest(Arc<SharedOperation>);

impl SharedOperation {
    /// Shares the operation that `start` starts, through the context of its body. Returns only the context if nothing is
    /// recorded.
    pub(crate) fn start(
        definition: &'static OperationDefinition,
        start: impl FnOnce(&mut ActiveOperation),
    ) -> (Option<Arc<Self>>, Option<Context>) {
        let mut shared = Arc::new(Self(Mutex::new(State {
            operation: ActiveOperation::new(definition),
            owner: Owner::Request,
            outcome: None,
            end: None,
        })));
        let Some(Self(state)) = Arc::get_mut(&mut shared) else {
            return (None, None);
        };
        let operation = &mut state
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .operation;
        // The function may set attributes again.
        operation.may_replace = true;
        start(operation);
        operation.begin();
        if operation.telemetry.is_none() {
            return (None, operation.context.take());
        }
        let context = operation
            .context()
            .with_value(InRequest(Arc::clone(&shared)));
        shared.lock().operation.context = Some(context.clone());
        (Some(shared), Some(context))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Exchanges the operation for one that has not started, if it has the same definition and no function has taken it.
    fn lend(&self, unstarted: &mut ActiveOperation) -> bool {
        let mut state = self.lock();
        let is_same = std::ptr::eq(state.operation.definition, unstarted.definition);
        if state.owner != Owner::Request || !is_same {
            return false;
        }
        state.owner = Owner::Function;
        // It is never started, and must not record anything when it is dropped.
        unstarted.leave_to_future();
        std::mem::swap(&mut state.operation, unstarted);
        true
    }

    /// Exchanges the operation that a function has taken for the one without effect.
    fn give_back(&self, operation: &mut ActiveOperation, outcome: HandlerOutcome) {
        let mut state = self.lock();
        std::mem::swap(&mut state.operation, operation);
        state.outcome = Some(outcome);
        state.owner = Owner::RequestAgain;
        if let Some(end) = state.end.take() {
            drop(state);
            self.end(end);
        }
    }

    /// Ends the operation now, or when the function that owns it gives it back.
    pub(crate) fn end(
        &self,
        end: impl FnOnce(&mut ActiveOperation, Option<HandlerOutcome>) + Send + 'static,
    ) {
        let mut state = self.lock();
        match state.owner {
            Owner::Function => state.end = Some(Box::new(end)),
            Owner::None => {}
            Owner::Request | Owner::RequestAgain => {
                state.owner = Owner::None;
                let mut operation = state.operation.take();
                let outcome = state.outcome.take();
                // Code of a provider runs at the end, and may read the context.
                drop(state);
                end(&mut operation, outcome);
            }
        }
    }
}

impl ActiveOperation {
    /// Takes the operation of the request, if the current context has one with the same definition. `deferred`: attributes
    /// may be set again later.
    #[inline]
    pub(crate) fn take_from_request(&mut self, deferred: bool) -> bool {
        !self.definition.routes.is_empty() && self.take_shared(deferred)
    }

    fn take_shared(&mut self, deferred: bool) -> bool {
        let shared =
            local::map_current(|context| context.get::<InRequest>().map(|found| found.0.clone()));
        let Some(shared) = shared.flatten() else {
            return false;
        };
        if !shared.lend(self) {
            return false;
        }
        self.shared = Some(shared);
        if let (true, Some(telemetry)) = (deferred, self.telemetry) {
            self.defer(telemetry);
        }
        true
    }

    /// Whether the operation belongs to a request, and the current context is that of the request or derived from it.
    #[inline]
    pub(super) fn is_in_request(&self) -> bool {
        self.shared.as_ref().is_some_and(|shared| {
            let is_same = |context: &Context| {
                let found = context.get::<InRequest>();
                found.is_some_and(|found| Arc::ptr_eq(&found.0, shared))
            };
            local::map_current(is_same) == Some(true)
        })
    }

    /// Gives the operation back to its request, which ends it. Returns `false` if it does not belong to a request.
    #[inline]
    pub(super) fn give_back(
        &mut self,
        class: Option<&'static str>,
        status: Option<&Status>,
    ) -> bool {
        let Some(shared) = self.shared.take() else {
            return false;
        };
        let status = status.cloned();
        shared.give_back(self, HandlerOutcome { class, status });
        true
    }
}
