//! `-> &mut T` out of `&mut self`, and a mutable reference handed through.

use otel_contract_tests::{block_on, record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

struct Store {
    items: Vec<u32>,
}

impl Store {
    #[instrumented_operation(forms::FormRun, work.count = index)]
    fn item(&mut self, index: usize) -> &mut u32 {
        &mut self.items[index]
    }

    #[instrumented_operation(forms::FormRun)]
    async fn later(&mut self) -> Option<&mut u32> {
        self.items.last_mut()
    }
}

#[instrumented_operation(forms::FormRun)]
fn through<'a>(items: &'a mut Vec<u32>, _other: &u32) -> &'a mut [u32] {
    items.push(9);
    items
}

fn main() {
    let mut store = Store { items: vec![1, 2] };
    let (_, spans) = record(|| *store.item(1) += 5);
    assert_eq!(store.items, [1, 7]);
    succeeded(&spans, "form.run", &[("work.count", "1")]);
    let (_, spans) = record(|| *block_on(store.later()).unwrap() = 0);
    assert_eq!(store.items, [1, 0]);
    succeeded(&spans, "form.run", &[]);
    let mut items = vec![4];
    let (_, spans) = record(|| through(&mut items, &0)[0] = 3);
    assert_eq!(items, [3, 9]);
    succeeded(&spans, "form.run", &[]);
}
