//! Output to closed pipes.

use crate::stage::Stage;
use std::fmt::Write as _;
use std::io::Read as _;
use std::process::Stdio;

/// Creates a contract with so many errors that the report exceeds a pipe buffer.
fn many_errors(stage: &Stage) {
    let mut text = "contract: shop\nversion: 1.0.0\nbrief: Words.\nattributes:\n".to_owned();
    for number in 0..3000 {
        let _ = writeln!(text, "  order.a{number}: {{ brief: Something. }}");
    }
    stage.write("contract.yaml", text);
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let stage = Stage::new("pipe");
    many_errors(&stage);
    for format in ["human", "json", "github", "sarif"] {
        let mut command = stage.command(&["check", "--format", format]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        let mut out = child.stdout.take().expect("a pipe");
        let mut first = [0; 16];
        out.read_exact(&mut first).expect("something is printed");
        // Like `head -c 16`.
        drop(out);
        let output = child.wait_with_output().expect("the process ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(1), ""), "{format}");
    }
}

#[test]
fn errors_beyond_the_limit_are_counted() {
    let stage = Stage::new("many");
    many_errors(&stage);
    let run = stage.run(&["check", "-A", "warnings"]);
    assert!(
        run.stdout
            .contains("1 contract checked: 6,000 errors\n5,500 of the errors are not shown\n"),
        "{}",
        &run.stdout[run.stdout.len() - 200..]
    );
    let run = stage.run(&["check", "--format", "github"]);
    assert!(
        run.stdout
            .ends_with("::error title=otel-contract::5500 more errors are not shown\n")
    );
}

#[test]
fn progress_is_only_shown_on_a_terminal() {
    let stage = Stage::with("progress", crate::stage::VALID);
    stage.write("second.yaml", crate::stage::VALID);
    assert_eq!(stage.run(&["check"]).stderr, "");
}

#[test]
fn a_closed_standard_error_is_ignored() {
    let stage = Stage::new("closed_stderr");
    let mut command = stage.command(&["explain", "nothing"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    drop(child.stderr.take());
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("the process ends").code(), Some(2));
}
