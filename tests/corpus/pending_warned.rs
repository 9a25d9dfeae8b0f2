//! Functions whose warnings differ under the attribute.
//!
//! Pending: a `mod` line beside that of `warned` in `warnings.rs` switches them on.
//!
//! | functions | today |
//! | --- | --- |
//! | `never_called*` | `dead_code` is not reported |
//! | `recursion_without_end` | `unconditional_recursion` is not reported |
//! | `assigned_before_it_is_read*` | `unused_assignments` says "captured by" instead of "passed to", at another place |

use super::all::prelude::*;

#[instrumented_operation(forms::FormRun)]
fn never_called() {}

#[instrumented_operation(forms::FormRun)]
async fn never_called_later() {}

struct Private;

impl Private {
    #[instrumented_operation(forms::FormRun)]
    fn never_called_method(&self) {}
}

#[instrumented_operation(forms::FormRun)]
pub fn recursion_without_end() -> u8 {
    recursion_without_end()
}

#[instrumented_operation(forms::FormRun)]
pub fn assigned_before_it_is_read(mut argument: u8) -> u8 {
    argument = 2;
    argument
}

#[instrumented_operation(forms::FormRun)]
pub async fn assigned_before_it_is_read_later(mut argument: u8) -> u8 {
    argument = 2;
    argument
}
