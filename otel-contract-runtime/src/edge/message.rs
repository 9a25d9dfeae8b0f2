//! Parts of requests and responses, for the types of every framework.

use crate::grpc::GrpcStatus;
use crate::propagation::Carrier;

/// The headers of a framework.
pub(crate) trait Headers: Carrier {
    /// Returns the first value of a header, if it is text.
    fn text(&self, name: &'static str) -> Option<&str>;
}

macro_rules! headers {
    ($headers:ty) => {
        impl Headers for $headers {
            fn text(&self, name: &'static str) -> Option<&str> {
                self.get(name).and_then(|value| value.to_str().ok())
            }
        }
    };
}

#[cfg(feature = "http")]
headers!(http::HeaderMap);
#[cfg(feature = "actix")]
headers!(actix_web::http::header::HeaderMap);

/// Defines the function that returns the number of a version of HTTP, as `network.protocol.version` records it.
macro_rules! version {
    ($name:ident, $version:ty) => {
        /// Returns the number of a version of HTTP, as `network.protocol.version` records it.
        pub(crate) fn $name(version: $version) -> Option<&'static str> {
            type Version = $version;
            Some(match version {
                Version::HTTP_09 => "0.9",
                Version::HTTP_10 => "1.0",
                Version::HTTP_11 => "1.1",
                Version::HTTP_2 => "2",
                Version::HTTP_3 => "3",
                _ => return None,
            })
        }
    };
}

#[cfg(feature = "http")]
version!(version, http::Version);
// actix-web has the types of http 0.2.
#[cfg(feature = "actix")]
version!(actix_version, actix_web::http::Version);

/// Returns the length of the body in bytes that the headers announce.
pub(crate) fn content_length(headers: &impl Headers) -> Option<u64> {
    headers.text("content-length")?.parse().ok()
}

/// Returns the status of a gRPC call from the headers or trailers of its response.
pub(crate) fn grpc_status(headers: &impl Headers) -> Option<GrpcStatus> {
    let mut status = None;
    // A value that is not text is an unknown status.
    headers.each("grpc-status", &mut |value| {
        status.get_or_insert(GrpcStatus::parse(value));
    });
    status
}

/// Splits `host:port`, `[address]:port` or a host alone.
pub(crate) fn split_host(host: &str) -> (&str, Option<u16>) {
    let (address, port) = match host.rsplit_once(':') {
        Some((address, port)) if !port.contains(']') => (address, port.parse().ok()),
        _ => (host, None),
    };
    (address.trim_matches(['[', ']']), port)
}
