//! What the SDK is told of the metrics of a contract.

use crate::definition::{ContractDefinition, MetricDefinition};
use opentelemetry_sdk::metrics::{Aggregation, Instrument, InstrumentKind, Stream};
use std::cell::Cell;

thread_local! {
    /// Whether a view of ours was asked for the instrument that is being made.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// The aggregation of exponential histograms, with the defaults of the specification.
#[cfg(feature = "setup")]
pub(crate) const EXPONENTIAL: Aggregation = Aggregation::Base2ExponentialHistogram {
    max_size: 160,
    max_scale: 20,
    record_min_max: true,
};

/// The view of a contract: for each of its metrics the boundaries, and a cardinality limit equal to
/// its bound.
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

/// The view of a contract whose histograms are exponential: they choose their boundaries by what is recorded.
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
    let mut stream =
        Stream::builder().with_cardinality_limit(usize::try_from(definition.series).ok()?);
    let is_histogram = instrument.kind() == InstrumentKind::Histogram;
    if let Some(aggregation) = is_histogram.then(|| histogram(definition)).flatten() {
        stream = stream.with_aggregation(aggregation);
    }
    let stream = stream.build().ok()?;
    ASKED.set(true);
    Some(stream)
}

/// Makes an instrument; tells whether a view of ours decided its limit.
///
/// A handle bound where the limit is reached stays on the overflow series for good, even once there
/// is room again. Where the limit is our bound that cannot happen; anywhere else nothing is bound.
pub(super) fn watched<I>(make: impl FnOnce() -> I) -> (I, bool) {
    ASKED.set(false);
    let instrument = make();
    (instrument, ASKED.replace(false))
}

impl ContractDefinition {
    fn metric(&self, name: &str) -> Option<&MetricDefinition> {
        let operations = self.operations.iter();
        let of_operations = operations.flat_map(|one| [one.duration.as_ref(), one.active.as_ref()]);
        let own = self.metrics.iter().map(|one| &one.definition);
        let mut all = of_operations.flatten().chain(own).chain(&self.limited);
        all.find(|one| one.name == name)
    }
}
