//! Functions that return a `&mut T` from `&mut self` or from an argument.

use otel_contract_tests::{block_on, record, assert_succeeded, twins};

twins! {
    pub struct Store {
        pub items: Vec<u32>,
    }

    impl Store {
        #[instrumented_operation(forms::FormRun, work.count = index)]
        pub fn item(&mut self, index: usize) -> &mut u32 {
            &mut self.items[index]
        }

        #[instrumented_operation(forms::FormRun)]
        pub async fn last_async(&mut self) -> Option<&mut u32> {
            self.items.last_mut()
        }
    }

    #[instrumented_operation(forms::FormRun)]
    pub fn mutable_reference_returned<'a>(items: &'a mut Vec<u32>, _other: &u32) -> &'a mut [u32] {
        items.push(9);
        items
    }
}

pub(crate) fn main() {
    let (mut ours, mut twin) = (ours::Store { items: vec![1, 2] }, twin::Store { items: vec![1, 2] });
    let ((), spans) = record(|| *ours.item(1) += 5);
    *twin.item(1) += 5;
    assert_eq!(ours.items, twin.items);
    assert_succeeded(&spans, "form.run", &[("work.count", "1")]);
    let ((), spans) = record(|| *block_on(ours.last_async()).unwrap() = 0);
    *block_on(twin.last_async()).unwrap() = 0;
    assert_eq!(ours.items, twin.items);
    assert_succeeded(&spans, "form.run", &[]);
    let ((), spans) = record(|| ours::mutable_reference_returned(&mut ours.items, &0)[0] = 3);
    twin::mutable_reference_returned(&mut twin.items, &0)[0] = 3;
    assert_eq!(ours.items, twin.items);
    assert_succeeded(&spans, "form.run", &[]);
}
