//! Progress line on the terminal, removed at the end.

use otel_contract_model::text::line;
use std::io::{self, IsTerminal, Write as _};

/// Progress line on standard error. Shown only on a terminal, and only for more than one item.
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

    /// Shows the current item: `12/340 schema/billing.yaml`.
    pub(crate) fn step(&self, done: usize, what: &str) {
        if self.shown {
            let kept: String = line(what).chars().take(60).collect();
            // Progress is optional, so write errors are ignored.
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
