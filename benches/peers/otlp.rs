//! A batch processor with an OTLP exporter to a sink on loopback.

use crate::sampler::PeerSampler;
use bytes::Bytes;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider};
use std::error::Error;
use std::io::{self, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A provider that exports to its own sink.
#[derive(Debug)]
pub struct Otlp {
    provider: SdkTracerProvider,
    bytes: Arc<AtomicU64>,
}

/// Queue size that is sufficient for the spans between two flushes.
const QUEUE: usize = 8_192;

/// Timeout of the client for connecting to the sink and for its response.
const TIMEOUT: Duration = Duration::from_secs(10);

impl Otlp {
    /// Starts a provider of the SDK, configured as in its documentation.
    pub(crate) fn start(sampler: PeerSampler) -> Result<Self, Box<dyn Error>> {
        let (exporter, bytes) = exporter()?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .build();
        let processor = BatchSpanProcessor::builder(exporter)
            .with_batch_config(batches)
            .build();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(processor)
            .with_sampler(sampler)
            .build();
        Ok(Self { provider, bytes })
    }

    /// Wraps the provider of a set-up, with the byte counter of its sink.
    pub(crate) fn of(provider: SdkTracerProvider, bytes: Arc<AtomicU64>) -> Self {
        Self { provider, bytes }
    }

    pub(crate) fn provider(&self) -> &SdkTracerProvider {
        &self.provider
    }

    /// Returns the number of bytes that the sink received.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// Creates an exporter to its own sink, with a counter of the received bytes.
pub(crate) fn exporter() -> Result<(SpanExporter, Arc<AtomicU64>), Box<dyn Error>> {
    let bytes = Arc::new(AtomicU64::new(0));
    let address = sink(bytes.clone())?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Client {
            address,
            connection: Mutex::new(None),
        })
        .with_endpoint(format!("http://{address}/v1/traces"))
        .build()?;
    Ok((exporter, bytes))
}

/// Starts a sink that serves one connection after the other, and accepts every request. The sink runs until the process
/// ends.
fn sink(bytes: Arc<AtomicU64>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            // An error ends the connection, but not the sink.
            let _ = serve(&connection, &bytes);
        }
    });
    Ok(address)
}

fn serve(connection: &TcpStream, bytes: &AtomicU64) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    while let Some(length) = length(&mut reader)? {
        let received = io::copy(&mut (&mut reader).take(length), &mut io::sink())?;
        bytes.fetch_add(received, Ordering::Relaxed);
        let mut connection = connection;
        connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")?;
    }
    Ok(())
}

/// Reads the head of a message, and returns the length of its body; `None` at the end of the connection.
fn length(reader: &mut impl io::BufRead) -> io::Result<Option<u64>> {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            return Ok(Some(length));
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
}

/// HTTP client with one persistent connection.
#[derive(Debug)]
struct Client {
    address: SocketAddr,
    connection: Mutex<Option<TcpStream>>,
}

#[async_trait::async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        Ok(self.post(&request)?)
    }
}

impl Client {
    fn post(&self, request: &Request<Bytes>) -> io::Result<Response<Bytes>> {
        let mut kept = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let connection = match kept.take() {
            Some(connection) => connection,
            None => {
                let connection = TcpStream::connect_timeout(&self.address, TIMEOUT)?;
                connection.set_nodelay(true)?;
                connection.set_read_timeout(Some(TIMEOUT))?;
                connection
            }
        };
        let body = request.body();
        let mut message = format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n",
            request.uri().path(),
            self.address,
            body.len()
        )
        .into_bytes();
        for (name, value) in request.headers() {
            if *name != http::header::CONTENT_LENGTH && *name != http::header::HOST {
                message.extend_from_slice(name.as_str().as_bytes());
                message.extend_from_slice(b": ");
                message.extend_from_slice(value.as_bytes());
                message.extend_from_slice(b"\r\n");
            }
        }
        message.extend_from_slice(b"\r\n");
        message.extend_from_slice(body);
        (&connection).write_all(&message)?;
        if length(&mut BufReader::new(&connection))?.is_none() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        *kept = Some(connection);
        Ok(Response::new(Bytes::new()))
    }
}
