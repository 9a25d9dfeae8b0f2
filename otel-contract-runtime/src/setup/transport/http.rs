//! OTLP over HTTP, with a blocking client, because the SDK exports on dedicated threads.

use super::headers::{build_headers, compress};
use super::response::{MAX_RESPONSE, ResponseBody};
use super::retry::{Failure, Retry};
#[cfg(feature = "tls")]
use super::tls::{self, Certificates};
use crate::setup::otlp::OtlpSettings;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use http::{Method, Request, StatusCode, Uri};
use prost::Message as _;
use prost::bytes::Bytes;
use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};
use ureq::{Agent, Body};

const PROTOBUF: &str = "application/x-protobuf";

pub(super) struct Client {
    agent: Agent,
    uri: Uri,
    headers: HeaderMap,
    gzip: bool,
}

impl Client {
    pub(super) fn new(settings: &OtlpSettings) -> Result<Self, String> {
        // No proxy, as over gRPC, and no redirects, which would send the headers to another host.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None);
        #[cfg(feature = "tls")]
        let config = config.tls_config(Certificates::read(&settings.certificates)?.agent_config()?);
        let mut headers = build_headers(settings, PROTOBUF);
        if settings.gzip {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        Ok(Self {
            agent: Agent::new_with_config(config.build()),
            uri: settings
                .endpoint
                .parse()
                .map_err(|_| "the endpoint is not a URL")?,
            headers,
            gzip: settings.gzip,
        })
    }

    /// Returns the body of a request with this message.
    pub(super) fn encode_body(&self, message: Vec<u8>) -> io::Result<Bytes> {
        compress(message, self.gzip).map(Bytes::from)
    }

    pub(super) fn send(&self, body: &Bytes, timeout: Duration) -> Result<ResponseBody, Failure> {
        let mut request = Request::new(&body[..]);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        let configured = self.agent.configure_request(request);
        let request = configured.timeout_global(Some(timeout)).build();
        let (head, body) = self
            .agent
            .run(request)
            .map_err(attempt_failure)?
            .into_parts();
        if !head.status.is_success() {
            return Err(status_failure(head.status, &head.headers, body));
        }
        let body = read_body(body)?;
        let header = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        let content_type = String::from_utf8_lossy(header.unwrap_or(PROTOBUF.as_bytes()));
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if body.is_empty() || media_type.eq_ignore_ascii_case(PROTOBUF) {
            Ok(ResponseBody::Message(body))
        } else {
            Ok(ResponseBody::Other(content_type.into_owned()))
        }
    }
}

fn read_body(mut body: Body) -> Result<Bytes, Failure> {
    let longest = MAX_RESPONSE as u64;
    let read = body.with_config().limit(longest).read_to_vec();
    read.map(Bytes::from).map_err(attempt_failure)
}

/// Returns the failure of an attempt without a response.
fn attempt_failure(error: ureq::Error) -> Failure {
    use ureq::Error;
    #[cfg(feature = "tls")]
    if let Some(message) = tls_error(&error) {
        return Failure::never(message);
    }
    match error {
        Error::Timeout(_) => Failure::timeout(),
        // A refused, reset or closed connection, or a peer that does not use HTTP, which can happen for a moment while the
        // collector restarts.
        Error::Io(error) => Failure::connection(error.to_string()),
        Error::HostNotFound => {
            Failure::connection("the host name of the collector cannot be resolved")
        }
        Error::ConnectionFailed => Failure::connection("no connection to the collector"),
        Error::Protocol(error) => Failure::connection(format!("the response is not HTTP: {error}")),
        Error::BodyExceedsLimit(limit) => {
            Failure::never(format!("the response is longer than {limit} bytes"))
        }
        // The error could contain the URL, and with it a key in its query.
        Error::BadUri(_) => Failure::never("the endpoint is not a URL"),
        error => Failure::never(error.to_string()),
    }
}

#[cfg(feature = "tls")]
fn tls_error(error: &ureq::Error) -> Option<String> {
    match error {
        ureq::Error::Rustls(error) => Some(tls::describe(error)),
        ureq::Error::Io(error) => tls::tls_error(error),
        _ => None,
    }
}

/// Returns the failure of a response whose status does not mean success.
fn status_failure(status: StatusCode, headers: &HeaderMap, body: Body) -> Failure {
    let retry = match status {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => {
            let requested = headers.get(RETRY_AFTER).and_then(parse_retry_after);
            requested.map_or(Retry::Backoff, Retry::After)
        }
        _ => Retry::Never,
    };
    let mut message = format!("the collector responded with {status}");
    // According to the OTLP specification, the body contains the reason. The body is read only if the export is not
    // retried.
    if retry == Retry::Never
        && let Ok(body) = read_body(body)
        && let Ok(StatusMessage { message: reason }) = StatusMessage::decode(body)
        && !reason.is_empty()
    {
        message = format!("{message}: {reason}");
    }
    Failure { message, retry }
}

/// `google.rpc.Status`, reduced to its message.
#[derive(Clone, PartialEq, prost::Message)]
struct StatusMessage {
    #[prost(string, tag = "2")]
    message: String,
}

/// Parses `Retry-After`, which is a number of seconds or a date; `None` if it is invalid, zero or in the past.
fn parse_retry_after(value: &HeaderValue) -> Option<Duration> {
    let value = value.to_str().ok()?.trim();
    let delay = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that overflows is longer than any timeout.
        Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX)))
    } else {
        let date = httpdate::parse_http_date(value).ok()?;
        date.duration_since(SystemTime::now()).ok()?
    };
    // Limited, so that additions to it cannot overflow.
    Some(delay.min(Duration::from_secs(u64::from(u32::MAX)))).filter(|delay| !delay.is_zero())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("headers", &self.headers.keys())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_seconds_or_a_date() {
        let delay =
            |value: &str| parse_retry_after(&HeaderValue::from_str(value).expect("a header"));
        assert_eq!(delay("3"), Some(Duration::from_secs(3)));
        assert_eq!(delay(" 3 "), Some(Duration::from_secs(3)));
        let later = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3_600));
        let requested = delay(&later).expect("a date in the future");
        assert!(
            (3_500..=3_600).contains(&requested.as_secs()),
            "{requested:?}"
        );
        let longest = Some(Duration::from_secs(u64::from(u32::MAX)));
        assert_eq!(delay("99999999999999999999999999"), longest);
        for invalid in [
            "0",
            "-1",
            "1.5",
            "",
            "soon",
            "Thu, 01 Jan 1970 00:00:00 GMT",
        ] {
            assert_eq!(delay(invalid), None, "{invalid}");
        }
    }
}
