//! `impl Trait` in return position, alone and inside a `Result`.

use otel_contract_tests::{assert_failed, record, assert_succeeded, twins};
use test_vocabulary::forms::ErrorClass;

#[derive(Debug, PartialEq, ErrorClass)]
#[error_class(test_vocabulary::forms, broken)]
pub struct Broken;

twins! {
    #[instrumented_operation(forms::FormRun)]
    pub fn form(items: &[u32]) -> impl Iterator<Item = u32> + '_ {
        items.iter().map(|item| item * 2)
    }

    #[instrumented_operation(forms::FormRun)]
    pub fn fallible(items: &[u32]) -> Result<impl Iterator<Item = u32> + '_, Broken> {
        if items.is_empty() {
            return Err(Broken);
        }
        Ok(items.iter().map(|item| item * 2))
    }
}

pub(crate) fn main() {
    let (result, spans) = record(|| ours::form(&[1, 2]).collect::<Vec<_>>());
    assert_eq!(result, twin::form(&[1, 2]).collect::<Vec<_>>());
    assert_succeeded(&spans, "form.run", &[]);
    let (result, spans) = record(|| ours::fallible(&[1, 2]).map(Iterator::collect::<Vec<_>>));
    assert_eq!(result, twin::fallible(&[1, 2]).map(Iterator::collect::<Vec<_>>));
    assert_succeeded(&spans, "form.run", &[]);
    let (result, spans) = record(|| ours::fallible(&[]).err());
    assert_eq!(result, twin::fallible(&[]).err());
    assert_failed(&spans, "form.run", "broken", &[]);
}
