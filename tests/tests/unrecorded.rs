//! A process without telemetry reports once that its operations are not recorded, after a minute. Each case runs in a separate process,
//! with another time.

#![allow(missing_docs)]

use otel_contract::__private::report_unrecorded_after;
use std::process::Command;
use std::time::Duration;
use test_vocabulary::{billing, forms};

/// Variable that turns a test into the process of its case.
const CHILD: &str = "TEST_UNRECORDED_CHILD";

/// Runs the body in a process of its own with these variables, and returns what it writes to standard error.
fn in_own_process(test: &str, variables: &[(&str, &str)], body: fn()) -> String {
    if std::env::var_os(CHILD).is_some() {
        body();
        std::process::exit(0);
    }
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env_remove("OTEL_SDK_DISABLED")
        .envs(variables.iter().copied())
        .env(CHILD, "1")
        .output()
        .expect("the process runs");
    let written = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success(), "{written}");
    written
}

fn run_operations() {
    for _ in 0..3 {
        forms::FormRun {}.start().succeed();
        forms::FullRun {}.start().succeed();
    }
    // On a thread, too.
    let thread = std::thread::spawn(|| forms::FormRun {}.start().succeed());
    thread.join().expect("the thread does not panic");
}

#[test]
fn a_process_without_telemetry_reports_itself_once() {
    let test = "a_process_without_telemetry_reports_itself_once";
    let written = in_own_process(test, &[], || {
        report_unrecorded_after(Duration::ZERO);
        run_operations();
    });
    assert_eq!(
        written,
        "otel-contract: operation `form.run` of contract `forms` is not recorded, because no telemetry is set up\n  \
         = note: this is reported once, a minute after the first operation\n  \
         = help: set telemetry up at the start of `main`: `let _telemetry = forms::telemetry(…).install()?;`; if \
         this process must not record telemetry, set `OTEL_SDK_DISABLED=true`\n"
    );
}

#[test]
fn a_process_does_not_report_itself_before_the_time() {
    let test = "a_process_does_not_report_itself_before_the_time";
    assert_eq!(in_own_process(test, &[], run_operations), "");
}

#[test]
fn a_disabled_process_does_not_report_itself() {
    let test = "a_disabled_process_does_not_report_itself";
    let written = in_own_process(test, &[("OTEL_SDK_DISABLED", "True")], || {
        report_unrecorded_after(Duration::ZERO);
        run_operations();
    });
    assert_eq!(written, "");
}

#[test]
fn a_process_with_a_set_up_does_not_report_itself() {
    let test = "a_process_with_a_set_up_does_not_report_itself";
    let written = in_own_process(test, &[], || {
        report_unrecorded_after(Duration::ZERO);
        let resource = billing::Resource {
            service_name: "billing-api".into(),
            service_version: "1.0.0".into(),
            deployment_environment_name: billing::DeploymentEnvironmentName::Test,
        };
        // No signal is exported, and no span is sampled.
        let none =
            ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
        let sampler = [("OTEL_TRACES_SAMPLER".to_owned(), "always_off")];
        let guard = billing::telemetry(resource)
            .variables(none.into_iter().chain(sampler))
            .on_notice(|_| ())
            .install()
            .expect("a valid set-up");
        run_operations();
        drop(guard);
        run_operations();
    });
    assert_eq!(written, "");
}

#[test]
fn a_process_with_a_global_provider_does_not_report_itself() {
    let test = "a_process_with_a_global_provider_does_not_report_itself";
    let written = in_own_process(test, &[], || {
        report_unrecorded_after(Duration::ZERO);
        let meters = opentelemetry_sdk::metrics::SdkMeterProvider::builder().build();
        opentelemetry::global::set_meter_provider(meters);
        run_operations();
    });
    assert_eq!(written, "");
}

#[test]
fn a_process_with_test_scopes_does_not_report_itself() {
    let test = "a_process_with_test_scopes_does_not_report_itself";
    let written = in_own_process(test, &[], || {
        report_unrecorded_after(Duration::ZERO);
        let scope = otel_contract::testing::scope();
        scope.run(run_operations);
        run_operations();
    });
    assert_eq!(written, "");
}
