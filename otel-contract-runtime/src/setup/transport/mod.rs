//! How exporters reach a collector, from any thread and without the service's runtime.

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod exporters;
#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
#[cfg(feature = "otlp-grpc")]
mod io;

#[cfg(feature = "otlp-grpc")]
pub(super) use io::IoThread;

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(super) use exporters::Exporters;

use opentelemetry_sdk::error::OTelSdkResult;
#[cfg(feature = "otlp-grpc")]
use std::time::Duration;

/// Where no exporter of ours needs a thread, there is none.
#[cfg(not(feature = "otlp-grpc"))]
#[derive(Debug)]
pub(super) struct IoThread;

#[cfg(not(feature = "otlp-grpc"))]
impl IoThread {
    pub(super) fn end(self, in_time: bool) {
        let _ = (self, in_time);
    }
}

/// Where exports run, and how long they may take.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    #[cfg(feature = "otlp-grpc")]
    io: Option<tokio::runtime::Handle>,
    #[cfg(feature = "otlp-grpc")]
    longest: Duration,
}

impl Limits {
    /// Holds an export to them. Without a runtime the client bounds itself.
    pub(super) async fn hold(&self, export: impl Future<Output = OTelSdkResult>) -> OTelSdkResult {
        #[cfg(feature = "otlp-grpc")]
        if let Some(io) = &self.io {
            return io::within(io, self.longest, export).await;
        }
        export.await
    }
}
