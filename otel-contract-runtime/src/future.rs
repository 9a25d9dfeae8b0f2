//! Futures that run an asynchronous body inside its operation.

use crate::active_operation::ActiveOperation;
use crate::definition::OperationDefinition;
use crate::entry::Entry;
use crate::slots::Unstarted;
use std::future::Future;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Runs an asynchronous body inside the operation. The caller ends the operation afterwards.
pub fn run<F: Future>(operation: &mut ActiveOperation, body: F) -> Run<'_, F> {
    operation.begin();
    Run {
        body: Some(body),
        operation,
    }
}

pin_project_lite::pin_project! {
    /// Future of [`run`]. It attaches the operation's context on every poll, and while the body is dropped, so that the
    /// destructors of a cancelled body still run inside the operation.
    #[must_use = "futures do nothing unless polled"]
    #[derive(Debug)]
    pub struct Run<'a, F> {
        #[pin]
        body: Option<F>,
        operation: &'a ActiveOperation,
    }

    impl<F> PinnedDrop for Run<'_, F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.body.is_some() {
                let _guard = this.operation.attach();
                this.body.set(None);
            }
        }
    }
}

impl<F: Future> Future for Run<'_, F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let _guard = this.operation.attach();
        let body = this.body.as_mut().as_pin_mut();
        let Poll::Ready(output) = body.expect("polled after completion").poll(cx) else {
            return Poll::Pending;
        };
        // Drops the body while its context is attached.
        this.body.set(None);
        Poll::Ready(output)
    }
}

// After a panic an operation is only ended, so unwind safety depends on the body alone.
impl<F: UnwindSafe> UnwindSafe for Run<'_, F> {}
impl<F: RefUnwindSafe> RefUnwindSafe for Run<'_, F> {}

pin_project_lite::pin_project! {
    /// A future that is an operation from its first poll to its output.
    #[must_use = "futures do nothing unless polled"]
    pub struct OperationFuture<F, C> {
        #[pin]
        body: Option<F>,
        stage: Stage<C>,
    }

    impl<F, C> PinnedDrop for OperationFuture<F, C> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Stage::Active { operation, .. } = this.stage {
                let _guard = operation.attach();
                this.body.set(None);
            }
        }
    }
}

/// Progress of the operation of a future. The active operation is large, but a box would cost an allocation per call.
#[allow(clippy::large_enum_variant)]
#[derive(Debug)]
enum Stage<C> {
    Prepared(Box<PreparedFuture>, C),
    Active { operation: ActiveOperation, end: C },
    Ended,
}

impl<F: UnwindSafe, C> UnwindSafe for OperationFuture<F, C> {}
impl<F: RefUnwindSafe, C> RefUnwindSafe for OperationFuture<F, C> {}

impl<F: Future, C: FnOnce(&mut ActiveOperation, &F::Output)> OperationFuture<F, C> {
    pub(crate) fn new(prepared: PreparedFuture, body: F, end: C) -> Self {
        Self {
            body: Some(body),
            stage: Stage::Prepared(Box::new(prepared), end),
        }
    }
}

impl<F: Future, C: FnOnce(&mut ActiveOperation, &F::Output)> Future for OperationFuture<F, C> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Stage::Prepared(..) = this.stage
            && let Stage::Prepared(prepared, end) = std::mem::replace(this.stage, Stage::Ended)
        {
            let operation = prepared.start();
            *this.stage = Stage::Active { operation, end };
        }
        let Stage::Active { operation, .. } = this.stage else {
            panic!("polled after completion");
        };
        let guard = operation.attach();
        let body = this.body.as_mut().as_pin_mut();
        let Poll::Ready(output) = body.expect("polled after completion").poll(cx) else {
            return Poll::Pending;
        };
        // Drops the body while its context is attached.
        this.body.set(None);
        drop(guard);
        if let Stage::Active { mut operation, end } = std::mem::replace(this.stage, Stage::Ended) {
            end(&mut operation, &output);
        }
        Poll::Ready(output)
    }
}

/// Input with which a future starts its operation. The attributes were evaluated when the function was called,
/// because the arguments no longer exist when the future is polled.
#[derive(Debug)]
pub(crate) struct PreparedFuture {
    pub(crate) entry: Entry,
    pub(crate) deferred: bool,
    /// Greatest number of attributes that may be set.
    pub(crate) max_attributes: usize,
    pub(crate) handle: Option<Arc<Unstarted>>,
}

impl PreparedFuture {
    pub(crate) fn new(definition: &'static OperationDefinition) -> Self {
        Self {
            entry: Entry::new(definition),
            deferred: false,
            max_attributes: 0,
            handle: None,
        }
    }

    /// Starts the operation when the future is first polled.
    pub(crate) fn start(self) -> ActiveOperation {
        let mut operation = ActiveOperation::new(self.entry.definition());
        self.entry
            .start(&mut operation, self.deferred, self.max_attributes);
        if let Some(handle) = self.handle {
            handle.start(operation.handle());
        }
        operation.begin();
        operation
    }
}
