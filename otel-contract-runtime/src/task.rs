//! Tasks, threads and futures that run in the context of their caller.
//!
//! `tokio::spawn` and `std::thread::spawn` start without a context: operations in the task or thread have no parent, and
//! the scope of a test does not record them. The functions of the same names in this module keep the context: the active
//! operation, the baggage and the scope of a test.

use crate::local;
use opentelemetry::Context;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

/// Spawns a future that runs in the current context, on every poll and while it is dropped.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// use opentelemetry::Context;
///
/// let _guard = Context::current_with_value("order 7").attach();
/// let value = otel_contract::spawn(async { Context::current().get::<&str>().copied() });
/// assert_eq!(value.await?, Some("order 7"));
/// # Ok(()) }
/// ```
///
/// # Panics
///
/// Panics outside of a Tokio runtime, as `tokio::spawn` does.
#[cfg(feature = "tokio")]
#[track_caller]
pub fn spawn<F>(future: F) -> tokio::task::JoinHandle<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    tokio::spawn(future.in_current_context())
}

/// Runs a function on a thread where blocking is acceptable, in the current context.
///
/// ```
/// # #[tokio::main]
/// # async fn main() -> Result<(), tokio::task::JoinError> {
/// use opentelemetry::Context;
///
/// let _guard = Context::current_with_value("order 7").attach();
/// let value = otel_contract::spawn_blocking(|| Context::current().get::<&str>().copied());
/// assert_eq!(value.await?, Some("order 7"));
/// # Ok(()) }
/// ```
///
/// # Panics
///
/// Panics outside of a Tokio runtime, as `tokio::task::spawn_blocking` does.
#[cfg(feature = "tokio")]
#[track_caller]
pub fn spawn_blocking<R: Send + 'static>(
    function: impl FnOnce() -> R + Send + 'static,
) -> tokio::task::JoinHandle<R> {
    tokio::task::spawn_blocking(in_current_context(function))
}

/// Threads that run in the context of their caller.
pub mod thread {
    use std::thread::JoinHandle;

    /// Starts a thread that runs in the current context.
    ///
    /// ```
    /// use opentelemetry::Context;
    ///
    /// let _guard = Context::current_with_value("order 7").attach();
    /// let value = otel_contract::thread::spawn(|| Context::current().get::<&str>().copied());
    /// assert_eq!(value.join().ok().flatten(), Some("order 7"));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the system cannot start a thread, as `std::thread::spawn` does.
    pub fn spawn<R: Send + 'static>(
        function: impl FnOnce() -> R + Send + 'static,
    ) -> JoinHandle<R> {
        std::thread::spawn(super::in_current_context(function))
    }
}

/// Returns a function that runs in the current context, wherever it is called: for thread pools, scoped threads and
/// callbacks.
///
/// ```
/// use opentelemetry::Context;
///
/// let job = {
///     let _guard = Context::current_with_value("order 7").attach();
///     otel_contract::task::in_current_context(|| Context::current().get::<&str>().copied())
/// };
/// assert_eq!(job(), Some("order 7"));
/// ```
pub fn in_current_context<R>(function: impl FnOnce() -> R) -> impl FnOnce() -> R {
    let context = local::current();
    move || {
        let _guard = local::attach(context);
        function()
    }
}

/// Extension trait for futures that run in a context.
pub trait InContext: Future + Sized {
    /// Runs the future in the current context, wherever it is polled: for `JoinSet`, `FuturesUnordered` and other
    /// spawners.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// use opentelemetry::Context;
    /// use otel_contract::InContext as _;
    ///
    /// let mut tasks = tokio::task::JoinSet::new();
    /// {
    ///     let _guard = Context::current_with_value("order 7").attach();
    ///     tasks.spawn(async { Context::current().get::<&str>().copied() }.in_current_context());
    /// }
    /// assert_eq!(tasks.join_all().await, [Some("order 7")]);
    /// # }
    /// ```
    fn in_current_context(self) -> WithContext<Self> {
        self.in_context(local::current())
    }

    /// Runs the future in this context. The context is attached on every poll, and while the future is dropped, so that
    /// the destructors of a cancelled future run in the context, too.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() {
    /// otel_contract::contract!("doc/billing.yaml");
    ///
    /// use billing::{AccountTier, Baggage, task::InContext as _};
    ///
    /// let context = Baggage::new().account_tier(AccountTier::Pro).to_context();
    /// let read = async { Baggage::current().account_tier }.in_context(context).await;
    /// assert_eq!(read, Some(AccountTier::Pro));
    /// # }
    /// ```
    fn in_context(self, context: Context) -> WithContext<Self> {
        WithContext {
            future: Some(self),
            context,
        }
    }
}

impl<F: Future> InContext for F {}

pin_project_lite::pin_project! {
    /// Future of [`InContext`].
    #[must_use = "futures do nothing unless polled"]
    #[derive(Clone, Debug)]
    pub struct WithContext<F> {
        #[pin]
        future: Option<F>,
        context: Context,
    }

    impl<F> PinnedDrop for WithContext<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _guard = local::attach(this.context.clone());
            this.future.set(None);
        }
    }
}

impl<F: Future> Future for WithContext<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        let _guard = local::attach(this.context.clone());
        let future = this.future.as_mut().as_pin_mut();
        let polled = future.expect("polled after completion").poll(cx);
        if polled.is_ready() {
            // Drops the future while its context is attached.
            this.future.set(None);
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    /// Value that records the context in which it is dropped.
    struct Dropped(Arc<Mutex<Vec<Option<&'static str>>>>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            let context = Context::current().get::<&'static str>().copied();
            self.0
                .lock()
                .expect("no thread panics while it holds the lock")
                .push(context);
        }
    }

    #[test]
    fn a_future_is_dropped_in_its_context_whether_finished_or_not() {
        let contexts = Arc::new(Mutex::new(Vec::new()));
        for finishes in [true, false] {
            let dropped = Dropped(contexts.clone());
            let future = async move {
                let _dropped = dropped;
                if !finishes {
                    std::future::pending::<()>().await;
                }
            };
            let future = future.in_context(Context::new().with_value("there"));
            let mut future = Box::pin(future);
            let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
            assert_eq!(future.as_mut().poll(&mut cx).is_ready(), finishes);
        }
        assert_eq!(
            *contexts
                .lock()
                .expect("no thread panics while it holds the lock"),
            [Some("there"); 2]
        );
    }

    #[cfg(feature = "tokio")]
    #[test]
    fn a_spawned_task_is_dropped_in_its_context_when_it_is_aborted() {
        let contexts = Arc::new(Mutex::new(Vec::new()));
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime on one thread").block_on(async {
            let dropped = Dropped(contexts.clone());
            let task = {
                let _guard = Context::new().with_value("there").attach();
                spawn(async move {
                    let _dropped = dropped;
                    std::future::pending::<()>().await;
                })
            };
            tokio::task::yield_now().await;
            task.abort();
            assert!(task.await.is_err_and(|error| error.is_cancelled()));
        });
        assert_eq!(
            *contexts
                .lock()
                .expect("no thread panics while it holds the lock"),
            [Some("there")]
        );
    }
}
