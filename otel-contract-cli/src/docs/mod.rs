//! Documentation pages: the meaning, the users and the cost of each name.
//!
//! `facts` prepares the texts and numbers; `markdown` and `html` only format them.

mod facts;
mod html;
mod markdown;
mod sampling;

use crate::diff::Comparison;
use crate::revision::Side;
use otel_contract_model::Contract;

pub(crate) use html::page as html;
pub(crate) use markdown::page as markdown;

/// A contract to document.
#[derive(Debug)]
pub(crate) struct Documented {
    pub(crate) contract: Contract,
    /// The previous version, with the changes since then.
    pub(crate) since: Option<(Side, Comparison)>,
}
