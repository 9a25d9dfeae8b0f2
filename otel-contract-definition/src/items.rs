//! Names of the hidden items that `contract!` writes and the other macros call.

/// The macro of a contract's module that hands definitions to the other macros. Its name is the advice in rustc's
/// message where a path leads through a module that is no contract: no macro can write a message of its own there.
pub const DISPATCH: &str = "__contract_else_import_the_name_with_use";

/// The function that takes values of an attribute: `__Attributes::optional_order_id`, or
/// `required_order_id`.
#[must_use]
pub fn taker(snake: &str, required: bool) -> String {
    let level = if required { "required" } else { "optional" };
    format!("{level}_{}", plain(snake))
}

/// The constant that warns of a deprecated attribute given as a literal: `__USES_OLD_NAME`.
#[must_use]
pub fn warner(snake: &str) -> String {
    format!("__USES_{}", plain(snake).to_ascii_uppercase())
}

/// The function that takes a struct for a group, or for the operation: `__fill_account`.
#[must_use]
pub fn filler(snake: &str) -> String {
    format!("__fill_{}", plain(snake))
}

fn plain(snake: &str) -> &str {
    snake.trim_start_matches("r#")
}
