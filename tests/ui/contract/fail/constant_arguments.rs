//! Arguments of `constant!` that cannot be a value.

use test_vocabulary::billing;
use test_vocabulary::forms::constant;

fn main() {
    let _ = constant!(WorkStp, 1);
    let _ = constant!(WorkName, "report");
    let _ = constant!(PersonPin, 1);
    let _ = constant!(FullRun, 1);
    let _ = constant!(forms::WorkStep, 1);
    let _ = constant!(work.step, 1);
    let _ = constant!("work.step", 1);
    let _ = constant!(WorkStep);
    let _ = constant!(WorkStep,);
    let _ = constant!(WorkStep, 1, 2);
    let _ = constant!(WorkStep, , 1);
    let _ = constant!(WorkStep = 1);
    let _ = constant!();
    let _ = billing::constant!(5);
}
