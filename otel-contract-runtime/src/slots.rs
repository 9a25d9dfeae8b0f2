//! Where attributes wait that may be given more than once: the last value wins, each key is
//! exported once.

use crate::attribute::{Attribute, AttributeInput};
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

    fn admit(&self, index: usize, value: Recorded<'_>) {
        self.keep(index, self.telemetry.admit(self.definition, index, value));
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
pub struct Handle(Target);

// A value that was being set when something panicked is set or not; nothing else can be seen of it.
impl std::panic::UnwindSafe for Handle {}
impl std::panic::RefUnwindSafe for Handle {}

#[derive(Clone, Debug, Default)]
enum Target {
    #[default]
    Nothing,
    Slots(Arc<Slots>),
    Unstarted(Arc<Unstarted>),
}

impl Handle {
    pub(crate) fn new(slots: Option<Arc<Slots>>) -> Self {
        Self(slots.map_or(Target::Nothing, Target::Slots))
    }

    pub(crate) fn unstarted(unstarted: Arc<Unstarted>) -> Self {
        Self(Target::Unstarted(unstarted))
    }

    /// Sets the attribute with this index to a value given in some way, which is looked at only if it will
    /// be recorded.
    pub fn give<A: Attribute, F>(&self, index: usize, value: &impl AttributeInput<A, F>) {
        match &self.0 {
            Target::Nothing => {}
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

/// The handle of an operation that a future will start. Values wait until then.
#[derive(Debug, Default)]
pub(crate) struct Unstarted(Mutex<Waiting>);

#[derive(Debug)]
enum Waiting {
    Values(Vec<(usize, Recorded<'static>)>),
    Started(Target),
}

impl Default for Waiting {
    fn default() -> Self {
        Self::Values(Vec::new())
    }
}

impl Unstarted {
    fn set(&self, index: usize, value: Recorded<'static>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *waiting {
            Waiting::Values(values) => values.push((index, value)),
            Waiting::Started(Target::Slots(slots)) => {
                let slots = Arc::clone(slots);
                drop(waiting);
                if slots.wants(index) {
                    slots.admit(index, value);
                }
            }
            Waiting::Started(_) => {}
        }
    }

    /// Hands what waited over to the operation that has started.
    pub(crate) fn start(&self, handle: Handle) {
        let started = Waiting::Started(handle.0.clone());
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *waiting, started);
        drop(waiting);
        if let (Waiting::Values(values), Target::Slots(slots)) = (before, handle.0) {
            for (index, value) in values {
                if slots.wants(index) {
                    slots.admit(index, value);
                }
            }
        }
    }
}
