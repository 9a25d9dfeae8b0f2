//! Functions that cause a warning, and functions that suppress one with `allow` or `expect`: the same with and without the
//! attribute.

use super::all::prelude::*;

#[instrumented_operation(forms::FormRun)]
pub fn unused_variable() {
    let unused = 1;
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_argument(argument: u8) {}

#[instrumented_operation(forms::FormRun)]
pub fn unused_argument_in_a_pattern((first, second): (u8, u8)) -> u8 {
    first
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_mut_of_an_argument(mut argument: u8) -> u8 {
    argument
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_mut_of_a_local() -> u8 {
    let mut local = 1;
    local
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_assignment() -> u8 {
    let mut value = 1;
    value = 2;
    value
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_result() {
    Err::<u8, Broken>(Broken);
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_future() {
    pause();
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_value() {
    1 + 1;
}

#[must_use = "the answer"]
#[instrumented_operation(forms::FormRun)]
pub fn must_be_used() -> u8 {
    1
}

pub fn calls_what_must_be_used() {
    must_be_used();
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_import() {
    use std::fmt::Write;
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_item_inside() {
    fn inside() {}
    const WIDTH: u8 = 1;
    struct Inside;
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_label() {
    'unused: loop {
        break;
    }
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_parentheses() -> u8 {
    let value = (1);
    if (value > 0) { value } else { 0 }
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_macro() {
    macro_rules! unused {
        () => {};
    }
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_unsafe() {
    unsafe {}
}

#[instrumented_operation(forms::FormRun)]
pub fn unreachable_after_return() -> u8 {
    return 1;
    note("unreachable");
}

#[instrumented_operation(forms::FormRun)]
pub fn unreachable_arm(value: u8) -> u8 {
    match value {
        _ => 1,
        3 => 2,
    }
}

#[instrumented_operation(forms::FormRun)]
pub fn unreachable_after_a_panic() -> u8 {
    panic!("always");
    1
}

#[deprecated(note = "on purpose")]
#[instrumented_operation(forms::FormRun)]
pub fn is_deprecated() {}

pub fn calls_what_is_deprecated() {
    is_deprecated();
}

#[instrumented_operation(forms::FormRun)]
pub fn notSnakeCase(notSnakeCase: u8) -> u8 {
    notSnakeCase
}

#[instrumented_operation(forms::FormRun)]
pub fn let_underscore_of_a_unit() {
    let _ = note("a unit");
}

#[instrumented_operation(forms::FormRun)]
pub fn empty_body() {}

#[instrumented_operation(forms::FormRun)]
pub fn while_true() {
    while true {
        break;
    }
}

#[instrumented_operation(forms::FormRun)]
pub async fn unused_argument_async(argument: u8) {}

#[instrumented_operation(forms::FormRun)]
pub async fn unused_variable_async() {
    let unused = 1;
}

#[instrumented_operation(forms::FormRun)]
pub async fn unused_mut_async(mut argument: u8) -> u8 {
    argument
}

#[instrumented_operation(forms::FormRun)]
pub async fn unused_future_async() {
    pause();
}

#[instrumented_operation(forms::FormRun)]
pub async fn unreachable_async() -> u8 {
    return 1;
    note("unreachable");
}

#[instrumented_operation(forms::FormRun)]
pub async fn unused_result_async() {
    Err::<u8, Broken>(Broken);
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_in_a_boxed_future(argument: u8) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        let unused = 1;
    })
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_in_a_future(argument: u8) -> impl Future<Output = ()> {
    async move {
        let unused = 1;
    }
}

#[instrumented_operation(forms::FormRun)]
pub fn unused_lifetime_parameter<'unused, 'a>(text: &'a str) -> &'a str {
    text
}

#[instrumented_operation(forms::FormRun)]
pub fn needless_qualification() -> std::vec::Vec<u8> {
    std::vec::Vec::new()
}

#[allow(unused_variables)]
#[instrumented_operation(forms::FormRun)]
pub fn allowed_above() {
    let unused = 1;
}

#[instrumented_operation(forms::FormRun)]
#[allow(unused_variables)]
pub fn allowed_below() {
    let unused = 1;
}

#[expect(unused_variables, reason = "on purpose")]
#[instrumented_operation(forms::FormRun)]
pub fn expected_and_seen() {
    let unused = 1;
}

#[expect(unused_variables, reason = "on purpose")]
#[instrumented_operation(forms::FormRun)]
pub fn expected_and_not_seen() {}

#[instrumented_operation(forms::FormRun)]
pub fn allowed_inside() {
    #![allow(unused_variables)]
    let unused = 1;
}

#[instrumented_operation(forms::FormRun)]
pub fn allowed_on_a_statement() {
    #[allow(unused_variables)]
    let unused = 1;
    let other = 2;
}


#[instrumented_operation(forms::FormRun)]
fn never_called() {}

#[instrumented_operation(forms::FormRun)]
async fn never_called_async() {}

struct Private;

impl Private {
    #[instrumented_operation(forms::FormRun)]
    fn never_called_method(&self) {}
}
