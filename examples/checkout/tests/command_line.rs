//! Errors of the command line: each names the problem and a fix.

use std::net::TcpListener;
use std::process::{Command, Stdio};

/// Runs the example, which must exit with code 1, and returns its standard error.
fn error_of(arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_checkout"))
        .args(arguments)
        .env_remove("CHECKOUT_PROTECTION_KEY")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the example starts");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).expect("text")
}

/// Disables exports.
const DISABLED: [(&str, &str); 2] = [
    (
        "CHECKOUT_PROTECTION_KEY",
        "a key for tests alone, of 32 bytes or more",
    ),
    ("OTEL_SDK_DISABLED", "true"),
];

#[test]
fn an_error_in_the_command_line_refers_to_the_help() {
    for (arguments, message) in [
        (&["pay"][..], "there is no command `pay`"),
        (&["api"], "`--database` is missing"),
        (&["api", "--database"], "`--database` needs a value"),
        (&["gateway", "here"], "`here` is not an option"),
        (
            &["gateway", "--worker", "x"],
            "this command has no option `--worker`",
        ),
        (
            &["gateway", "--listen", "x"],
            "`--listen x` is not an address like 127.0.0.1:8080",
        ),
    ] {
        let expected = format!(
            "error: {message}\n  = help: `checkout --help` lists the commands and options\n"
        );
        assert_eq!(error_of(arguments, &[]), expected);
    }
}

#[test]
fn a_service_needs_a_protection_key_to_start() {
    let error = error_of(&["gateway"], &[]);
    let message =
        "error: `CHECKOUT_PROTECTION_KEY` must contain the protection key, but is not set\n";
    assert!(error.contains(message), "{error}");
    assert!(error.contains("  = help: "), "{error}");
}

/// A cluster may set variables for all of its programs. A service starts, and warns in its log.
#[test]
fn a_service_starts_despite_unsupported_variables_of_a_cluster() {
    let variables = [
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none,console"),
        ("OTEL_TRACES_SAMPLER", "xray"),
        ("OTEL_CONFIG_FILE", "/etc/otel.yaml"),
        (
            "CHECKOUT_PROTECTION_KEY",
            "a key for tests alone, of 32 bytes or more",
        ),
    ];
    let output = Command::new(env!("CARGO_BIN_EXE_checkout"))
        .args(["gateway", "--stop-at-end-of-input"])
        .envs(variables)
        .stdin(Stdio::null())
        .output()
        .expect("the example starts");
    let log = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{log}");
    let line = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON");
    let lines: Vec<_> = log.lines().map(line).collect();
    for (variable, message) in [
        (
            "OTEL_LOGS_EXPORTER",
            "`OTEL_LOGS_EXPORTER` lists the unsupported exporter `console`; nothing is exported",
        ),
        (
            "OTEL_TRACES_SAMPLER",
            "`OTEL_TRACES_SAMPLER` has the invalid value `xray`; it is ignored, as if it were not set",
        ),
        (
            "OTEL_CONFIG_FILE",
            "`OTEL_CONFIG_FILE` has no effect; it is ignored",
        ),
    ] {
        let warnings = lines.iter().filter(|line| {
            line["level"] == "WARN" && line["variable"] == variable && line["message"] == message
        });
        assert_eq!(warnings.count(), 1, "{variable}: {log}");
    }
}

#[test]
fn an_error_names_the_resource_that_cannot_be_used() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let message = error_of(&["gateway", "--listen", &address], &DISABLED);
    let expected = format!("error: payment-gateway cannot listen on {address}: ");
    assert!(message.starts_with(&expected), "{message}");

    let folder = env!("CARGO_TARGET_TMPDIR");
    let message = error_of(&["worker", "--database", folder], &DISABLED);
    let expected = format!("error: database `{folder}`: ");
    assert!(message.starts_with(&expected), "{message}");

    let message = error_of(&["--otlp", "somewhere"], &[]);
    assert!(
        message.contains("`OTEL_EXPORTER_OTLP_ENDPOINT` is not a URL"),
        "{message}"
    );
    assert!(
        message.ends_with("error: `checkout gateway` did not start\n"),
        "{message}"
    );
}
