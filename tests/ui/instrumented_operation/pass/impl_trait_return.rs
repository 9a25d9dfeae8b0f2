//! `impl Trait` in return position, alone and inside a `Result`.

use otel_contract_tests::{failed, record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, forms::ErrorClass)]
#[error_class(forms, broken)]
struct Broken;

fn twin(items: &[u32]) -> impl Iterator<Item = u32> + '_ {
    items.iter().map(|item| item * 2)
}

#[instrumented_operation(forms::FormRun)]
fn form(items: &[u32]) -> impl Iterator<Item = u32> + '_ {
    items.iter().map(|item| item * 2)
}

#[instrumented_operation(forms::FormRun)]
fn fallible(items: &[u32]) -> Result<impl Iterator<Item = u32> + '_, Broken> {
    if items.is_empty() {
        return Err(Broken);
    }
    Ok(items.iter().map(|item| item * 2))
}

fn main() {
    let (result, spans) = record(|| form(&[1, 2]).collect::<Vec<_>>());
    assert_eq!(result, twin(&[1, 2]).collect::<Vec<_>>());
    succeeded(&spans, "form.run", &[]);
    let (result, spans) = record(|| fallible(&[1, 2]).unwrap().collect::<Vec<_>>());
    assert_eq!(result, [2, 4]);
    succeeded(&spans, "form.run", &[]);
    let (result, spans) = record(|| fallible(&[]).is_err());
    assert!(result);
    failed(&spans, "form.run", "broken", &[]);
}
