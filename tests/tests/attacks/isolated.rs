//! Attacks in processes of their own.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The attack that a process runs.
const ATTACK: &str = "OTEL_CONTRACT_TEST_ATTACK";

/// How long an attack may take. It takes well under a second, but machines may be busy.
const BOUND: Duration = Duration::from_secs(60);

/// Tests, each of which runs in a process of its own.
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

/// Runs the body in a process of its own: this one, where it was started for the attack.
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
        // Of panics that are expected; finding their names takes longer than an attack.
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
