//! Warnings of a set-up about variables that it did not use as written. Each case runs in a separate process.

use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use test_vocabulary::billing::{self, setup};

/// Variable that marks the child process of a case.
const CASE: &str = "TEST_WARNINGS_CASE";

/// Variables with secrets, and variables that cannot be used.
const VARIABLES: [(&str, &str); 9] = [
    ("OTEL_SDK_DISABLED", "1"),
    ("OTEL_TRACES_EXPORTER", "none,console"),
    ("OTEL_METRICS_EXPORTER", "none"),
    ("OTEL_LOGS_EXPORTER", "none"),
    ("OTEL_TRACES_SAMPLER", "xray"),
    ("OTEL_PROPAGATORS", "xray,tracecontext,baggage"),
    ("OTEL_EXPORTER_OTLP_HEADRES", "authorization=hunter2"),
    ("OTEL_RESOURCE_ATTRIBUTES", "token=hunter2,%zz=hunter2"),
    ("OTEL_CONFIG_FILE", "/etc/otel.yaml"),
];

fn set_up() -> setup::Setup {
    billing::telemetry(billing::Resource {
        service_name: "billing-api".into(),
        service_version: "3.1.4".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    })
}

/// Runs a test of this binary in a process with only these variables. A process that hangs is killed after a minute.
fn child(test: &str, variables: &[(&str, &str)], stderr: Stdio) -> Output {
    let binary = std::env::current_exe().expect("a path of this binary");
    let process = Command::new(binary)
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env_clear()
        .env(CASE, "1")
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .expect("the process runs");
    let id = process.id().to_string();
    let (done, ends) = mpsc::channel();
    std::thread::spawn(move || done.send(process.wait_with_output()));
    let output = ends.recv_timeout(Duration::from_secs(60));
    if output.is_err() {
        let _ = Command::new("kill").args(["-9", &id]).status();
    }
    let output = output.expect("the process ends within a minute");
    output.expect("the process ends")
}

fn is_child() -> bool {
    std::env::var_os(CASE).is_some()
}

#[test]
fn every_warning_is_written_once_without_secrets() {
    if is_child() {
        let guard = set_up().install().expect("warnings are no errors");
        assert_eq!(guard.warnings().iter().count(), 7, "{}", guard.warnings());
        let names: Vec<&str> = guard
            .warnings()
            .iter()
            .map(setup::SetupWarning::variable)
            .collect();
        assert!(names.contains(&"OTEL_CONFIG_FILE"), "{names:?}");
        assert!(!format!("{guard:?} {:?}", guard.warnings()).contains("hunter2"));
        assert!(guard.shutdown().is_all_delivered());
        return;
    }
    let test = "every_warning_is_written_once_without_secrets";
    let output = child(test, &VARIABLES, Stdio::piped());
    let written = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{written}");
    assert!(
        written.contains(
            "otel-contract: the values of some environment variables were ignored or changed\n\nwarning: "
        ),
        "{written}"
    );
    for (warning, instead) in [
        (
            "`OTEL_SDK_DISABLED` has the invalid value `1`",
            "it is read as `false`",
        ),
        (
            "`OTEL_TRACES_EXPORTER` lists the unsupported exporter `console`",
            "nothing is exported",
        ),
        (
            "`OTEL_TRACES_SAMPLER` has the invalid value `xray`",
            "it is ignored, as if it were not set",
        ),
        (
            "`OTEL_RESOURCE_ATTRIBUTES` has an invalid item at position 2: it is not percent-encoded UTF-8",
            "the whole variable is ignored",
        ),
        (
            "`OTEL_EXPORTER_OTLP_HEADRES` is not an OpenTelemetry variable",
            "it is ignored",
        ),
        ("`OTEL_CONFIG_FILE` has no effect", "it is ignored"),
    ] {
        let line = format!("warning: {warning}\n  = note: {instead}\n  = help: ");
        assert_eq!(written.matches(&line).count(), 1, "{line}\nin {written}");
    }
    assert!(
        written.contains("warning: `OTEL_PROPAGATORS` lists the unsupported propagator `xray`\n"),
        "{written}"
    );
    assert!(!written.contains("hunter2"), "{written}");
}

#[test]
fn a_strict_set_up_reports_invalid_values_and_misspelt_names_as_errors() {
    if is_child() {
        let errors = set_up().strict().install().expect_err("there are errors");
        assert_eq!(
            (errors.iter().count(), errors.warnings().iter().count()),
            (6, 1)
        );
        eprintln!("{errors}");
        return;
    }
    let test = "a_strict_set_up_reports_invalid_values_and_misspelt_names_as_errors";
    let output = child(test, &VARIABLES, Stdio::piped());
    let written = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{written}");
    for error in [
        "error: `OTEL_SDK_DISABLED` has the invalid value `1`\n",
        "error: `OTEL_TRACES_SAMPLER` has the invalid value `xray`\n",
        "error: `OTEL_PROPAGATORS` lists the unsupported propagator `xray`\n",
        "warning: `OTEL_CONFIG_FILE` has no effect\n",
    ] {
        assert_eq!(written.matches(error).count(), 1, "{error}\nin {written}");
    }
    assert!(!written.contains("hunter2"), "{written}");
}

#[test]
fn a_disabled_sdk_checks_only_propagators() {
    if is_child() {
        let guard = set_up().install().expect("a disabled set-up");
        let names: Vec<&str> = guard
            .warnings()
            .iter()
            .map(setup::SetupWarning::variable)
            .collect();
        assert_eq!(names, ["OTEL_PROPAGATORS"]);
        return;
    }
    let mut variables = VARIABLES;
    variables[0].1 = "TRUE";
    let test = "a_disabled_sdk_checks_only_propagators";
    let output = child(test, &variables, Stdio::piped());
    assert!(output.status.success(), "{output:?}");
}

/// A closed or full standard error does not fail the set-up.
#[test]
fn the_guard_has_the_warnings_if_standard_error_cannot_be_written() {
    if is_child() {
        let guard = set_up().install().expect("warnings are no errors");
        assert_eq!(guard.warnings().iter().count(), 7);
        println!("continued");
        return;
    }
    let test = "the_guard_has_the_warnings_if_standard_error_cannot_be_written";
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut kinds = vec![Stdio::from(writer)];
    if let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") {
        kinds.push(Stdio::from(full));
    }
    for stderr in kinds {
        let output = child(test, &VARIABLES, stderr);
        let written = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{written}");
        assert!(written.contains("continued"), "{written}");
    }
}
