//! An OTLP receiver on loopback: both protocols on one port, and every way a collector can fail.
//!
//! ```
//! use test_receiver::{Behaviour, Receiver};
//!
//! let receiver = Receiver::start(Behaviour::Accept);
//! // Whoever is tested gets `OTEL_EXPORTER_OTLP_ENDPOINT`: both protocols go there.
//! let endpoint = receiver.endpoint();
//! // … and once it has sent, `receiver.wait(|received| received.spans().count() == 3)`.
//! receiver.behave(Behaviour::Unavailable);
//! assert_eq!(receiver.received().spans().count(), 0);
//! receiver.kill();
//! ```

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request as Asked, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_server::{
    LogsService, LogsServiceServer,
};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use std::fmt;
use std::future::pending;
use std::io::Read as _;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;
use tonic::{Code, Request, Status};

/// What a receiver does with exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes them.
    Accept,
    /// Takes them and keeps nothing, as long runs need it.
    Discard,
    /// Answers 503, or `UNAVAILABLE`.
    Unavailable,
    /// Takes the connection and says nothing.
    Hang,
    /// Resets the connection once something was sent.
    Reset,
    /// Answers what is neither HTTP nor gRPC.
    Garbage,
}

/// Everything a receiver has taken.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// Requests with spans.
    pub traces: Vec<ExportTraceServiceRequest>,
    /// Requests with points.
    pub metrics: Vec<ExportMetricsServiceRequest>,
    /// Requests with log records.
    pub logs: Vec<ExportLogsServiceRequest>,
    /// The headers of every request, in the order they came; over gRPC its metadata.
    pub headers: Vec<HeaderMap>,
    /// Path and query of every request over HTTP, whether or not it was taken.
    pub targets: Vec<String>,
    /// Connections that were made, whatever became of them.
    pub connections: usize,
}

impl Received {
    /// What one service sent of it, without the headers.
    #[must_use]
    pub fn of_service(&self, name: &str) -> Self {
        let named = |resource: &Option<Resource>| {
            let attributes = resource.iter().flat_map(|one| &one.attributes);
            let mut named = attributes.filter(|one| one.key == "service.name");
            named.any(|one| matches!(one.value.as_ref().and_then(|value| value.value.as_ref()), Some(Value::StringValue(value)) if value == name))
        };
        let mut received = self.clone();
        received.headers.clear();
        for one in &mut received.traces {
            one.resource_spans.retain(|one| named(&one.resource));
        }
        for one in &mut received.metrics {
            one.resource_metrics.retain(|one| named(&one.resource));
        }
        for one in &mut received.logs {
            one.resource_logs.retain(|one| named(&one.resource));
        }
        received
    }

    /// Every span.
    pub fn spans(&self) -> impl Iterator<Item = &opentelemetry_proto::tonic::trace::v1::Span> {
        let resources = self.traces.iter().flat_map(|one| &one.resource_spans);
        let scopes = resources.flat_map(|one| &one.scope_spans);
        scopes.flat_map(|one| &one.spans)
    }

    /// Every metric, once per export.
    pub fn metrics(
        &self,
    ) -> impl Iterator<Item = &opentelemetry_proto::tonic::metrics::v1::Metric> {
        let resources = self.metrics.iter().flat_map(|one| &one.resource_metrics);
        let scopes = resources.flat_map(|one| &one.scope_metrics);
        scopes.flat_map(|one| &one.metrics)
    }

    /// Every log record.
    pub fn records(
        &self,
    ) -> impl Iterator<Item = &opentelemetry_proto::tonic::logs::v1::LogRecord> {
        let resources = self.logs.iter().flat_map(|one| &one.resource_logs);
        let scopes = resources.flat_map(|one| &one.scope_logs);
        scopes.flat_map(|one| &one.log_records)
    }
}

/// A running receiver; stops when it is dropped, and with it every connection.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    behaviour: watch::Sender<Behaviour>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    received: Mutex<Received>,
    came: Condvar,
    behaviour: watch::Receiver<Behaviour>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

/// How long a test waits for what has to come.
const PATIENCE: Duration = Duration::from_secs(60);

impl Receiver {
    /// On a free port of loopback, with a runtime of its own.
    ///
    /// # Panics
    ///
    /// When there is no port, no thread or no runtime.
    #[must_use]
    pub fn start(behaviour: Behaviour) -> Self {
        let listener = StdListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        listener
            .set_nonblocking(true)
            .expect("a listener can be polled");
        let (behaviour, seen) = watch::channel(behaviour);
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            came: Condvar::new(),
            behaviour: seen,
        });
        let (stop, stopped) = oneshot::channel();
        let serving = shared.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime on one thread");
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("a listener in the runtime");
                tokio::select! {
                    () = accept(listener, serving) => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            address,
            shared,
            behaviour,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// `http://127.0.0.1:…`
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Behaves like this from now on, on new connections; those there are end.
    pub fn behave(&self, behaviour: Behaviour) {
        self.behaviour.send_replace(behaviour);
    }

    /// What has come so far.
    #[must_use]
    pub fn received(&self) -> Received {
        self.shared.lock().clone()
    }

    /// Waits until what came is enough.
    ///
    /// # Panics
    ///
    /// When that takes a minute: it will not come any more.
    #[track_caller]
    pub fn wait(&self, enough: impl Fn(&Received) -> bool) -> Received {
        let received = self.shared.lock();
        let waited = self
            .shared
            .came
            .wait_timeout_while(received, PATIENCE, |now| !enough(now));
        let (received, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!timeout.timed_out(), "not enough came: {received:#?}");
        received.clone()
    }

    /// Ends it as a crash would: the port is closed, and so is every connection.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, headers: HeaderMap, keep: impl FnOnce(&mut Received)) {
        if self.behaviour() == Behaviour::Discard {
            return;
        }
        let mut received = self.lock();
        received.headers.push(headers);
        keep(&mut received);
        drop(received);
        self.came.notify_all();
    }

    fn behaviour(&self) -> Behaviour {
        *self.behaviour.borrow()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let routes = router(&shared);
    while let Ok((socket, _)) = listener.accept().await {
        shared.lock().connections += 1;
        shared.came.notify_all();
        let mut behaviour = shared.behaviour.clone();
        let now = *behaviour.borrow_and_update();
        let routes = routes.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = serve(socket, now, routes) => {}
                _ = behaviour.changed() => {}
            }
        });
    }
}

async fn serve(mut socket: TcpStream, behaviour: Behaviour, routes: Router) {
    match behaviour {
        Behaviour::Accept | Behaviour::Discard | Behaviour::Unavailable => {
            let service = TowerToHyperService::new(routes);
            let server = auto::Builder::new(TokioExecutor::new());
            let _ = server.serve_connection(TokioIo::new(socket), service).await;
        }
        Behaviour::Hang => pending().await,
        // Closed with something unread, the kernel resets it.
        Behaviour::Reset => drop(socket.peek(&mut [0]).await),
        Behaviour::Garbage => {
            let _ = socket.read(&mut [0; 1024]).await;
            let _ = socket
                .write_all(b"\x00\xffneither this nor that\r\n\r\n\xfe")
                .await;
        }
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    let grpc = Grpc(shared.clone());
    let gzip = CompressionEncoding::Gzip;
    let services = Routes::new(TraceServiceServer::new(grpc.clone()).accept_compressed(gzip))
        .add_service(MetricsServiceServer::new(grpc.clone()).accept_compressed(gzip))
        .add_service(LogsServiceServer::new(grpc).accept_compressed(gzip));
    Router::new()
        .route("/v1/traces", post(traces))
        .route("/v1/metrics", post(metrics))
        .route("/v1/logs", post(logs))
        // Behind a path of its own, as a gateway for several tenants has it.
        .route("/{tenant}/v1/traces", post(traces))
        .route("/{tenant}/v1/metrics", post(metrics))
        .route("/{tenant}/v1/logs", post(logs))
        .with_state(shared.clone())
        .merge(services.into_axum_router())
        .layer(middleware::from_fn_with_state(shared.clone(), target))
}

/// Writes down what a request asks for.
async fn target(State(shared): State<Arc<Shared>>, request: Asked, next: Next) -> Response {
    if shared.behaviour() != Behaviour::Discard {
        let target = request.uri().path_and_query().map(ToString::to_string);
        shared.lock().targets.extend(target);
    }
    next.run(request).await
}

async fn traces(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    take(&shared, headers, &body, |received, request| {
        received.traces.push(request);
        ExportTraceServiceResponse::default()
    })
}

async fn metrics(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    take(&shared, headers, &body, |received, request| {
        received.metrics.push(request);
        ExportMetricsServiceResponse::default()
    })
}

async fn logs(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    take(&shared, headers, &body, |received, request| {
        received.logs.push(request);
        ExportLogsServiceResponse::default()
    })
}

fn take<Q: Message + Default, A: Message + Default>(
    shared: &Shared,
    headers: HeaderMap,
    body: &[u8],
    keep: impl FnOnce(&mut Received, Q) -> A,
) -> Response {
    if shared.behaviour() == Behaviour::Unavailable {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let mut plain = Vec::new();
    let body = match headers.get(header::CONTENT_ENCODING) {
        Some(encoding) if encoding == "gzip" => {
            let read = flate2::read::GzDecoder::new(body).read_to_end(&mut plain);
            if read.is_err() {
                return (StatusCode::BAD_REQUEST, "this is no gzip").into_response();
            }
            &plain
        }
        _ => body,
    };
    let Ok(request) = Q::decode(body) else {
        return (StatusCode::BAD_REQUEST, "this is no OTLP").into_response();
    };
    let mut answer = A::default();
    shared.keep(headers, |received| answer = keep(received, request));
    let headers = [(header::CONTENT_TYPE, "application/x-protobuf")];
    (headers, answer.encode_to_vec()).into_response()
}

/// The three services.
#[derive(Clone)]
struct Grpc(Arc<Shared>);

impl Grpc {
    fn take<Q, A: Default>(
        &self,
        request: Request<Q>,
        keep: impl FnOnce(&mut Received, Q),
    ) -> Result<tonic::Response<A>, Status> {
        if self.0.behaviour() == Behaviour::Unavailable {
            return Err(Status::new(Code::Unavailable, "not now"));
        }
        let (metadata, _, request) = request.into_parts();
        self.0
            .keep(metadata.into_headers(), |received| keep(received, request));
        Ok(tonic::Response::new(A::default()))
    }
}

#[tonic::async_trait]
impl TraceService for Grpc {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, Status> {
        self.take(request, |received, request| received.traces.push(request))
    }
}

#[tonic::async_trait]
impl MetricsService for Grpc {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<tonic::Response<ExportMetricsServiceResponse>, Status> {
        self.take(request, |received, request| received.metrics.push(request))
    }
}

#[tonic::async_trait]
impl LogsService for Grpc {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<tonic::Response<ExportLogsServiceResponse>, Status> {
        self.take(request, |received, request| received.logs.push(request))
    }
}
