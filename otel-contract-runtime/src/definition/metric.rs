//! What the runtime knows of a metric.

use super::Values;

/// A metric beside those of operations.
#[derive(Debug)]
pub struct ContractMetric {
    /// What it is.
    pub definition: MetricDefinition,
    /// How it is recorded.
    pub instrument: InstrumentKind,
    /// Type of its values.
    pub number: NumberType,
}

/// Kinds of instrument (OpenTelemetry specification, "Metrics API").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstrumentKind {
    /// Sum that only grows.
    Counter,
    /// Sum that goes up and down.
    UpDownCounter,
    /// Distribution.
    Histogram,
    /// Last value.
    Gauge,
    /// Sum that only grows, asked for.
    ObservableCounter,
    /// Sum that goes up and down, asked for.
    ObservableUpDownCounter,
    /// Last value, asked for.
    ObservableGauge,
}

/// Type of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberType {
    /// 64-bit integers.
    Int,
    /// 64-bit floating point numbers.
    Double,
}

/// One metric.
#[derive(Debug)]
pub struct MetricDefinition {
    /// Instrument name.
    pub name: &'static str,
    /// UCUM unit.
    pub unit: &'static str,
    /// What it measures.
    pub brief: &'static str,
    /// Boundaries of a histogram; `None`: those of the SDK.
    pub boundaries: Option<&'static [f64]>,
    /// Its dimensions.
    pub dimensions: &'static [Dimension],
    /// How many series it can have: the product of the sizes of its dimensions.
    pub series: u64,
}

/// One dimension of a metric.
#[derive(Debug)]
pub struct Dimension {
    /// The OpenTelemetry key.
    pub key: &'static str,
    /// The values it takes.
    pub values: Values,
    /// Its place among the attributes of the contract; `None` for `error.type`.
    pub attribute: Option<usize>,
    /// Of a metric that an operation records: which of the operation's dimensions it is.
    pub of_operation: Option<usize>,
    /// How many values it has, and one more where it may be absent.
    pub size: u64,
    /// Whether it may be absent.
    pub absent: bool,
    /// The sizes of the dimensions before it, multiplied.
    pub stride: u64,
}

impl Dimension {
    /// What this dimension adds to the number of a series, for the code of a value, or none.
    #[inline]
    pub(crate) fn part(&self, code: Option<u64>) -> u64 {
        match code {
            Some(code) => (code + u64::from(self.absent)) * self.stride,
            None => 0,
        }
    }

    /// The code in the number of a series.
    pub(crate) fn code(&self, series: u64) -> Option<u64> {
        (series / self.stride % self.size).checked_sub(u64::from(self.absent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIMENSIONS: [Dimension; 3] = [
        Dimension {
            key: "a",
            values: Values::Boolean,
            attribute: Some(0),
            of_operation: None,
            size: 2,
            absent: false,
            stride: 1,
        },
        Dimension {
            key: "b",
            values: Values::From(-1),
            attribute: Some(1),
            of_operation: None,
            size: 4,
            absent: true,
            stride: 2,
        },
        Dimension {
            key: "c",
            values: Values::Strings(&["x"]),
            attribute: None,
            of_operation: None,
            size: 2,
            absent: true,
            stride: 8,
        },
    ];

    #[test]
    fn every_combination_has_a_number_of_its_own_below_the_product() {
        let mut seen = std::collections::BTreeSet::new();
        for a in [Some(0), Some(1)] {
            for b in [None, Some(0), Some(1), Some(2)] {
                for c in [None, Some(0)] {
                    let codes = [a, b, c];
                    let parts = DIMENSIONS.iter().zip(codes);
                    let number: u64 = parts.map(|(dimension, code)| dimension.part(code)).sum();
                    let back = DIMENSIONS
                        .each_ref()
                        .map(|dimension| dimension.code(number));
                    assert_eq!(back, codes);
                    seen.insert(number);
                }
            }
        }
        assert_eq!(
            seen.into_iter().collect::<Vec<_>>(),
            (0..16).collect::<Vec<_>>()
        );
    }
}
