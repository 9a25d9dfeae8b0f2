//! Measures the services under failing collectors: the latency of answers, the memory, and the time to stop.
//!
//! For each fault, two stacks of services run side by side: one with the failing collector, one with a working collector.
//! They receive blocks of requests in turn, so that other load of the machine affects both. The ratio of the 99th
//! percentiles is compared. Prints a line for each fault, and exits with code 1 if a bound was exceeded.
//!
//! ```sh
//! cargo bench -p checkout --bench faults                           # 100,000 requests for each fault
//! cargo bench -p checkout --bench faults -- --requests 20000 --protocol grpc --fault hangs
//! ```

#[path = "../tests/support/stack.rs"]
#[allow(dead_code)] // Only the tests stop single services.
mod stack;

use stack::{Answers, Collector, Fault, Load, Service, Stack};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Number of requests to one stack before the other has its turn.
const BLOCK: usize = 500;
const CONNECTIONS: usize = 4;
/// Bound of the p99 with a failing collector, divided by the p99 with a working collector.
const MAX_RATIO: f64 = 1.5;
/// Bound of the memory growth of a service in KiB.
const MAX_GROWTH: u64 = 32 * 1_024;
/// Bound of the time to stop: the bound of the set-up plus one second.
const LONGEST_STOP: Duration = Duration::from_secs(5 + 1);

fn main() -> ExitCode {
    let Some(options) = Options::parse() else {
        eprintln!(
            "usage: faults [--requests COUNT] [--protocol http/protobuf|grpc] [--fault absent|killed|unavailable|hangs|garbage]"
        );
        return ExitCode::FAILURE;
    };
    // `cargo test --benches` also runs this program, without `--bench`. Nothing is measured then.
    if !options.is_bench {
        return ExitCode::SUCCESS;
    }
    println!(
        "{} requests for each fault, and as many without a fault; resident memory of api, relay and worker in KiB",
        options.requests
    );
    let mut is_within_bounds = true;
    for protocol in &options.protocols {
        for &fault in &options.faults {
            let measured = measure(fault, protocol, options.requests);
            println!("{}", measured.line(fault, protocol));
            is_within_bounds &= measured.problems().is_empty();
        }
    }
    ExitCode::from(u8::from(!is_within_bounds))
}

struct Options {
    is_bench: bool,
    requests: usize,
    protocols: Vec<String>,
    faults: Vec<Fault>,
}

impl Options {
    fn parse() -> Option<Self> {
        let mut options = Self {
            is_bench: false,
            requests: 100_000,
            protocols: vec!["http/protobuf".to_owned(), "grpc".to_owned()],
            faults: Fault::ALL.to_vec(),
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // `cargo bench` passes this option.
                "--bench" => options.is_bench = true,
                "--requests" => options.requests = arguments.next()?.parse().ok()?,
                "--protocol" => options.protocols = vec![arguments.next()?],
                "--fault" => {
                    let name = arguments.next()?;
                    let named = |fault: &Fault| format!("{fault:?}").eq_ignore_ascii_case(&name);
                    options.faults = vec![Fault::ALL.into_iter().find(named)?];
                }
                _ => return None,
            }
        }
        Some(options)
    }
}

/// Measurements of one fault.
struct Measured {
    without: Answers,
    with: Answers,
    /// Medians without and with the fault.
    p50: [Duration; 2],
    /// 99th percentiles without and with the fault.
    p99: [Duration; 2],
    /// Resident memory of each service before and after, in KiB.
    resident: Vec<[u64; 2]>,
    longest_stop: Duration,
    /// Standard error of the services that failed.
    failures: Vec<String>,
}

fn measure(fault: Fault, protocol: &str, requests: usize) -> Measured {
    let folder = Folder::new();
    let working = Collector::working();
    let mut failing = Collector::failing(fault);
    let variables = |collector: &Collector| {
        [
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.to_owned()),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint.clone()),
            ("OTEL_METRIC_EXPORT_INTERVAL", "1000".to_owned()),
        ]
    };
    let start = |name: &str, collector: &Collector, gateway: &Service| {
        let variables = variables(collector);
        let variables = variables
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        Stack::start(&folder.0.join(name), gateway, requests, &variables)
    };
    let gateway = Service::start(&["gateway"], &[("OTEL_SDK_DISABLED", "true")]);
    let stacks = [
        start("without.sqlite", &working, &gateway),
        start("with.sqlite", &failing, &gateway),
    ];
    let mut loads = stacks
        .each_ref()
        .map(|stack| Load::new(&stack.api, CONNECTIONS));
    let mut answers = [Answers::default(), Answers::default()];
    let resident = |stack: &Stack| -> Vec<u64> {
        let services = stack.services().into_iter();
        services
            .map(|(_, service)| service.resident().unwrap_or(0))
            .collect()
    };

    let mut before = Vec::new();
    let blocks = requests.div_ceil(BLOCK);
    for block in 0..blocks {
        if block == blocks / 2 && fault == Fault::Killed {
            failing.kill();
        }
        let count = BLOCK.min(requests - block * BLOCK);
        // The order of the stacks alternates.
        for turn in [block % 2, 1 - block % 2] {
            answers[turn].add(loads[turn].pay(count));
        }
        if block == 0 {
            before = resident(&stacks[1]);
        }
    }
    let after = resident(&stacks[1]);

    let [mut without, mut with] = answers;
    let [healthy, faulty] = stacks;
    let ended = faulty.stop();
    drop(healthy.stop());
    let failed = ended.iter().filter(|(_, ended)| !ended.success);
    let failures = failed.map(|(service, ended)| format!("{service}: {}", ended.stderr));
    Measured {
        p50: [without.percentile(50), with.percentile(50)],
        p99: [without.percentile(99), with.percentile(99)],
        without,
        with,
        resident: before
            .into_iter()
            .zip(after)
            .map(|(before, after)| [before, after])
            .collect(),
        longest_stop: ended
            .iter()
            .map(|(_, ended)| ended.duration)
            .max()
            .unwrap_or_default(),
        failures: failures.collect(),
    }
}

impl Measured {
    fn ratio(&self) -> f64 {
        self.p99[1].as_secs_f64() / self.p99[0].as_secs_f64()
    }

    /// Returns the exceeded bounds.
    fn problems(&self) -> Vec<&'static str> {
        let mut problems = Vec::new();
        let mut check = |is_met: bool, problem| {
            if !is_met {
                problems.push(problem);
            }
        };
        check(
            self.with.statuses == self.without.statuses,
            "answers differ",
        );
        check(self.ratio() <= MAX_RATIO, "slower");
        let grown = self
            .resident
            .iter()
            .map(|[before, after]| after.saturating_sub(*before));
        check(grown.max().unwrap_or(0) < MAX_GROWTH, "memory");
        check(self.longest_stop <= LONGEST_STOP, "stopped late");
        check(self.failures.is_empty(), "ended with an error");
        problems
    }

    fn line(&self, fault: Fault, protocol: &str) -> String {
        let millis = |times: [Duration; 2]| times.map(|time| time.as_secs_f64() * 1e3);
        let ([without, with], [median_without, median]) = (millis(self.p99), millis(self.p50));
        let resident: Vec<String> = self
            .resident
            .iter()
            .map(|[before, after]| format!("{before} → {after}"))
            .collect();
        let problems = self.problems();
        let verdict = match problems.as_slice() {
            [] => "ok".to_owned(),
            problems => format!(
                "MISSED: {} {}",
                problems.join(", "),
                self.failures.join("\n")
            ),
        };
        format!(
            "{:<13} {protocol:<13} p99 {with:.2} ms, without {without:.2} ms: {:.2} ×   p50 {median:.2} ms, without {median_without:.2} ms   memory {}   stopped in {:.1} s   answers {:?}   {verdict}",
            format!("{fault:?}"),
            self.ratio(),
            resident.join(", "),
            self.longest_stop.as_secs_f64(),
            self.with.statuses,
        )
    }
}

/// Temporary folder of this run, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let name = format!("faults-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
