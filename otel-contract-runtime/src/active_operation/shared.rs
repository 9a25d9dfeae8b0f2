//! An operation that a server layer shares with the handler of the request.
//!
//! The layer starts the operation, and puts it into the context of the request. The first annotated function of the same
//! operation takes it instead of starting a second one, sets its attributes and gives it back with its outcome. The layer
//! ends it with the response. Either the function or this module owns the operation at any time.

use super::ActiveOperation;
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
#[derive(Default)]
pub(crate) struct SharedOperation(Mutex<State>);

#[derive(Default)]
struct State {
    /// `None` while a function owns the operation, and after its end.
    operation: Option<ActiveOperation>,
    was_taken: bool,
    outcome: Option<HandlerOutcome>,
    /// Set if the response is complete while a function still owns the operation.
    end: Option<EndWith>,
}

impl std::fmt::Debug for SharedOperation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = self.lock();
        f.debug_struct("SharedOperation")
            .field("was_taken", &state.was_taken)
            .field("is_owned", &state.operation.is_some())
            .finish()
    }
}

/// The shared operation of a context.
#[derive(Clone, Debug)]
struct InRequest(Arc<SharedOperation>);

impl SharedOperation {
    /// Shares an operation that has begun, through the context of its body.
    pub(crate) fn new(mut operation: ActiveOperation) -> (Arc<Self>, Context) {
        let shared = Arc::new(Self::default());
        let context = operation
            .context()
            .with_value(InRequest(Arc::clone(&shared)));
        operation.context = Some(context.clone());
        shared.lock().operation = Some(operation);
        (shared, context)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the operation, if it has this definition and no function has taken it.
    fn take(&self, of: &ActiveOperation) -> Option<ActiveOperation> {
        let mut state = self.lock();
        let present = state.operation.as_ref();
        let is_same =
            present.is_some_and(|present| std::ptr::eq(present.definition, of.definition));
        if state.was_taken || !is_same {
            return None;
        }
        state.was_taken = true;
        state.operation.take()
    }

    fn give_back(&self, mut operation: ActiveOperation, outcome: HandlerOutcome) {
        let mut state = self.lock();
        if let Some(end) = state.end.take() {
            drop(state);
            end(&mut operation, Some(outcome));
        } else {
            state.outcome = Some(outcome);
            state.operation = Some(operation);
        }
    }

    /// Ends the operation now, or when the function that owns it gives it back.
    pub(crate) fn end(
        &self,
        end: impl FnOnce(&mut ActiveOperation, Option<HandlerOutcome>) + Send + 'static,
    ) {
        let mut state = self.lock();
        match state.operation.take() {
            Some(mut operation) => {
                let outcome = state.outcome.take();
                drop(state);
                end(&mut operation, outcome);
            }
            None if state.was_taken && state.outcome.is_none() => state.end = Some(Box::new(end)),
            None => {}
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
        let Some(operation) = shared.take(self) else {
            return false;
        };
        *self = operation;
        self.shared = Some(shared);
        self.note_present_attributes(0);
        if let (true, Some(telemetry)) = (deferred, self.telemetry) {
            self.defer(telemetry);
        }
        true
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
        let operation = self.take();
        let status = status.cloned();
        shared.give_back(operation, HandlerOutcome { class, status });
        true
    }
}
