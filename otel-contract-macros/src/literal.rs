//! Literals among the values that users write.

use syn::{Expr, Lit};

/// The literal an expression is, and whether it has a minus sign.
pub(crate) fn literal(value: &Expr) -> Option<(&Lit, bool)> {
    match value {
        Expr::Lit(literal) => Some((&literal.lit, false)),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => match &*unary.expr {
            Expr::Lit(literal) => Some((&literal.lit, true)),
            _ => None,
        },
        Expr::Paren(inner) => literal(&inner.expr),
        Expr::Group(inner) => literal(&inner.expr),
        Expr::Reference(inner) => literal(&inner.expr),
        _ => None,
    }
}

/// The integer, if it is one that an attribute can hold.
pub(crate) fn integer(literal: &syn::LitInt, negative: bool) -> Option<i64> {
    let value: i128 = literal.base10_parse().ok()?;
    i64::try_from(if negative { -value } else { value }).ok()
}
