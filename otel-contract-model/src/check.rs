//! Semantic checks that run after resolution.

mod attributes;
mod dimensions;
mod names;
mod reduction;
mod routes;
mod signals;

use crate::diagnostics::DiagContext;
use crate::parse::Spec;
use crate::resolve::Resolved;

/// Checks a contract.
pub(crate) fn contract(spec: &Spec, resolved: &Resolved, diagnostics: &mut DiagContext) {
    names::check(spec, &resolved.misnamed, diagnostics);
    attributes::check(spec, resolved, diagnostics);
    routes::check(spec, diagnostics);
    signals::check(spec, resolved, diagnostics);
    dimensions::check(spec, resolved, diagnostics);
}
