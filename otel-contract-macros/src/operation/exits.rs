//! Expressions that leave the function from the value of an attribute.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Block, Expr, Pat, Stmt};

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
            value => exits.expression(value),
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

// A walk of our own: the visitors of syn would add a tenth to the build time of syn, which every user pays.
impl Exits {
    fn expression(&mut self, value: &Expr) {
        match value {
            Expr::Try(exit) => {
                self.leaves(exit.question_token);
                self.expression(&exit.expr);
            }
            Expr::Return(exit) => {
                self.leaves(exit.return_token);
                self.optional(exit.expr.as_deref());
            }
            Expr::Break(exit) => {
                self.jumps(exit.break_token, exit.label.as_ref());
                self.optional(exit.expr.as_deref());
            }
            Expr::Continue(exit) => self.jumps(exit.continue_token, exit.label.as_ref()),
            // Inside a closure, an `async` block or a `const` block, `return` and `?` do not leave the function.
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            Expr::Loop(inner) => self.within(inner.label.as_ref(), true, |exits| {
                exits.block(&inner.body);
            }),
            Expr::While(inner) => self.within(inner.label.as_ref(), true, |exits| {
                exits.expression(&inner.cond);
                exits.block(&inner.body);
            }),
            Expr::ForLoop(inner) => self.within(inner.label.as_ref(), true, |exits| {
                exits.expression(&inner.expr);
                exits.block(&inner.body);
            }),
            Expr::Block(inner) => self.within(inner.label.as_ref(), false, |exits| {
                exits.block(&inner.block);
            }),
            _ => self.parts(value),
        }
    }

    /// The parts of an expression that is neither an exit nor a label or loop.
    fn parts(&mut self, value: &Expr) {
        match value {
            Expr::Path(_) | Expr::Lit(_) | Expr::Infer(_) => {}
            Expr::Unsafe(inner) => self.block(&inner.block),
            Expr::TryBlock(inner) => self.block(&inner.block),
            Expr::If(inner) => {
                self.expression(&inner.cond);
                self.block(&inner.then_branch);
                self.optional(inner.else_branch.as_ref().map(|(_, value)| &**value));
            }
            Expr::Match(inner) => {
                self.expression(&inner.expr);
                for arm in &inner.arms {
                    self.pattern(&arm.pat);
                    self.expression(&arm.body);
                }
            }
            Expr::Array(inner) => self.all(&inner.elems),
            Expr::Tuple(inner) => self.all(&inner.elems),
            Expr::Call(inner) => {
                self.expression(&inner.func);
                self.all(&inner.args);
            }
            Expr::MethodCall(inner) => {
                self.expression(&inner.receiver);
                self.all(&inner.args);
            }
            Expr::Struct(inner) => {
                self.all(inner.fields.iter().map(|field| &field.expr));
                self.optional(inner.rest.as_deref());
            }
            Expr::Range(inner) => {
                self.optional(inner.start.as_deref());
                self.optional(inner.end.as_deref());
            }
            Expr::Assign(inner) => self.all([&*inner.left, &*inner.right]),
            Expr::Binary(inner) => self.all([&*inner.left, &*inner.right]),
            Expr::Index(inner) => self.all([&*inner.expr, &*inner.index]),
            Expr::Repeat(inner) => self.all([&*inner.expr, &*inner.len]),
            Expr::Await(inner) => self.expression(&inner.base),
            Expr::Cast(inner) => self.expression(&inner.expr),
            Expr::Field(inner) => self.expression(&inner.base),
            Expr::Group(inner) => self.expression(&inner.expr),
            Expr::Let(inner) => self.expression(&inner.expr),
            Expr::Paren(inner) => self.expression(&inner.expr),
            Expr::RawAddr(inner) => self.expression(&inner.expr),
            Expr::Reference(inner) => self.expression(&inner.expr),
            Expr::Unary(inner) => self.expression(&inner.expr),
            Expr::Yield(inner) => self.optional(inner.expr.as_deref()),
            // Tokens that syn does not read may leave the function like a macro call.
            _ => self.has_macros = true,
        }
    }

    fn all<'a>(&mut self, values: impl IntoIterator<Item = &'a Expr>) {
        values.into_iter().for_each(|value| self.expression(value));
    }

    fn optional(&mut self, value: Option<&Expr>) {
        value.into_iter().for_each(|value| self.expression(value));
    }

    fn block(&mut self, block: &Block) {
        for statement in &block.stmts {
            match statement {
                Stmt::Local(local) => {
                    let Some(init) = &local.init else { continue };
                    self.expression(&init.expr);
                    self.optional(init.diverge.as_ref().map(|(_, value)| &**value));
                }
                Stmt::Expr(value, _) => self.expression(value),
                Stmt::Macro(_) => self.has_macros = true,
                Stmt::Item(_) => {}
            }
        }
    }

    /// The guard of a pattern is an expression; no other part of a pattern is evaluated.
    fn pattern(&mut self, pattern: &Pat) {
        if let Pat::Guard(guard) = pattern {
            self.expression(&guard.guard);
        }
    }
}
