//! The thread that drives the sockets of gRPC.
//!
//! The SDK exports from threads of its own that have no runtime, and the service may have none
//! either, or one of a single thread that waits for us to shut down.

use crate::setup::SetupError;
use opentelemetry::Context as Telemetry;
use std::sync::mpsc;
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// Runs until it is ended.
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
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(failed)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::Builder::new()
            .name("otel-contract-export".to_owned())
            .spawn(move || {
                // What HTTP/2 says of itself is no telemetry of the service; exporting it would
                // make more of it.
                let _suppressed = Telemetry::enter_telemetry_suppressed_scope();
                let _ = runtime.block_on(stopped);
            })
            .map_err(failed)?;
        Ok(Self { handle, stop })
    }

    pub(crate) fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Ends it, unless an export is still under way: then it runs on, so that the export can succeed while the
    /// process lives.
    pub(crate) fn end(self, in_time: bool) {
        if !in_time {
            std::mem::forget(self.stop);
        }
    }
}

/// Runs a task on the thread, for so long at most, and waits for it. `None`: it did not end in time, or the thread
/// is gone.
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
    // A task that is dropped, with its runtime or by a panic, drops its end of the channel.
    result.recv().ok()
}
