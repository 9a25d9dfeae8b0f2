//! Where attributes wait that may be given more than once: the last value wins, each key is
//! exported once.

use crate::definition::{OperationDefinition, Recorded};
use crate::telemetry::ContractTelemetry;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug)]
pub(crate) struct Slots {
    definition: &'static OperationDefinition,
    telemetry: &'static ContractTelemetry,
    /// Whether the span records; where not, only dimensions are of use.
    recording: bool,
    /// One per attribute of the operation; `None` once the operation has ended.
    values: Mutex<Option<Vec<Option<Recorded>>>>,
}

impl Slots {
    pub(crate) fn new(
        definition: &'static OperationDefinition,
        telemetry: &'static ContractTelemetry,
        recording: bool,
    ) -> Self {
        let mut values = Vec::new();
        values.resize_with(definition.attributes.len(), || None);
        Self {
            definition,
            telemetry,
            recording,
            values: Mutex::new(Some(values)),
        }
    }

    pub(crate) fn wants(&self, index: usize) -> bool {
        self.recording || self.definition.attributes[index].dimension.is_some()
    }

    /// Keeps a value that was admitted.
    pub(crate) fn keep(&self, index: usize, value: Recorded) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = values.as_mut().and_then(|values| values.get_mut(index)) {
            *slot = Some(value);
        }
    }

    /// Everything that was set, once; what is set from now on is dropped.
    pub(crate) fn close(&self) -> Vec<(usize, Recorded)> {
        let values = self
            .values
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let values = values.into_iter().flatten().enumerate();
        values
            .filter_map(|(index, value)| Some((index, value?)))
            .collect()
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

    /// Whether this attribute will be recorded; where not, its value need not be built.
    #[must_use]
    pub fn wants(&self, index: usize) -> bool {
        self.0.as_ref().is_some_and(|slots| slots.wants(index))
    }

    /// Sets the attribute with this index.
    pub fn set(&self, index: usize, value: Option<Recorded>) {
        if let (Some(slots), Some(value)) = (&self.0, value) {
            slots.keep(index, slots.telemetry.admit(slots.definition, index, value));
        }
    }
}
