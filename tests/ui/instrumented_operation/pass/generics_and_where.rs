//! Type parameters, lifetimes, const generics, `impl Trait` arguments and where clauses.

use otel_contract_tests::{record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

fn twin<'a, T, const N: usize>(items: &'a [T; N], more: impl IntoIterator<Item = &'a T>) -> Vec<&'a T>
where
    T: PartialOrd + 'a,
{
    items.iter().chain(more).filter(|item| *item > &items[0]).collect()
}

#[instrumented_operation(forms::FormRun, work.count = N)]
fn form<'a, T, const N: usize>(items: &'a [T; N], more: impl IntoIterator<Item = &'a T>) -> Vec<&'a T>
where
    T: PartialOrd + 'a,
{
    items.iter().chain(more).filter(|item| *item > &items[0]).collect()
}

struct Holder<T>(T);

impl<T: Clone + std::fmt::Display> Holder<T> {
    #[instrumented_operation(forms::FormRun, work.name = self.0.to_string())]
    fn get(&self) -> Option<T> {
        Some(self.0.clone())
    }
}

fn main() {
    let (items, more) = ([3, 4, 1], [9, 2]);
    let (result, spans) = record(|| form(&items, &more));
    assert_eq!(result, twin(&items, &more));
    succeeded(&spans, "form.run", &[("work.count", "3")]);
    let (result, spans) = record(|| Holder("x").get());
    assert_eq!(result, Some("x"));
    succeeded(&spans, "form.run", &[("work.name", "x")]);
}
