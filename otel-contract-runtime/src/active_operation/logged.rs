//! Attributes of the operation for log records. Without feature `tracing`, there are none.

use super::ActiveOperation;
use crate::definition::Admitted;
#[cfg(feature = "tracing")]
use crate::logged::{self, LoggedAttributes};
#[cfg(feature = "tracing")]
use opentelemetry::KeyValue;

#[cfg(feature = "tracing")]
impl ActiveOperation {
    /// Whether log records may show attributes of the operation.
    #[inline]
    pub(super) fn is_logged(&self) -> bool {
        logged::is_any() && self.telemetry.is_some()
    }

    /// Whether log records show the attribute with this index.
    #[inline]
    pub(super) fn logs(&self, index: usize) -> bool {
        self.is_logged() && logged::is_requested(self.definition.attributes[index].key)
    }

    /// Returns the attributes for log records, if log records may show some.
    pub(super) fn logged_attributes(&mut self) -> Option<LoggedAttributes> {
        if !self.is_logged() {
            return None;
        }
        let new = || LoggedAttributes::new(self.definition);
        Some(self.logged.get_or_insert_with(new).clone())
    }

    /// Stores the value of an attribute if log records show the attribute. A value that the sampler has seen does not
    /// change.
    #[inline]
    pub(super) fn log(&mut self, index: usize, value: impl FnOnce() -> Admitted) {
        if logged::is_any()
            && self.logs(index)
            && !self.definition.attributes[index].sampling_relevant
        {
            self.log_admitted(index, value());
        }
    }

    #[cold]
    fn log_admitted(&mut self, index: usize, value: Admitted) {
        let attribute = self
            .telemetry
            .and_then(|telemetry| telemetry.key_value(self.definition, index, value));
        if let (Some(attribute), Some(logged)) = (attribute, self.logged_attributes()) {
            logged.set(attribute);
        }
    }

    /// Stores the value of an attribute that the sampler sees, if log records show the attribute.
    pub(crate) fn log_sampling_relevant(&mut self, attribute: Option<&KeyValue>) {
        if let Some(attribute) = attribute
            && logged::is_requested(attribute.key.as_str())
            && let Some(logged) = self.logged_attributes()
        {
            logged.set(attribute.clone());
        }
    }

    /// Adds the attributes to the context of the body.
    #[inline]
    pub(super) fn begin_logging(&mut self) {
        if logged::is_any()
            && let Some(logged) = self.logged_attributes()
            && let Some(context) = self.context.take()
        {
            self.context = Some(context.with_value(logged));
        }
    }
}

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self, clippy::needless_pass_by_ref_mut)] // Same signatures as with the feature.
impl ActiveOperation {
    #[inline]
    pub(super) fn is_logged(&self) -> bool {
        false
    }

    #[inline]
    pub(super) fn logs(&self, _: usize) -> bool {
        false
    }

    #[inline]
    pub(super) fn log(&mut self, _: usize, _: impl FnOnce() -> Admitted) {}

    #[inline]
    pub(crate) fn log_sampling_relevant(&mut self, _: Option<&opentelemetry::KeyValue>) {}

    #[inline]
    pub(super) fn begin_logging(&mut self) {}
}
