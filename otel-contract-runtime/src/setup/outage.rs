//! The first failure of the exports of a signal, and the recovery from it, each reported once.

use super::Signal;
use super::notice::{Notice, Notices};
use super::shutdown::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Observes the exports of a signal.
#[derive(Debug)]
pub(super) struct Outage {
    signal: Signal,
    notices: Arc<Notices>,
    shutdown: Arc<Shutdown>,
    state: AtomicU8,
}

/// No export has failed.
const WORKING: u8 = 0;
/// An export has failed, and none has succeeded since.
const FAILED: u8 = 1;
/// Both were reported.
const OVER: u8 = 2;

impl Outage {
    pub(super) fn new(signal: Signal, notices: Arc<Notices>, shutdown: Arc<Shutdown>) -> Self {
        Self {
            signal,
            notices,
            shutdown,
            state: AtomicU8::new(WORKING),
        }
    }

    /// Notes a failed export. During the shutdown, the report of the guard contains the failure.
    pub(super) fn note_failure(&self, reason: &str) {
        if !self.shutdown.has_begun() && self.changes(WORKING, FAILED) {
            self.notices.report(&Notice::ExportFailed {
                signal: self.signal,
                reason: reason.to_owned(),
            });
        }
    }

    /// Notes a successful export.
    pub(super) fn note_success(&self) {
        if self.changes(FAILED, OVER) {
            self.notices.report(&Notice::ExportRecovered {
                signal: self.signal,
            });
        }
    }

    fn changes(&self, from: u8, to: u8) -> bool {
        self.state.load(Ordering::Relaxed) == from
            && self
                .state
                .compare_exchange(from, to, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn the_first_failure_and_the_first_recovery_are_reported() {
        let reported = Arc::new(Mutex::new(Vec::new()));
        let (sink, shutdown) = (reported.clone(), Arc::new(Shutdown::default()));
        let handler = move |notice: &Notice| sink.lock().expect("not poisoned").push(notice.what());
        let notices = Arc::new(Notices::new(Some(Box::new(handler))));
        let outage = || Outage::new(Signal::Traces, notices.clone(), shutdown.clone());
        let working = outage();
        working.note_success();
        for _ in 0..3 {
            working.note_failure("refused");
            working.note_failure("reset");
            working.note_success();
            working.note_success();
        }
        let all = std::mem::take(&mut *reported.lock().expect("not poisoned"));
        assert_eq!(
            all,
            [
                "an export of spans failed: refused",
                "exports of spans succeed again",
            ]
        );
        shutdown.begin(std::time::Duration::from_secs(1));
        outage().note_failure("refused");
        assert_eq!(*reported.lock().expect("not poisoned"), [""; 0]);
    }

    #[test]
    fn a_handler_may_panic() {
        let handler = |notice: &Notice| panic!("{notice}");
        let notices = Arc::new(Notices::new(Some(Box::new(handler))));
        let outage = Outage::new(Signal::Logs, notices, Arc::default());
        outage.note_failure("refused");
        outage.note_success();
    }
}
