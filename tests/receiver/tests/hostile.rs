//! Collectors that violate HTTP itself: an export ends within its timeout and is counted as failed.

#[allow(dead_code)] // Each test program uses only a part of the module.
mod support;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use support::{bounded, take_turn, telemetry, work};

/// Responds to every connection with the same bytes, and then repeats other bytes until the client disconnects.
struct Server {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    connections: Arc<AtomicUsize>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(first: Vec<u8>, again: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let (stopped, connections) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let (stop, count) = (stopped.clone(), connections.clone());
        let thread = std::thread::spawn(move || {
            for socket in listener.incoming() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                count.fetch_add(1, Ordering::Relaxed);
                if let Ok(socket) = socket {
                    let (first, again) = (first.clone(), again.clone());
                    // The thread ends with the connection, which every attempt closes.
                    std::thread::spawn(move || respond(socket, &first, &again));
                }
            }
        });
        Self {
            address,
            stopped,
            connections,
            thread: Some(thread),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Writes while the client is connected, for at most half a minute.
fn respond(mut socket: TcpStream, first: &[u8], again: &[u8]) -> Option<()> {
    let time_limit = Some(Duration::from_secs(30));
    socket.set_read_timeout(time_limit).ok()?;
    socket.set_write_timeout(time_limit).ok()?;
    let read = socket.read(&mut [0; 16 * 1024]).ok()?;
    socket.write_all(first).ok().filter(|()| read > 0)?;
    while !again.is_empty() {
        socket.write_all(again).ok()?;
    }
    // Reads until the client closes the connection.
    while socket.read(&mut [0; 16 * 1024]).ok()? > 0 {}
    Some(())
}

/// HTTP/2 frame.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_be_bytes();
    let head = [length[1], length[2], length[3], kind, flags];
    [&head[..], &stream.to_be_bytes(), payload].concat()
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

#[allow(clippy::type_complexity)] // The result is a table of cases.
fn http2() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let settings = frame(SETTINGS, 0, 0, &[]);
    let after = |frames: &[Vec<u8>]| [settings.clone(), frames.concat()].concat();
    // `:status: 200` of the static table.
    let ok = frame(HEADERS, END_HEADERS, 1, &[0x88]);
    vec![
        ("nothing", Vec::new(), Vec::new()),
        ("only settings", settings.clone(), Vec::new()),
        ("settings without end", settings.clone(), settings.clone()),
        ("pings without end", after(&[]), frame(PING, 0, 0, &[0; 8])),
        (
            "a GOAWAY frame",
            after(&[frame(GOAWAY, 0, 0, &[0; 8])]),
            Vec::new(),
        ),
        (
            "a stream that is reset",
            after(&[frame(RST_STREAM, 0, 1, &[0, 0, 0, 8])]),
            Vec::new(),
        ),
        (
            "a stream that was not opened",
            after(&[frame(DATA, 0, 7, b"data")]),
            Vec::new(),
        ),
        (
            "a window that overflows",
            after(&[frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff])]),
            Vec::new(),
        ),
        (
            "headers without end",
            after(&[frame(HEADERS, 0, 1, &[0x88])]),
            frame(CONTINUATION, 0, 1, &[0x0f; 1024]),
        ),
        (
            "headers that cannot be read",
            after(&[frame(HEADERS, END_HEADERS, 1, &[0xff; 64])]),
            Vec::new(),
        ),
        (
            "no content type",
            after(std::slice::from_ref(&ok)),
            Vec::new(),
        ),
        (
            "a frame that is too long",
            after(&[vec![0xff; 64]]),
            Vec::new(),
        ),
        (
            "HTTP/1.1",
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec(),
            Vec::new(),
        ),
        ("nonsense without end", vec![0xa5; 4096], vec![0x5a; 4096]),
    ]
}

#[allow(clippy::type_complexity)] // The result is a table of cases.
fn http1() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let ok = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\n";
    vec![
        ("nothing", Vec::new(), Vec::new()),
        ("half a status", text("HTTP/1.1 2"), Vec::new()),
        (
            "a status without end",
            text("HTTP/1.1 200 "),
            text("OKOKOKOK"),
        ),
        ("headers without end", text(ok), text("x-header: value\r\n")),
        (
            "a header without end",
            text("HTTP/1.1 200 OK\r\nx: "),
            vec![b'y'; 4096],
        ),
        ("another status", text("HTTP/1.1 999 \r\n\r\n"), Vec::new()),
        ("no status", text("HTTP/1.1 OK\r\n\r\n"), Vec::new()),
        (
            "continued without end",
            Vec::new(),
            text("HTTP/1.1 100 Continue\r\n\r\n"),
        ),
        (
            "a length that overflows",
            text(&format!(
                "{ok}Content-Length: 99999999999999999999999\r\n\r\n"
            )),
            vec![0; 4096],
        ),
        (
            "a negative length",
            text(&format!("{ok}Content-Length: -1\r\n\r\n")),
            Vec::new(),
        ),
        (
            "a body that is missing",
            text(&format!("{ok}Content-Length: 100\r\n\r\n")),
            Vec::new(),
        ),
        (
            "a body without end",
            text(&format!("{ok}\r\n")),
            vec![0; 4096],
        ),
        (
            "chunks without end",
            text(&format!("{ok}Transfer-Encoding: chunked\r\n\r\n")),
            text("4\r\nabcd\r\n"),
        ),
        (
            "a chunk that overflows",
            text(&format!(
                "{ok}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n"
            )),
            vec![0; 4096],
        ),
        (
            "bytes beyond ASCII",
            text("HTTP/1.1 200 OK\r\n\u{fc}: \u{fc}\r\n\r\n"),
            vec![0xff; 64],
        ),
        ("nonsense without end", vec![0xa5; 4096], vec![0x5a; 4096]),
        (
            "a redirect to itself",
            text("HTTP/1.1 307 \r\nLocation: /v1/traces\r\nContent-Length: 0\r\n\r\n"),
            Vec::new(),
        ),
    ]
}

#[test]
fn every_export_ends_and_is_counted_for_any_response() {
    let _turn = take_turn();
    for (protocol, cases) in [("http/protobuf", http1()), ("grpc", http2())] {
        for (response, first, again) in cases {
            bounded(move || {
                let server = Server::start(first, again);
                let variables = [
                    ("OTEL_METRICS_EXPORTER", "none"),
                    ("OTEL_LOGS_EXPORTER", "none"),
                    ("OTEL_EXPORTER_OTLP_TIMEOUT", "400"),
                ];
                let endpoint = format!("http://{}", server.address);
                let guard = telemetry(&endpoint, protocol, &variables).install();
                let guard = guard.expect("a valid set-up");
                work(&guard, 1);
                let report = guard.flush();
                let context = format!("{protocol}, {response}\n{report}");
                assert!(server.connections.load(Ordering::Relaxed) > 0, "{context}");
                assert_eq!(
                    (report.spans.failed, report.spans.waiting),
                    (1, 0),
                    "{context}"
                );
                // The failure is reported once; the SDK's own message about it is omitted.
                assert_eq!(report.messages().count(), 1, "{context}");
                assert!(guard.shutdown().in_time, "{context}");
            });
        }
    }
}
