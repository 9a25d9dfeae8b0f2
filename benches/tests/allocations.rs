//! What a call may allocate. Counted in a program of its own for each scene, since providers belong to the
//! process, and so does the allocator that counts; and built by itself, since tests of the workspace turn on
//! features (`tracing`, `testing`) that keep more in a context.

use std::process::Command;

/// Allocations of a call of ours: the median of windows of fifty calls. Without a provider a thread looks
/// for one every thousand calls or so, which allocates; the calls between do not.
fn allocations(scene: &str) -> f64 {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "-p", "otel-contract-benches"])
        .args(["--bin", "allocations", "--", scene])
        .output()
        .expect("cargo runs");
    let text = String::from_utf8(output.stdout).expect("it prints text");
    let ours = text.lines().find_map(|line| line.strip_prefix("ours\t"));
    let count = ours.and_then(|line| line.split('\t').next());
    let count = count.unwrap_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        panic!("no line about ours in scene {scene}:\n{text}{said}")
    });
    count.parse().expect("it prints a number")
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
    // The context with its span id.
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
