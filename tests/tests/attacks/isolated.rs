//! Runs each attack in a separate process.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Variable with the name of the attack that a child process runs.
const ATTACK: &str = "OTEL_CONTRACT_TEST_ATTACK";

/// Time limit of an attack. An attack takes well under a second, but the machine may be busy.
const BOUND: Duration = Duration::from_secs(60);

/// Turns each function into a test that runs in a separate process.
macro_rules! attacks {
    ($($(#[$doc:meta])* fn $name:ident() $body:block)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            let path = concat!(module_path!(), "::", stringify!($name));
            crate::isolated::run(path, || $body);
        }
    )*};
}

/// Runs the body in a separate process: in this process if it was started for the attack, else in a new child process.
pub(crate) fn run(path: &str, body: impl FnOnce()) {
    let (_, name) = path
        .split_once("::")
        .expect("a path within the test binary");
    if std::env::var(ATTACK).is_ok_and(|attack| attack == name) {
        body();
        return;
    }
    let binary = std::env::current_exe().expect("the path of the test binary");
    let mut child = Command::new(binary)
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(ATTACK, name)
        // Expected panics need no backtrace: resolving its names takes longer than an attack.
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("the test binary runs again");
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("the state of a child process") {
            break status;
        }
        if began.elapsed() > BOUND {
            child.kill().expect("the child process ends");
            let _ = child.wait();
            panic!("the attack hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "the attack fails: {status}");
}
