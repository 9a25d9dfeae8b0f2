//! The body of an annotated function, and its operation as the body accesses it.

use crate::active_operation::ActiveOperation;
use crate::definition::InputValue;
use crate::entry::Entry;
use crate::future::PreparedFuture;
use crate::probe::Returned;
use crate::slots::Handle;
use opentelemetry::ContextGuard;
use std::sync::Arc;

/// The operation as the body of its function accesses it: active, or prepared for a future that starts it.
#[derive(Debug)]
pub struct Frame<'a>(State<'a>);

#[derive(Debug)]
enum State<'a> {
    Active {
        operation: &'a mut ActiveOperation,
        guard: Option<ContextGuard>,
    },
    Prepared(PreparedFuture),
}

impl Frame<'_> {
    /// Starts the operation under its parent, with the attributes that the sampler sees. `deferred`: attributes may be set
    /// again later. `max_attributes`: the greatest number of attributes that may be set.
    pub fn start_from(&mut self, entry: Entry, deferred: bool, max_attributes: usize) {
        match &mut self.0 {
            State::Active { operation, .. } => entry.start(operation, deferred, max_attributes),
            State::Prepared(prepared) => {
                prepared.entry = entry;
                (prepared.deferred, prepared.max_attributes) = (deferred, max_attributes);
            }
        }
    }

    /// Starts the operation under the current context. `deferred` and `max_attributes`: as in
    /// [`start_from`](Self::start_from).
    pub fn start(&mut self, deferred: bool, max_attributes: usize) {
        match &mut self.0 {
            State::Active { operation, .. } => operation.start(deferred, max_attributes),
            State::Prepared(prepared) => {
                (prepared.deferred, prepared.max_attributes) = (deferred, max_attributes);
            }
        }
    }

    /// Whether attributes that are not dimensions have to be evaluated: the span records, or log records may show attributes.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        match &self.0 {
            State::Active { operation, .. } => operation.is_recording(),
            State::Prepared(_) => true,
        }
    }

    /// Whether an attribute has to be evaluated, for the span, as a dimension or for log records.
    #[must_use]
    pub fn wants(&self, index: usize) -> bool {
        match &self.0 {
            State::Active { operation, .. } => operation.wants(index),
            State::Prepared(_) => true,
        }
    }

    /// Sets an attribute.
    pub fn set(&mut self, index: usize, value: Option<InputValue<'_>>) {
        match &mut self.0 {
            State::Active { operation, .. } => operation.set(index, value),
            State::Prepared(prepared) => prepared.entry.set(index, value),
        }
    }

    /// Returns a handle that sets attributes, even before a future has started the operation.
    #[must_use]
    pub fn handle(&mut self) -> Handle {
        match &mut self.0 {
            State::Active { operation, .. } => operation.handle(),
            State::Prepared(prepared) => {
                let unstarted = prepared.handle.get_or_insert_default();
                Handle::unstarted(Arc::clone(unstarted))
            }
        }
    }

    /// Attaches the context of the operation until the function returns.
    pub fn enter(&mut self) {
        if let State::Active { operation, guard } = &mut self.0 {
            operation.begin();
            *guard = operation.attach();
        }
    }
}

/// The body of a function, before it runs.
pub struct Body<'a, F, T> {
    operation: &'a mut ActiveOperation,
    closure: F,
    pub(super) returned: Returned<T>,
}

impl<'a, F, T> Body<'a, F, T>
where
    F: FnOnce(&mut Frame<'_>) -> T,
{
    /// Wraps a body. This signature makes the closure `FnOnce`. If rustc inferred `FnMut` from the body, a reference
    /// returned from a captured `&mut self` would not live long enough.
    pub fn new(operation: &'a mut ActiveOperation, returned: Returned<T>, closure: F) -> Self {
        Self {
            operation,
            closure,
            returned,
        }
    }

    /// Runs the body inside the operation.
    pub(super) fn run_now(self) -> (&'a mut ActiveOperation, T) {
        let mut frame = Frame(State::Active {
            operation: self.operation,
            guard: None,
        });
        let value = (self.closure)(&mut frame);
        let State::Active { operation, guard } = frame.0 else {
            unreachable!("the body cannot change the state");
        };
        drop(guard);
        (operation, value)
    }

    /// Runs the body, which returns a future, and leaves the start of the operation to the future.
    pub(super) fn prepare(self) -> (PreparedFuture, T) {
        let mut frame = Frame(State::Prepared(PreparedFuture::new(
            self.operation.definition,
        )));
        self.operation.leave_to_future();
        let value = (self.closure)(&mut frame);
        let State::Prepared(prepared) = frame.0 else {
            unreachable!("the body cannot change the state");
        };
        (prepared, value)
    }
}
