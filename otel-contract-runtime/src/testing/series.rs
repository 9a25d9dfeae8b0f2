//! The series of one metric, and the numbers that assertions compare.

use super::recording::{Attributes, Point, Recording};
use super::report::{self, Report};
use crate::description::{Contract, Location};
use opentelemetry::logs::AnyValue;
use std::fmt;
use std::sync::Arc;

/// An expected number: an integer or a floating point number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount(pub(super) f64);

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
pub(super) struct Series {
    recording: Arc<Recording>,
    pub(super) contract: &'static Contract,
    pub(super) location: Location,
    pub(super) metric: String,
    /// Indices of the matching points.
    pub(super) found: Vec<usize>,
    /// Text of the filters, for messages.
    filters: String,
}

impl Series {
    pub(super) fn of(
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

    /// Selects the series with these dimensions. Other dimensions are allowed.
    pub(super) fn having(&mut self, expected: &[(&'static str, AnyValue)]) {
        let contract = self.contract;
        let filter = report::inline(contract, expected.iter().map(|(key, value)| (*key, value)));
        self.retain(&filter, |got| report::has(got, expected));
    }

    pub(super) fn retain(&mut self, filter: &str, keep: impl Fn(&Attributes) -> bool) {
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

    pub(super) fn points(&self) -> impl Iterator<Item = &Point> {
        self.found
            .iter()
            .map(|index| &self.recording.points[*index])
    }

    #[track_caller]
    pub(super) fn compare(&self, quantity: &str, expected: f64, got: Option<f64>) {
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
    pub(super) fn fail(&self, error: impl fmt::Display) -> ! {
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

    pub(super) fn total(&self) -> Option<f64> {
        self.points()
            .map(|point| point.value)
            .reduce(|sum, value| sum + value)
    }

    #[allow(clippy::cast_precision_loss)] // `Amount` has the same loss.
    pub(super) fn count(&self) -> Option<f64> {
        let counts = self.points().filter_map(|point| point.count);
        counts
            .reduce(|sum, count| sum + count)
            .map(|count| count as f64)
    }

    #[track_caller]
    pub(super) fn assert_series(&self, expected: usize) {
        let got = self.found.len();
        if got != expected {
            self.fail(format!("expected {expected} series, got {got}"));
        }
    }
}
