//! Responses of a receiver that does not simply accept an export, for both protocols.

use crate::{Behaviour, Shared};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, Full};
use prost::Message;
use std::convert::Infallible;
use std::future::{pending, ready};
use std::sync::Arc;
use tonic::{Code, Status};

/// Length of a response that is longer than any response a client should buffer.
const HUGE: usize = 16 * 1024 * 1024;
const PROTOBUF: &str = "application/x-protobuf";
const GRPC: &str = "application/grpc";

/// Logs a request, and responds to it if the response does not depend on the body.
pub(crate) async fn respond(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let behaviour = shared.behaviour();
    let uri = request.uri();
    if behaviour != Behaviour::Discard {
        let target = uri.path_and_query().map(ToString::to_string);
        shared.log_request(uri.path(), target);
    }
    let content = request.headers().get(header::CONTENT_TYPE);
    let is_grpc = content.is_some_and(|content| content.as_bytes().starts_with(GRPC.as_bytes()));
    match behaviour {
        Behaviour::Refuse { grpc, .. } if is_grpc => status(grpc, "refused", None),
        Behaviour::Refuse { http, .. } => {
            let status = StatusCode::from_u16(http).expect("a status of HTTP");
            status.into_response()
        }
        Behaviour::Throttle { seconds } if is_grpc => status(8, "", Some(seconds)),
        Behaviour::Throttle { seconds } => {
            let after = [(header::RETRY_AFTER, seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, after).into_response()
        }
        Behaviour::Nonsense if is_grpc => call(framed(b"\xff\xff\xff\xff")),
        Behaviour::Nonsense => success(PROTOBUF, b"\xff\xff\xff\xff".to_vec().into()),
        Behaviour::Huge if is_grpc => call(framed(&vec![0; HUGE])),
        Behaviour::Huge => success(PROTOBUF, vec![0; HUGE].into()),
        Behaviour::Page => success("text/html", "<html>welcome</html>".into()),
        Behaviour::Unfinished => {
            let content = if is_grpc { GRPC } else { PROTOBUF };
            let begun = Full::new(Bytes::from_static(&[0]));
            let trailers = pending::<Option<Result<HeaderMap, Infallible>>>();
            success(content, Body::new(begun.with_trailers(trailers)))
        }
        Behaviour::Empty if is_grpc => success(GRPC, Body::empty()),
        Behaviour::Empty => success(PROTOBUF, Body::empty()),
        _ => next.run(request).await,
    }
}

fn success(content: &'static str, body: Body) -> Response {
    ([(header::CONTENT_TYPE, content)], body).into_response()
}

/// Message with the prefix of gRPC.
fn framed(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short message");
    [&[0], &length.to_be_bytes()[..], message].concat()
}

/// Response of a successful gRPC call with this body.
fn call(body: Vec<u8>) -> Response {
    let name = HeaderName::from_static("grpc-status");
    let trailers = HeaderMap::from_iter([(name, HeaderValue::from_static("0"))]);
    let body = Full::new(Bytes::from(body));
    let body = body.with_trailers(ready(Some(Ok::<_, Infallible>(trailers))));
    success(GRPC, Body::new(body))
}

/// Response of a failed gRPC call, with an optional `RetryInfo` of this many seconds.
fn status(code: i32, message: &'static str, retry: Option<i64>) -> Response {
    let details = retry.map(details).unwrap_or_default();
    Status::with_details(Code::from(code), message, details.into()).into_http()
}

/// Encoded `google.rpc.Status` with a `google.rpc.RetryInfo`.
fn details(seconds: i64) -> Vec<u8> {
    let info = RetryInfo {
        retry_delay: Some(Delay { seconds }),
    };
    let any = Any {
        type_url: "type.googleapis.com/google.rpc.RetryInfo".to_owned(),
        value: info.encode_to_vec(),
    };
    RpcStatus {
        code: 8,
        details: vec![any],
    }
    .encode_to_vec()
}

#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(message, repeated, tag = "3")]
    details: Vec<Any>,
}

#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "1")]
    type_url: String,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct RetryInfo {
    #[prost(message, optional, tag = "1")]
    retry_delay: Option<Delay>,
}

#[derive(Clone, PartialEq, Message)]
struct Delay {
    #[prost(int64, tag = "1")]
    seconds: i64,
}
