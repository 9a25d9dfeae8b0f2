//! A gRPC server of tonic behind the layer of its contract, over real connections.

use opentelemetry::trace::Status as SpanStatus;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use otel_contract::testing::{Recording, TestScope};
use std::net::SocketAddr;
use std::time::Duration;
use test_edges::edges::{
    self, ErrorClass, ErrorType, HttpResponseStatusCode, RpcMethod, RpcStatusCode, RpcSystemName,
    SpansCount, instrumented_operation,
};
use tokio::net::TcpListener;
use tonic::transport::Channel;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status};
use tower::{Layer, Service};

const METHOD: &str = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

#[derive(Debug, thiserror::Error, ErrorClass)]
#[error_class(edges)]
enum ReceiveError {
    #[error("the store failed")]
    #[error_class(store_failed)]
    Store,
    #[error("too many spans")]
    #[error_class(quota_exceeded)]
    Quota,
}

struct Spans;

#[instrumented_operation(edges::SpansReceive, spans.count = count)]
async fn receive(count: i64) -> Result<(), ReceiveError> {
    match count {
        13 => Err(ReceiveError::Store),
        429 => Err(ReceiveError::Quota),
        666 => panic!("the handler panics"),
        60 => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
        _ => Ok(()),
    }
}

#[tonic::async_trait]
impl TraceService for Spans {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let count = request.into_inner().resource_spans.len();
        match receive(i64::try_from(count).unwrap_or(i64::MAX)).await {
            Ok(()) => Ok(Response::new(ExportTraceServiceResponse::default())),
            Err(error @ ReceiveError::Store) => Err(Status::internal(error.to_string())),
            Err(error @ ReceiveError::Quota) => Err(Status::resource_exhausted(error.to_string())),
        }
    }
}

/// Enters the scope of a test for each request.
#[derive(Clone)]
struct InScope<S> {
    scope: TestScope,
    inner: S,
}

impl<S: Service<R>, R> Service<R> for InScope<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = otel_contract::testing::InScope<S::Future>;

    fn poll_ready(
        &mut self,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let scope = self.scope.clone();
        let future = scope.run(|| self.inner.call(request));
        scope.run_async(future)
    }
}

#[derive(Clone)]
struct ScopeLayer(TestScope);

impl<S> Layer<S> for ScopeLayer {
    type Service = InScope<S>;

    fn layer(&self, inner: S) -> InScope<S> {
        InScope {
            scope: self.0.clone(),
            inner,
        }
    }
}

struct Server {
    scope: TestScope,
    address: SocketAddr,
}

impl Server {
    async fn start() -> Self {
        let scope = edges::testing::scope();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let served = tonic::transport::Server::builder()
            .layer(ScopeLayer(scope.clone()))
            .layer(edges::server_layer())
            .add_service(TraceServiceServer::new(Spans))
            .serve_with_incoming(TcpIncoming::from(listener));
        tokio::spawn(served);
        Self { scope, address }
    }

    async fn client(&self) -> TraceServiceClient<Channel> {
        let url = format!("http://{}", self.address);
        TraceServiceClient::connect(url)
            .await
            .expect("the server listens")
    }

    /// Sends so many spans, and returns the status of the call with what the server recorded.
    async fn send(&self, count: usize) -> (Code, Recording) {
        let called = self.client().await.export(spans(count)).await;
        let code = called.map_or_else(|status| status.code(), |_| Code::Ok);
        (code, self.recorded().await)
    }

    /// Waits until the operation has ended.
    async fn recorded(&self) -> Recording {
        for _ in 0..2_000 {
            let recorded = self.scope.recorded();
            if !recorded.spans.is_empty() {
                return recorded;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no operation ended");
    }
}

fn spans(count: usize) -> ExportTraceServiceRequest {
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans::default(); count],
    }
}

#[tokio::test]
async fn a_call_is_one_operation_with_the_attributes_of_its_handler() {
    let (code, recorded) = Server::start().await.send(3).await;
    assert_eq!(code, Code::Ok);
    recorded
        .operation::<edges::SpansReceive>()
        .once()
        .succeeded()
        .with(RpcSystemName::Grpc)
        .with(RpcMethod::capped(METHOD))
        .with(RpcStatusCode::capped("OK"))
        .with(HttpResponseStatusCode::saturating(200))
        .with(SpansCount::from(3));
    recorded
        .duration::<edges::SpansReceive>()
        .having(RpcStatusCode::capped("OK"))
        .succeeded()
        .count(1);
    recorded.assert_contract(&edges::CONTRACT);
}

#[tokio::test]
async fn a_status_of_a_server_error_is_an_error_and_others_are_not() {
    let (code, recorded) = Server::start().await.send(13).await;
    assert_eq!(code, Code::Internal);
    let received = recorded.operation::<edges::SpansReceive>().once();
    assert!(matches!(received.span().status, SpanStatus::Error { .. }));
    received
        .failed(ErrorType::StoreFailed)
        .with(RpcStatusCode::capped("INTERNAL"));
    recorded.assert_contract(&edges::CONTRACT);

    let (code, recorded) = Server::start().await.send(429).await;
    assert_eq!(code, Code::ResourceExhausted);
    let received = recorded.operation::<edges::SpansReceive>().once();
    assert_eq!(received.span().status, SpanStatus::Unset);
    received
        .failed(ErrorType::QuotaExceeded)
        .with(RpcStatusCode::capped("RESOURCE_EXHAUSTED"));
    recorded.assert_contract(&edges::CONTRACT);
}

#[tokio::test]
async fn a_request_that_is_no_message_is_rejected_before_the_handler() {
    let server = Server::start().await;
    let mut client = server.client().await;
    // Larger than the limit of the server, 4 MiB.
    let called = client.export(spans(3_000_000)).await;
    assert_eq!(called.expect_err("too large").code(), Code::OutOfRange);
    let recorded = server.recorded().await;
    recorded
        .operation::<edges::SpansReceive>()
        .once()
        .succeeded()
        .with(RpcStatusCode::capped("OUT_OF_RANGE"))
        .without::<SpansCount>();
}

#[tokio::test]
async fn a_panic_and_a_client_that_goes_away_are_recorded() {
    let (_, recorded) = Server::start().await.send(666).await;
    recorded
        .operation::<edges::SpansReceive>()
        .once()
        .panicked();

    let server = Server::start().await;
    let mut client = server.client().await;
    let call = client.export(spans(60));
    assert!(
        tokio::time::timeout(Duration::from_millis(200), call)
            .await
            .is_err()
    );
    drop(client);
    let recorded = server.recorded().await;
    recorded
        .operation::<edges::SpansReceive>()
        .once()
        .cancelled();
}

#[tokio::test]
async fn a_method_that_the_contract_does_not_have_is_recorded_as_other() {
    let server = Server::start().await;
    let url = format!("http://{}/somewhere", server.address);
    let channel = Channel::from_shared(url).expect("a URL").connect().await;
    let mut client = tonic::client::Grpc::new(channel.expect("the server listens"));
    client.ready().await.expect("the server listens");
    let codec =
        tonic_prost::ProstCodec::<ExportTraceServiceRequest, ExportTraceServiceResponse>::default();
    let path = "/orders.Orders/Pay".parse().expect("a path");
    let called = client.unary(Request::new(spans(0)), path, codec).await;
    assert_eq!(
        called.expect_err("no such method").code(),
        Code::Unimplemented
    );
    server
        .recorded()
        .await
        .operation::<edges::EdgesUnmatched>()
        .once()
        .failed(ErrorType::Other);
}
