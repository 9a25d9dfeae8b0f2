//! Type parameters, lifetimes, const generics, `impl Trait` arguments and where clauses.

use otel_contract_tests::{record, assert_succeeded, twins};

twins! {
    #[instrumented_operation(forms::FormRun, work.count = N)]
    pub fn form<'a, T, const N: usize>(items: &'a [T; N], more: impl IntoIterator<Item = &'a T>) -> Vec<&'a T>
    where
        T: PartialOrd + 'a,
    {
        items.iter().chain(more).filter(|item| *item > &items[0]).collect()
    }

    pub struct Holder<T>(pub T);

    impl<T: Clone + std::fmt::Display> Holder<T> {
        #[instrumented_operation(forms::FormRun, work.name = self.0.to_string())]
        pub fn get(&self) -> Option<T> {
            Some(self.0.clone())
        }
    }
}

pub(crate) fn main() {
    let (items, more) = ([3, 4, 1], [9, 2]);
    let (result, spans) = record(|| ours::form(&items, &more));
    assert_eq!(result, twin::form(&items, &more));
    assert_succeeded(&spans, "form.run", &[("work.count", "3")]);
    let (result, spans) = record(|| ours::Holder("x").get());
    assert_eq!(result, twin::Holder("x").get());
    assert_succeeded(&spans, "form.run", &[("work.name", "x")]);
}
