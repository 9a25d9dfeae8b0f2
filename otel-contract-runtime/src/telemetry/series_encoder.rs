//! Conversion of dimension values to series numbers.

use super::limiters::Limiters;
use crate::attribute::Attribute;
use crate::capped::CappedText;
use crate::definition::MetricDefinition;

/// Encoder of dimension values as a series number.
#[derive(Clone, Copy, Debug)]
pub struct SeriesEncoder<'a> {
    pub(crate) definition: &'static MetricDefinition,
    pub(crate) limiters: &'a Limiters,
}

impl SeriesEncoder<'_> {
    /// Returns the part of the series number for a value of one dimension. `stride` and `absent` repeat the definition of
    /// the dimension as constants, so that the part of a closed dimension is computed at compile time.
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
            (Some(attribute), Some(text)) => self.limiters.code_of_capped(attribute, text),
            _ => 0,
        }
    }
}
