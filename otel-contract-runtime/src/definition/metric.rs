//! Definitions of metrics.

use super::Values;

/// Definition of a metric that is not recorded by an operation.
#[derive(Debug)]
pub struct ContractMetric {
    /// Definition of the metric.
    pub definition: MetricDefinition,
    /// Kind of the instrument.
    pub instrument: InstrumentKind,
    /// Type of the values.
    pub number: NumberType,
}

/// Kind of an instrument (OpenTelemetry specification, "Metrics API").
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
    /// Sum that only grows, observed by callbacks.
    ObservableCounter,
    /// Sum that goes up and down, observed by callbacks.
    ObservableUpDownCounter,
    /// Last value, observed by callbacks.
    ObservableGauge,
}

/// Type of the values of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberType {
    /// 64-bit integers.
    Int,
    /// 64-bit floating point numbers.
    Double,
}

/// Definition of a metric.
#[derive(Debug)]
pub struct MetricDefinition {
    /// Instrument name.
    pub name: &'static str,
    /// UCUM unit.
    pub unit: &'static str,
    /// Measured quantity.
    pub brief: &'static str,
    /// Bucket boundaries of a histogram; `None`: the defaults of the SDK.
    pub boundaries: Option<&'static [f64]>,
    /// Dimensions of the metric.
    pub dimensions: &'static [Dimension],
    /// Maximum number of series: the product of the sizes of the dimensions.
    pub series: u64,
}

/// Definition of a dimension of a metric.
#[derive(Debug)]
pub struct Dimension {
    /// OpenTelemetry key.
    pub key: &'static str,
    /// Allowed values.
    pub values: Values,
    /// Index of the attribute in the contract; `None`: `error.type`.
    pub attribute: Option<usize>,
    /// Metric of an operation: index among the operation's dimensions.
    pub of_operation: Option<usize>,
    /// Number of values, plus one if the dimension may be absent.
    pub size: u64,
    /// Whether the dimension may be absent.
    pub absent: bool,
    /// Product of the sizes of the preceding dimensions.
    pub stride: u64,
}

impl Dimension {
    /// Returns the part of the series number for the value with this code; `None`: the dimension is absent.
    #[inline]
    pub(crate) fn part(&self, code: Option<u64>) -> u64 {
        match code {
            Some(code) => (code + u64::from(self.absent)) * self.stride,
            None => 0,
        }
    }

    /// Returns the code of this dimension's value in a series number; `None`: the dimension is absent.
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
            values: Values::Range(-1, 1),
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
    fn every_combination_has_a_distinct_number_below_the_product() {
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
