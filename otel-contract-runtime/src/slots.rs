//! Storage for attributes that may be set more than once. The last value wins, and each key is exported once.

use crate::attribute::{Attribute, AttributeInput};
use crate::definition::{Admitted, InputValue, OperationAttribute, OperationDefinition};
#[cfg(feature = "tracing")]
use crate::logged::LoggedAttributes;
use crate::telemetry::ContractTelemetry;
use std::sync::{Arc, Mutex, PoisonError};

/// Attribute values of an operation that was started as deferred.
#[derive(Debug)]
pub(crate) struct Slots {
    definition: &'static OperationDefinition,
    telemetry: &'static ContractTelemetry,
    /// Whether the span records. If not, only dimensions and attributes for log records are stored.
    recording: bool,
    /// Attributes for log records, if a log writer requests some.
    #[cfg(feature = "tracing")]
    logged: Option<LoggedAttributes>,
    /// `None` once the operation has ended.
    values: Mutex<Option<LateValues>>,
}

/// Values of the attributes that were set, each with the index of the attribute.
pub(crate) type LateValues = Vec<(usize, Admitted)>;

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
            #[cfg(feature = "tracing")]
            logged: None,
            values: Mutex::new(Some(LateValues::new())),
        }
    }

    /// Whether the attribute with this index will be recorded.
    pub(crate) fn wants(&self, index: usize) -> bool {
        let attribute = &self.definition.attributes[index];
        self.recording || attribute.dimension.is_some() || self.logs(attribute)
    }

    /// Also stores requested attributes for log records.
    #[cfg(feature = "tracing")]
    pub(crate) fn log_to(&mut self, logged: Option<LoggedAttributes>) {
        self.logged = logged;
    }

    /// Whether log records show the attribute.
    #[cfg(feature = "tracing")]
    fn logs(&self, attribute: &OperationAttribute) -> bool {
        self.logged.is_some() && crate::logged::is_requested(attribute.key)
    }

    #[cfg(not(feature = "tracing"))]
    #[allow(clippy::unused_self)] // Same signature as with the feature.
    fn logs(&self, _: &OperationAttribute) -> bool {
        false
    }

    /// Stores a value for log records. A value that the sampler has seen does not change.
    #[cfg(feature = "tracing")]
    fn log(&self, index: usize, value: &Admitted) {
        let attribute = &self.definition.attributes[index];
        if let Some(logged) = &self.logged
            && self.logs(attribute)
            && !attribute.sampling_relevant
            && let Some(attribute) = self
                .telemetry
                .key_value(self.definition, index, value.clone())
        {
            logged.set(attribute);
        }
    }

    /// Stores an admitted value, unless the operation has ended.
    pub(crate) fn store(&self, index: usize, value: Admitted) {
        if !self.store_if_active(index, value) && cfg!(debug_assertions) {
            self.report_lost(index);
        }
    }

    /// Stores an admitted value. Returns `false` if the operation has ended.
    pub(crate) fn store_if_active(&self, index: usize, value: Admitted) -> bool {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(values) = values.as_mut() else {
            return false;
        };
        #[cfg(feature = "tracing")]
        self.log(index, &value);
        match values.iter_mut().find(|(present, _)| *present == index) {
            Some((_, present)) => *present = value,
            None => values.push((index, value)),
        }
        true
    }

    /// Reports a value that was set after the end of the operation.
    #[cold]
    fn report_lost(&self, index: usize) {
        crate::lost::report(self.definition, index);
        #[cfg(feature = "testing")]
        self.telemetry.note_lost(self.definition, index);
    }

    /// Admits a value.
    #[cfg(feature = "edge-client")]
    pub(crate) fn admitted(&self, index: usize, value: InputValue<'_>) -> Admitted {
        self.telemetry.admit(self.definition, index, value)
    }

    /// Returns the operation.
    #[cfg(feature = "edge-client")]
    pub(crate) fn definition(&self) -> &'static OperationDefinition {
        self.definition
    }

    /// Whether the attribute with this index has a value.
    #[cfg(feature = "edge-client")]
    pub(crate) fn has(&self, index: usize) -> bool {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let mut present = values.iter().flatten();
        present.any(|(present, _)| *present == index)
    }

    /// Removes the value of the attribute with this index.
    #[cfg(feature = "edge-client")]
    pub(crate) fn remove(&self, index: usize) {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(values) = values.as_mut() {
            values.retain(|(present, _)| *present != index);
        }
    }

    /// Admits a value and stores it.
    fn admit(&self, index: usize, value: InputValue<'_>) {
        self.store(index, self.telemetry.admit(self.definition, index, value));
    }

    /// Takes the values that were set. Values that are set later are dropped.
    pub(crate) fn close(&self) -> Option<LateValues> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.take()
    }
}

/// Handle that sets attributes of an active operation. Setting an attribute has no effect if the operation is not
/// recorded or has ended. Debug builds report a value that is set after the end, once per operation definition, on
/// standard error; test scopes report each of them as a violation of the contract.
///
/// A handle is owned and cheap to clone, so that it can be moved into spawned tasks and callbacks.
#[derive(Clone, Debug, Default)]
pub struct Handle(Target);

// A panic while a value is being set leaves the old value or the new one, and no other state.
impl std::panic::UnwindSafe for Handle {}
impl std::panic::RefUnwindSafe for Handle {}

#[derive(Clone, Debug, Default)]
enum Target {
    /// Values are dropped.
    #[default]
    None,
    Slots(Arc<Slots>),
    Unstarted(Arc<Unstarted>),
}

impl Handle {
    pub(crate) fn new(slots: Option<Arc<Slots>>) -> Self {
        Self(slots.map_or(Target::None, Target::Slots))
    }

    pub(crate) fn unstarted(unstarted: Arc<Unstarted>) -> Self {
        Self(Target::Unstarted(unstarted))
    }

    /// Sets the attribute with this index. The value is converted only if it will be recorded.
    pub fn set_input<A: Attribute, F>(&self, index: usize, value: &impl AttributeInput<A, F>) {
        match &self.0 {
            Target::None => {}
            Target::Slots(slots) => {
                if slots.wants(index)
                    && let Some(value) = value.record()
                {
                    slots.admit(index, value);
                }
            }
            Target::Unstarted(unstarted) => {
                if let Some(value) = value.record() {
                    unstarted.set(index, value.into_owned());
                }
            }
        }
    }
}

/// Target of the handle of an operation that a future will start. It stores values until the start.
#[derive(Debug, Default)]
pub(crate) struct Unstarted(Mutex<Progress>);

#[derive(Debug)]
enum Progress {
    Values(Vec<(usize, InputValue<'static>)>),
    Started(Target),
}

impl Default for Progress {
    fn default() -> Self {
        Self::Values(Vec::new())
    }
}

impl Unstarted {
    fn set(&self, index: usize, value: InputValue<'static>) {
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *progress {
            Progress::Values(values) => values.push((index, value)),
            Progress::Started(Target::Slots(slots)) => {
                let slots = Arc::clone(slots);
                drop(progress);
                if slots.wants(index) {
                    slots.admit(index, value);
                }
            }
            Progress::Started(_) => {}
        }
    }

    /// Moves the stored values to the operation, which has started with this handle.
    pub(crate) fn start(&self, handle: Handle) {
        let started = Progress::Started(handle.0.clone());
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *progress, started);
        drop(progress);
        if let (Progress::Values(values), Target::Slots(slots)) = (before, handle.0) {
            for (index, value) in values {
                if slots.wants(index) {
                    slots.admit(index, value);
                }
            }
        }
    }
}
