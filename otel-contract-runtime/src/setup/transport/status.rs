//! The status of a gRPC call.

use super::retry::{Failure, Retry};
use crate::grpc::GrpcStatus;
use http::{HeaderMap, StatusCode};
use prost::Message as _;
use std::time::Duration;

/// Codes after which the specification of OTLP allows a retry.
const RETRYABLE: [usize; 6] = [1, 4, 10, 11, 14, 15];
/// Code that may be retried only with a `RetryInfo` of the collector.
const RESOURCE_EXHAUSTED: usize = 8;
const UNKNOWN: usize = 2;

/// `google.rpc.Status` of the header `grpc-status-details-bin`, reduced to its details.
#[derive(Clone, PartialEq, prost::Message)]
struct Details {
    #[prost(message, repeated, tag = "3")]
    details: Vec<Detail>,
}

/// `google.protobuf.Any`
#[derive(Clone, PartialEq, prost::Message)]
struct Detail {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

/// `google.rpc.RetryInfo`
#[derive(Clone, PartialEq, prost::Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    delay: Option<Delay>,
}

/// `google.protobuf.Duration`
#[derive(Clone, PartialEq, prost::Message)]
struct Delay {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// Returns the status in these headers or trailers, if they contain one.
pub(super) fn parse_status(headers: &HeaderMap) -> Option<Result<(), Failure>> {
    let code = headers.get("grpc-status")?;
    let number: Option<usize> = code.to_str().ok().and_then(|code| code.trim().parse().ok());
    let code = number
        .filter(|code| *code < GrpcStatus::NAMES.len())
        .unwrap_or(UNKNOWN);
    if code == 0 {
        return Some(Ok(()));
    }
    let reason = headers
        .get("grpc-message")
        .map(|reason| percent_decoded(reason.as_bytes()));
    let message = match reason.filter(|reason| !reason.is_empty()) {
        Some(reason) => format!(
            "the collector responded with {}: {reason}",
            GrpcStatus::NAMES[code]
        ),
        None => format!("the collector responded with {}", GrpcStatus::NAMES[code]),
    };
    let details = headers.get("grpc-status-details-bin");
    let requested = details.and_then(|details| parse_retry_info(details.as_bytes()));
    let retry = match requested {
        _ if code != RESOURCE_EXHAUSTED && !RETRYABLE.contains(&code) => Retry::Never,
        Some(delay) if !delay.is_zero() => Retry::After(delay),
        None if code == RESOURCE_EXHAUSTED => Retry::Never,
        _ => Retry::Backoff,
    };
    Some(Err(Failure { message, retry }))
}

/// Returns the failure of an HTTP response without gRPC, for example from a proxy. gRPC defines which statuses may be
/// retried.
pub(super) fn http_failure(status: StatusCode) -> Failure {
    let message = format!("the collector responded with HTTP {status}");
    let retry = match status {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Retry::Backoff,
        _ => Retry::Never,
    };
    Failure { message, retry }
}

/// Returns the delay of the `RetryInfo` in the details of a status; zero if it has no delay.
fn parse_retry_info(header: &[u8]) -> Option<Duration> {
    let details = Details::decode(&*base64_decoded(header)?).ok()?.details;
    let info = details.iter().find(|detail| {
        let name = detail.type_url.rsplit('/').next();
        name == Some("google.rpc.RetryInfo")
    })?;
    let Delay { seconds, nanos } = RetryInfo::decode(&*info.value)
        .ok()?
        .delay
        .unwrap_or_default();
    // A negative delay counts as zero. The maximum is longer than any timeout, and cannot overflow later.
    let seconds = u32::try_from(seconds.max(0)).unwrap_or(u32::MAX);
    let nanos = u32::try_from(nanos.clamp(0, 999_999_999)).unwrap_or(0);
    Some(Duration::from_secs(u64::from(seconds)) + Duration::from_nanos(u64::from(nanos)))
}

/// Percent-decodes a message. An invalid escape is not changed.
fn percent_decoded(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        let escaped = || std::str::from_utf8(after.get(..2)?).ok();
        let escaped = escaped().filter(|_| *first == b'%');
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Decodes Base64 of the standard alphabet, with or without padding; `None` if it is invalid.
fn base64_decoded(text: &[u8]) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let end = text.iter().position(|byte| *byte == b'=');
    let (digits, padding) = text.split_at(end.unwrap_or(text.len()));
    if padding.len() > 2 || padding.iter().any(|byte| *byte != b'=') {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for digit in group {
            let value = match digit {
                b'A'..=b'Z' => digit - b'A',
                b'a'..=b'z' => digit - b'a' + 26,
                b'0'..=b'9' => digit - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        let complete = match group.len() {
            4 => 3,
            3 => 2,
            2 => 1,
            _ => return None,
        };
        bits <<= 6 * (4 - group.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..=complete]);
    }
    Some(bytes)
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
