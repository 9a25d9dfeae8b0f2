//! Services of OTLP that keep the received exports.

use crate::{Behaviour, Received, Shared, responses};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::{logs, metrics, trace};
use prost::Message;
use std::io::Read as _;
use std::sync::Arc;
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;
use tonic::{Code, Request, Status};

pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let grpc = Grpc(shared.clone());
    let gzip = CompressionEncoding::Gzip;
    let traces = trace::v1::trace_service_server::TraceServiceServer::new(grpc.clone());
    let metrics = metrics::v1::metrics_service_server::MetricsServiceServer::new(grpc.clone());
    let logs = logs::v1::logs_service_server::LogsServiceServer::new(grpc);
    let services = Routes::new(traces.accept_compressed(gzip))
        .add_service(metrics.accept_compressed(gzip))
        .add_service(logs.accept_compressed(gzip));
    Router::new()
        .route(
            "/v1/traces",
            post(accept_http::<trace::v1::ExportTraceServiceRequest>),
        )
        .route(
            "/v1/metrics",
            post(accept_http::<metrics::v1::ExportMetricsServiceRequest>),
        )
        .route(
            "/v1/logs",
            post(accept_http::<logs::v1::ExportLogsServiceRequest>),
        )
        // Below another path, as on a gateway for several tenants.
        .route(
            "/{tenant}/v1/traces",
            post(accept_http::<trace::v1::ExportTraceServiceRequest>),
        )
        .route(
            "/{tenant}/v1/metrics",
            post(accept_http::<metrics::v1::ExportMetricsServiceRequest>),
        )
        .route(
            "/{tenant}/v1/logs",
            post(accept_http::<logs::v1::ExportLogsServiceRequest>),
        )
        .with_state(shared.clone())
        .merge(services.into_axum_router())
        .layer(middleware::from_fn_with_state(
            shared.clone(),
            responses::respond,
        ))
}

/// Export request of one signal.
trait Export: Message + Default {
    type Response: Message + Default;

    fn keep(self, received: &mut Received);

    /// Response that rejects this many items, for this reason.
    fn partial(rejected: i64, reason: &str) -> Self::Response;
}

/// Implements the gRPC service and the messages of each signal.
macro_rules! signals {
    ($(
        $module:ident $server:ident $service:ident: $kept:ident,
        $request:ident $response:ident $partial:ident $rejected:ident;
    )+) => {$(
        impl Export for $module::v1::$request {
            type Response = $module::v1::$response;

            fn keep(self, received: &mut Received) {
                received.$kept.push(self);
            }

            fn partial(rejected: i64, reason: &str) -> Self::Response {
                $module::v1::$response {
                    partial_success: Some($module::v1::$partial {
                        $rejected: rejected,
                        error_message: reason.to_owned(),
                    }),
                }
            }
        }

        #[tonic::async_trait]
        impl $module::v1::$server::$service for Grpc {
            async fn export(
                &self,
                request: Request<$module::v1::$request>,
            ) -> Result<tonic::Response<$module::v1::$response>, Status> {
                self.accept(request)
            }
        }
    )+};
}

signals! {
    trace trace_service_server TraceService: traces,
    ExportTraceServiceRequest ExportTraceServiceResponse ExportTracePartialSuccess rejected_spans;
    metrics metrics_service_server MetricsService: metrics,
    ExportMetricsServiceRequest ExportMetricsServiceResponse ExportMetricsPartialSuccess rejected_data_points;
    logs logs_service_server LogsService: logs,
    ExportLogsServiceRequest ExportLogsServiceResponse ExportLogsPartialSuccess rejected_log_records;
}

fn response<Q: Export>(shared: &Shared) -> Q::Response {
    match shared.behaviour() {
        Behaviour::Partial(rejected, reason) => Q::partial(rejected, reason),
        _ => Q::Response::default(),
    }
}

async fn accept_http<Q: Export>(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if shared.behaviour() == Behaviour::Unavailable {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let mut plain = Vec::new();
    let body = match headers.get(header::CONTENT_ENCODING) {
        Some(encoding) if encoding == "gzip" => {
            let read = flate2::read::GzDecoder::new(&*body).read_to_end(&mut plain);
            if read.is_err() {
                return (StatusCode::BAD_REQUEST, "not gzip").into_response();
            }
            &plain
        }
        _ => &*body,
    };
    let Ok(request) = Q::decode(body) else {
        return (StatusCode::BAD_REQUEST, "not OTLP").into_response();
    };
    shared.keep(headers, |received| request.keep(received));
    let headers = [(header::CONTENT_TYPE, "application/x-protobuf")];
    (headers, response::<Q>(&shared).encode_to_vec()).into_response()
}

/// gRPC services of the three signals.
#[derive(Clone)]
struct Grpc(Arc<Shared>);

impl Grpc {
    fn accept<Q: Export>(
        &self,
        request: Request<Q>,
    ) -> Result<tonic::Response<Q::Response>, Status> {
        if self.0.behaviour() == Behaviour::Unavailable {
            return Err(Status::new(Code::Unavailable, "not now"));
        }
        let (metadata, _, request) = request.into_parts();
        let headers = metadata.into_headers();
        self.0.keep(headers, |received| request.keep(received));
        Ok(tonic::Response::new(response::<Q>(&self.0)))
    }
}
