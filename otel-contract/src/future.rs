//! An asynchronous body inside its operation.

use crate::running::Running;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs an asynchronous body inside the operation; resolves to its output and the operation, still
/// to be ended.
pub fn run<F: Future>(mut running: Running, body: F) -> Run<F> {
    running.begin();
    Run {
        body: Some(body),
        running: Some(running),
    }
}

pin_project_lite::pin_project! {
    /// Future of [`run`]: attaches the operation's context on every poll, and while the body is
    /// dropped, so that what a cancelled body does in its destructors still belongs to it.
    #[must_use = "futures do nothing unless polled"]
    #[derive(Debug)]
    pub struct Run<F> {
        #[pin]
        body: Option<F>,
        running: Option<Running>,
    }

    impl<F> PinnedDrop for Run<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _guard = this.running.as_ref().and_then(Running::attach);
            this.body.set(None);
        }
    }
}

impl<F: Future> Future for Run<F> {
    type Output = (F::Output, Running);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let guard = this.running.as_ref().and_then(Running::attach);
        let body = this.body.as_mut().as_pin_mut();
        let Poll::Ready(output) = body.expect("polled after completion").poll(cx) else {
            return Poll::Pending;
        };
        // What the body still holds goes while its context is attached.
        this.body.set(None);
        drop(guard);
        Poll::Ready((output, this.running.take().expect("taken only here")))
    }
}
