//! Where attributes wait that may be given more than once: the last value wins, each key is
//! exported once.

use crate::operation::OperationDefinition;
use opentelemetry::{KeyValue, Value};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug)]
pub(crate) struct Slots {
    definition: &'static OperationDefinition,
    /// One per attribute of the operation; `None` once the operation has ended.
    values: Mutex<Option<Vec<Option<Value>>>>,
}

impl Slots {
    pub(crate) fn new(definition: &'static OperationDefinition) -> Self {
        let mut values = Vec::new();
        values.resize_with(definition.keys.len(), || None);
        Self {
            definition,
            values: Mutex::new(Some(values)),
        }
    }

    fn set(&self, index: usize, value: Value) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = values.as_mut().and_then(|values| values.get_mut(index)) {
            *slot = Some(value);
        }
    }

    /// Everything that was set, once; what is set from now on is dropped.
    pub(crate) fn close(&self) -> impl Iterator<Item = KeyValue> + use<> {
        let values = self
            .values
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let keys = self.definition.keys;
        values
            .into_iter()
            .flatten()
            .enumerate()
            .filter_map(|(index, value)| Some(KeyValue::new(keys[index], value?)))
    }
}

/// Sets attributes of a running operation; nothing happens where it is not recorded or has ended.
///
/// Owned and cheap to clone, so that it can go into spawned tasks and callbacks.
#[derive(Clone, Debug, Default)]
pub struct Handle(Option<Arc<Slots>>);

impl Handle {
    pub(crate) fn new(slots: Option<Arc<Slots>>) -> Self {
        Self(slots)
    }

    /// Whether anything will be recorded; where not, values need not be built.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.0.is_some()
    }

    /// Sets the attribute with this index.
    pub fn set(&self, index: usize, value: Option<Value>) {
        if let (Some(slots), Some(value)) = (&self.0, value) {
            slots.set(index, value);
        }
    }
}
