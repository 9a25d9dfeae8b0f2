//! Forms that do not agree yet, or do not compile under the attribute. Each file says why.
//!
//! A file is switched on by moving its `mod` line and its row of `ALL` to `mod.rs`. Until then its forms are compiled
//! and run without the attribute, so that they are sound when that day comes.

use super::all::prelude;
use crate::support::Form;

mod pending_attributes;
mod pending_closures;
mod pending_drop_order;
mod pending_futures;
mod pending_handles;
mod pending_names;
mod pending_signatures;
mod pending_tail_temporaries;
mod pending_unwinding;

/// The forms of every file.
pub(crate) const ALL: &[&[Form]] = &[
    pending_attributes::FORMS,
    pending_closures::FORMS,
    pending_drop_order::FORMS,
    pending_futures::FORMS,
    pending_handles::FORMS,
    pending_names::FORMS,
    pending_signatures::FORMS,
    pending_tail_temporaries::FORMS,
    pending_unwinding::FORMS,
];
