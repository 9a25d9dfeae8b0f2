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

mod answers;
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
    /// Takes them, and answers that so many items of each were rejected, for this reason.
    Partial(i64, &'static str),
    /// Refuses them with a status of the protocol.
    Refuse {
        /// The status of HTTP.
        http: u16,
        /// The code of gRPC.
        grpc: i32,
    },
    /// Refuses them until later: 429 with `Retry-After`, or `RESOURCE_EXHAUSTED` with `RetryInfo`.
    Throttle {
        /// The time it asks for.
        seconds: i64,
    },
    /// Answers with success and a message that is none.
    Nonsense,
    /// Answers with success and 16 MiB.
    Huge,
    /// Answers with success and a page of HTML.
    Page,
    /// Answers with success, and no message at all; over gRPC also without a status.
    Empty,
    /// Answers with success and a body that never ends.
    Unfinished,
}

impl Behaviour {
    /// Whether it speaks the protocol at all.
    fn answers(self) -> bool {
        !matches!(self, Self::Hang | Self::Reset | Self::Garbage)
    }
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
    /// Path and time of every request over either protocol, whether or not it was taken.
    pub requests: Vec<(String, Instant)>,
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
    serving: Option<Serving>,
    /// Keeps the port while nobody listens on it.
    reserved: Option<TcpSocket>,
}

/// A thread that listens and serves.
#[derive(Debug)]
struct Serving {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
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
        let socket = bind(SocketAddr::from(([127, 0, 0, 1], 0)));
        let address = socket.local_addr().expect("a bound socket has an address");
        let (behaviour, seen) = watch::channel(behaviour);
        let shared = Arc::new(Shared {
            received: Mutex::default(),
            came: Condvar::new(),
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

    /// Closes its port and every connection, as the end of a collector does. What it received stays, and nobody else
    /// gets the port.
    ///
    /// # Panics
    ///
    /// When somebody else gets the port before it is reserved.
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
    /// When there is no thread or no runtime.
    pub fn resume(&mut self) {
        if let Some(socket) = self.reserved.take() {
            self.serving = Some(Serving::start(socket, self.shared.clone()));
        }
    }

    /// `http://127.0.0.1:…`
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Behaves like this from now on. Connections end where the protocol is not spoken before or after.
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
        if let Some(serving) = self.serving.take() {
            serving.end();
        }
    }
}

/// A socket that does not listen yet.
fn bind(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    let reused = socket.set_reuseaddr(true);
    reused.expect("connections of before may still be closing");
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
        self.came.notify_all();
    }

    /// Writes down what was asked for.
    fn note(&self, path: &str, target: Option<String>) {
        let mut received = self.lock();
        received.targets.extend(target);
        received.requests.push((path.to_owned(), Instant::now()));
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
        let now = *behaviour.borrow();
        let routes = routes.clone();
        tokio::spawn(async move {
            // Answers may change while a connection lives; whether there are answers may not.
            let ended = |later: &Behaviour| *later != now && !(now.answers() && later.answers());
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
        // Closed with something unread, the kernel resets it.
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
