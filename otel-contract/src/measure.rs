//! What an operation measures of itself: how long it took, and how many run.

use crate::definition::{MetricDefinition, OTHER, OperationDefinition, Recorded, Values};
use crate::telemetry::{ContractTelemetry, OperationInstruments};
use std::time::Instant;

/// The measurements of one operation, from its start to its end.
#[derive(Debug)]
pub(crate) struct Measuring {
    definition: &'static OperationDefinition,
    telemetry: &'static ContractTelemetry,
    instruments: &'static OperationInstruments,
    since: Instant,
    codes: Codes,
    /// The series this one is counted in while it runs.
    active: Option<u64>,
}

impl Measuring {
    pub(crate) fn new(
        definition: &'static OperationDefinition,
        telemetry: &'static ContractTelemetry,
    ) -> Option<Self> {
        Some(Self {
            definition,
            telemetry,
            instruments: telemetry.operation(definition)?,
            since: Instant::now(),
            codes: Codes::default(),
            active: None,
        })
    }

    /// Takes the value of an attribute, if that is a dimension.
    #[inline]
    pub(crate) fn set(&mut self, index: usize, recorded: &Recorded) {
        let dimension = self.definition.attributes[index].dimension;
        if let (Some(dimension), Recorded::Code(code)) = (dimension, recorded) {
            self.codes.set(dimension, *code);
        }
    }

    /// The body is about to run: of the dimensions, those given so far count for `active`.
    pub(crate) fn begin(&mut self) {
        if let (Some(series), Some(active)) = (&self.instruments.active, &self.definition.active) {
            let number = self.known(active);
            series.record(number, 1, self.telemetry.limits());
            self.active = Some(number);
        }
    }

    /// The operation ended; `class`: how, unless it succeeded.
    pub(crate) fn end(self, class: Option<&str>) {
        let limits = self.telemetry.limits();
        if let (Some(series), Some(duration)) =
            (&self.instruments.duration, &self.definition.duration)
        {
            let seconds = self.since.elapsed().as_secs_f64();
            let outcome = duration.dimensions.last();
            let outcome = outcome.map_or(0, |one| {
                one.part(class.and_then(|class| code(one.values, class)))
            });
            series.record(self.known(duration) + outcome, seconds, limits);
        }
        if let (Some(series), Some(number)) = (&self.instruments.active, self.active) {
            series.record(number, -1, limits);
        }
    }

    /// The number of a series, as far as attributes decide it.
    fn known(&self, metric: &MetricDefinition) -> u64 {
        let attributes = metric.dimensions.iter();
        let part = |(attribute, dimension): (usize, &crate::definition::Dimension)| {
            let of_duration = self.definition.duration.as_ref();
            let dimensions = of_duration.map_or(&[][..], |one| one.dimensions);
            let position = dimensions
                .iter()
                .position(|one| one.attribute == Some(attribute));
            dimension.part(position.and_then(|position| self.codes.get(position)))
        };
        attributes
            .filter_map(|dimension| Some((dimension.attribute?, dimension)))
            .map(part)
            .sum()
    }
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
    first: [Option<u64>; 4],
    rest: Vec<Option<u64>>,
}

impl Codes {
    #[inline]
    fn set(&mut self, dimension: usize, code: u64) {
        if let Some(slot) = self.first.get_mut(dimension) {
            *slot = Some(code);
            return;
        }
        let index = dimension - self.first.len();
        if self.rest.len() <= index {
            self.rest.resize(index + 1, None);
        }
        self.rest[index] = Some(code);
    }

    #[inline]
    fn get(&self, dimension: usize) -> Option<u64> {
        match self.first.get(dimension) {
            Some(code) => *code,
            None => *self.rest.get(dimension - self.first.len())?,
        }
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
