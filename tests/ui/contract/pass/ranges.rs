//! Ranged integers: checked, saturating, and constant.

use test_vocabulary::forms::{self, WorkStep};

const STEP: WorkStep = forms::constant!(WorkStep, -2);

pub(crate) fn main() {
    assert_eq!(STEP, WorkStep::MIN);
    assert_eq!(WorkStep::new(2).unwrap(), WorkStep::MAX);
    assert_eq!(WorkStep::new(3).unwrap_err().to_string(), "`3` is not a value of `work.step`; allowed: -2 to 2");
    assert_eq!(WorkStep::saturating(i64::MIN), WorkStep::MIN);
    assert_eq!(WorkStep::saturating(i64::MAX), WorkStep::MAX);
    assert_eq!(WorkStep::saturating(1).as_i64(), 1);
    assert_eq!(WorkStep::try_from(0).unwrap().to_string(), "0");
}
