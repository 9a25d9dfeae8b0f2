//! A server on loopback in a test scope, a client that sends bytes, and the cases that every framework passes.

pub(crate) mod cases;
pub(crate) mod orders;

use otel_contract::testing::{Recording, TestScope};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A server whose telemetry is recorded in a scope of its own. It stops with the test.
pub(crate) struct Server {
    scope: TestScope,
    address: SocketAddr,
}

/// Longest wait for telemetry that a test expects.
const PATIENCE: Duration = Duration::from_secs(20);

impl Server {
    /// `scope`: records the telemetry of the server. `address`: where it listens.
    pub(crate) fn new(scope: TestScope, address: SocketAddr) -> Self {
        Self { scope, address }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Waits until as many server operations have ended.
    pub(crate) async fn recorded(&self, count: usize) -> Recording {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let recorded = self.scope.recorded();
            let servers = recorded
                .spans
                .iter()
                .filter(|span| span.kind == opentelemetry::trace::SpanKind::Server);
            if servers.count() >= count {
                return recorded;
            }
            assert!(tokio::time::Instant::now() < deadline, "no operation ended");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn open(&self, request: &Outgoing) -> TcpStream {
        let mut stream = TcpStream::connect(self.address)
            .await
            .expect("the server listens");
        let text = request.text(self.address);
        stream
            .write_all(text.as_bytes())
            .await
            .expect("the server reads");
        stream
    }

    /// Sends a request and reads the connection to its end. A connection that is closed without a response has status 0.
    pub(crate) async fn send(&self, request: &Outgoing) -> Answer {
        let mut stream = self.open(request).await;
        let mut bytes = Vec::new();
        // A server that panics resets the connection.
        let _ = stream.read_to_end(&mut bytes).await;
        Answer::read(&String::from_utf8_lossy(&bytes))
    }

    /// Sends a request and closes the connection before the response is complete.
    pub(crate) async fn send_and_leave(&self, request: &Outgoing) {
        let stream = self.open(request).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        drop(stream);
    }
}

/// A request of HTTP/1.1.
pub(crate) struct Outgoing {
    line: String,
    headers: String,
    body: String,
}

pub(crate) fn request(method: &str, path: &str) -> Outgoing {
    Outgoing {
        line: format!("{method} {path} HTTP/1.1"),
        headers: String::new(),
        body: String::new(),
    }
}

impl Outgoing {
    pub(crate) fn with(mut self, headers: &str) -> Self {
        self.headers.push_str(headers);
        self.headers.push_str("\r\n");
        self
    }

    pub(crate) fn body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    fn text(&self, host: SocketAddr) -> String {
        let Self {
            line,
            headers,
            body,
        } = self;
        let length = body.len();
        format!(
            "{line}\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        )
    }
}

/// A response.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or(0),
            body: body.to_owned(),
        }
    }
}
