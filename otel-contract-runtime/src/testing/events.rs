//! Assertions on the log records of one event.

// Each assertion may end a chain of assertions.
#![allow(clippy::must_use_candidate, clippy::return_self_not_must_use)]

use super::expected::{Expected, pairs};
use super::identity;
use super::one_event::OneEvent;
use super::recording::{Record, Recording};
use super::report::{self, Filters, Report};
use super::times::Times;
use crate::event::Event;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The log records of event `E`, in the order of recording.
pub struct Events<E> {
    recording: Arc<Recording>,
    /// Indices of the matching records.
    found: Vec<usize>,
    filters: Filters,
    event: PhantomData<fn() -> E>,
}

impl<E: Event> Events<E> {
    pub(super) fn of(recording: Arc<Recording>) -> Self {
        let records = recording.records.iter().enumerate();
        let found = records.filter(|(_, record)| identity::is_record_of::<E>(record));
        Self {
            found: found.map(|(index, _)| index).collect(),
            recording,
            filters: Filters::default(),
            event: PhantomData,
        }
    }

    /// Selects the records with these attributes. Other attributes are allowed.
    #[must_use = "this only filters: assert how often the event was recorded"]
    pub fn having(mut self, expected: impl Expected<E>) -> Self {
        let expected = pairs(expected);
        let records = &self.recording.records;
        self.found
            .retain(|index| report::has(&records[*index].attributes, &expected));
        self.filters.add(expected);
        self
    }

    /// Asserts that the event was recorded once, and returns assertions on its record.
    ///
    /// # Panics
    ///
    /// Panics if the event was not recorded, or was recorded more than once.
    #[track_caller]
    pub fn once(self) -> OneEvent<E> {
        self.times(1).into_first()
    }

    /// Asserts that the event was not recorded.
    ///
    /// # Panics
    ///
    /// Panics if the event was recorded.
    #[track_caller]
    pub fn never(self) {
        let _ = self.times(0);
    }

    /// Asserts that the event was recorded `count` times.
    ///
    /// # Panics
    ///
    /// Panics on any other count.
    #[track_caller]
    pub fn times(self, count: usize) -> Times<OneEvent<E>> {
        let got = self.found.len();
        if got == count {
            let found = self.found.into_iter();
            return Times::new(found.map(|index| OneEvent::new(self.recording.clone(), index)));
        }
        let contract = E::contract();
        let mut report = Report::new(format!(
            "event `{}`{} {}",
            identity::event_name::<E>(),
            self.filters.text(contract),
            report::compare_counts("was recorded", "was not recorded", got, count),
        ));
        // If no record matches the filters, the report lists every record of the event.
        let records = self.recording.records.iter().enumerate();
        let listed: Vec<&Record> = records
            .filter(|(index, record)| {
                identity::is_record_of::<E>(record)
                    && (self.found.is_empty() || self.found.contains(index))
            })
            .map(|(_, record)| record)
            .collect();
        let lines = listed.iter().enumerate();
        report = report.lines(lines.map(|(index, record)| {
            let pairs = report::inline(contract, report::borrowed(&record.attributes));
            format!("{}. {pairs}", index + 1)
        }));
        if got == 0 {
            let listed = listed.iter().map(|record| &record.attributes);
            report = self.filters.near_miss(report, contract, listed);
        }
        if got < count && listed.is_empty() {
            report = self.missing(report);
        }
        report
            .contract(contract, identity::event_location::<E>())
            .fail()
    }

    /// Adds the events that were recorded instead, and the operations that may have lost the scope.
    fn missing(&self, report: Report) -> Report {
        let records = self.recording.records.iter();
        let mut names: Vec<&str> = records
            .filter_map(|record| record.event_name.as_deref())
            .collect();
        names.sort_unstable();
        names.dedup();
        let is_empty = self.recording.is_empty() && self.recording.running.is_empty();
        let report = match &*names {
            _ if is_empty => report.help(report::NOTHING_RECORDED),
            [] => report.note("no event was recorded"),
            names => report.note(format!("events recorded: {}", report::listed(names))),
        };
        let outside = self.recording.outside_of(E::contract());
        report::lost_scope(report, &outside)
    }
}

impl<E: Event> fmt::Debug for Events<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Events");
        debug.field("event", &identity::event_name::<E>());
        debug.field("found", &self.found).finish_non_exhaustive()
    }
}
