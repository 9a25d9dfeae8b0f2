//! What somebody is told who starts the example wrongly: what is wrong, and what to do.

use std::net::TcpListener;
use std::process::{Command, Stdio};

/// What it says on standard error, when it ends with code 1.
fn told(arguments: &[&str], variables: &[(&str, &str)]) -> String {
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

/// Nothing is exported that would be lost.
const QUIET: [(&str, &str); 2] = [
    ("CHECKOUT_PROTECTION_KEY", "a key for tests alone"),
    ("OTEL_SDK_DISABLED", "true"),
];

#[test]
fn a_wrong_command_line_is_told_with_where_help_is() {
    for (arguments, what) in [
        (&["pay"][..], "there is no command `pay`"),
        (&["api"], "`--database` is missing"),
        (&["api", "--database"], "`--database` needs a value"),
        (&["gateway", "here"], "`here` is no option"),
        (
            &["gateway", "--worker", "x"],
            "`--worker` is not taken here",
        ),
        (
            &["gateway", "--listen", "x"],
            "`--listen x` is no address like 127.0.0.1:8080",
        ),
    ] {
        let expected = format!("error: {what}\n  = help: `checkout --help` shows what there is\n");
        assert_eq!(told(arguments, &[]), expected);
    }
}

#[test]
fn without_a_protection_key_no_service_starts() {
    let told = told(&["gateway"], &[]);
    let what = "error: `CHECKOUT_PROTECTION_KEY` must contain the protection key, but is not set\n";
    assert!(told.contains(what), "{told}");
    assert!(told.contains("  = help: "), "{told}");
}

/// They are set for whoever runs there, and each service warns in its own log.
#[test]
fn variables_of_a_cluster_keep_no_service_from_starting() {
    let variables = [
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none,console"),
        ("OTEL_TRACES_SAMPLER", "xray"),
        ("OTEL_CONFIG_FILE", "/etc/otel.yaml"),
        ("CHECKOUT_PROTECTION_KEY", "a key for tests alone"),
    ];
    let output = Command::new(env!("CARGO_BIN_EXE_checkout"))
        .args(["gateway", "--with-parent"])
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
fn what_cannot_be_used_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let message = told(&["gateway", "--listen", &address], &QUIET);
    let expected = format!("error: payment-gateway cannot listen on {address}: ");
    assert!(message.starts_with(&expected), "{message}");

    let folder = env!("CARGO_TARGET_TMPDIR");
    let message = told(&["worker", "--database", folder], &QUIET);
    let expected = format!("error: database `{folder}`: ");
    assert!(message.starts_with(&expected), "{message}");

    let message = told(&["--otlp", "somewhere"], &[]);
    assert!(
        message.contains("`OTEL_EXPORTER_OTLP_ENDPOINT` is not a URL"),
        "{message}"
    );
    assert!(
        message.ends_with("error: `checkout gateway` did not start\n"),
        "{message}"
    );
}
