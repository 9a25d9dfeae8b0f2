//! Clients of hyper behind a layer. They read the whole response.

use axum::http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use test_clients::clients::edge::client::ClientLayer;
use test_clients::clients::{self, ErrorClass, instrumented_operation};
use tower::util::BoxCloneService;
use tower::{Service, ServiceBuilder, ServiceExt as _};

pub type Body = Full<axum::body::Bytes>;
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
pub type HttpClient = BoxCloneService<Request<Body>, StatusCode, BoxError>;

pub fn hyper() -> Client<HttpConnector, Body> {
    Client::builder(TokioExecutor::new()).build_http()
}

/// A client with the layer, which reads the whole body.
pub fn with(layer: ClientLayer) -> HttpClient {
    boxed(ServiceBuilder::new().layer(layer).service(hyper()))
}

async fn read<B>(response: Response<B>) -> Result<StatusCode, BoxError>
where
    B: BodyExt,
    B::Error: Into<BoxError>,
{
    let status = response.status();
    response.into_body().collect().await.map_err(Into::into)?;
    Ok(status)
}

pub fn boxed<S, B>(client: S) -> HttpClient
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: BodyExt + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    BoxCloneService::new(client.map_err(Into::into).and_then(read))
}

pub fn request(url: &str) -> Request<Body> {
    let request = Request::post(url).body(Full::from("ord_17"));
    request.expect("a valid request")
}

pub async fn send(client: &HttpClient, url: &str) -> Result<StatusCode, BoxError> {
    client.clone().oneshot(request(url)).await
}

pub fn filling() -> HttpClient {
    with(clients::client_layer())
}

pub fn each() -> HttpClient {
    with(clients::client_layer().each::<clients::StockRequest>())
}

/// The stock service did not reserve the goods.
#[derive(Debug, ErrorClass)]
#[error_class(clients, stock_failed)]
pub struct StockFailed;

/// Reserves with one request for each of the URLs.
#[instrumented_operation(clients::StockReserve, order.id = "ord_17")]
pub async fn reserve(client: &HttpClient, urls: &[String]) -> Result<StatusCode, StockFailed> {
    let mut last = Err(StockFailed);
    for url in urls {
        last = send(client, url).await.map_err(|_| StockFailed);
    }
    last
}
