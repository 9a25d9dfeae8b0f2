//! Coverage of a test run: the files that test processes write, and the entries that tests have to meet.
//!
//! The tests of module `met` record telemetry. Other tests run them again in processes with `OTEL_CONTRACT_COVERAGE`. The
//! tests of the command line read `covered.yaml`, `required.txt` and `expected.otel-coverage`, too.

#![allow(missing_docs)]

use otel_contract::testing::Coverage;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

otel_contract::contract!("tests/coverage_files/covered.yaml");

const VARIABLE: &str = "OTEL_CONTRACT_COVERAGE";

/// Set in the processes that the tests start.
const CHILD: &str = "COVERAGE_FILES_CHILD";

/// Tests that record telemetry. None of them asserts that its telemetry is in a file.
mod met {
    use super::covered::metrics::{self, Orders, Stock};
    use super::covered::{
        self, AnswerCode, ErrorType, HttpRequestMethod, NetworkTransport, OrderChannel, OrderId,
        OrderPath, OrderUrgent,
    };
    use opentelemetry::InstrumentationScope;
    use opentelemetry::logs::AnyValue;
    use otel_contract::testing::{self, Recording, Span};
    use std::panic::catch_unwind;
    use test_vocabulary::forms;

    fn place(order: &str) -> covered::OrderPlaceBuilder {
        let order_id = OrderId::from(order);
        covered::OrderPlaceBuilder::from(covered::OrderPlace { order_id })
    }

    fn find() -> covered::OrderFindBuilder {
        covered::OrderFindBuilder::from(covered::OrderFind {})
    }

    #[test]
    fn operations_without_an_assertion() {
        let scope = testing::scope();
        scope.run(|| {
            let web = place("ord_clear").order_channel(OrderChannel::Web);
            let web = web.http_request_method(HttpRequestMethod::Get).start();
            web.fail(ErrorType::OutOfStock);
            // `_OTHER` and values that the contract does not list are in no file.
            let other = place("ord_clear").order_channel(OrderChannel::Other);
            other.start().succeed();
            find().user_email("ada@example.org").start().succeed();
            forms::PlainRun {}.start().succeed();
        });
    }

    #[test]
    fn metrics_and_events_without_an_assertion() {
        let scope = testing::scope();
        let _stock = scope.run(|| {
            let answer_code = AnswerCode::V404;
            metrics::orders().add(1, Orders { answer_code });
            let order_id = OrderId::from("ord_clear");
            covered::OrderLost { order_id }.emit();
            metrics::stock().observe(|stock| {
                let order_urgent = OrderUrgent::from(true);
                stock.observe(3, Stock { order_urgent });
            })
        });
        // Dropped before the callback.
        drop(scope);
    }

    #[test]
    fn a_scope_that_is_never_dropped() {
        let scope = testing::scope();
        scope.run(|| {
            find()
                .network_transport(NetworkTransport::Tcp)
                .start()
                .succeed();
        });
        std::mem::forget(scope);
    }

    #[test]
    fn a_test_that_panics() {
        let panic = catch_unwind(|| {
            let scope = testing::scope();
            scope.run(|| {
                find().start().fail(ErrorType::Refused);
                metrics::orders().add(
                    1,
                    Orders {
                        answer_code: AnswerCode::V404,
                    },
                );
                panic!("on purpose");
            });
        });
        assert!(panic.is_err());
    }

    #[test]
    fn an_assertion_on_telemetry_of_another_process() {
        let scope = InstrumentationScope::builder("covered");
        let channel = ("order.channel".into(), AnyValue::from("app"));
        let mut recording = Recording::default();
        recording.spans.push(Span {
            scope: scope.with_version("0.4.0").build(),
            name: "order.find".to_owned(),
            attributes: vec![channel],
            ..Span::default()
        });
        let find = recording.operation::<covered::OrderFind>().once();
        find.with(OrderChannel::App);
    }

    /// Telemetry of the same name, but of another version of the contract.
    #[test]
    fn an_assertion_on_another_version_of_the_contract() {
        let scope = InstrumentationScope::builder("covered");
        let transport = ("network.transport".into(), AnyValue::from("unix"));
        let mut recording = Recording::default();
        recording.spans.push(Span {
            scope: scope.with_version("0.3.0").build(),
            name: "order.find".to_owned(),
            attributes: vec![transport],
            ..Span::default()
        });
        let find = recording.operation::<covered::OrderFind>().once();
        find.with(NetworkTransport::Unix);
    }

    #[test]
    fn a_process_that_exits_at_once() {
        let scope = testing::scope();
        scope.run(|| find().order_path(OrderPath::Local).start().succeed());
        if std::env::var_os(super::CHILD).is_some() {
            std::process::exit(0);
        }
    }
}

/// The test that ends its process.
const EXITS: &str = "met::a_process_that_exits_at_once";

/// Returns a new folder, which does not exist yet.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("coverage_files")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// Runs tests of this program in a process of their own.
fn command(folder: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(arguments)
        .env(VARIABLE, folder)
        .env(CHILD, "1");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn succeeded(output: &Output) {
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}");
}

/// Returns the text of each file in a folder.
fn texts(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("the folder is created");
    let paths = files.map(|file| file.expect("a file").path());
    let coverage = paths.map(|path| {
        let extension = path.extension();
        assert_eq!(
            extension,
            Some("otel-coverage".as_ref()),
            "{}",
            path.display()
        );
        fs::read_to_string(path).expect("text")
    });
    coverage.collect()
}

fn expected() -> &'static str {
    include_str!("expected.otel-coverage")
}

#[test]
fn tests_on_sixteen_threads_write_one_file() {
    let folder = folder("threads");
    for _ in 0..4 {
        let _ = fs::remove_dir_all(&folder);
        let arguments = ["met::", "--skip", EXITS, "--test-threads", "16"];
        succeeded(&command(&folder, &arguments).output().expect("it runs"));
        let [text] = &texts(&folder)[..] else {
            panic!("one file")
        };
        let path_of_the_skipped_test = "value order.path = C:\\\\orders\n";
        assert_eq!(*text, expected().replace(path_of_the_skipped_test, ""));
    }
}

#[test]
fn each_of_several_processes_writes_a_file_of_its_own() {
    let folder = folder("processes");
    let list = command("", &["met::", "--list"]).output().expect("a list");
    let list = String::from_utf8(list.stdout).expect("text");
    let names: Vec<&str> = list
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .collect();
    assert_eq!(names.len(), 7, "{list}");
    let running: Vec<_> = names
        .iter()
        .map(|name| {
            command(&folder, &["--exact", name])
                .spawn()
                .expect("it runs")
        })
        .collect();
    for process in running {
        succeeded(&process.wait_with_output().expect("it ends"));
    }
    let texts = texts(&folder);
    // The test of another version has no test scope, and it meets no entry.
    assert_eq!(texts.len(), names.len() - 1, "{texts:#?}");
    let mut met = BTreeSet::new();
    for text in &texts {
        assert!(text.starts_with("otel-contract coverage 1\n") && text.ends_with("end\n"));
        met.extend(text.lines());
    }
    assert_eq!(met, expected().lines().collect());
}

#[test]
fn a_file_contains_only_names_and_values_of_the_contract() {
    let folder = folder("private");
    let arguments = ["--exact", "met::operations_without_an_assertion"];
    succeeded(&command(&folder, &arguments).output().expect("it runs"));
    let text = texts(&folder).concat();
    assert!(text.contains("value order.channel = web\n"), "{text}");
    for other in ["ord_clear", "ada@", "redacted", "_OTHER"] {
        assert!(!text.contains(other), "{text}");
    }
}

#[test]
fn an_unusable_folder_fails_the_tests_with_advice() {
    let failure = |folder: &OsStr| {
        let arguments = ["--exact", "met::operations_without_an_assertion"];
        let output = command(folder, &arguments).output().expect("it runs");
        assert!(!output.status.success());
        String::from_utf8(output.stdout).expect("text")
    };
    let relative = failure("target/coverage".as_ref());
    assert!(
        relative.contains(
            "`OTEL_CONTRACT_COVERAGE` is the relative path `target/coverage`\n  \
             = help: `OTEL_CONTRACT_COVERAGE=\"$PWD/target/coverage\"`: cargo runs"
        ),
        "{relative}"
    );
    let file = folder("unusable");
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(&file, "").expect("a file");
    let blocked = failure(file.as_os_str());
    let message = format!("coverage cannot be written to `{}`: ", file.display());
    assert!(blocked.contains(&message), "{blocked}");
    assert!(blocked.contains("it is created if it does not exist"));
    assert!(blocked.contains("coverage_files/main.rs"), "{blocked}");
    fs::remove_file(&file).expect("the file");
}

#[test]
fn an_empty_variable_writes_no_file() {
    let folder = folder("empty");
    fs::create_dir_all(&folder).expect("a folder");
    let mut command = command("", &["--exact", "met::operations_without_an_assertion"]);
    let output = command.current_dir(&folder).output().expect("it runs");
    succeeded(&output);
    assert_eq!(texts(&folder), [""; 0]);
}

/// The command line requires the same entries: its tests read the same list.
#[test]
fn required_entries_exclude_what_no_test_can_meet() {
    let required: Vec<&str> = include_str!("required.txt").lines().collect();
    assert_eq!(Coverage::of(&covered::CONTRACT).entries(), required);
    let left_out = Coverage::of(&covered::CONTRACT).exclude("error refused");
    assert_eq!(left_out.entries().len(), required.len() - 1);
}

/// An error class that only a metric or an event can record is met there.
#[test]
fn an_error_class_without_a_failing_operation_is_met_on_a_metric() {
    use covered::metrics::{Orders, orders};
    let scope = otel_contract::testing::scope();
    scope.run(|| {
        let answer_code = covered::AnswerCode::V200;
        orders().add(
            1,
            Orders { answer_code }.error_type(covered::ErrorType::Refused),
        );
    });
    let mut coverage = Coverage::of(&covered::CONTRACT);
    for entry in coverage.entries() {
        if !["error refused", "metric orders", "value answer.code = 200"].contains(&&*entry) {
            coverage = coverage.exclude(entry);
        }
    }
    scope.assert_coverage(coverage);
}
