//! The thread that drives the sockets of gRPC.
//!
//! The SDK exports from threads of its own that have no runtime, and the service may have none
//! either, or one of a single thread that waits for us to shut down.

use crate::setup::SetupError;
use opentelemetry::Context as Telemetry;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};
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

    /// Ends it, unless an export is still under way, which would panic without its timers: then it
    /// runs on.
    pub(crate) fn end(self, in_time: bool) {
        if !in_time {
            std::mem::forget(self.stop);
        }
    }
}

/// Runs an export in the runtime, for so long at most.
pub(super) async fn within(
    handle: &Handle,
    longest: Duration,
    export: impl Future<Output = OTelSdkResult>,
) -> OTelSdkResult {
    let bounded = async {
        match tokio::time::timeout(longest, export).await {
            Ok(result) => result,
            Err(_) => Err(OTelSdkError::Timeout(longest)),
        }
    };
    Entered {
        future: bounded,
        handle: handle.clone(),
    }
    .await
}

pin_project! {
    /// A future polled inside of a runtime, whichever thread polls it.
    struct Entered<F> {
        #[pin]
        future: F,
        handle: Handle,
    }
}

impl<F: Future> Future for Entered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _entered = this.handle.enter();
        this.future.poll(context)
    }
}
