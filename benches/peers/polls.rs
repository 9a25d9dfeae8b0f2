//! A future that is ready after a number of polls, driven without a runtime.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Number of polls that return `Pending`.
pub(crate) type Polls = usize;

/// A future that is ready after this number of pending polls.
pub(crate) struct Wait(pub(crate) Polls);

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match self.0.checked_sub(1) {
            Some(less) => {
                self.0 = less;
                Poll::Pending
            }
            None => Poll::Ready(()),
        }
    }
}

/// Polls a future until it is ready.
pub(crate) fn drive<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
