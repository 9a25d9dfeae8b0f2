//! Parts of requests and responses.

use crate::grpc::GrpcStatus;
use http::{HeaderMap, Version, header};

/// Returns the number of a version of HTTP, as `network.protocol.version` records it.
pub(crate) fn version(version: Version) -> Option<&'static str> {
    Some(match version {
        Version::HTTP_09 => "0.9",
        Version::HTTP_10 => "1.0",
        Version::HTTP_11 => "1.1",
        Version::HTTP_2 => "2",
        Version::HTTP_3 => "3",
        _ => return None,
    })
}

/// Returns the length of the body in bytes that the headers announce.
pub(crate) fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Returns the status of a gRPC call from the headers or trailers of its response.
pub(crate) fn grpc_status(headers: &HeaderMap) -> Option<GrpcStatus> {
    let status = headers.get("grpc-status")?;
    Some(GrpcStatus::parse(status.to_str().unwrap_or_default()))
}
