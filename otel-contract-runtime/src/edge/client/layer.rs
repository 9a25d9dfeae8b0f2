//! The layer for clients of `tower`.

use super::body::ClientBody;
use super::call::{Call, Client};
use super::each::EachRequest;
use super::facts::{CallFacts, ReplyFacts};
use crate::definition::ContractDefinition;
use crate::edge::message::{content_length, grpc_status, version};
use crate::propagation::ContractBaggage;
use http::{Method, Request, Response, Uri, header};
use http_body::Body;
use pin_project_lite::pin_project;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tower_layer::Layer;
use tower_service::Service;

/// Writes the trace context into each request, and records the request. `contract!` generates `client_layer()`, which
/// creates it. [The module](super) lists the attributes.
///
/// The layer is for services that take an `http::Request` and return an `http::Response`: clients of `hyper-util`, channels
/// of tonic, and stacks of tower. It replaces the headers of an earlier context. By default, a request sets attributes of
/// the operation that sends it:
///
/// ```
/// otel_contract::contract!("doc/client.yaml");
///
/// use client::{HttpResponseStatusCode, ServerAddress, instrumented_operation};
/// use http::{Request, Response};
/// use std::convert::Infallible;
/// use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
///
/// #[instrumented_operation(client::StockReserve, order.id = order)]
/// async fn reserve<S>(client: S, order: &str) -> Result<(), Infallible>
/// where
///     S: Service<Request<String>, Error = Infallible>,
/// {
///     let request = Request::post("http://stock.example/reservations").body(order.to_owned());
///     client.oneshot(request.unwrap()).await?;
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let client = ServiceBuilder::new()
///     .layer(client::client_layer())
///     .service(service_fn(async |request: Request<String>| {
///         assert!(request.headers().contains_key("traceparent"));
///         Ok::<_, Infallible>(Response::new(String::new()))
///     }));
/// let scope = client::testing::scope();
/// scope.run_async(reserve(client, "ord_17")).await.unwrap();
///
/// let call = scope.recorded().operation::<client::StockReserve>().once();
/// call.with(ServerAddress::capped("stock.example"))
///     .with(HttpResponseStatusCode::saturating(200));
/// # }
/// ```
///
/// With several requests in one operation, the attributes are those of the last one, and `http.request.resend_count` is
/// the number of earlier requests. An attribute that the function sets in its attribute list keeps that value. Outside of
/// an operation with `kind: client`, and within a nested span, a request is not recorded.
#[derive(Clone, Debug)]
#[must_use = "a layer does nothing until it is applied to a service"]
pub struct ClientLayer {
    client: Client,
    origin: Option<Uri>,
}

/// Creates the layer of a contract, with its baggage.
#[doc(hidden)]
pub fn client_layer<B: ContractBaggage>(contract: &'static ContractDefinition) -> ClientLayer {
    ClientLayer {
        client: Client::new::<B>(contract),
        origin: None,
    }
}

impl ClientLayer {
    /// Makes each request an operation `O` of its own, a child of the current one. It ends with the head of the response;
    /// a gRPC call ends with its status. By the [conventions], a status of 4xx or 5xx is an error, and so is an error of
    /// the service: `error.type` is `_OTHER`, as the response has no class of the contract. If the request is dropped
    /// before it has a response, `error.type` is `cancelled`.
    ///
    /// `O` must have `kind: client`, and may require only attributes that the layer knows before it sends a request:
    /// `http.request.method`, `url.scheme`, `server.address`, `server.port`, `network.protocol.name` and the attributes of
    /// gRPC except for the status. Further attributes, and values that replace those of the request, come from the extensions
    /// of the request, by their types: `request.extensions_mut().insert(checkout::OrderId::new("ord_17"))`.
    ///
    /// Inside of a retry layer, each try is an operation. [`CountTries`](super::CountTries) outside of the retry layer counts
    /// them, if the policy clones a request with its extensions, as `Request::clone` does:
    ///
    /// ```
    /// otel_contract::contract!("doc/client.yaml");
    ///
    /// use client::edge::client::CountTries;
    /// use client::{HttpRequestResendCount, HttpResponseStatusCode};
    /// use http::{Request, Response, StatusCode};
    /// use std::convert::Infallible;
    /// use std::future::{Ready, ready};
    /// use tower::retry::Policy;
    /// use tower::{ServiceBuilder, ServiceExt, service_fn};
    ///
    /// #[derive(Clone)]
    /// struct OneRetry(bool);
    ///
    /// impl<B: Clone, R, E> Policy<Request<B>, Response<R>, E> for OneRetry {
    ///     type Future = Ready<()>;
    ///
    ///     fn retry(
    ///         &mut self,
    ///         _: &mut Request<B>,
    ///         result: &mut Result<Response<R>, E>,
    ///     ) -> Option<Ready<()>> {
    ///         let failed = result.as_ref().is_ok_and(|response| response.status().is_server_error());
    ///         (failed && std::mem::take(&mut self.0)).then(|| ready(()))
    ///     }
    ///
    ///     fn clone_request(&mut self, request: &Request<B>) -> Option<Request<B>> {
    ///         Some(request.clone())
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// let client = ServiceBuilder::new()
    ///     .layer(CountTries)
    ///     .retry(OneRetry(true))
    ///     .layer(client::client_layer().each::<client::StockRequest>())
    ///     .service(service_fn(async |_: Request<String>| {
    ///         let response = Response::builder().status(StatusCode::SERVICE_UNAVAILABLE);
    ///         Ok::<_, Infallible>(response.body(String::new()).unwrap())
    ///     }));
    /// let request = Request::get("http://stock.example/").body(String::new()).unwrap();
    /// let scope = client::testing::scope();
    /// scope.run_async(client.oneshot(request)).await.unwrap();
    ///
    /// let recorded = scope.recorded();
    /// recorded.operation::<client::StockRequest>().times(2);
    /// let again = recorded.operation::<client::StockRequest>().having(HttpRequestResendCount::from(1));
    /// again.once().with(HttpResponseStatusCode::saturating(503));
    /// # }
    /// ```
    ///
    /// [conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
    pub fn each<O: EachRequest>(mut self) -> Self {
        self.client = self.client.with_each::<O>();
        self
    }

    /// Sets scheme, host and port of requests whose URI has none: a channel of tonic adds them inside of the layer.
    ///
    /// ```
    /// # otel_contract::contract!("doc/client.yaml");
    /// # fn main() {
    /// let layer = client::client_layer().origin(http::Uri::from_static("https://stock.example"));
    /// # }
    /// ```
    pub fn origin(mut self, origin: Uri) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Starts the operation of a request, or sets attributes of the current one. Returns also whether it is a gRPC call.
    fn start<B: Body>(&self, request: &Request<B>) -> (Call, bool) {
        let (uri, headers) = (request.uri(), request.headers());
        let origin = self.origin.as_ref().filter(|_| uri.host().is_none());
        let server = origin.unwrap_or(uri);
        let content = headers.get(header::CONTENT_TYPE);
        let is_grpc =
            content.is_some_and(|content| content.as_bytes().starts_with(b"application/grpc"));
        let facts = CallFacts {
            method: request.method().as_str(),
            scheme: server.scheme_str(),
            address: server.host(),
            port: server.port_u16(),
            template: None,
            earlier_tries: None,
            body_size: content_length(headers).or_else(|| request.body().size_hint().exact()),
            grpc_path: is_grpc.then(|| uri.path()),
        };
        (self.client.start(facts, request.extensions()), is_grpc)
    }
}

impl<S> Layer<S> for ClientLayer {
    type Service = ClientService<S>;

    fn layer(&self, inner: S) -> ClientService<S> {
        ClientService {
            layer: self.clone(),
            inner,
        }
    }
}

/// Service of a [`ClientLayer`].
#[derive(Clone, Debug)]
pub struct ClientService<S> {
    layer: ClientLayer,
    inner: S,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for ClientService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    RequestBody: Body,
    ResponseBody: Body,
{
    type Response = Response<ClientBody<ResponseBody>>;
    type Error = S::Error;
    type Future = ClientFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        let (call, is_grpc) = self.layer.start(&request);
        let is_head = *request.method() == Method::HEAD;
        let guard = call.attach();
        self.layer.client.inject(request.headers_mut());
        let inner = self.inner.call(request);
        drop(guard);
        ClientFuture {
            inner,
            call: Some(call),
            is_grpc,
            is_head,
        }
    }
}

pin_project! {
    /// Future of a [`ClientService`].
    #[must_use = "futures do nothing unless polled"]
    #[derive(Debug)]
    pub struct ClientFuture<F> {
        #[pin]
        inner: F,
        call: Option<Call>,
        is_grpc: bool,
        // Whether the response has no body, whatever its headers announce.
        is_head: bool,
    }
}

impl<F, B, E> Future for ClientFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<ClientBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let guard = this.call.as_ref().and_then(Call::attach);
        let result = ready!(this.inner.poll(cx));
        drop(guard);
        let call = this.call.take().unwrap_or(Call::Unrecorded);
        let response = match result {
            Ok(response) => response,
            Err(error) => {
                call.fail(&ReplyFacts::default());
                return Poll::Ready(Err(error));
            }
        };
        let body = response.body();
        let announced = content_length(response.headers()).filter(|_| !*this.is_head);
        let reply = ReplyFacts {
            status: Some(response.status().as_u16()),
            version: version(response.version()),
            body_size: announced.or_else(|| body.size_hint().exact()),
            grpc: grpc_status(response.headers()).filter(|_| *this.is_grpc),
        };
        // The status of a gRPC call is in the head only if the response has no body.
        let awaits_status = *this.is_grpc && reply.grpc.is_none() && !reply.is_error();
        Poll::Ready(Ok(if awaits_status {
            response.map(|body| ClientBody::of_grpc(body, call, reply))
        } else {
            call.respond(&reply);
            response.map(ClientBody::unrecorded)
        }))
    }
}
