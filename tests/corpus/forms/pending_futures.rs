//! TODO

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[form(
    "boxed_without_pin",
    || drive!(Pin::from(boxed_without_pin(3))),
    BOTH,
)];

#[instrumented_operation(forms::FormRun)]
fn boxed_without_pin(count: u32) -> Box<dyn Future<Output = u32>> {
    Box::new(async move {
        pause().await;
        count
    })
}
