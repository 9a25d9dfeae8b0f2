//! The middleware for `reqwest-middleware`.

use super::call::{Call, Client};
use super::each::EachRequest;
use super::facts::{CallFacts, ReplyFacts};
use super::tries::Tries;
use crate::definition::ContractDefinition;
use crate::edge::message::{content_length, version};
use crate::future;
use crate::propagation::ContractBaggage;
use http::{Extensions, Method};
use reqwest_middleware::reqwest::{Request, Response};
use reqwest_middleware::{Middleware, Next, Result};

/// Writes the trace context into each request of a `reqwest_middleware::ClientWithMiddleware`, and records the request.
/// `contract!` generates `reqwest_middleware()`, which creates it. [The module](super) lists the attributes.
///
/// It replaces the headers of an earlier context. By default, a request sets attributes of the operation that sends it, as
/// a [`ClientLayer`](super::ClientLayer) of `tower` does:
///
/// ```
/// otel_contract::contract!("doc/client.yaml");
///
/// use client::instrumented_operation;
/// use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, reqwest};
///
/// fn http_client() -> ClientWithMiddleware {
///     ClientBuilder::new(reqwest::Client::new()).with(client::reqwest_middleware()).build()
/// }
///
/// #[instrumented_operation(
///     client::StockReserve,
///     order.id = order,
///     err(|_| client::ErrorType::Other),
/// )]
/// async fn reserve(http: &ClientWithMiddleware, order: &str) -> reqwest_middleware::Result<()> {
///     let request = http.post("http://stock.example/reservations").body(order.to_owned());
///     request.send().await?.error_for_status()?;
///     Ok(())
/// }
/// # fn main() {}
/// ```
///
/// The client follows redirects inside of the middleware: the attributes are the address of the first request and the
/// status of the last response.
#[derive(Clone, Debug)]
#[must_use = "a middleware does nothing until it is added to a client"]
pub struct ClientMiddleware(Client);

/// Creates the middleware of a contract, with its baggage.
#[doc(hidden)]
pub fn reqwest_middleware<B: ContractBaggage>(
    contract: &'static ContractDefinition,
) -> ClientMiddleware {
    ClientMiddleware(Client::new::<B>(contract))
}

impl ClientMiddleware {
    /// Makes each request an operation `O` of its own, a child of the current one. It ends with the head of the response.
    /// By the [conventions], a status of 4xx or 5xx is an error, and so is an error of the client: `error.type` is
    /// `_OTHER`, as the response has no class of the contract. If the request is dropped before it has a response,
    /// `error.type` is `cancelled`.
    ///
    /// `O` must have `kind: client`, and may require only attributes that are known before a request is sent:
    /// `http.request.method`, `url.scheme`, `server.address`, `server.port` and `network.protocol.name`. Further attributes,
    /// and values that replace those of the request, come from the extensions of the request, by their types:
    /// `http.get(url).with_extension(checkout::OrderId::new("ord_17"))`.
    ///
    /// If a middleware that was added earlier retries the request, such as the one of `reqwest-retry`, each try is an
    /// operation. The tries are counted, because they share the extensions of the request.
    ///
    /// [conventions]: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#status
    ///
    /// ```
    /// # otel_contract::contract!("doc/client.yaml");
    /// use reqwest_middleware::{ClientBuilder, reqwest};
    ///
    /// # fn main() {
    /// let http = ClientBuilder::new(reqwest::Client::new())
    ///     .with(client::reqwest_middleware().each::<client::StockRequest>())
    ///     .build();
    /// # }
    /// ```
    pub fn each<O: EachRequest>(self) -> Self {
        Self(self.0.with_each::<O>())
    }

    fn start(&self, request: &Request, extensions: &mut Extensions) -> Call {
        if self.0.is_each() && extensions.get::<Tries>().is_none() {
            extensions.insert(Tries::new());
        }
        let url = request.url();
        let body = request.body().and_then(|body| body.as_bytes());
        let facts = CallFacts {
            method: request.method().as_str(),
            scheme: Some(url.scheme()),
            address: url.host_str(),
            port: url.port(),
            template: None,
            earlier_tries: None,
            body_size: match (body, request.body()) {
                (Some(bytes), _) => Some(bytes.len() as u64),
                (None, None) => Some(0),
                (None, Some(_)) => content_length(request.headers()),
            },
            grpc_path: None,
        };
        self.0.start(facts, extensions)
    }
}

#[async_trait::async_trait]
impl Middleware for ClientMiddleware {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let mut call = self.start(&request, extensions);
        let is_head = *request.method() == Method::HEAD;
        {
            let _guard = call.attach();
            self.0.inject(request.headers_mut());
        }
        let response = next.run(request, extensions);
        let result = match call.operation() {
            Some(operation) => future::run(operation, response).await,
            None => response.await,
        };
        match &result {
            Ok(response) => call.respond(&ReplyFacts {
                status: Some(response.status().as_u16()),
                version: version(response.version()),
                body_size: if is_head {
                    Some(0)
                } else {
                    response.content_length()
                },
                grpc: None,
            }),
            Err(_) => call.fail(&ReplyFacts::default()),
        }
        result
    }
}
