//! A constant expression that is not a value of its attribute fails on `cargo check`, both in a function and in a constant.

use test_vocabulary::forms::{self, WorkStep, constant};

const MAX: i64 = 9;
const TINY: &str = "tiny";

const STEP: WorkStep = forms::constant!(WorkStep, MAX);
static STEPS: [WorkStep; 1] = [constant!(WorkStep, -MAX)];

fn generic<T>(step: WorkStep) -> bool {
    step == constant!(WorkStep, MAX - 6)
}

fn main() {
    let _ = generic::<u8>(STEP);
    let _ = constant!(WorkKind, TINY);
    let _ = constant!(WorkCode, 200 + MAX);
    let _ = STEPS;
}
