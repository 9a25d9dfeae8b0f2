//! Owners of the callbacks of observable metrics.

use super::Telemetry;
#[cfg(feature = "testing")]
use super::scoped::Scoped;

/// Owner of a callback: the process, or the test scope in which the callback was registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallbackOwner(#[cfg(feature = "testing")] Option<usize>);

#[cfg(feature = "testing")]
impl CallbackOwner {
    /// Returns the owner for the thread's context.
    pub(crate) fn current() -> Self {
        Self(Scoped::current().map(|scoped| std::ptr::from_ref(scoped.telemetry()).addr()))
    }

    /// Returns the owner of the callbacks that this telemetry calls.
    pub(super) fn of(telemetry: &Telemetry) -> Self {
        let is_scope = telemetry.scope.is_some();
        Self(is_scope.then(|| std::ptr::from_ref(telemetry).addr()))
    }
}

#[cfg(not(feature = "testing"))]
impl CallbackOwner {
    pub(crate) fn current() -> Self {
        Self()
    }

    pub(super) fn of(_: &Telemetry) -> Self {
        Self()
    }
}
