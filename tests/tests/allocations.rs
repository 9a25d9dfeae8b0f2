//! Bounds for the allocations of a call. A separate process counts each scene, because providers and the counting allocator
//! are global. The program is built separately, because the tests of the workspace enable features (`tracing`, `testing`)
//! that store more in a context.

use std::process::Command;

/// Returns the allocations of an operation: the median over windows of fifty calls. Without a provider, a thread looks for
/// one about every thousand calls, which allocates; the median excludes these calls.
fn allocations(scene: &str) -> f64 {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "-p", "otel-contract-benches"])
        // Without the command line, as `benches/instructions.sh` has built the dependencies.
        .args(["--no-default-features", "--features", "tsc"])
        .args(["--bin", "allocations", "--", scene])
        .output()
        .expect("cargo runs");
    let text = String::from_utf8(output.stdout).expect("the program prints UTF-8");
    let ours = text.lines().find_map(|line| line.strip_prefix("ours\t"));
    let count = ours.and_then(|line| line.split('\t').next());
    let count = count.unwrap_or_else(|| {
        let errors = String::from_utf8_lossy(&output.stderr);
        panic!("no line for `ours` in scene {scene}:\n{text}{errors}")
    });
    count.parse().expect("the program prints a number")
}

fn at_most(most: f64, scene: &str) {
    let counted = allocations(scene);
    assert!(
        counted <= most,
        "{scene}: {counted} allocations a call, at most {most}"
    );
}

#[test]
fn a_sampled_operation_allocates_four_times() {
    at_most(4.0, "sampled");
}

#[test]
fn an_operation_under_an_unsampled_parent_allocates_once() {
    // The allocation is the context with the span id of the operation.
    at_most(1.0, "unsampled-parent");
}

#[test]
fn an_operation_that_begins_an_unsampled_trace_allocates_once() {
    at_most(1.0, "unsampled");
}

#[test]
fn without_a_provider_an_operation_allocates_nothing() {
    at_most(0.0, "none");
}
