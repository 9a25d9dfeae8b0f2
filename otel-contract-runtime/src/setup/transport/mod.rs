//! Connections of exporters to a collector, from any thread and without the runtime of the service.

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod exporter;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod exporters;
#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod headers;
#[cfg(feature = "otlp-http")]
mod http;
#[cfg(feature = "otlp-grpc")]
mod io;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod response;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod retry;
#[cfg(feature = "otlp-grpc")]
mod status;
#[cfg(all(feature = "tls", any(feature = "otlp-grpc", feature = "otlp-http")))]
mod tls;

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(super) use exporters::Exporters;
#[cfg(feature = "otlp-grpc")]
pub(super) use io::IoThread;

/// Placeholder without gRPC, because only gRPC needs the thread.
#[cfg(not(feature = "otlp-grpc"))]
#[derive(Debug)]
pub(super) struct IoThread;

#[cfg(not(feature = "otlp-grpc"))]
impl IoThread {
    pub(super) fn end(self, in_time: bool) {
        let _ = (self, in_time);
    }
}
