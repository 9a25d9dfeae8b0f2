//! SDK views for the metrics of a contract.

use crate::definition::{ContractDefinition, MetricDefinition};
use opentelemetry_sdk::metrics::{Aggregation, Instrument, InstrumentKind, Stream};
use std::cell::Cell;

thread_local! {
    /// Whether a view of this module applies to the instrument that is being created.
    static APPLIED: Cell<bool> = const { Cell::new(false) };
}

/// Aggregation of exponential histograms, with the defaults of the specification.
#[cfg(feature = "setup")]
pub(crate) const EXPONENTIAL: Aggregation = Aggregation::Base2ExponentialHistogram {
    max_size: 160,
    max_scale: 20,
    record_min_max: true,
};

/// View of a contract. It sets the bucket boundaries of each metric, and a cardinality limit equal to the bound of the
/// metric.
#[must_use]
pub fn view(contract: &ContractDefinition, instrument: &Instrument) -> Option<Stream> {
    stream(contract, instrument, |definition| {
        let boundaries = definition.boundaries?.to_vec();
        Some(Aggregation::ExplicitBucketHistogram {
            boundaries,
            record_min_max: true,
        })
    })
}

/// View of a contract with exponential histograms, which adapt their bucket boundaries to the recorded values.
#[cfg(feature = "setup")]
pub(crate) fn exponential_view(
    contract: &ContractDefinition,
    instrument: &Instrument,
) -> Option<Stream> {
    stream(contract, instrument, |_| Some(EXPONENTIAL))
}

fn stream(
    contract: &ContractDefinition,
    instrument: &Instrument,
    histogram: impl FnOnce(&MetricDefinition) -> Option<Aggregation>,
) -> Option<Stream> {
    if instrument.scope().name() != contract.name {
        return None;
    }
    let definition = contract.metric(instrument.name())?;
    let limit = usize::try_from(definition.series).ok()?;
    let mut builder = Stream::builder().with_cardinality_limit(limit);
    let is_histogram = instrument.kind() == InstrumentKind::Histogram;
    if let Some(aggregation) = is_histogram.then(|| histogram(definition)).flatten() {
        builder = builder.with_aggregation(aggregation);
    }
    let stream = builder.build().ok()?;
    APPLIED.set(true);
    Some(stream)
}

/// Creates an instrument. Returns it, and whether a view of this module set its cardinality limit.
///
/// A handle that is created after the limit is reached belongs to the overflow series forever, even when there is room
/// again. The limit that a view of this module sets is the metric's maximum number of series, so it is never reached.
/// Without such a view, this crate creates no handles for the instrument.
pub(super) fn create_watched<I>(create: impl FnOnce() -> I) -> (I, bool) {
    APPLIED.set(false);
    let instrument = create();
    (instrument, APPLIED.replace(false))
}

impl ContractDefinition {
    fn metric(&self, name: &str) -> Option<&MetricDefinition> {
        let operations = self.operations.iter();
        let of_operations = operations
            .flat_map(|operation| [operation.duration.as_ref(), operation.active.as_ref()]);
        let own = self.metrics.iter().map(|metric| &metric.definition);
        let mut all = of_operations.flatten().chain(own).chain(&self.limited);
        all.find(|definition| definition.name == name)
    }
}
