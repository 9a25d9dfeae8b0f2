//! A server on loopback that remembers the headers of its requests.

#![allow(dead_code, unreachable_pub, reason = "each test program uses a part")]

pub mod hyper;
pub mod metrics;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use opentelemetry::trace::SpanId;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;

/// A server that responds as the path of a request says. It stops with the test.
pub struct Server {
    address: SocketAddr,
    seen: Seen,
}

/// Headers of the requests, in the order of their arrival.
type Seen = Arc<Mutex<Vec<HeaderMap>>>;

impl Server {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let seen = Seen::default();
        let routes = Router::new()
            .route("/{behaviour}", any(respond))
            .route("/{behaviour}/{more}", any(respond_below))
            .with_state(Arc::clone(&seen));
        tokio::spawn(axum::serve(listener, routes).into_future());
        Self { address, seen }
    }

    /// An address at which nothing listens.
    pub async fn closed() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        format!("http://{}/", listener.local_addr().expect("a bound socket"))
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns a header of each request; empty if the request did not have it.
    pub fn header(&self, name: &str) -> Vec<String> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let value = |headers: &HeaderMap| {
            let values = headers.get_all(name).iter();
            let values: Vec<&str> = values.map(|value| value.to_str().expect("text")).collect();
            values.join(" and ")
        };
        seen.iter().map(value).collect()
    }

    /// Returns the parent span of each request; an invalid id if the request did not have one.
    pub fn parents(&self) -> Vec<SpanId> {
        let parent = |traceparent: String| {
            let id = traceparent.split('-').nth(2).unwrap_or_default();
            SpanId::from_hex(id).unwrap_or(SpanId::INVALID)
        };
        self.header("traceparent").into_iter().map(parent).collect()
    }
}

async fn respond_below(
    state: State<Seen>,
    Path((behaviour, _)): Path<(String, String)>,
    request: Request,
) -> Response {
    respond(state, Path(behaviour), request).await
}

async fn respond(
    State(seen): State<Seen>,
    Path(behaviour): Path<String>,
    request: Request,
) -> Response {
    let count = {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(request.headers().clone());
        seen.len()
    };
    match &*behaviour {
        "missing" => StatusCode::NOT_FOUND.into_response(),
        "broken" => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        // The first two requests of the server fail.
        "flaky" if count < 3 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        "ok" | "flaky" => "reserved".into_response(),
        "moved" => (StatusCode::FOUND, [(header::LOCATION, "/ok")]).into_response(),
        _ => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            StatusCode::OK.into_response()
        }
    }
}
