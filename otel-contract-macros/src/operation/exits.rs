//! Expressions that leave the function from the value of an attribute.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::Expr;

/// Finds `?`, `return`, `break` and `continue` that leave an expression. They are rejected in the value of an
/// attribute, because the value is evaluated after the start of the operation. rustc rejects them inside macro calls:
/// the expansion moves values with macro calls into a closure.
#[derive(Default)]
pub(super) struct Exits {
    /// The first token that leaves the function.
    pub(super) first: Option<TokenStream>,
    pub(super) has_macros: bool,
    /// The number of loops of the expression around the current position.
    loops: usize,
    /// Labels of the expression around the current position.
    labels: Vec<Ident>,
}

impl Exits {
    pub(super) fn of(value: &Expr) -> Self {
        let mut exits = Self::default();
        match value {
            // Most values are a path or a literal, and contain nothing to find.
            Expr::Path(_) | Expr::Lit(_) => {}
            Expr::Reference(inner) => return Self::of(&inner.expr),
            Expr::Field(inner) => return Self::of(&inner.base),
            value => syn::visit_mut::VisitMut::visit_expr_mut(&mut exits, &mut value.clone()),
        }
        exits
    }

    fn leaves(&mut self, token: impl ToTokens) {
        self.first.get_or_insert_with(|| token.to_token_stream());
    }

    /// `break` and `continue` leave the expression, unless their loop or block is inside it.
    fn jumps(&mut self, token: impl ToTokens, label: Option<&syn::Lifetime>) {
        let stays = match label {
            Some(label) => self.labels.contains(&label.ident),
            None => self.loops > 0,
        };
        if !stays {
            self.leaves(token);
        }
    }

    fn within(&mut self, label: Option<&syn::Label>, is_loop: bool, walk: impl FnOnce(&mut Self)) {
        self.labels
            .extend(label.map(|label| label.name.ident.clone()));
        self.loops += usize::from(is_loop);
        walk(self);
        self.loops -= usize::from(is_loop);
        if label.is_some() {
            self.labels.pop();
        }
    }
}

impl syn::visit_mut::VisitMut for Exits {
    fn visit_expr_mut(&mut self, value: &mut Expr) {
        use syn::visit_mut::visit_expr_mut as walk;
        match value {
            Expr::Try(exit) => self.leaves(exit.question_token),
            Expr::Return(exit) => self.leaves(exit.return_token),
            Expr::Break(exit) => self.jumps(exit.break_token, exit.label.as_ref()),
            Expr::Continue(exit) => self.jumps(exit.continue_token, exit.label.as_ref()),
            // Inside a closure, an `async` block or a `const` block, `return` and `?` do not leave the function.
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => return,
            Expr::Loop(inner) => {
                let label = inner.label.clone();
                return self.within(label.as_ref(), true, |exits| walk(exits, value));
            }
            Expr::While(inner) => {
                let label = inner.label.clone();
                return self.within(label.as_ref(), true, |exits| walk(exits, value));
            }
            Expr::ForLoop(inner) => {
                let label = inner.label.clone();
                return self.within(label.as_ref(), true, |exits| walk(exits, value));
            }
            Expr::Block(inner) => {
                let label = inner.label.clone();
                return self.within(label.as_ref(), false, |exits| walk(exits, value));
            }
            _ => {}
        }
        walk(self, value);
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_macro_mut(&mut self, _: &mut syn::Macro) {
        self.has_macros = true;
    }
}
