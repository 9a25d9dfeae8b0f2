//! A value that is known only at run time is not a constant.

use test_vocabulary::forms::constant;

fn step(step: i64) {
    let _ = constant!(WorkStep, step);
}

const STEP: u8 = 1;

fn main() {
    step(1);
    let _ = constant!(WorkStep, STEP);
    let _ = constant!(WorkKind, STEP);
}
