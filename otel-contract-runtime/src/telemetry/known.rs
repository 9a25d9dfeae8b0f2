//! Registry of the contracts that are in use in this process.

use crate::definition::ContractDefinition;
use std::sync::{PoisonError, RwLock};

/// Contracts that recorded something, have a callback, or were passed to an installation.
static KNOWN: RwLock<Vec<&'static ContractDefinition>> = RwLock::new(Vec::new());

/// Adds a contract to the registry, so that the next installation creates its instruments in advance.
pub(crate) fn remember(contract: &'static ContractDefinition) {
    if is_known(contract) {
        return;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if !known.iter().any(|known| std::ptr::eq(*known, contract)) {
        known.push(contract);
    }
}

/// Returns a copy of the list of known contracts, so that the caller holds no lock.
pub(crate) fn contracts() -> Vec<&'static ContractDefinition> {
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn is_known(contract: &'static ContractDefinition) -> bool {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    known.iter().any(|known| std::ptr::eq(*known, contract))
}
