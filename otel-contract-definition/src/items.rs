//! Names of the hidden items that `contract!` generates and the other macros use.

/// The macro of a contract's module that passes definitions to the other macros.
///
/// Its name is advice: rustc shows the name if a path leads to a module that is not a contract, where no macro can
/// report an error itself.
pub const DISPATCH: &str = "__contract_else_import_the_name_with_use";

/// Returns the name of an attribute's setter in `__Attributes`: `optional_order_id` or `required_order_id`.
#[must_use]
pub fn setter(snake: &str, required: bool) -> String {
    let level = if required { "required" } else { "optional" };
    format!("{level}_{}", plain(snake))
}

/// Returns the name of the deprecation constant, which causes a warning when a deprecated name is used:
/// `__USES_OLD_NAME`.
#[must_use]
pub fn deprecation_constant(snake: &str) -> String {
    format!("__USES_{}", plain(snake).to_ascii_uppercase())
}

/// Returns the name of the setter for a group, or for a whole operation, from a struct: `__fill_account`.
#[must_use]
pub fn group_setter(snake: &str) -> String {
    format!("__fill_{}", plain(snake))
}

fn plain(snake: &str) -> &str {
    snake.trim_start_matches("r#")
}
