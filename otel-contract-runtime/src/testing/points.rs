//! Assertions on metrics.

// Each assertion may be the last in its chain.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::kind;
use super::recording::{Attributes, Point, Recording};
use super::report::{self, Ending, Others, Report};
use super::sdk::attributes;
use crate::description::{Contract, Location};
use crate::metric::{Codes, Dimensions, Metric};
use crate::operation::Operation;
use crate::outcome::Failure;
use crate::telemetry::{self, Limits};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A number a metric is compared with; whole ones may be given without a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount(f64);

macro_rules! amounts {
    ($($number:ty),*) => {$(
        impl From<$number> for Amount {
            // Beyond 2^53 points are rounded in the same way.
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
    found: Vec<usize>,
    /// What was asked beside the metric, for messages.
    asked: String,
}

impl Series {
    fn of(
        recording: Arc<Recording>,
        contract: &'static Contract,
        location: Location,
        metric: String,
    ) -> Self {
        let points = recording.points.iter().enumerate();
        let is = |point: &Point| point.metric == metric && point.scope.name() == contract.name;
        let found = points.filter(|(_, point)| is(point));
        Self {
            found: found.map(|(index, _)| index).collect(),
            recording,
            contract,
            location,
            metric,
            asked: String::new(),
        }
    }

    fn retain(&mut self, asked: &str, keep: impl Fn(&Attributes) -> bool) {
        let points = &self.recording.points;
        self.found.retain(|index| keep(&points[*index].attributes));
        let joint = if self.asked.is_empty() {
            " with "
        } else {
            ", "
        };
        self.asked += joint;
        self.asked += asked;
    }

    fn points(&self) -> impl Iterator<Item = &Point> {
        self.found
            .iter()
            .map(|index| &self.recording.points[*index])
    }

    #[track_caller]
    fn compare(&self, what: &str, expected: f64, got: Option<f64>) {
        #[allow(clippy::float_cmp)] // What was recorded was recorded exactly.
        if got == Some(expected) || (got.is_none() && expected == 0.0) {
            return;
        }
        let got = match got {
            Some(got) => format!("got {got}"),
            None => "nothing was recorded".to_owned(),
        };
        self.fail(format!("expected {what} {expected}, {got}"));
    }

    #[track_caller]
    fn fail(&self, wrong: impl fmt::Display) -> ! {
        let (metric, asked) = (&self.metric, &self.asked);
        let mut report = Report::new(format!("metric `{metric}`{asked}: {wrong}"));
        let all = self.recording.points.iter();
        let all =
            all.filter(|point| point.metric == *metric && point.scope.name() == self.contract.name);
        let lines: Vec<String> = all.map(|point| self.line(point)).collect();
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
        } else {
            report = report.lines(lines);
        }
        report.contract(self.contract, self.location).fail()
    }

    fn line(&self, point: &Point) -> String {
        let pairs = point.attributes.iter();
        let pairs = report::inline(
            self.contract,
            pairs.map(|(key, value)| (key.as_str(), value)),
        );
        let value = match point.count {
            // How long something took differs from run to run: only counts are shown.
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

    #[allow(clippy::cast_precision_loss)] // As of every amount.
    fn count(&self) -> Option<f64> {
        let counts = self.points().filter_map(|point| point.count);
        counts
            .reduce(|sum, count| sum + count)
            .map(|count| count as f64)
    }

    #[track_caller]
    fn number(&self, expected: usize) {
        let got = self.found.len();
        if got != expected {
            self.fail(format!("expected {expected} series, got {got}"));
        }
    }
}

macro_rules! assertions {
    () => {
        /// It was not recorded.
        ///
        /// # Panics
        ///
        /// When it was.
        #[track_caller]
        pub fn never(self) {
            self.series.number(0);
        }

        /// So many different combinations of dimensions were recorded.
        ///
        /// # Panics
        ///
        /// When there are more or fewer.
        #[track_caller]
        pub fn series(self, expected: usize) -> Self {
            self.series.number(expected);
            self
        }

        /// A histogram holds so many measurements, over the series asked for.
        ///
        /// # Panics
        ///
        /// When it holds more or fewer.
        #[track_caller]
        pub fn count(self, expected: impl Into<Amount>) -> Self {
            self.series
                .compare("a count of", expected.into().0, self.series.count());
            self
        }

        /// A counter stands there, or the values of a histogram add up to that, over the series
        /// asked for.
        ///
        /// # Panics
        ///
        /// When they do not.
        #[track_caller]
        pub fn sum(self, expected: impl Into<Amount>) -> Self {
            self.series
                .compare("a sum of", expected.into().0, self.series.total());
            self
        }

        /// The points themselves.
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

    /// Only the series with exactly these dimensions.
    #[must_use = "this only chooses: say what was measured"]
    pub fn of_dimensions(mut self, dimensions: impl Dimensions<M>) -> Self {
        let (contract, index) = M::definition();
        let definition = &contract.metrics[index].definition;
        // Limiters of its own: to ask for a value must not take a place in the scope's.
        let limits = &Limits::new(contract);
        let number = dimensions.series(&Codes { definition, limits });
        let expected = telemetry::attributes(definition, number, limits);
        let expected = attributes(expected.iter());
        let contract = self.series.contract;
        let pairs = expected.iter().map(|(key, value)| (key.as_str(), value));
        let shown = match report::inline(contract, pairs) {
            shown if shown.is_empty() => "no dimension".to_owned(),
            shown => shown,
        };
        self.series
            .retain(&format!("exactly {shown}"), |got| same(got, &expected));
        self
    }

    /// A gauge stands there; of the series asked for there is one.
    ///
    /// # Panics
    ///
    /// When it does not, or there are more.
    #[track_caller]
    pub fn value(self, expected: impl Into<Amount>) -> Self {
        if self.series.found.len() > 1 {
            self.series
                .fail("expected one series, choose it by `of_dimensions`");
        }
        self.series
            .compare("a value of", expected.into().0, self.series.total());
        self
    }

    assertions!();
}

fn same(got: &Attributes, expected: &Attributes) -> bool {
    got.len() == expected.len() && expected.iter().all(|pair| got.contains(pair))
}

/// The series of `<operation>.duration` or `<operation>.active`.
pub struct OperationPoints<O> {
    series: Series,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> OperationPoints<O> {
    pub(super) fn of(recording: Arc<Recording>, which: &str) -> Self {
        let metric = format!("{}.{which}", kind::name::<O>());
        let location = kind::location::<O>();
        Self {
            series: Series::of(recording, O::contract(), location, metric),
            operation: PhantomData,
        }
    }

    /// Only series with these dimensions, among others.
    #[must_use = "this only chooses: say what was measured"]
    pub fn having(mut self, expected: impl Expected<O>) -> Self {
        let contract = self.series.contract;
        let expected = pairs(expected);
        let shown = report::inline(contract, expected.iter().map(|(key, value)| (*key, value)));
        self.series.retain(&shown, |got| {
            report::differences(contract, &expected, got, Others::Welcome).is_empty()
        });
        self
    }

    /// Only where it succeeded.
    #[must_use = "this only chooses: say what was measured"]
    pub fn succeeded(self) -> Self {
        self.ended(&Ending::Succeeded)
    }

    /// Only where it failed with this class of its contract.
    #[must_use = "this only chooses: say what was measured"]
    pub fn failed(self, class: O::ErrorType) -> Self {
        let class = Into::<Failure>::into(class).class();
        self.ended(&Ending::Failed(class.to_owned()))
    }

    /// Only where it panicked.
    #[must_use = "this only chooses: say what was measured"]
    pub fn panicked(self) -> Self {
        self.ended(&Ending::Panicked)
    }

    /// Only where it was cancelled.
    #[must_use = "this only chooses: say what was measured"]
    pub fn cancelled(self) -> Self {
        self.ended(&Ending::Cancelled)
    }

    fn ended(mut self, wanted: &Ending) -> Self {
        let asked = match wanted {
            Ending::Succeeded => "success".to_owned(),
            Ending::Failed(class) => format!("error.type = \"{class}\""),
            Ending::Panicked => "error.type = \"panic\"".to_owned(),
            Ending::Cancelled => "error.type = \"cancelled\"".to_owned(),
        };
        self.series
            .retain(&asked, |got| Ending::of_point(got) == *wanted);
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
