//! The layer for servers of `tower`: axum, hyper and tonic.

use super::body::ServerBody;
use super::message::version;
use super::server::{Exchange, RequestHead, Server};
use crate::definition::ContractDefinition;
use crate::propagation::ContractBaggage;
use http::{Request, Response};
use http_body::Body;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::Poll;
use tower_layer::Layer;
use tower_service::Service;

/// Makes each request the operation whose `route` in the contract matches it. `contract!` generates `server_layer()`,
/// which creates it.
///
/// The layer belongs outside of everything else that may answer a request, so that rejections, timeouts and panics are
/// seen. It reads the trace and the baggage of the contract from the headers, and sets the attributes of the semantic
/// conventions that the operation declares: `http.request.method`, `http.route`, `http.response.status_code`,
/// `url.scheme`, `url.path`, `server.address`, `server.port`, `network.protocol.name` and `.version`,
/// `user_agent.original`, `http.request.body.size` and `http.response.body.size` in bytes; for gRPC `rpc.system.name`,
/// `rpc.method`, `rpc.service` and `rpc.status_code`. It leaves out an attribute that the contract protects.
///
/// An annotated handler of the same operation does not start a second one: it adds its attributes and its outcome. The
/// operation ends with the last byte of the response. By the [conventions], a response of 5xx is an error, with the error
/// class of the handler or `_OTHER`, and one of 4xx is not. If the client closes the connection first, `error.type` is
/// `cancelled`; if the handler panics, `panic`.
///
/// [conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
///
/// ```
/// otel_contract::contract!("doc/server.yaml");
///
/// use http::{Request, Response};
/// use server::{HttpRoute, instrumented_operation};
/// use std::convert::Infallible;
/// use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
///
/// #[instrumented_operation(server::OrderShow, order.id = id)]
/// async fn show(id: &str) -> String {
///     format!("order {id}")
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let scope = server::testing::scope();
/// let mut service = ServiceBuilder::new()
///     .layer(server::server_layer())
///     .service(service_fn(async |request: Request<String>| {
///         let id = request.uri().path().rsplit('/').next().unwrap_or_default();
///         Ok::<_, Infallible>(Response::new(show(id).await))
///     }));
/// let request = Request::get("/orders/17").body(String::new()).unwrap();
/// let _guard = scope.attach();
/// let response = service.ready().await.unwrap().call(request).await.unwrap();
/// let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap();
/// assert_eq!(body.to_bytes(), "order 17");
///
/// let order = scope.recorded().operation::<server::OrderShow>().once();
/// order.with(server::OrderId::from("17")).with(HttpRoute::capped("/orders/{id}"));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ServerLayer {
    server: Server,
}

/// Creates the layer of a contract, with its baggage. The table of its routes is created once.
#[doc(hidden)]
#[must_use]
pub fn server_layer<B: ContractBaggage>(contract: &'static ContractDefinition) -> ServerLayer {
    ServerLayer {
        server: Server::of_contract::<B>(contract),
    }
}

impl ServerLayer {
    /// Sets `url.scheme`, for a server behind TLS: the URI of a request usually has no scheme. Without it, `http` is
    /// recorded.
    #[must_use]
    pub fn scheme(mut self, scheme: &'static str) -> Self {
        self.server.scheme = Some(scheme);
        self
    }

    /// Starts the operation of a request, if the contract has one for it.
    fn start<B: Body>(&self, request: &Request<B>) -> Exchange {
        let uri = request.uri();
        self.server.start(&RequestHead {
            method: request.method().as_str(),
            path: uri.path(),
            authority: uri.authority().map(http::uri::Authority::as_str),
            is_https: uri.scheme_str() == Some("https"),
            version: version(request.version()),
            headers: request.headers(),
            body_size: request.body().size_hint().exact(),
        })
    }
}

impl<S> Layer<S> for ServerLayer {
    type Service = ServerService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ServerService {
            layer: *self,
            inner,
        }
    }
}

/// Service of a [`ServerLayer`].
#[derive(Clone, Debug)]
pub struct ServerService<S> {
    layer: ServerLayer,
    inner: S,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for ServerService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    RequestBody: Body,
    ResponseBody: Body,
{
    type Response = Response<ServerBody<ResponseBody>>;
    type Error = S::Error;
    type Future = ServerFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut std::task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let mut exchange = self.layer.start(&request);
        ServerFuture {
            inner: exchange.run(|| self.inner.call(request)),
            exchange,
        }
    }
}

pin_project! {
    /// Future of a [`ServerService`].
    #[must_use = "futures do nothing unless polled"]
    #[derive(Debug)]
    pub struct ServerFuture<F> {
        #[pin]
        inner: F,
        exchange: Exchange,
    }
}

impl<F, B, E> Future for ServerFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<ServerBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Poll::Ready(result) = this.exchange.run(|| this.inner.poll(cx)) else {
            return Poll::Pending;
        };
        Poll::Ready(match result {
            Ok(response) => {
                let body = response.body();
                let body_size = if body.is_end_stream() {
                    Some(0)
                } else {
                    body.size_hint().exact()
                };
                let status = response.status().as_u16();
                let delivery = this.exchange.respond(status, response.headers(), body_size);
                Ok(response.map(|body| ServerBody::new(body, delivery)))
            }
            Err(error) => {
                this.exchange.fail(None);
                Err(error)
            }
        })
    }
}
