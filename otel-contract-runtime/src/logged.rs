//! Attributes of the current operation that log records show. They are stored only if a log writer requests some, because
//! each operation then stores them in its context: four allocations, and a lock for each attribute that is set.

use crate::definition::OperationDefinition;
use opentelemetry::{Context, KeyValue};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Whether a log writer requests attributes.
static IS_ANY: AtomicBool = AtomicBool::new(false);

/// Keys of the requested attributes.
static KEYS: RwLock<Vec<&'static str>> = RwLock::new(Vec::new());

/// Requests attributes, for operations that start from now on.
pub(crate) fn request(keys: &[&'static str]) {
    let mut requested = KEYS.write().unwrap_or_else(PoisonError::into_inner);
    requested.extend(keys);
    requested.sort_unstable();
    requested.dedup();
    IS_ANY.store(!requested.is_empty(), Ordering::Relaxed);
}

/// Whether a log writer requests attributes.
#[inline]
pub(crate) fn is_any() -> bool {
    IS_ANY.load(Ordering::Relaxed)
}

/// Whether a log writer requests the attribute with this key.
#[inline]
pub(crate) fn is_requested(key: &str) -> bool {
    is_any() && is_in_keys(key)
}

#[cold]
fn is_in_keys(key: &str) -> bool {
    let requested = KEYS.read().unwrap_or_else(PoisonError::into_inner);
    requested.contains(&key)
}

/// Requested attributes of an operation, as its span records them: protected and limited.
#[derive(Clone, Debug)]
pub(crate) struct LoggedAttributes {
    definition: &'static OperationDefinition,
    values: Arc<Mutex<Vec<KeyValue>>>,
}

impl LoggedAttributes {
    pub(crate) fn new(definition: &'static OperationDefinition) -> Self {
        Self {
            definition,
            values: Arc::default(),
        }
    }

    /// Sets an attribute; the last value wins.
    pub(crate) fn set(&self, new: KeyValue) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        match values.iter_mut().find(|present| present.key == new.key) {
            Some(present) => *present = new,
            None => values.push(new),
        }
    }

    /// Returns the attributes of the operation of this context with these keys, in the order of the keys.
    pub(crate) fn of(
        context: &Context,
        operation: &'static OperationDefinition,
        keys: &[&'static str],
    ) -> Vec<KeyValue> {
        let logged = context.get::<Self>();
        let Some(logged) = logged.filter(|logged| std::ptr::eq(logged.definition, operation))
        else {
            return Vec::new();
        };
        let values = logged.values.lock().unwrap_or_else(PoisonError::into_inner);
        let value = |key: &&str| values.iter().find(|value| value.key.as_str() == *key);
        keys.iter().filter_map(value).cloned().collect()
    }
}
