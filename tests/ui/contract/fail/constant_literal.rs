//! A literal that is not a value of its attribute is an error on the literal, both in a function and in a constant.

use test_vocabulary::billing;
use test_vocabulary::forms::{self, WorkKind, WorkStep, constant};

const STEP: WorkStep = forms::constant!(WorkStep, 9);
static KINDS: [WorkKind; 2] = [constant!(WorkKind, "smal"), constant!(WorkKind, "large")];

fn generic<T>(step: WorkStep) -> bool {
    match step {
        step if step == constant!(WorkStep, -3) => true,
        constant!(WorkStep, 3) => true,
        _ => false,
    }
}

fn main() {
    let _ = generic::<u8>(constant!(WorkStep, "two"));
    let _ = constant!(WorkCode, 201);
    let _ = constant!(WorkUrgent, 1);
    let _ = constant!(WorkCount, 1.5);
    let _ = constant!(WorkCount, 9223372036854775808);
    let _ = billing::constant!(AccountTier, "gold");
    assert_eq!(STEP, STEP);
    assert_eq!(KINDS, KINDS);
}
