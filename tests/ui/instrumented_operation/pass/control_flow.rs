//! Labelled breaks, loops, early returns and `?` on options and results.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

fn twin(items: &[Option<u32>]) -> Option<u32> {
    let mut sum = 0;
    let last = 'outer: loop {
        for item in items {
            let value = (*item)?;
            if value > 100 {
                return Some(0);
            }
            sum += value;
            if value == 7 {
                break 'outer value;
            }
        }
        break sum;
    };
    Some(sum + last)
}

#[instrumented_operation(forms::FormRun, work.count = items.len())]
fn form(items: &[Option<u32>]) -> Option<u32> {
    let mut sum = 0;
    let last = 'outer: loop {
        for item in items {
            let value = (*item)?;
            if value > 100 {
                return Some(0);
            }
            sum += value;
            if value == 7 {
                break 'outer value;
            }
        }
        break sum;
    };
    Some(sum + last)
}

pub(crate) fn main() {
    let cases: [&[Option<u32>]; 4] = [&[Some(1), Some(2)], &[Some(7), None], &[None], &[Some(101)]];
    for items in cases {
        let (result, spans) = record(|| form(items));
        assert_eq!(result, twin(items));
        assert_succeeded(&spans, "form.run", &[("work.count", &items.len().to_string())]);
    }
}
