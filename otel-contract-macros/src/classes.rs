//! The classes an `err(…)` mapping gives, as far as they are written in it.

use crate::mistake::Mistake;
use otel_contract_definition::Definition;
use quote::ToTokens as _;
use syn::{Block, Expr, Path, Stmt};

/// Methods of `Option` and `bool` whose arguments become the value.
const ARGUMENTS: [&str; 12] = [
    "and",
    "and_then",
    "map",
    "map_or",
    "map_or_else",
    "or",
    "or_else",
    "then",
    "then_some",
    "unwrap_or",
    "unwrap_or_else",
    "xor",
];
/// Methods that may pass on what they are called on.
const RECEIVER: [&str; 8] = [
    "filter",
    "inspect",
    "into",
    "or",
    "or_else",
    "unwrap_or",
    "unwrap_or_else",
    "xor",
];

/// The classes that the operation does not list, each where it is written as the value. A class that is only compared
/// is not one, and what a function returns is known at run time.
pub(crate) fn beyond_the_list(definition: &Definition, class: &Expr) -> Vec<Mistake> {
    if definition.unlisted.is_empty() {
        return Vec::new();
    }
    let mut given = Vec::new();
    values(class, &mut given);
    let beyond = given.into_iter().filter_map(|path| {
        let variant = variant(path)?;
        let mut unlisted = definition.unlisted.iter();
        let (_, name) = unlisted.find(|(camel, _)| variant == camel)?;
        Some(Mistake::class_beyond_the_list(definition, variant, name))
    });
    beyond.collect()
}

/// `Late` of `billing::ErrorType::Late`.
fn variant(path: &Path) -> Option<&syn::Ident> {
    let mut segments = path.segments.iter().rev();
    let variant = &segments.next()?.ident;
    (segments.next()?.ident == "ErrorType").then_some(variant)
}

/// The paths an expression may evaluate to.
fn values<'a>(value: &'a Expr, given: &mut Vec<&'a Path>) {
    match value {
        Expr::Path(path) => given.push(&path.path),
        Expr::Paren(inner) => values(&inner.expr, given),
        Expr::Group(inner) => values(&inner.expr, given),
        Expr::Block(inner) => last(&inner.block, given),
        Expr::Unsafe(inner) => last(&inner.block, given),
        Expr::Closure(inner) => values(&inner.body, given),
        Expr::If(branches) => {
            last(&branches.then_branch, given);
            if let Some((_, otherwise)) = &branches.else_branch {
                values(otherwise, given);
            }
        }
        Expr::Match(branches) => {
            for arm in &branches.arms {
                values(&arm.body, given);
            }
        }
        Expr::Call(call) if is_some(&call.func) => {
            for argument in &call.args {
                values(argument, given);
            }
        }
        Expr::MethodCall(call) => {
            let method = call.method.to_string();
            if RECEIVER.contains(&method.as_str()) {
                values(&call.receiver, given);
            }
            if ARGUMENTS.contains(&method.as_str()) {
                for argument in &call.args {
                    values(argument, given);
                }
            }
        }
        _ => {}
    }
}

fn last<'a>(block: &'a Block, given: &mut Vec<&'a Path>) {
    if let Some(Stmt::Expr(value, None)) = block.stmts.last() {
        values(value, given);
    }
}

/// `Some`, by any path.
fn is_some(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    let name = path.path.segments.last();
    name.is_some_and(|name| name.to_token_stream().to_string() == "Some")
}
