//! What must not be said although it can be: checks of a resolved contract beside what was written.

mod attributes;
mod dimensions;
mod names;
mod signals;

use crate::diagnostics::Faults;
use crate::parse::Spec;
use crate::resolve::Resolved;

/// Checks a contract.
pub(crate) fn contract(spec: &Spec, resolved: &Resolved, faults: &mut Faults) {
    names::check(spec, &resolved.misnamed, faults);
    attributes::check(spec, resolved, faults);
    signals::check(spec, resolved, faults);
    dimensions::check(spec, resolved, faults);
}
