//! A function without a return type, and one that returns early.

use otel_contract_tests::{record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

fn twin(log: &mut Vec<u32>, stop: bool) {
    log.push(1);
    if stop {
        return;
    }
    log.push(2);
}

#[instrumented_operation(forms::FormRun)]
fn form(log: &mut Vec<u32>, stop: bool) {
    log.push(1);
    if stop {
        return;
    }
    log.push(2);
}

pub(crate) fn main() {
    for stop in [true, false] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        twin(&mut theirs, stop);
        let ((), spans) = record(|| form(&mut ours, stop));
        assert_eq!(ours, theirs);
        assert_succeeded(&spans, "form.run", &[]);
    }
}
