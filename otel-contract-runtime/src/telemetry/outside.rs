//! Operations that start outside of all test scopes. A failed assertion names them: their task or thread probably lost the
//! scope.

use crate::definition::OperationDefinition;
use opentelemetry::Context;

#[cfg(feature = "testing")]
pub(super) use starts::is_watching;
#[cfg(feature = "testing")]
pub(crate) use starts::{Starts, starts, watch};

/// Counts the start of an operation that belongs to no test scope. Does nothing until the process creates a test scope.
#[inline]
pub(crate) fn note_start(parent: Option<&Context>, definition: &'static OperationDefinition) {
    #[cfg(feature = "testing")]
    starts::note(parent, definition);
    let _ = (parent, definition);
}

#[cfg(feature = "testing")]
mod starts {
    use crate::definition::OperationDefinition;
    use crate::local;
    use crate::telemetry::Scoped;
    use opentelemetry::Context;
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    /// Number of starts by contract and operation.
    pub(crate) type Starts = BTreeMap<(&'static str, &'static str), usize>;

    static WATCHING: AtomicBool = AtomicBool::new(false);
    static STARTS: Mutex<Starts> = Mutex::new(Starts::new());

    fn lock() -> MutexGuard<'static, Starts> {
        STARTS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to count, and returns the starts counted so far.
    pub(crate) fn watch() -> Starts {
        WATCHING.store(true, Ordering::SeqCst);
        starts()
    }

    /// Whether the process has created a test scope.
    pub(crate) fn is_watching() -> bool {
        WATCHING.load(Ordering::Relaxed)
    }

    /// Returns the starts counted so far.
    pub(crate) fn starts() -> Starts {
        lock().clone()
    }

    #[inline]
    pub(super) fn note(parent: Option<&Context>, definition: &'static OperationDefinition) {
        if WATCHING.load(Ordering::Relaxed) {
            count_outside(parent, definition);
        }
    }

    fn count_outside(parent: Option<&Context>, definition: &'static OperationDefinition) {
        // Checked first: the context of an ending thread must not be read.
        if local::blocks_operations() {
            return;
        }
        let is_scoped = Scoped::current().is_some()
            || parent.is_some_and(|parent| parent.get::<Scoped>().is_some());
        if is_scoped {
            return;
        }
        let key = (definition.contract.name, definition.name);
        *lock().entry(key).or_default() += 1;
    }
}
