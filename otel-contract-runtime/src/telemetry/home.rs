//! Where a callback of an observable metric was given.

use super::Telemetry;
#[cfg(feature = "testing")]
use super::scoped::Scoped;

/// Whose a callback is: the process's, or that of the test scope it was given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Home(#[cfg(feature = "testing")] Option<usize>);

#[cfg(feature = "testing")]
impl Home {
    /// That of the thread's context.
    pub(crate) fn current() -> Self {
        Self(Scoped::current().map(|scoped| std::ptr::from_ref(scoped.telemetry()).addr()))
    }

    /// That of the callbacks which this telemetry asks.
    pub(super) fn of(telemetry: &Telemetry) -> Self {
        let is_scope = telemetry.scope.is_some();
        Self(is_scope.then(|| std::ptr::from_ref(telemetry).addr()))
    }
}

#[cfg(not(feature = "testing"))]
impl Home {
    pub(crate) fn current() -> Self {
        Self()
    }

    pub(super) fn of(_: &Telemetry) -> Self {
        Self()
    }
}
