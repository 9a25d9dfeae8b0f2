//! A value known only at run time is no constant.

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
