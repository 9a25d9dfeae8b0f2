//! The middleware for servers of actix-web. `contract!` generates `actix_middleware()`, which creates it.

use super::message::actix_version;
use super::server::{Delivery, Exchange, RequestHead, Server};
use crate::definition::ContractDefinition;
use crate::propagation::ContractBaggage;
use actix_web::Error;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::uri::Authority;
use actix_web::web::Bytes;
use pin_project_lite::pin_project;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Makes each request the operation whose `route` in the contract matches it, as [`ServerLayer`](super::ServerLayer) does
/// for servers of `tower`. `contract!` generates `actix_middleware()`, which creates it.
///
/// The middleware belongs outside of all others: the last `wrap` of an `App` is the outermost. It reads the trace and the
/// baggage of the contract from the headers, and sets the attributes of the semantic conventions that the operation
/// declares, except those that the contract protects.
///
/// An annotated handler of the same operation does not start a second one: it adds its attributes and its outcome. The
/// operation ends with the last byte of the response. An error of another middleware has the status of the response that
/// actix-web makes of it. A response of 5xx is an error, and one of 4xx is not.
///
/// ```
/// otel_contract::contract!("doc/server.yaml");
///
/// use actix_web::{App, test, web};
/// use server::{HttpRoute, instrumented_operation};
///
/// #[instrumented_operation(server::OrderShow, order.id = &*id)]
/// async fn show(id: web::Path<String>) -> String {
///     format!("order {id}")
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let scope = server::testing::scope();
/// let app = App::new()
///     .route(server::OrderShow::PATH, web::get().to(show))
///     .wrap(server::actix_middleware());
/// let app = test::init_service(app).await;
/// let request = test::TestRequest::get().uri("/orders/17").to_request();
/// let _guard = scope.attach();
/// assert_eq!(test::call_and_read_body(&app, request).await, "order 17");
///
/// let order = scope.recorded().operation::<server::OrderShow>().once();
/// order.with(server::OrderId::from("17")).with(HttpRoute::capped("/orders/{id}"));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ActixMiddleware {
    server: Server,
}

/// Creates the middleware of a contract, with its baggage. The table of its routes is created once.
#[doc(hidden)]
#[must_use]
pub fn actix_middleware<B: ContractBaggage>(
    contract: &'static ContractDefinition,
) -> ActixMiddleware {
    ActixMiddleware {
        server: Server::of_contract::<B>(contract),
    }
}

impl ActixMiddleware {
    /// Sets `url.scheme`, for a server behind a proxy that ends TLS. Without it, `https` is recorded for a server that has
    /// TLS itself, and `http` for others.
    #[must_use]
    pub fn scheme(mut self, scheme: &'static str) -> Self {
        self.server.scheme = Some(scheme);
        self
    }

    /// Starts the operation of a request, if the contract has one for it.
    fn start(&self, request: &ServiceRequest) -> Exchange {
        let uri = request.uri();
        self.server.start(&RequestHead {
            method: request.method().as_str(),
            path: uri.path(),
            authority: uri.authority().map(Authority::as_str),
            is_https: uri.scheme_str() == Some("https") || request.app_config().secure(),
            version: actix_version(request.version()),
            headers: request.headers(),
            body_size: None,
        })
    }
}

impl<S, B> Transform<S, ServiceRequest> for ActixMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<ActixBody<B>>;
    type Error = Error;
    type Transform = ActixService<S>;
    type InitError = ();
    type Future = Ready<Result<ActixService<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(ActixService {
            middleware: *self,
            inner,
        }))
    }
}

/// Service of an [`ActixMiddleware`].
#[derive(Clone, Debug)]
pub struct ActixService<S> {
    middleware: ActixMiddleware,
    inner: S,
}

impl<S, B> Service<ServiceRequest> for ActixService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<ActixBody<B>>;
    type Error = Error;
    type Future = ActixFuture<S::Future>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let mut exchange = self.middleware.start(&request);
        ActixFuture {
            inner: exchange.run(|| self.inner.call(request)),
            exchange,
        }
    }
}

pin_project! {
    /// Future of an [`ActixService`].
    #[must_use = "futures do nothing unless polled"]
    #[derive(Debug)]
    pub struct ActixFuture<F> {
        #[pin]
        inner: F,
        exchange: Exchange,
    }
}

impl<F, B> Future for ActixFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<ActixBody<B>>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Poll::Ready(result) = this.exchange.run(|| this.inner.poll(cx)) else {
            return Poll::Pending;
        };
        Poll::Ready(match result {
            Ok(response) => {
                let body_size = match response.response().body().size() {
                    BodySize::None => Some(0),
                    BodySize::Sized(size) => Some(size),
                    BodySize::Stream => None,
                };
                let status = response.status().as_u16();
                let delivery = this.exchange.respond(status, response.headers(), body_size);
                Ok(response.map_body(|_, inner| ActixBody { inner, delivery }))
            }
            Err(error) => {
                // `status_code` of the error is only the default of this response.
                let status = error.error_response().status();
                this.exchange.fail(Some(status.as_u16()));
                Err(error)
            }
        })
    }
}

pin_project! {
    /// Body of a response of an [`ActixService`]. The operation of the request ends when the body has returned its last byte,
    /// fails or is dropped.
    #[derive(Debug)]
    pub struct ActixBody<B> {
        #[pin]
        inner: B,
        delivery: Delivery,
    }
}

impl<B: MessageBody> MessageBody for ActixBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.inner.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let Poll::Ready(chunk) = this.delivery.run(|| this.inner.poll_next(cx)) else {
            return Poll::Pending;
        };
        match &chunk {
            None => this.delivery.end(),
            Some(Err(_)) => this.delivery.fail(),
            Some(Ok(chunk)) => this.delivery.add(chunk.len()),
        }
        Poll::Ready(chunk)
    }
}
