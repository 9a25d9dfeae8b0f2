//! Assertions on metrics.

// Each assertion may end a chain of assertions.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::identity;
use super::recording::{Attributes, Point, Recording};
use super::report::{self, Ending, Report};
use super::sdk::attributes;
use super::series::{Amount, Series};
use crate::metric::{Dimensions, Metric, SeriesEncoder};
use crate::operation::Operation;
use crate::outcome::Failure;
use crate::telemetry::{self, Limiters};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

macro_rules! assertions {
    () => {
        /// Asserts that the selected series were not recorded.
        ///
        /// # Panics
        ///
        /// Panics if a selected series was recorded.
        #[track_caller]
        pub fn never(self) {
            self.series.assert_series(0);
        }

        /// Asserts the number of selected series. A series is one combination of dimension values.
        ///
        /// # Panics
        ///
        /// Panics on any other number.
        #[track_caller]
        pub fn series(self, expected: usize) -> Self {
            self.series.assert_series(expected);
            self
        }

        /// Asserts the number of measurements in the selected series of a histogram.
        ///
        /// # Panics
        ///
        /// Panics on any other number.
        #[track_caller]
        pub fn count(self, expected: impl Into<Amount>) -> Self {
            self.series
                .compare("a count of", expected.into().0, self.series.count());
            self
        }

        /// Asserts the sum of a counter or a histogram over the selected series.
        ///
        /// # Panics
        ///
        /// Panics on any other sum.
        #[track_caller]
        pub fn sum(self, expected: impl Into<Amount>) -> Self {
            self.series
                .compare("a sum of", expected.into().0, self.series.total());
            self
        }

        /// Returns the points of the selected series.
        pub fn points(&self) -> impl Iterator<Item = &Point> {
            self.series.points()
        }
    };
}

/// The series of a metric of the contract.
pub struct Points<M> {
    series: Series,
    metric: PhantomData<fn() -> M>,
}

impl<M: Metric> Points<M> {
    pub(super) fn of(recording: Arc<Recording>) -> Self {
        let (definition, index) = M::definition();
        let metric = definition.metrics[index].definition.name;
        let contract = M::contract();
        let location = contract.metric(metric).map(|metric| metric.location);
        let location = location.unwrap_or(contract.location);
        Self {
            series: Series::of(recording, contract, location, metric.to_owned()),
            metric: PhantomData,
        }
    }

    /// Selects the series with these dimensions: one dimension, such as `billing::AccountTier::Pro`, or a tuple of
    /// dimensions. Other dimensions are allowed.
    #[must_use = "this only filters: assert what was measured"]
    pub fn having(mut self, expected: impl Expected<M>) -> Self {
        self.series.having(&pairs(expected));
        self
    }

    /// Selects the series with exactly these dimensions.
    #[must_use = "this only filters: assert what was measured"]
    pub fn of_dimensions(mut self, dimensions: impl Dimensions<M>) -> Self {
        let (contract, index) = M::definition();
        let definition = &contract.metrics[index].definition;
        // Uses separate limiters, so that the expected values do not count towards the bounds of the scope under test.
        let limiters = &Limiters::new(contract);
        let number = dimensions.series(&SeriesEncoder {
            definition,
            limiters,
        });
        let expected = attributes(telemetry::attributes(definition, number, limiters).iter());
        let contract = self.series.contract;
        let pairs = expected.iter().map(|(key, value)| (key.as_str(), value));
        let filter = match report::inline(contract, pairs) {
            pairs if pairs.is_empty() => "no dimensions".to_owned(),
            pairs => format!("exactly {pairs}"),
        };
        self.series.retain(&filter, |got| is_same(got, &expected));
        self
    }

    /// Asserts the value of a gauge. At most one series may be selected; without a series, the value counts as zero.
    ///
    /// # Panics
    ///
    /// Panics on any other value, or if several series are selected.
    #[track_caller]
    pub fn value(self, expected: impl Into<Amount>) -> Self {
        if self.series.found.len() > 1 {
            self.series
                .fail("expected one series; select it with `having` or `of_dimensions`");
        }
        self.series
            .compare("a value of", expected.into().0, self.series.total());
        self
    }

    assertions!();
}

fn is_same(got: &Attributes, expected: &Attributes) -> bool {
    got.len() == expected.len() && expected.iter().all(|pair| got.contains(pair))
}

/// The series of `<operation>.duration` or `<operation>.active`.
pub struct OperationPoints<O> {
    series: Series,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> OperationPoints<O> {
    pub(super) fn of(recording: Arc<Recording>, suffix: &str) -> Self {
        let metric = format!("{}.{suffix}", identity::name::<O>());
        let location = identity::location::<O>();
        Self {
            series: Series::of(recording, O::contract(), location, metric),
            operation: PhantomData,
        }
    }

    /// Selects the series with these dimensions. Other dimensions are allowed.
    ///
    /// # Panics
    ///
    /// Panics if an attribute of the operation is not a dimension of the metric: no series could have it.
    #[track_caller]
    #[must_use = "this only filters: assert what was measured"]
    pub fn having(mut self, expected: impl Expected<O>) -> Self {
        let expected = pairs(expected);
        for (key, _) in &expected {
            self.assert_dimension(key);
        }
        self.series.having(&expected);
        self
    }

    /// Asserts that the metric has this dimension. A metric that the operation does not record has no dimensions, and the
    /// assertion on its series fails.
    #[track_caller]
    fn assert_dimension(&self, key: &str) {
        let Series {
            contract, metric, ..
        } = &self.series;
        let operation = contract.operation(identity::name::<O>());
        let mut metrics = operation.iter().flat_map(|operation| operation.metrics);
        let Some(recorded) = metrics.find(|recorded| recorded.name == *metric) else {
            return;
        };
        let keys: Vec<&str> = recorded.dimensions.iter().map(|it| it.key).collect();
        if keys.contains(&key) {
            return;
        }
        let help = match keys.as_slice() {
            [] => format!("`{metric}` has no dimensions: remove `having`"),
            keys => format!("its dimensions are {}", report::listed(keys)),
        };
        Report::new(format!("`{key}` is not a dimension of metric `{metric}`"))
            .help(help)
            .contract(contract, self.series.location)
            .fail()
    }

    /// Selects the series of successful operations. Only `<operation>.duration` has outcomes: all series of
    /// `<operation>.active` count as successful.
    #[must_use = "this only filters: assert what was measured"]
    pub fn succeeded(self) -> Self {
        self.ended(&Ending::Succeeded)
    }

    /// Selects the series of operations that failed with this error class of the contract.
    #[must_use = "this only filters: assert what was measured"]
    pub fn failed(self, class: O::ErrorType) -> Self {
        let class = Into::<Failure>::into(class).class();
        self.ended(&Ending::Failed(class.to_owned()))
    }

    /// Selects the series of operations that panicked.
    #[must_use = "this only filters: assert what was measured"]
    pub fn panicked(self) -> Self {
        self.ended(&Ending::Panicked)
    }

    /// Selects the series of cancelled operations.
    #[must_use = "this only filters: assert what was measured"]
    pub fn cancelled(self) -> Self {
        self.ended(&Ending::Cancelled)
    }

    fn ended(mut self, expected: &Ending) -> Self {
        let filter = match expected {
            Ending::Succeeded => "success".to_owned(),
            Ending::Failed(class) => format!("error.type = \"{class}\""),
            Ending::FailedWithoutClass => "a failure without `error.type`".to_owned(),
            Ending::Panicked => "error.type = \"panic\"".to_owned(),
            Ending::Cancelled => "error.type = \"cancelled\"".to_owned(),
        };
        self.series
            .retain(&filter, |got| Ending::of_point(got) == *expected);
        self
    }

    assertions!();
}

impl<M: Metric> fmt::Debug for Points<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points: Vec<&Point> = self.series.points().collect();
        f.debug_tuple("Points").field(&points).finish()
    }
}

impl<O: Operation> fmt::Debug for OperationPoints<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points: Vec<&Point> = self.series.points().collect();
        f.debug_tuple("OperationPoints").field(&points).finish()
    }
}
