//! How far long work is: one line on a terminal that is gone at the end.

use otel_contract_model::text::line;
use std::io::{self, IsTerminal, Write as _};

/// A line on the standard error, if that is a terminal and there is more than one thing to do.
pub(crate) struct Progress {
    total: usize,
    shown: bool,
}

impl Progress {
    pub(crate) fn new(total: usize) -> Progress {
        Progress {
            total,
            shown: total > 1 && io::stderr().is_terminal(),
        }
    }

    /// Says what is being done: `12/340 schema/billing.yaml`.
    pub(crate) fn step(&self, done: usize, what: &str) {
        if self.shown {
            let kept: String = line(what).chars().take(60).collect();
            // Whether it can be written matters to nobody.
            let _ = write!(io::stderr(), "\r\x1b[K{}/{} {kept}", done + 1, self.total);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
