//! A vocabulary as pages people read: what each name means, who uses it, what it costs.
//!
//! `facts` says what is to be told, once; `markdown` and `html` only put it on the page.

mod facts;
mod html;
mod markdown;
mod picture;

use crate::diff::Comparison;
use crate::revision::Side;
use otel_contract_model::Contract;

pub(crate) use html::page as html;
pub(crate) use markdown::page as markdown;

/// One contract to document.
#[derive(Debug)]
pub(crate) struct Documented {
    pub(crate) contract: Contract,
    /// The version before, and what changed since.
    pub(crate) since: Option<(Side, Comparison)>,
}
