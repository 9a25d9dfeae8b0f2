//! A client of tonic behind the layer of its contract, over real connections.

use opentelemetry::trace::Status as SpanStatus;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use test_clients::clients::{
    self, ErrorType, HttpResponseStatusCode, RpcMethod, RpcStatusCode, RpcSystemName,
    ServerAddress, ServerPort, UrlScheme, edge, instrumented_operation,
};
use tokio::net::TcpListener;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};
use tower::ServiceBuilder;

const METHOD: &str = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

/// Refuses requests without spans, and returns the trace context of the others.
struct Traces;

#[tonic::async_trait]
impl TraceService for Traces {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let parent = request.metadata().get("traceparent").cloned();
        if request.into_inner().resource_spans.is_empty() {
            return Err(Status::invalid_argument("no spans"));
        }
        let mut response = Response::new(ExportTraceServiceResponse::default());
        if let Some(parent) = parent {
            response.metadata_mut().insert("parent", parent);
        }
        Ok(response)
    }
}

type GrpcClient = TraceServiceClient<edge::client::ClientService<Channel>>;

/// A server, and a client with the layer.
async fn client(layer: edge::client::ClientLayer) -> (GrpcClient, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("a bound socket").port();
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    let server = tonic::transport::Server::builder()
        .add_service(TraceServiceServer::new(Traces))
        .serve_with_incoming(incoming);
    tokio::spawn(server);
    let endpoint = format!("http://127.0.0.1:{port}");
    let layer = layer.origin(endpoint.parse().expect("a URI"));
    let channel = Endpoint::from_shared(endpoint)
        .expect("a URI")
        .connect_lazy();
    let service = ServiceBuilder::new().layer(layer).service(channel);
    (TraceServiceClient::new(service), port)
}

fn spans(count: usize) -> ExportTraceServiceRequest {
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans::default(); count],
    }
}

#[instrumented_operation(clients::TraceExport, err(|_| ErrorType::StockFailed))]
async fn export(client: &mut GrpcClient, count: usize) -> Result<String, Status> {
    let response = client.export(spans(count)).await?;
    let parent = response.metadata().get("parent");
    Ok(parent
        .map_or("", |parent| parent.to_str().unwrap_or(""))
        .to_owned())
}

#[tokio::test]
async fn a_call_sets_the_attributes_of_the_operation_that_sends_it() {
    let (mut client, port) = client(clients::client_layer()).await;
    let scope = clients::testing::scope();
    let parent = scope
        .run_async(export(&mut client, 1))
        .await
        .expect("a response");
    let refused = scope.run_async(export(&mut client, 0)).await;
    assert_eq!(refused.expect_err("a status").code(), Code::InvalidArgument);
    let recorded = scope.recorded();
    let of = |status| {
        recorded
            .operation::<clients::TraceExport>()
            .having(RpcStatusCode::capped(status))
            .once()
            .with(RpcSystemName::Grpc)
            .with(RpcMethod::capped(METHOD))
            .with(ServerAddress::capped("127.0.0.1"))
            .with(ServerPort::saturating(port.into()))
    };
    let exported = of("OK").succeeded();
    assert!(
        parent.contains(&exported.span().span_id.to_string()),
        "{parent}"
    );
    of("INVALID_ARGUMENT").failed(ErrorType::StockFailed);
    recorded.assert_contract(&clients::CONTRACT);
}

#[tokio::test]
async fn each_call_is_an_operation_that_ends_with_its_status() {
    let (mut client, _) = client(clients::client_layer().each::<clients::TraceCall>()).await;
    let scope = clients::testing::scope();
    let calls = async {
        client.export(spans(1)).await.expect("a response");
        client.export(spans(0)).await.expect_err("a status");
    };
    scope.run_async(calls).await;
    let recorded = scope.recorded();
    let of = |status| {
        recorded
            .operation::<clients::TraceCall>()
            .having(RpcStatusCode::capped(status))
            .once()
            .with(RpcMethod::capped(METHOD))
            .with(UrlScheme::capped("http"))
            .with(HttpResponseStatusCode::saturating(200))
    };
    assert_eq!(of("OK").succeeded().span().status, SpanStatus::Unset);
    // The conventions count every status except for OK as an error of the client.
    let refused = of("INVALID_ARGUMENT").failed(ErrorType::Other);
    assert_eq!(refused.span().status, SpanStatus::error(""));
    recorded.assert_contract(&clients::CONTRACT);
}
