//! An asynchronous body inside its operation.

use crate::running::Running;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Runs an asynchronous body inside the operation, which is still to be ended then.
pub fn run<F: Future>(running: &mut Running, body: F) -> Run<'_, F> {
    running.begin();
    Run {
        body: Some(body),
        running,
    }
}

pin_project_lite::pin_project! {
    /// Future of [`run`]: attaches the operation's context on every poll, and while the body is
    /// dropped, so that what a cancelled body does in its destructors still belongs to it.
    #[must_use = "futures do nothing unless polled"]
    #[derive(Debug)]
    pub struct Run<'a, F> {
        #[pin]
        body: Option<F>,
        running: &'a Running,
    }

    impl<F> PinnedDrop for Run<'_, F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if this.body.is_some() {
                let _guard = this.running.attach();
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
        let _guard = this.running.attach();
        let body = this.body.as_mut().as_pin_mut();
        let Poll::Ready(output) = body.expect("polled after completion").poll(cx) else {
            return Poll::Pending;
        };
        // What the body still holds goes while its context is attached.
        this.body.set(None);
        Poll::Ready(output)
    }
}
