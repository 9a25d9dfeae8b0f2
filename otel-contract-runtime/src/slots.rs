//! Where attributes wait that may be given more than once: the last value wins, each key is
//! exported once.

use crate::attribute::{Attribute, Give};
use crate::definition::{Admitted, OperationDefinition};
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

    /// Sets the attribute with this index to a value given in some way, which is looked at only if it will
    /// be recorded.
    pub fn give<A: Attribute, How>(&self, index: usize, value: &impl Give<A, How>) {
        if let Some(slots) = &self.0
            && slots.wants(index)
            && let Some(value) = value.record()
        {
            slots.keep(index, slots.telemetry.admit(slots.definition, index, value));
        }
    }
}
