//! An OTLP receiver on loopback: both protocols on one port, and every way a collector can fail.
//!
//! ```
//! use test_receiver::{Behaviour, Receiver};
//!
//! let receiver = Receiver::start(Behaviour::Accept);
//! // The service under test gets this endpoint in `OTEL_EXPORTER_OTLP_ENDPOINT`, for both protocols.
//! let endpoint = receiver.endpoint();
//! // … and after the service has sent: `receiver.wait(|received| received.spans().count() == 3)`.
//! receiver.behave(Behaviour::Unavailable);
//! assert_eq!(receiver.received().spans().count(), 0);
//! receiver.kill();
//! ```

mod responses;
mod routes;

use axum::Router;
use axum::http::HeaderMap;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::resource::v1::Resource;
use routes::router;
use std::fmt;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{oneshot, watch};

/// How a receiver handles exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Accepts exports.
    Accept,
    /// Accepts exports and keeps no data, for long runs.
    Discard,
    /// Responds with 503, or `UNAVAILABLE`.
    Unavailable,
    /// Accepts the connection and never responds.
    Hang,
    /// Resets the connection after data was sent.
    Reset,
    /// Responds with bytes that are neither HTTP nor gRPC.
    Garbage,
    /// Accepts exports, and responds that this many items of each export were rejected, for this reason.
    Partial(i64, &'static str),
    /// Refuses exports with a status of the protocol.
    Refuse {
        /// HTTP status.
        http: u16,
        /// gRPC status code.
        grpc: i32,
    },
    /// Refuses exports with a delay for the retry: 429 with `Retry-After`, or `RESOURCE_EXHAUSTED` with `RetryInfo`.
    Throttle {
        /// Requested delay.
        seconds: i64,
    },
    /// Responds with success and an invalid message.
    Nonsense,
    /// Responds with success and 16 MiB.
    Huge,
    /// Responds with success and an HTML page.
    Page,
    /// Responds with success and no message; over gRPC also without a status.
    Empty,
    /// Responds with success and a body that never ends.
    Unfinished,
}

impl Behaviour {
    /// Whether the receiver responds with the protocol.
    fn speaks_protocol(self) -> bool {
        !matches!(self, Self::Hang | Self::Reset | Self::Garbage)
    }
}

/// All data that a receiver accepted.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// Requests with spans.
    pub traces: Vec<ExportTraceServiceRequest>,
    /// Requests with points.
    pub metrics: Vec<ExportMetricsServiceRequest>,
    /// Requests with log records.
    pub logs: Vec<ExportLogsServiceRequest>,
    /// Headers of every accepted request, in the order of arrival; over gRPC its metadata.
    pub headers: Vec<HeaderMap>,
    /// Path and query of every request, accepted or not.
    pub targets: Vec<String>,
    /// Path and time of every request over either protocol, accepted or not.
    pub requests: Vec<(String, Instant)>,
    /// Number of connections, regardless of their outcome.
    pub connections: usize,
}

impl Received {
    /// Data of one service, without the headers.
    #[must_use]
    pub fn of_service(&self, name: &str) -> Self {
        let named = |resource: &Option<Resource>| {
            let attributes = resource.iter().flat_map(|resource| &resource.attributes);
            let mut named = attributes.filter(|attribute| attribute.key == "service.name");
            named.any(|attribute| matches!(attribute.value.as_ref().and_then(|value| value.value.as_ref()), Some(Value::StringValue(value)) if value == name))
        };
        let mut received = self.clone();
        received.headers.clear();
        for export in &mut received.traces {
            export.resource_spans.retain(|entry| named(&entry.resource));
        }
        for export in &mut received.metrics {
            export
                .resource_metrics
                .retain(|entry| named(&entry.resource));
        }
        for export in &mut received.logs {
            export.resource_logs.retain(|entry| named(&entry.resource));
        }
        received
    }

    /// All spans.
    pub fn spans(&self) -> impl Iterator<Item = &opentelemetry_proto::tonic::trace::v1::Span> {
        let resources = self.traces.iter().flat_map(|export| &export.resource_spans);
        let scopes = resources.flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| &scope.spans)
    }

    /// All metrics, once per export.
    pub fn metrics(
        &self,
    ) -> impl Iterator<Item = &opentelemetry_proto::tonic::metrics::v1::Metric> {
        let resources = self
            .metrics
            .iter()
            .flat_map(|export| &export.resource_metrics);
        let scopes = resources.flat_map(|resource| &resource.scope_metrics);
        scopes.flat_map(|scope| &scope.metrics)
    }

    /// All log records.
    pub fn records(
        &self,
    ) -> impl Iterator<Item = &opentelemetry_proto::tonic::logs::v1::LogRecord> {
        let resources = self.logs.iter().flat_map(|export| &export.resource_logs);
        let scopes = resources.flat_map(|resource| &resource.scope_logs);
        scopes.flat_map(|scope| &scope.log_records)
    }
}

/// Running receiver. Dropping it stops it and closes all connections.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    behaviour: watch::Sender<Behaviour>,
    serving: Option<Serving>,
    /// Socket that reserves the port while the receiver is paused.
    reserved: Option<TcpSocket>,
}

/// Thread that accepts and serves connections.
#[derive(Debug)]
struct Serving {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

struct Shared {
    received: Mutex<Received>,
    arrived: Condvar,
    behaviour: watch::Receiver<Behaviour>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

/// Time limit for expected data.
const WAIT_LIMIT: Duration = Duration::from_secs(60);

impl Receiver {
    /// Starts a receiver on a free loopback port, with its own runtime.
    ///
    /// # Panics
    ///
    /// If there is no port, thread or runtime.
    #[must_use]
    pub fn start(behaviour: Behaviour) -> Self {
        let socket = bind(SocketAddr::from(([127, 0, 0, 1], 0)));
        let address = socket.local_addr().expect("a bound socket has an address");
        let (behaviour, seen) = watch::channel(behaviour);
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            arrived: Condvar::new(),
            behaviour: seen,
        });
        let serving = Serving::start(socket, shared.clone());
        Self {
            address,
            shared,
            behaviour,
            serving: Some(serving),
            reserved: None,
        }
    }

    /// Closes the port and all connections, like the end of a collector process. The received data is kept, and the
    /// port stays reserved.
    ///
    /// # Panics
    ///
    /// If another process gets the port before it is reserved.
    pub fn pause(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.end();
            self.reserved = Some(bind(self.address));
        }
    }

    /// Listens on the same port again.
    ///
    /// # Panics
    ///
    /// If there is no thread or runtime.
    pub fn resume(&mut self) {
        if let Some(socket) = self.reserved.take() {
            self.serving = Some(Serving::start(socket, self.shared.clone()));
        }
    }

    /// Base endpoint, `http://127.0.0.1:…`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Changes the behaviour. Connections end if the old or the new behaviour does not use the protocol.
    pub fn behave(&self, behaviour: Behaviour) {
        self.behaviour.send_replace(behaviour);
    }

    /// Data received so far.
    #[must_use]
    pub fn received(&self) -> Received {
        self.shared.lock().clone()
    }

    /// Waits until the received data is enough.
    ///
    /// # Panics
    ///
    /// After a minute: the data will not arrive any more.
    #[track_caller]
    pub fn wait(&self, enough: impl Fn(&Received) -> bool) -> Received {
        let received = self.shared.lock();
        let waited = self
            .shared
            .arrived
            .wait_timeout_while(received, WAIT_LIMIT, |now| !enough(now));
        let (received, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(
            !timeout.timed_out(),
            "not enough data arrived: {received:#?}"
        );
        received.clone()
    }

    /// Ends the receiver like a crash: closes the port and all connections.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.end();
        }
    }
}

/// Binds a socket that does not listen yet.
fn bind(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    let reused = socket.set_reuseaddr(true);
    reused.expect("the option SO_REUSEADDR, since earlier connections may still be closing");
    socket.bind(address).expect("a free port on loopback");
    socket
}

impl Serving {
    fn start(socket: TcpSocket, shared: Arc<Shared>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime on one thread");
        let listener = {
            let _entered = runtime.enter();
            socket.listen(1024).expect("a bound socket can listen")
        };
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { stop, thread }
    }

    fn end(self) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
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
        self.arrived.notify_all();
    }

    /// Logs a request.
    fn log_request(&self, path: &str, target: Option<String>) {
        let mut received = self.lock();
        received.targets.extend(target);
        received.requests.push((path.to_owned(), Instant::now()));
        drop(received);
        self.arrived.notify_all();
    }

    fn behaviour(&self) -> Behaviour {
        *self.behaviour.borrow()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let routes = router(&shared);
    while let Ok((socket, _)) = listener.accept().await {
        shared.lock().connections += 1;
        shared.arrived.notify_all();
        let mut behaviour = shared.behaviour.clone();
        let now = *behaviour.borrow();
        let routes = routes.clone();
        tokio::spawn(async move {
            // Responses may change during a connection, but a connection ends if the protocol is no longer used.
            let ended = |later: &Behaviour| {
                *later != now && !(now.speaks_protocol() && later.speaks_protocol())
            };
            tokio::select! {
                () = serve(socket, now, routes) => {}
                _ = behaviour.wait_for(ended) => {}
            }
        });
    }
}

async fn serve(mut socket: TcpStream, behaviour: Behaviour, routes: Router) {
    match behaviour {
        Behaviour::Hang => pending().await,
        // Closing a socket with unread data makes the kernel reset the connection.
        Behaviour::Reset => drop(socket.peek(&mut [0]).await),
        Behaviour::Garbage => {
            let _ = socket.read(&mut [0; 1024]).await;
            let _ = socket
                .write_all(b"\x00\xffneither this nor that\r\n\r\n\xfe")
                .await;
        }
        _ => {
            let service = TowerToHyperService::new(routes);
            let server = auto::Builder::new(TokioExecutor::new());
            let _ = server.serve_connection(TokioIo::new(socket), service).await;
        }
    }
}
