//! TODO

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[form(
    "later_owned_and_dropped",
    || drive!(later_owned_and_dropped(Noisy("a"), Noisy("b"))),
    &[Success(&[]), Cancelled(&[])],
)];

#[instrumented_operation(forms::FormRun)]
async fn later_owned_and_dropped(first: Noisy, second: Noisy) -> &'static str {
    pause().await;
    drop(first);
    second.touch()
}
