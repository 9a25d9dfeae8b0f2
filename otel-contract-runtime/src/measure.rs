//! What an operation measures of itself: how long it took, and how many run.

use crate::clock::Elapsed;
use crate::definition::{MetricDefinition, OTHER, OperationDefinition, Values};
use crate::telemetry::{Limits, OperationInstruments};

/// The measurements of one operation, from its start to its end.
#[derive(Debug)]
pub(crate) struct Measurements {
    /// `None` where nothing is measured.
    pub(crate) instruments: Option<&'static OperationInstruments>,
    codes: Codes,
    /// The series this one is counted in while it runs.
    active: Option<u64>,
}

impl Measurements {
    /// Of an operation that has not started.
    pub(crate) const OFF: Self = Self {
        instruments: None,
        codes: Codes {
            first: [0; 4],
            rest: Vec::new(),
        },
        active: None,
    };

    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.instruments.is_some()
    }

    /// Takes the code of a dimension.
    #[inline]
    pub(crate) fn set(&mut self, dimension: usize, code: u64) {
        self.codes.set(dimension, code);
    }

    /// The body is about to run: of the dimensions, those given so far count for `active`.
    #[inline]
    pub(crate) fn begin(&mut self, definition: &OperationDefinition, limits: &Limits) {
        let series = self.instruments.and_then(|it| it.active.as_ref());
        if let (Some(series), Some(active)) = (series, &definition.active) {
            let number = self.series_number(active);
            series.record(number, 1, limits);
            self.active = Some(number);
        }
    }

    /// The operation ended; `class`: how, unless it succeeded.
    #[inline]
    pub(crate) fn end(
        &self,
        definition: &OperationDefinition,
        limits: &Limits,
        took: Elapsed,
        class: Option<&str>,
    ) {
        let Some(instruments) = self.instruments else {
            return;
        };
        if let (Some(series), Some(duration)) = (&instruments.duration, &definition.duration) {
            let outcome = class.map_or(0, |class| outcome(duration, class));
            let number = self.series_number(duration) + outcome;
            series.record(number, took.as_secs_f64(), limits);
        }
        self.decrement_active(limits);
    }

    /// The operation runs no longer.
    #[inline]
    pub(crate) fn decrement_active(&self, limits: &Limits) {
        let series = self.instruments.and_then(|it| it.active.as_ref());
        if let (Some(series), Some(number)) = (series, self.active) {
            series.record(number, -1, limits);
        }
    }

    /// The number of a series, as far as attributes decide it.
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

/// What an outcome other than success adds to the number of a series.
#[cold]
fn outcome(duration: &MetricDefinition, class: &str) -> u64 {
    let outcome = duration.dimensions.last();
    outcome.map_or(0, |outcome| outcome.part(code(outcome.values, class)))
}

/// The code of an outcome; one the operation does not know is `_OTHER`.
fn code(values: Values, class: &str) -> Option<u64> {
    let Values::Strings(values) = values else {
        return None;
    };
    let position = |class| values.iter().position(|value| *value == class);
    Some(position(class).or_else(|| position(OTHER))? as u64)
}

/// A code per dimension, or none; few have more than four.
#[derive(Debug, Default)]
struct Codes {
    /// One more than the code; 0: none.
    first: [u64; 4],
    rest: Vec<u64>,
}

impl Codes {
    #[inline]
    fn set(&mut self, dimension: usize, code: u64) {
        // No code is the greatest number: a dimension of so many values is over any budget.
        let code = code.saturating_add(1);
        if let Some(slot) = self.first.get_mut(dimension) {
            *slot = code;
            return;
        }
        let index = dimension - self.first.len();
        if self.rest.len() <= index {
            self.rest.resize(index + 1, 0);
        }
        self.rest[index] = code;
    }

    #[inline]
    fn get(&self, dimension: usize) -> Option<u64> {
        let code = match self.first.get(dimension) {
            Some(code) => *code,
            None => *self.rest.get(dimension - self.first.len())?,
        };
        code.checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_dimensions_is_kept() {
        let mut codes = Codes::default();
        codes.set(9, 1);
        codes.set(0, 2);
        codes.set(9, 3);
        assert_eq!(
            [codes.get(0), codes.get(4), codes.get(9), codes.get(10)],
            [Some(2), None, Some(3), None]
        );
    }
}
