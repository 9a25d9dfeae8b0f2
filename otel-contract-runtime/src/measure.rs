//! The metrics of an operation: its duration, and the number of active operations.

use crate::clock::Elapsed;
use crate::definition::{MetricDefinition, OTHER, OperationDefinition, Values};
use crate::telemetry::{Limiters, OperationInstruments};

/// Measurements of an operation, from its start to its end.
#[derive(Debug)]
pub(crate) struct Measurements {
    /// `None`: nothing is measured.
    pub(crate) instruments: Option<&'static OperationInstruments>,
    codes: DimensionCodes,
    /// Series of the metric of active operations in which the operation is counted.
    active: Option<u64>,
}

impl Measurements {
    /// Measurements of an operation that has not started.
    pub(crate) const OFF: Self = Self {
        instruments: None,
        codes: DimensionCodes {
            first: [0; 4],
            rest: Vec::new(),
        },
        active: None,
    };

    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.instruments.is_some()
    }

    /// Sets a dimension to the value with this code.
    #[inline]
    pub(crate) fn set(&mut self, dimension: usize, code: u64) {
        self.codes.set(dimension, code);
    }

    /// Whether a dimension has a value.
    #[cfg(feature = "edge-client")]
    pub(crate) fn has(&self, dimension: usize) -> bool {
        self.codes.get(dimension).is_some()
    }

    /// Counts the operation as active, in the series of the dimensions that are set so far.
    #[inline]
    pub(crate) fn begin(&mut self, definition: &OperationDefinition, limiters: &Limiters) {
        let series = self
            .instruments
            .and_then(|instruments| instruments.active.as_ref());
        if let (Some(series), Some(active)) = (series, &definition.active) {
            let number = self.series_number(active);
            series.record(number, 1, limiters);
            self.active = Some(number);
        }
    }

    /// Records the duration, and no longer counts the operation as active. `class`: the error class; `None`: the
    /// operation succeeded.
    #[inline]
    pub(crate) fn end(
        &self,
        definition: &OperationDefinition,
        limiters: &Limiters,
        elapsed: Elapsed,
        class: Option<&str>,
    ) {
        let Some(instruments) = self.instruments else {
            return;
        };
        if let (Some(series), Some(duration)) = (&instruments.duration, &definition.duration) {
            let outcome = class.map_or(0, |class| outcome(duration, class));
            let number = self.series_number(duration) + outcome;
            series.record(number, elapsed.as_secs_f64(), limiters);
        }
        self.decrement_active(limiters);
    }

    /// No longer counts the operation as active.
    #[inline]
    pub(crate) fn decrement_active(&self, limiters: &Limiters) {
        let series = self
            .instruments
            .and_then(|instruments| instruments.active.as_ref());
        if let (Some(series), Some(number)) = (series, self.active) {
            series.record(number, -1, limiters);
        }
    }

    /// Returns the series number without the part for `error.type`.
    #[inline]
    fn series_number(&self, metric: &MetricDefinition) -> u64 {
        let mut number = 0;
        for dimension in metric.dimensions {
            if let Some(position) = dimension.of_operation {
                number += dimension.part(self.codes.get(position));
            }
        }
        number
    }
}

/// Returns the part of the series number for an outcome other than success.
#[cold]
fn outcome(duration: &MetricDefinition, class: &str) -> u64 {
    let outcome = duration.dimensions.last();
    outcome.map_or(0, |outcome| outcome.part(code(outcome.values, class)))
}

/// Returns the code of an outcome. A class that is not among the values has the code of `_OTHER`.
fn code(values: Values, class: &str) -> Option<u64> {
    let Values::Strings(values) = values else {
        return None;
    };
    let position = |class| values.iter().position(|value| *value == class);
    Some(position(class).or_else(|| position(OTHER))? as u64)
}

/// A code per dimension, if it is set. Few metrics have more than four dimensions.
#[derive(Debug, Default)]
struct DimensionCodes {
    /// Codes plus 1; 0: not set.
    first: [u64; 4],
    rest: Vec<u64>,
}

impl DimensionCodes {
    #[inline]
    fn set(&mut self, dimension: usize, code: u64) {
        // The addition never saturates: a dimension with that many values exceeds every budget.
        let stored = code.saturating_add(1);
        if let Some(slot) = self.first.get_mut(dimension) {
            *slot = stored;
            return;
        }
        let index = dimension - self.first.len();
        if self.rest.len() <= index {
            self.rest.resize(index + 1, 0);
        }
        self.rest[index] = stored;
    }

    #[inline]
    fn get(&self, dimension: usize) -> Option<u64> {
        let stored = match self.first.get(dimension) {
            Some(stored) => *stored,
            None => *self.rest.get(dimension - self.first.len())?,
        };
        stored.checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_dimensions_is_kept() {
        let mut codes = DimensionCodes::default();
        codes.set(9, 1);
        codes.set(0, 2);
        codes.set(9, 3);
        assert_eq!(
            [codes.get(0), codes.get(4), codes.get(9), codes.get(10)],
            [Some(2), None, Some(3), None]
        );
    }
}
