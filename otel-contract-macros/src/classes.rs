//! Error classes that are written in an `err(…)` mapping.

use crate::messages::Diagnostic;
use crate::messages::arguments::unlisted_class;
use otel_contract_definition::Definition;
use quote::ToTokens as _;
use syn::{Block, Expr, Path, Stmt};

/// Methods of `Option` and `bool` whose arguments may become the value of the call.
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
/// Methods whose receiver may become the value of the call.
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

/// Reports classes that the operation does not list, if they may be the value of the expression. Classes that the
/// expression only compares are not reported. A class that a called function returns is checked at run time.
pub(crate) fn unlisted(definition: &Definition, class: &Expr) -> Vec<Diagnostic> {
    if definition.unlisted.is_empty() {
        return Vec::new();
    }
    let mut paths = Vec::new();
    collect_values(class, &mut paths);
    let unlisted = paths.into_iter().filter_map(|path| {
        let variant = variant(path)?;
        let mut unlisted = definition.unlisted.iter();
        let (_, name) = unlisted.find(|(camel, _)| variant == camel)?;
        Some(unlisted_class(definition, variant, name))
    });
    unlisted.collect()
}

/// Returns the variant of an error class: `Late` for `billing::ErrorType::Late`.
fn variant(path: &Path) -> Option<&syn::Ident> {
    let mut segments = path.segments.iter().rev();
    let variant = &segments.next()?.ident;
    (segments.next()?.ident == "ErrorType").then_some(variant)
}

/// Collects the paths to which an expression may evaluate.
fn collect_values<'a>(value: &'a Expr, paths: &mut Vec<&'a Path>) {
    match value {
        Expr::Path(path) => paths.push(&path.path),
        Expr::Paren(inner) => collect_values(&inner.expr, paths),
        Expr::Group(inner) => collect_values(&inner.expr, paths),
        Expr::Block(inner) => collect_last(&inner.block, paths),
        Expr::Unsafe(inner) => collect_last(&inner.block, paths),
        Expr::Closure(inner) => collect_values(&inner.body, paths),
        Expr::If(branches) => {
            collect_last(&branches.then_branch, paths);
            if let Some((_, otherwise)) = &branches.else_branch {
                collect_values(otherwise, paths);
            }
        }
        Expr::Match(branches) => {
            for arm in &branches.arms {
                collect_values(&arm.body, paths);
            }
        }
        Expr::Call(call) if is_some(&call.func) => {
            for argument in &call.args {
                collect_values(argument, paths);
            }
        }
        Expr::MethodCall(call) => {
            let method = call.method.to_string();
            if RECEIVER.contains(&method.as_str()) {
                collect_values(&call.receiver, paths);
            }
            if ARGUMENTS.contains(&method.as_str()) {
                for argument in &call.args {
                    collect_values(argument, paths);
                }
            }
        }
        _ => {}
    }
}

fn collect_last<'a>(block: &'a Block, paths: &mut Vec<&'a Path>) {
    if let Some(Stmt::Expr(value, None)) = block.stmts.last() {
        collect_values(value, paths);
    }
}

/// Whether the function is `Some`, written with or without a path.
fn is_some(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    let name = path.path.segments.last();
    name.is_some_and(|name| name.to_token_stream().to_string() == "Some")
}
