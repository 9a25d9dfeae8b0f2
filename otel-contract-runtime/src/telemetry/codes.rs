//! From the values of dimensions to the number of a series.

use super::limits::Limits;
use crate::attribute::Attribute;
use crate::capped::CappedText;
use crate::definition::MetricDefinition;

/// Turns values into the number of a series.
#[derive(Clone, Copy, Debug)]
pub struct Codes<'a> {
    pub(crate) definition: &'static MetricDefinition,
    pub(crate) limits: &'a Limits,
}

impl Codes<'_> {
    /// What one dimension adds to the number of the series. `stride` and `absent` are those of its
    /// definition: of a closed dimension everything is known when this is compiled.
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub fn part<A: Attribute>(
        &self,
        dimension: usize,
        stride: u64,
        absent: bool,
        value: Option<&A>,
    ) -> u64 {
        let Some(value) = value else { return 0 };
        let code = value.code();
        let code = code.unwrap_or_else(|| self.bounded(dimension, value.capped()));
        (code + u64::from(absent)) * stride
    }

    fn bounded(&self, dimension: usize, text: Option<&CappedText>) -> u64 {
        let attribute = self.definition.dimensions[dimension].attribute;
        match (attribute, text) {
            (Some(attribute), Some(text)) => self.limits.code_of_capped(attribute, text),
            _ => 0,
        }
    }
}
