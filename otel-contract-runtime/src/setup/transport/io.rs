//! The thread with the async runtime of gRPC.
//!
//! The SDK exports on threads without a runtime. The service may have no runtime either, or a single-threaded one that is
//! blocked while it waits for the shutdown.

use crate::setup::SetupError;
use opentelemetry::Context;
use std::sync::mpsc;
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// Thread with an async runtime, which runs until `end` is called.
#[derive(Debug)]
pub(crate) struct IoThread {
    handle: Handle,
    stop: oneshot::Sender<()>,
}

impl IoThread {
    pub(crate) fn start() -> Result<Self, SetupError> {
        let failed = |error: std::io::Error| SetupError::Thread {
            reason: error.to_string(),
        };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::Builder::new()
            .name("otel-contract-export".to_owned())
            .spawn(move || {
                // Telemetry of the HTTP/2 client is suppressed: it is not telemetry of the service, and each export of it
                // would produce more.
                let _suppressed = Context::enter_telemetry_suppressed_scope();
                let _ = runtime.block_on(stopped);
            })
            .map_err(failed)?;
        Ok(Self { handle, stop })
    }

    pub(crate) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Ends the thread, unless an export is still running: then the thread continues, so that the export can succeed before
    /// the process exits.
    pub(crate) fn end(self, in_time: bool) {
        if !in_time {
            std::mem::forget(self.stop);
        }
    }
}

/// Runs a task on the thread, at most for `longest`, and waits for its result; `None` if the task did not end in time or
/// the thread has ended.
pub(super) fn run<T: Send + 'static>(
    handle: &Handle,
    longest: Duration,
    task: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let (done, result) = mpsc::sync_channel(1);
    handle.spawn(async move {
        if let Ok(value) = tokio::time::timeout(longest, task).await {
            let _ = done.send(value);
        }
    });
    // If the task panics, or is dropped together with its runtime, the sender is dropped and `recv` returns an error.
    result.recv().ok()
}
