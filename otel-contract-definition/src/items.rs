//! Names of the hidden items that `contract!` generates and the other macros use.

/// The macro of a contract's module that passes definitions to the other macros.
///
/// The name is advice. If a path leads to a module that is not a contract, the macros cannot report an error, and rustc
/// shows this name.
pub const DISPATCH: &str = "__contract_so_import_the_type_itself_with_use";

/// Returns the name of an attribute's setter in `__Attributes`: `optional_order_id` or `required_order_id`.
#[must_use]
pub fn setter(snake: &str, required: bool) -> String {
    let level = if required { "required" } else { "optional" };
    format!("{level}_{}", plain(snake))
}

/// Returns the name of the deprecation constant: `__USES_OLD_NAME`. Code that uses a deprecated name refers to this
/// constant, and rustc warns.
#[must_use]
pub fn deprecation_constant(snake: &str) -> String {
    format!("__USES_{}", plain(snake).to_ascii_uppercase())
}

/// Returns the name of the setter that records a group, or a whole operation, from a struct: `__fill_account`.
#[must_use]
pub fn group_setter(snake: &str) -> String {
    format!("__fill_{}", plain(snake))
}

fn plain(snake: &str) -> &str {
    snake.trim_start_matches("r#")
}
