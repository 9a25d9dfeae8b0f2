//! Assertions on metrics.

// Each assertion may end a chain of assertions.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::identity;
use super::recording::{Attributes, Point, Recording};
use super::report::{self, Ending, OtherAttributes, Report};
use super::sdk::attributes;
use crate::description::{Contract, Location};
use crate::metric::{Dimensions, Metric, SeriesEncoder};
use crate::operation::Operation;
use crate::outcome::Failure;
use crate::telemetry::{self, Limiters};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// An expected number: an integer or a floating point number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount(f64);

macro_rules! amounts {
    ($($number:ty),*) => {$(
        impl From<$number> for Amount {
            // Recorded integers beyond 2^53 are rounded in the same way.
            #[allow(clippy::cast_precision_loss, clippy::cast_lossless)]
            fn from(number: $number) -> Self {
                Self(number as f64)
            }
        }
    )*};
}

amounts!(i32, u32, i64, u64, usize, f64);

/// The series of one metric.
#[derive(Clone)]
struct Series {
    recording: Arc<Recording>,
    contract: &'static Contract,
    location: Location,
    metric: String,
    /// Indices of the matching points.
    found: Vec<usize>,
    /// Text of the filters, for messages.
    filters: String,
}

impl Series {
    fn of(
        recording: Arc<Recording>,
        contract: &'static Contract,
        location: Location,
        metric: String,
    ) -> Self {
        let points = recording.points.iter().enumerate();
        let is_of_metric =
            |point: &Point| point.metric == metric && point.scope.name() == contract.name;
        let found = points.filter(|(_, point)| is_of_metric(point));
        Self {
            found: found.map(|(index, _)| index).collect(),
            recording,
            contract,
            location,
            metric,
            filters: String::new(),
        }
    }

    fn retain(&mut self, filter: &str, keep: impl Fn(&Attributes) -> bool) {
        let points = &self.recording.points;
        self.found.retain(|index| keep(&points[*index].attributes));
        let separator = if self.filters.is_empty() {
            " with "
        } else {
            ", "
        };
        self.filters += separator;
        self.filters += filter;
    }

    fn points(&self) -> impl Iterator<Item = &Point> {
        self.found
            .iter()
            .map(|index| &self.recording.points[*index])
    }

    #[track_caller]
    fn compare(&self, quantity: &str, expected: f64, got: Option<f64>) {
        #[allow(clippy::float_cmp)] // Both values are rounded in the same way.
        if got == Some(expected) || (got.is_none() && expected == 0.0) {
            return;
        }
        let got = match got {
            Some(got) => format!("got {got}"),
            None => "nothing was recorded".to_owned(),
        };
        self.fail(format!("expected {quantity} {expected}, {got}"));
    }

    #[track_caller]
    fn fail(&self, error: impl fmt::Display) -> ! {
        let (metric, filters) = (&self.metric, &self.filters);
        let mut report = Report::new(format!("metric `{metric}`{filters}: {error}"));
        let points = self.recording.points.iter();
        let lines: Vec<String> = points
            .filter(|point| point.metric == *metric && point.scope.name() == self.contract.name)
            .map(|point| self.line(point))
            .collect();
        if lines.is_empty() {
            report = match &*self.recording.points {
                [] => report.note("no metric was recorded"),
                points => {
                    let mut names: Vec<&str> = points.iter().map(|point| &*point.metric).collect();
                    names.sort_unstable();
                    names.dedup();
                    report.note(format!("metrics recorded: {}", report::listed(&names)))
                }
            };
            let outside = self.recording.outside_of(self.contract);
            report = report::lost_scope(report, &outside);
        } else {
            report = report.lines(lines);
        }
        report.contract(self.contract, self.location).fail()
    }

    fn line(&self, point: &Point) -> String {
        let attributes = point.attributes.iter();
        let pairs = report::inline(
            self.contract,
            attributes.map(|(key, value)| (key.as_str(), value)),
        );
        let value = match point.count {
            // Durations differ from run to run, so a histogram is described by its count.
            Some(1) => "1 measurement".to_owned(),
            Some(count) => format!("{count} measurements"),
            None => point.value.to_string(),
        };
        format!("{{{pairs}}}: {value}")
    }

    fn total(&self) -> Option<f64> {
        self.points()
            .map(|point| point.value)
            .reduce(|sum, value| sum + value)
    }

    #[allow(clippy::cast_precision_loss)] // `Amount` has the same loss.
    fn count(&self) -> Option<f64> {
        let counts = self.points().filter_map(|point| point.count);
        counts
            .reduce(|sum, count| sum + count)
            .map(|count| count as f64)
    }

    #[track_caller]
    fn assert_series(&self, expected: usize) {
        let got = self.found.len();
        if got != expected {
            self.fail(format!("expected {expected} series, got {got}"));
        }
    }
}

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
                .fail("expected one series; select it with `of_dimensions`");
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
    #[must_use = "this only filters: assert what was measured"]
    pub fn having(mut self, expected: impl Expected<O>) -> Self {
        let contract = self.series.contract;
        let expected = pairs(expected);
        let filter = report::inline(contract, expected.iter().map(|(key, value)| (*key, value)));
        self.series.retain(&filter, |got| {
            report::differences(contract, &expected, got, OtherAttributes::Allowed).is_empty()
        });
        self
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
