//! Options of `tracing::instrument` among the arguments.

use super::Checker;
use crate::messages::tracing::{self, TracingOption};
use crate::operation::key::Pair;
use proc_macro2::TokenStream;
use syn::Expr;

impl Checker<'_> {
    /// Interprets an unknown key as an option of `tracing::instrument`. Returns `None` if the key is not the name of an
    /// option, or if the user probably meant an attribute: a segment of its key has this name, and the value is not a
    /// literal.
    pub(super) fn tracing_option(&mut self, pair: &Pair) -> Option<TracingOption> {
        let name = pair.key.word()?;
        if !TracingOption::is_name(&pair.key.text) {
            return None;
        }
        let mut known = self.definition.attributes.iter();
        let similar =
            known.position(|attribute| attribute.key.split('.').any(|part| part == pair.key.text));
        let is_literal = matches!(pair.value, Some(Expr::Lit(_)));
        if similar.is_some() && !is_literal {
            return None;
        }
        let similar = similar.map(|index| {
            self.marks[index].handled = true;
            self.definition.attributes[index].key.clone()
        });
        Some(TracingOption {
            name,
            arguments: TokenStream::new(),
            similar,
        })
    }

    /// Reports options of `tracing::instrument`.
    pub(super) fn check_tracing(&mut self, parent: Option<&Expr>) {
        // `fields(…)` may contain any of the missing attributes.
        if self.tracing.iter().any(|option| option.name == "fields") {
            self.mark_all_handled();
        }
        if let Some(diagnostic) = tracing::options(self.definition, &self.tracing) {
            self.report(diagnostic);
        }
        if let Some(Expr::Path(parent)) = parent
            && parent.path.is_ident("None")
        {
            self.report(tracing::no_parent(parent));
        }
    }
}
