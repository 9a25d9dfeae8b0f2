//! A contract as part of a set-up.

use super::propagator::BaggagePropagator;
use super::sampler::{ContractSampler, Fallback};
use crate::definition::ContractDefinition;
use crate::description::Contract;

/// A contract that can be added to the set-up of another contract.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary {
    pub(super) definition: &'static ContractDefinition,
    pub(super) description: &'static Contract,
}

impl Vocabulary {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        definition: &'static ContractDefinition,
        description: &'static Contract,
    ) -> Self {
        Self {
            definition,
            description,
        }
    }

    /// Returns the head sampler of the contract, for a provider that is built by hand. Spans without `sampling` in the
    /// contract are sampled by `parentbased_always_on`, the default of the specification.
    #[must_use]
    pub fn sampler(self) -> ContractSampler {
        ContractSampler::new(&[self.definition], Fallback::parent_based(1.0))
    }

    /// Returns the propagator of the contract's baggage, to combine with others in
    /// [`Setup::propagator`](super::Setup::propagator), which replaces all propagators.
    #[must_use]
    pub fn baggage_propagator(self) -> BaggagePropagator {
        BaggagePropagator::new([&self.definition.baggage])
    }
}
