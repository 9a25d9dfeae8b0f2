//! The services of the example as processes, failing collectors, and a load generator.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use test_receiver::{Behaviour, Receiver};

/// Fault of a collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The collector never runs.
    Absent,
    /// The collector is killed during the test.
    Killed,
    /// The collector answers 503, or `UNAVAILABLE`.
    Unavailable,
    /// The collector accepts connections and does not answer.
    Hangs,
    /// The collector answers neither HTTP nor gRPC.
    Garbage,
}

impl Fault {
    pub const ALL: [Self; 5] = [
        Self::Absent,
        Self::Killed,
        Self::Unavailable,
        Self::Hangs,
        Self::Garbage,
    ];
}

/// A collector, which may be killed.
pub struct Collector {
    pub endpoint: String,
    /// `None` after the collector was killed.
    pub receiver: Option<Receiver>,
}

impl Collector {
    /// Starts a collector that accepts everything, and stores nothing.
    pub fn working() -> Self {
        Self::behaving(Behaviour::Discard)
    }

    pub fn failing(fault: Fault) -> Self {
        let mut collector = Self::behaving(match fault {
            Fault::Absent | Fault::Killed => Behaviour::Discard,
            Fault::Unavailable => Behaviour::Unavailable,
            Fault::Hangs => Behaviour::Hang,
            Fault::Garbage => Behaviour::Garbage,
        });
        if fault == Fault::Absent {
            collector.kill();
        }
        collector
    }

    fn behaving(behaviour: Behaviour) -> Self {
        let receiver = Receiver::start(behaviour);
        Self {
            endpoint: receiver.endpoint(),
            receiver: Some(receiver),
        }
    }

    /// Kills the collector: closes its port and every connection.
    pub fn kill(&mut self) {
        if let Some(receiver) = self.receiver.take() {
            receiver.kill();
        }
    }
}

/// API and relay with one database, and the worker with another.
pub struct Stack {
    pub api: Service,
    pub relay: Service,
    pub worker: Service,
}

impl Stack {
    /// Places the orders in a new database, and starts the services.
    pub fn start(
        database: &Path,
        gateway: &Service,
        orders: usize,
        variables: &Variables<'_>,
    ) -> Self {
        let file = database.to_str().expect("a path of text");
        let count = orders.to_string();
        let placed = Command::new(env!("CARGO_BIN_EXE_checkout"))
            .args(["orders", "--database", file, "--count", &count])
            .status();
        assert!(placed.expect("the example starts").success());
        // Two databases, as in the demonstration. With one, waits for its lock would hide all other effects.
        let invoices = format!("{file}-invoices");
        let worker = Service::start(&["worker", "--database", &invoices], variables);
        let relay = ["relay", "--database", file, "--worker", &worker.url()];
        let relay = Service::start(&relay, variables);
        let api = ["api", "--database", file, "--gateway", &gateway.url()];
        let api = Service::start(&api, variables);
        Self { api, relay, worker }
    }

    pub fn services(&self) -> [(&'static str, &Service); 3] {
        [
            ("checkout-api", &self.api),
            ("outbox-relay", &self.relay),
            ("invoice-worker", &self.worker),
        ]
    }

    /// Stops all services at the same time, and waits for each.
    pub fn stop(mut self) -> [(&'static str, Ended); 3] {
        let start = Instant::now();
        for service in [&mut self.api, &mut self.relay, &mut self.worker] {
            service.request_stop();
        }
        // One thread per service, so that each time is measured exactly.
        std::thread::scope(|scope| {
            let wait = |service: Service| scope.spawn(move || service.wait(start));
            let threads = [wait(self.api), wait(self.relay), wait(self.worker)];
            let [api, relay, worker] =
                threads.map(|thread| thread.join().expect("the thread does not panic"));
            [
                ("checkout-api", api),
                ("outbox-relay", relay),
                ("invoice-worker", worker),
            ]
        })
    }
}

/// Environment variables of a service, beside the inherited ones.
pub type Variables<'a> = [(&'a str, &'a str)];

/// A running process.
pub struct Service {
    child: Child,
    address: SocketAddr,
    _stdout: BufReader<ChildStdout>,
    /// Standard error without the JSON lines of the log.
    stderr: JoinHandle<String>,
}

/// Result of a process.
pub struct Ended {
    pub success: bool,
    pub duration: Duration,
    /// Standard error without the JSON lines of the log.
    pub stderr: String,
}

impl Service {
    pub fn start(arguments: &[&str], variables: &Variables<'_>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_checkout"));
        command
            .args(arguments)
            .arg("--stop-at-end-of-input")
            .env(
                "CHECKOUT_PROTECTION_KEY",
                "a key for tests alone, of 32 bytes or more",
            )
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the example starts");
        let pipe = BufReader::new(child.stderr.take().expect("a pipe"));
        let stderr = std::thread::spawn(move || {
            let lines = pipe.lines().map_while(Result::ok);
            let other_lines = lines.filter(|line| !line.starts_with('{'));
            other_lines.fold(String::new(), |text, line| text + &line + "\n")
        });
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout
            .read_line(&mut line)
            .expect("the service prints its address");
        let address = line.split("http://").nth(1);
        let address = address.and_then(|rest| rest.split(['/', '\n']).next());
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            let stderr = stderr.join().unwrap_or_default();
            panic!("`checkout {}` did not start: {line}{stderr}", arguments[0]);
        };
        Self {
            child,
            address,
            _stdout: stdout,
            stderr,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the resident memory in KiB; `None` on systems without `/proc`.
    pub fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    }

    /// Stops the service, and waits for its end.
    pub fn stop(self) -> Ended {
        self.wait(Instant::now())
    }

    fn request_stop(&mut self) {
        drop(self.child.stdin.take());
    }

    fn wait(mut self, start: Instant) -> Ended {
        self.request_stop();
        let status = self.child.wait().expect("a child process has a status");
        Ended {
            success: status.success(),
            duration: start.elapsed(),
            stderr: self.stderr.join().unwrap_or_default(),
        }
    }
}

/// Connections to one API that pay each of its orders once.
pub struct Load {
    connections: Vec<Connection>,
    next: usize,
}

/// Responses to a number of requests.
#[derive(Default)]
pub struct Answers {
    pub statuses: BTreeMap<u16, usize>,
    pub latencies: Vec<Duration>,
}

impl Load {
    pub fn new(api: &Service, connections: usize) -> Self {
        let connect = |_| Connection::to(api.address);
        Self {
            connections: (0..connections).map(connect).collect(),
            next: 1,
        }
    }

    /// Pays this number of orders.
    pub fn pay(&mut self, orders: usize) -> Answers {
        let connection_count = self.connections.len();
        let (first, last) = (self.next, self.next + orders);
        self.next = last;
        let parts: Vec<Answers> = std::thread::scope(|scope| {
            let connections = self.connections.iter_mut().enumerate();
            let threads = connections.map(|(offset, connection)| {
                scope.spawn(move || {
                    let mut answers = Answers::default();
                    for order in (first + offset..last).step_by(connection_count) {
                        let start = Instant::now();
                        let status = connection.pay(order);
                        answers.latencies.push(start.elapsed());
                        *answers.statuses.entry(status).or_default() += 1;
                    }
                    answers
                })
            });
            // Collected, so that all threads start before the first is joined.
            let threads: Vec<_> = threads.collect();
            let join = |thread: std::thread::ScopedJoinHandle<'_, Answers>| {
                thread.join().expect("the API answers")
            };
            threads.into_iter().map(join).collect()
        });
        let mut all = Answers::default();
        for part in parts {
            all.add(part);
        }
        all
    }
}

impl Answers {
    pub fn add(&mut self, other: Self) {
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
        self.latencies.extend(other.latencies);
    }

    /// Returns the latency that `percent` of the answers do not exceed.
    pub fn percentile(&mut self, percent: usize) -> Duration {
        let rank = self.latencies.len() * percent / 100;
        *self.latencies.select_nth_unstable(rank).1
    }
}

/// A minimal HTTP/1.1 client on a persistent connection, so that the client adds little latency.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the API listens");
        stream.set_nodelay(true).expect("a socket has options");
        Self(BufReader::new(stream))
    }

    fn pay(&mut self, order: usize) -> u16 {
        let request = format!(
            "POST /orders/ord_{order}/pay HTTP/1.1\r\nhost: checkout\r\ncontent-length: 0\r\n\r\n"
        );
        let sent = self.0.get_mut().write_all(request.as_bytes());
        sent.expect("the API reads");
        let mut line = String::new();
        let mut next = || {
            line.clear();
            self.0.read_line(&mut line).expect("the API answers");
            line.trim_end().to_ascii_lowercase()
        };
        let status = next();
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut length = 0;
        loop {
            let header = next();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("a complete body");
        status.expect("a status")
    }
}
