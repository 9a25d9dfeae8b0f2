//! The contracts of this process, as far as they are known.

use crate::definition::ContractDefinition;
use std::sync::{PoisonError, RwLock};

/// Contracts that recorded something, have a callback, or were given to an installation.
static KNOWN: RwLock<Vec<&'static ContractDefinition>> = RwLock::new(Vec::new());

/// Remembers a contract, so that the next installation makes its instruments ahead.
pub(crate) fn remember(contract: &'static ContractDefinition) {
    if is_known(contract) {
        return;
    }
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if !known.iter().any(|one| std::ptr::eq(*one, contract)) {
        known.push(contract);
    }
}

/// The contracts that are known now. The lock is released before anything is done with them.
pub(super) fn contracts() -> Vec<&'static ContractDefinition> {
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).clone()
}

fn is_known(contract: &'static ContractDefinition) -> bool {
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    known.iter().any(|one| std::ptr::eq(*one, contract))
}
