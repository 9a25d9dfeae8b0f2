//! The services of the example, started one by one, with a collector that fails; and load for them.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use test_receiver::{Behaviour, Receiver};

/// How a collector fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It never was there.
    Absent,
    /// It was there, and goes in the middle.
    Killed,
    /// It answers 503, or `UNAVAILABLE`.
    Unavailable,
    /// It takes the connection and says nothing.
    Hangs,
    /// It answers what is neither HTTP nor gRPC.
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

/// A collector, while it is there.
pub struct Collector {
    pub endpoint: String,
    pub receiver: Option<Receiver>,
}

impl Collector {
    /// One that takes everything, and keeps nothing.
    pub fn sound() -> Self {
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

    /// The port is closed from now on, and so is every connection.
    pub fn kill(&mut self) {
        if let Some(receiver) = self.receiver.take() {
            receiver.kill();
        }
    }
}

/// API, relay and worker with a database of their own.
pub struct Stack {
    pub api: Service,
    pub relay: Service,
    pub worker: Service,
}

impl Stack {
    /// Places so many orders in a new database, and starts the services.
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
        // As in the demonstration: what waits for the lock of one database would hide all else.
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

    /// Tells all to stop at once, and waits for each.
    pub fn stop(mut self) -> [(&'static str, Ended); 3] {
        let began = Instant::now();
        for service in [&mut self.api, &mut self.relay, &mut self.worker] {
            service.tell_to_stop();
        }
        // Waited for side by side: each is asked how long it took.
        std::thread::scope(|scope| {
            let wait = |service: Service| scope.spawn(move || service.ended(began));
            let waiting = [wait(self.api), wait(self.relay), wait(self.worker)];
            let [api, relay, worker] = waiting.map(|one| one.join().expect("it does not panic"));
            [
                ("checkout-api", api),
                ("outbox-relay", relay),
                ("invoice-worker", worker),
            ]
        })
    }
}

/// Variables of the services, beside those of every one.
pub type Variables<'a> = [(&'a str, &'a str)];

/// A running process.
pub struct Service {
    child: Child,
    address: SocketAddr,
    _stdout: BufReader<ChildStdout>,
    /// What it says that is no line of its log.
    said: JoinHandle<String>,
}

/// How a process ended.
pub struct Ended {
    pub success: bool,
    pub took: Duration,
    pub said: String,
}

impl Service {
    pub fn start(arguments: &[&str], variables: &Variables<'_>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_checkout"));
        command
            .args(arguments)
            .arg("--with-parent")
            .env("CHECKOUT_PROTECTION_KEY", "a key for tests alone")
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the example starts");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let said = std::thread::spawn(move || {
            let lines = stderr.lines().map_while(Result::ok);
            let said = lines.filter(|line| !line.starts_with('{'));
            said.fold(String::new(), |all, line| all + &line + "\n")
        });
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout
            .read_line(&mut line)
            .expect("it says where it listens");
        let address = line.split("http://").nth(1);
        let address = address.and_then(|rest| rest.split(['/', '\n']).next());
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            let said = said.join().unwrap_or_default();
            panic!("`checkout {}` did not start: {line}{said}", arguments[0]);
        };
        Self {
            child,
            address,
            _stdout: stdout,
            said,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// KiB of memory that are resident; `None` where the system does not say.
    pub fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix("kB")?.trim().parse().ok()
    }

    fn tell_to_stop(&mut self) {
        drop(self.child.stdin.take());
    }

    fn ended(mut self, began: Instant) -> Ended {
        self.tell_to_stop();
        let status = self.child.wait().expect("it can be waited for");
        Ended {
            success: status.success(),
            took: began.elapsed(),
            said: self.said.join().unwrap_or_default(),
        }
    }
}

/// Connections to one API that pay its orders, each once.
pub struct Load {
    connections: Vec<Connection>,
    next: usize,
}

/// What came of some requests.
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

    /// Pays so many orders.
    pub fn pay(&mut self, orders: usize) -> Answers {
        let each = self.connections.len();
        let (first, last) = (self.next, self.next + orders);
        self.next = last;
        let parts: Vec<Answers> = std::thread::scope(|scope| {
            let connections = self.connections.iter_mut().enumerate();
            let paying = connections.map(|(offset, connection)| {
                scope.spawn(move || {
                    let mut answers = Answers::default();
                    for order in (first + offset..last).step_by(each) {
                        let began = Instant::now();
                        let status = connection.pay(order);
                        answers.latencies.push(began.elapsed());
                        *answers.statuses.entry(status).or_default() += 1;
                    }
                    answers
                })
            });
            let paying: Vec<_> = paying.collect();
            let parts = paying.into_iter();
            parts.map(|one| one.join().expect("answers come")).collect()
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

    /// The latency that so many of 100 answers do not exceed.
    pub fn percentile(&mut self, percent: usize) -> Duration {
        let rank = self.latencies.len() * percent / 100;
        *self.latencies.select_nth_unstable(rank).1
    }
}

/// HTTP/1.1 on a connection that stays, with as little of its own as can be.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the API listens");
        stream.set_nodelay(true).expect("a socket takes options");
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
        self.0.read_exact(&mut body).expect("a whole answer");
        status.expect("a status")
    }
}
