//! Bytes of code that instrumentation adds to a function in a release build, annotated and by hand.
//!
//! Three programs have the same functions: annotated, instrumented by hand as in `peers/by_hand.rs`, and not instrumented.
//! Each program is built with few and with many functions. The difference excludes code that exists once, such as the SDK;
//! the program without instrumentation excludes the functions themselves.

use crate::programs::{cargo, output, root};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

const FEW: usize = 20;
const MANY: usize = 120;

#[derive(Clone, Copy)]
enum Instrumentation {
    Ours,
    ByHand,
    Plain,
}

/// Returns the bytes of code per function that `otel-contract` and hand-written instrumentation add; `None` on systems
/// whose programs are not 64-bit ELF files.
pub(crate) fn measure() -> Result<Option<[f64; 2]>, Box<dyn Error>> {
    let folder = root().canonicalize()?.join("target/code-size");
    let mut bytes_per_function = [0.0; 3];
    for (instrumentation, bytes) in [
        Instrumentation::Ours,
        Instrumentation::ByHand,
        Instrumentation::Plain,
    ]
    .into_iter()
    .zip(&mut bytes_per_function)
    {
        let mut sizes = [0.0; 2];
        for (functions, size) in [FEW, MANY].into_iter().zip(&mut sizes) {
            write(&folder, instrumentation, functions)?;
            let mut build = cargo();
            build.args(["build", "-q", "--release", "-p", "program"]);
            output(build.current_dir(&folder))?;
            let program = fs::read(folder.join("target/release/program"))?;
            let Some(text) = text(&program) else {
                return Ok(None);
            };
            *size = text;
        }
        *bytes = (sizes[1] - sizes[0]) / as_f64(MANY - FEW);
    }
    let [ours, hand, plain] = bytes_per_function;
    Ok(Some([ours - plain, hand - plain]))
}

#[allow(clippy::cast_precision_loss)] // Small numbers.
fn as_f64(number: usize) -> f64 {
    number as f64
}

fn write(folder: &Path, instrumentation: Instrumentation, functions: usize) -> io::Result<()> {
    let contract = root().canonicalize()?.join("otel-contract");
    file(
        folder.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"vocabulary\", \"program\"]\n",
    )?;
    if !folder.join("Cargo.lock").exists() {
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    }
    let dependency = format!(
        "otel-contract = {{ path = {:?} }}",
        contract.display().to_string()
    );
    file(
        folder.join("vocabulary/Cargo.toml"),
        &manifest("vocabulary", &dependency),
    )?;
    file(
        folder.join("vocabulary/src/lib.rs"),
        "otel_contract::contract!(\"bench.yaml\");\n",
    )?;
    file(folder.join("vocabulary/bench.yaml"), &vocabulary())?;
    let dependencies = format!("vocabulary = {{ path = \"../vocabulary\" }}\n{dependency}\n{OTEL}");
    file(
        folder.join("program/Cargo.toml"),
        &manifest("program", &dependencies),
    )?;
    file(
        folder.join("program/src/main.rs"),
        &program(instrumentation, functions),
    )
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
    )
}

/// Writes a file, unless its text is unchanged. A new modification time would cause a rebuild.
fn file(path: PathBuf, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text)
}

const OTEL: &str = "opentelemetry = \"0.33\"\n";

fn vocabulary() -> String {
    let mut text = String::from(CONTRACT);
    for n in 0..MANY {
        let _ = write!(
            text,
            "  work.n{n}:\n    brief: Work of kind {n}.\n    attributes: {{ order.id: required, account.tier: required, dependency: required, retry.attempt: required, queue.name: required }}\n    errors: [broken]\n    metrics: {{ dimensions: [account.tier, queue.name], active: true, buckets: [0.05, 0.1, 0.5, 1, 5] }}\n"
        );
    }
    text
}

fn program(instrumentation: Instrumentation, functions: usize) -> String {
    let mut text = String::from(HEAD);
    text.push_str(match instrumentation {
        Instrumentation::Ours => HEAD_OURS,
        Instrumentation::ByHand => HEAD_BY_HAND,
        Instrumentation::Plain => "struct Failed;\n",
    });
    for n in 0..functions {
        text.push_str(&function(instrumentation, n));
    }
    let list: Vec<String> = (0..functions).map(|n| format!("work_{n}")).collect();
    let list = list.join(", ");
    let _ = write!(
        text,
        "\nfn main() {{\n    let all: [fn(&str, &'static str, i64, &str) -> Result<usize, Failed>; {functions}] = [{list}];\n    for one in black_box(all) {{\n        let _ = black_box(one(\"ord_8Zk2aaaa\", \"free\", 2, \"mail\"));\n    }}\n}}\n"
    );
    text
}

fn function(instrumentation: Instrumentation, n: usize) -> String {
    let signature = format!(
        "fn work_{n}(order_id: &str, tier: &'static str, attempt: i64, queue: &str) -> Result<usize, Failed>"
    );
    let body = format!("work({n}, order_id, tier, attempt, queue)");
    match instrumentation {
        Instrumentation::Plain => format!("{signature} {{ {body}.map_err(|()| Failed) }}\n"),
        Instrumentation::Ours => format!(
            "#[instrumented_operation(bench::WorkN{n}, order.id = order_id, account.tier = tier_of(tier), dependency = \"payment-gateway\", retry.attempt = RetryAttempt::saturating(attempt), queue.name = bench::QueueName::capped(queue))]\n{signature} {{ {body}.map_err(|()| Failed) }}\n"
        ),
        Instrumentation::ByHand => format!(
            r#"{signature} {{
    static INSTRUMENTS: LazyLock<(Histogram<f64>, UpDownCounter<i64>)> = LazyLock::new(|| {{
        let meter = global::meter("bench");
        let duration = meter.f64_histogram("work.n{n}.duration").with_unit("s");
        let duration = duration.with_boundaries(vec![0.05, 0.1, 0.5, 1.0, 5.0]).build();
        (duration, meter.i64_up_down_counter("work.n{n}.active").build())
    }});
    let start = Instant::now();
    let (duration, active) = &*INSTRUMENTS;
    let dimensions = [
        KeyValue::new("account.tier", tier),
        KeyValue::new("queue.name", queue.to_owned()),
    ];
    active.add(1, &dimensions);
    let span = TRACER
        .span_builder("work.n{n}")
        .with_attributes([
            KeyValue::new("order.id", order_id.to_owned()),
            KeyValue::new("account.tier", tier),
            KeyValue::new("dependency", "payment-gateway"),
            KeyValue::new("retry.attempt", attempt),
            KeyValue::new("queue.name", queue.to_owned()),
        ])
        .start(&*TRACER);
    let context = Context::current_with_span(span);
    let guard = context.clone().attach();
    let result = {body}.map_err(|()| Failed);
    drop(guard);
    active.add(-1, &dimensions);
    let [tier, queue] = dimensions;
    let seconds = start.elapsed().as_secs_f64();
    if result.is_err() {{
        let class = KeyValue::new("error.type", "broken");
        context.span().set_attribute(class.clone());
        context.span().set_status(Status::error(""));
        duration.record(seconds, &[tier, queue, class]);
    }} else {{
        duration.record(seconds, &[tier, queue]);
    }}
    context.span().end();
    result
}}
"#
        ),
    }
}

/// Returns the size of section `.text` in a 64-bit ELF file.
fn text(program: &[u8]) -> Option<f64> {
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let slice = program.get(at..at + bytes)?;
        let mut value = [0; 8];
        value[..bytes].copy_from_slice(slice);
        usize::try_from(u64::from_le_bytes(value)).ok()
    };
    if program.get(..6)? != b"\x7fELF\x02\x01" {
        return None;
    }
    let (sections, size) = (number(40, 8)?, number(58, 2)?);
    let (count, names) = (number(60, 2)?, number(62, 2)?);
    let section = |n: usize| sections + n * size;
    let names = number(section(names) + 24, 8)?;
    let text = (0..count).find(|n| {
        let name = number(section(*n), 4).map(|name| names + name);
        name.and_then(|name| program.get(name..name + 6)) == Some(b".text\0".as_slice())
    })?;
    Some(as_f64(number(section(text) + 32, 8)?))
}

const HEAD: &str = "\
use std::hint::black_box;

#[inline(never)]
fn work(n: usize, order_id: &str, tier: &str, attempt: i64, queue: &str) -> Result<usize, ()> {
    black_box((n, tier, attempt, queue));
    if order_id.is_empty() { Err(()) } else { Ok(order_id.len()) }
}
";

const HEAD_OURS: &str = "\
use vocabulary::bench::{self, AccountTier, RetryAttempt, instrumented_operation};

#[derive(Debug, vocabulary::bench::ErrorClass)]
#[error_class(vocabulary::bench, broken)]
struct Failed;

#[inline(never)]
fn tier_of(tier: &str) -> AccountTier {
    if tier == \"free\" { AccountTier::Free } else { AccountTier::Pro }
}
";

const HEAD_BY_HAND: &str = "\
use opentelemetry::global::{self, BoxedTracer};
use opentelemetry::metrics::{Histogram, UpDownCounter};
use opentelemetry::trace::{Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue};
use std::sync::LazyLock;
use std::time::Instant;

struct Failed;

static TRACER: LazyLock<BoxedTracer> = LazyLock::new(|| global::tracer(\"bench\"));
";

const CONTRACT: &str = "\
contract: bench
version: 0.1.0
brief: As many operations as functions.
defaults: { privacy: internal }
attributes:
  order.id: { type: string, cardinality: unbounded, brief: Order. }
  account.tier: { values: [free, pro], brief: Tier. }
  dependency: { type: string, cardinality: unbounded, brief: What is called. }
  retry.attempt: { type: int, range: [0, 5], brief: Attempt. }
  queue.name: { type: string, cardinality: bounded, limit: 50, brief: Queue. }
errors:
  broken: It broke.
operations:
";
