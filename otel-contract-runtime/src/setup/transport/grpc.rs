//! OTLP over gRPC: one unary call per attempt, over an HTTP/2 client that reconnects by itself.

use super::headers::{build_headers, compress};
use super::response::{MAX_RESPONSE, ResponseBody};
use super::retry::Failure;
#[cfg(feature = "tls")]
use super::tls::{CLIENT_HINT, Certificates, tls_error};
use super::{io, status};
use crate::setup::Signal;
use crate::setup::otlp::OtlpSettings;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, TE};
use http::{Method, Request, StatusCode, Uri, Version};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use prost::bytes::Bytes;
use std::fmt;
use std::time::Duration;
use tokio::runtime::Handle;

const GRPC: &str = "application/grpc";
/// Length of the prefix of a message: one byte for the compression flag, and four for the length of the message.
const PREFIX: usize = 5;

/// Makes connections, with TLS for an `https` endpoint.
#[cfg(feature = "tls")]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "tls"))]
type Connector = HttpConnector;

pub(super) struct Client {
    http: Http<Connector, Full<Bytes>>,
    io: Handle,
    uri: Uri,
    headers: HeaderMap,
    gzip: bool,
    /// Added to the message of a connection that ended before the response.
    hint: &'static str,
}

impl Client {
    pub(super) fn new(settings: &OtlpSettings, signal: Signal, io: Handle) -> Result<Self, String> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        #[cfg(feature = "tls")]
        let connector = with_tls(connector, settings)?;
        let endpoint = settings.endpoint.trim_end_matches('/');
        let uri = format!("{endpoint}{}", export_path(signal));
        let mut headers = build_headers(settings, GRPC);
        headers.insert(TE, HeaderValue::from_static("trailers"));
        if settings.gzip {
            let encoding = HeaderName::from_static("grpc-encoding");
            headers.insert(encoding, HeaderValue::from_static("gzip"));
        }
        #[cfg(feature = "tls")]
        let hint = match &settings.certificates.client {
            None if settings.endpoint.starts_with("https://") => CLIENT_HINT,
            _ => "",
        };
        #[cfg(not(feature = "tls"))]
        let hint = "";
        Ok(Self {
            hint,
            http: Http::builder(TokioExecutor::new())
                .http2_only(true)
                .build(connector),
            io,
            uri: uri.parse().map_err(|_| "the endpoint is not a URL")?,
            headers,
            gzip: settings.gzip,
        })
    }

    /// Returns the body of a request with this message and its prefix.
    pub(super) fn encode_body(&self, message: Vec<u8>) -> std::io::Result<Bytes> {
        let message = compress(message, self.gzip)?;
        let length = u32::try_from(message.len()).map_err(std::io::Error::other)?;
        let mut body = Vec::with_capacity(PREFIX + message.len());
        body.push(u8::from(self.gzip));
        body.extend_from_slice(&length.to_be_bytes());
        body.extend_from_slice(&message);
        Ok(body.into())
    }

    pub(super) fn send(&self, body: &Bytes, timeout: Duration) -> Result<ResponseBody, Failure> {
        let mut request = Request::new(Full::new(body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.version_mut() = Version::HTTP_2;
        *request.headers_mut() = self.headers.clone();
        if let Ok(timeout) = HeaderValue::from_str(&format_timeout(timeout)) {
            request.headers_mut().insert("grpc-timeout", timeout);
        }
        let call = make_call(self.http.clone(), request, self.hint);
        io::run(&self.io, timeout, call).unwrap_or_else(|| Err(Failure::timeout()))
    }
}

#[cfg(feature = "tls")]
fn with_tls(mut connector: HttpConnector, settings: &OtlpSettings) -> Result<Connector, String> {
    connector.enforce_http(false);
    let config = Certificates::read(&settings.certificates)?.client_config()?;
    let builder = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(config);
    let builder = builder.https_or_http().enable_http2();
    Ok(builder.wrap_connector(connector))
}

/// Returns the path of the export method of a signal.
fn export_path(signal: Signal) -> &'static str {
    match signal {
        Signal::Traces => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        Signal::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        Signal::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    }
}

/// Formats a timeout with at most eight digits and a unit, as gRPC requires.
fn format_timeout(timeout: Duration) -> String {
    let millis = timeout.as_millis();
    if millis < 100_000_000 {
        format!("{millis}m")
    } else {
        format!("{}S", timeout.as_secs().min(99_999_999))
    }
}

/// Makes a call, and returns the message of a successful response.
async fn make_call(
    client: Http<Connector, Full<Bytes>>,
    request: Request<Full<Bytes>>,
    hint: &'static str,
) -> Result<ResponseBody, Failure> {
    let response = client.request(request).await;
    let response = response.map_err(|error| {
        let hint = if error.is_connect() { "" } else { hint };
        connection_failure(&error, hint)
    });
    let (head, mut body) = response?.into_parts();
    if head.status != StatusCode::OK {
        return Err(status::http_failure(head.status));
    }
    let header = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let content_type = String::from_utf8_lossy(header.unwrap_or_default());
    if !content_type.starts_with(GRPC) {
        return Err(Failure::never(format!(
            "the collector responded with `{content_type}` instead of gRPC"
        )));
    }
    // A response without a message may have its status in the headers.
    if let Some(status) = status::parse_status(&head.headers) {
        return status.map(|()| ResponseBody::Message(Bytes::new()));
    }
    let mut framed = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| connection_failure(&error, hint))?;
        match frame.into_data() {
            Ok(data) if framed.len() + data.len() > PREFIX + MAX_RESPONSE => {
                let message = format!("the response is longer than {MAX_RESPONSE} bytes");
                return Err(Failure::never(message));
            }
            Ok(data) => framed.extend_from_slice(&data),
            Err(frame) => {
                let trailers = frame.into_trailers().unwrap_or_default();
                let status = status::parse_status(&trailers);
                let status = status.unwrap_or_else(|| Err(missing_status()));
                return status.and_then(|()| parse_message(framed));
            }
        }
    }
    Err(missing_status())
}

fn missing_status() -> Failure {
    Failure::never("the response ended without a gRPC status")
}

/// Returns the message without its prefix. A response without a message is valid, because its status means success.
fn parse_message(mut framed: Vec<u8>) -> Result<ResponseBody, Failure> {
    if framed.is_empty() {
        return Ok(ResponseBody::Message(Bytes::new()));
    }
    let prefix = framed.first_chunk::<PREFIX>();
    let length = prefix.map(|[flag, length @ ..]| (flag, u32::from_be_bytes(*length)));
    match length {
        // Only uncompressed messages are valid, because the request has no `grpc-accept-encoding`.
        Some((0, length)) if length as usize == framed.len() - PREFIX => {
            Ok(ResponseBody::Message(framed.split_off(PREFIX).into()))
        }
        _ => Err(Failure::never("the response is not a gRPC message")),
    }
}

/// Failure of a connection that could not be made, or that ended before the response was complete.
fn connection_failure(error: &(dyn std::error::Error + 'static), hint: &str) -> Failure {
    #[cfg(feature = "tls")]
    if let Some(message) = tls_error(error) {
        return Failure::never(message);
    }
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    Failure::connection(format!("no connection to the collector: {innermost}{hint}"))
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
    fn a_timeout_has_eight_digits_at_most() {
        let text = |millis| format_timeout(Duration::from_millis(millis));
        assert_eq!(text(0), "0m");
        assert_eq!(text(10_000), "10000m");
        assert_eq!(text(99_999_999), "99999999m");
        assert_eq!(text(100_000_000), "100000S");
        assert_eq!(format_timeout(Duration::MAX), "99999999S");
    }

    #[test]
    fn a_message_matches_the_length_and_the_flag_of_its_prefix() {
        let read = |framed: &[u8]| match parse_message(framed.to_vec()) {
            Ok(ResponseBody::Message(message)) => Some(message.to_vec()),
            #[cfg(feature = "otlp-http")]
            Ok(ResponseBody::Other(_)) => panic!("gRPC only has messages"),
            Err(failure) => {
                assert_eq!(failure.retry, super::super::retry::Retry::Never);
                None
            }
        };
        assert_eq!(read(b""), Some(Vec::new()));
        assert_eq!(read(b"\0\0\0\0\0"), Some(Vec::new()));
        assert_eq!(read(b"\0\0\0\0\x02ab"), Some(b"ab".to_vec()));
        for wrong in [
            &b"\0\0\0"[..],
            b"\0\0\0\0\x03ab",
            b"\0\0\0\0\x01ab",
            b"\x01\0\0\0\x02ab",
            b"\0\xff\xff\xff\xffab",
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
