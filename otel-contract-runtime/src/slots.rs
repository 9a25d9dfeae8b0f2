//! Where attributes wait that may be given more than once: the last value wins, each key is
//! exported once.

use crate::definition::{Admitted, OperationDefinition, Recorded};
use crate::telemetry::ContractTelemetry;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug)]
pub(crate) struct Slots {
    definition: &'static OperationDefinition,
    telemetry: &'static ContractTelemetry,
    /// Whether the span records; where not, only dimensions are of use.
    recording: bool,
    /// `None` once the operation has ended.
    values: Mutex<Option<Late>>,
}

/// A value per attribute that was given, with the index of the attribute.
pub(crate) type Late = Vec<(usize, Admitted)>;

impl Slots {
    pub(crate) fn new(
        definition: &'static OperationDefinition,
        telemetry: &'static ContractTelemetry,
        recording: bool,
    ) -> Self {
        Self {
            definition,
            telemetry,
            recording,
            values: Mutex::new(Some(Late::new())),
        }
    }

    pub(crate) fn wants(&self, index: usize) -> bool {
        self.recording || self.definition.attributes[index].dimension.is_some()
    }

    /// Keeps a value that was admitted.
    pub(crate) fn keep(&self, index: usize, value: Admitted) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(values) = values.as_mut() {
            match values.iter_mut().find(|(known, _)| *known == index) {
                Some((_, known)) => *known = value,
                None => values.push((index, value)),
            }
        }
    }

    /// Everything that was set, once; what is set from now on is dropped.
    pub(crate) fn close(&self) -> Option<Late> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.take()
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
    pub fn set(&self, index: usize, value: Option<Recorded<'_>>) {
        if let (Some(slots), Some(value)) = (&self.0, value) {
            slots.keep(index, slots.telemetry.admit(slots.definition, index, value));
        }
    }
}
