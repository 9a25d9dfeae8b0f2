//! `constant!` for every type of attribute that it supports, in every context that allows it.

use test_vocabulary::forms::{
    self, Region, TripCount, TripTrial, WorkCode, WorkCount, WorkKind, WorkStep, WorkUrgent,
    constant,
};

const MAX: i64 = 2;
const NAME: &str = "large";
const FAST: bool = MAX > 1;

const LITERAL: WorkStep = forms::constant!(WorkStep, -2);
const EXPRESSION: WorkStep = forms::constant!(WorkStep, MAX - 1);
static STEPS: [WorkStep; 3] = [
    constant!(WorkStep, 0),
    constant!(WorkStep, MAX),
    constant!(WorkStep, MAX.wrapping_neg()),
];

struct Limits;

impl Limits {
    const STEPS: i64 = 1;
    const STEP: WorkStep = constant!(WorkStep, Self::STEPS);
}

const fn step() -> WorkStep {
    constant!(WorkStep, 1)
}

fn generic<T: Default>() -> (WorkStep, T) {
    (constant!(WorkStep, MAX), T::default())
}

fn matched(step: WorkStep) -> &'static str {
    match step {
        step if step == constant!(WorkStep, -1) => "guarded",
        constant!(WorkStep, 2) => "literal",
        constant!(WorkStep, MAX - 2) => "expression",
        _ => "other",
    }
}

macro_rules! step {
    ($value:expr) => {
        constant!(WorkStep, $value)
    };
}

pub(crate) fn main() {
    assert_eq!(LITERAL.as_i64(), -2);
    assert_eq!(EXPRESSION.as_i64(), 1);
    assert_eq!(STEPS.map(i64::from), [0, 2, -2]);
    assert_eq!(Limits::STEP, step());
    assert_eq!(generic::<u8>(), (WorkStep::MAX, 0));
    let found = [-1, 2, 0, 1].map(|step| matched(WorkStep::saturating(step)));
    assert_eq!(found, ["guarded", "literal", "expression", "other"]);
    assert_eq!(constant!(WorkStep, 2,).as_i64(), 2);
    assert_eq!(constant!(WorkStep, { MAX }), step!(2));
    assert_eq!(step!(MAX), WorkStep::MAX);

    assert_eq!(constant!(WorkKind, "small"), WorkKind::Small);
    assert_eq!(constant!(WorkKind, NAME), WorkKind::Large);
    assert_eq!(constant!(Region, "us"), Region::Us);
    assert_eq!(constant!(WorkCode, 404), WorkCode::V404);
    assert_eq!(constant!(WorkCode, MAX * 100), WorkCode::V200);
    assert_eq!(constant!(WorkUrgent, true), WorkUrgent::from(true));
    assert_eq!(constant!(WorkUrgent, !FAST), WorkUrgent::from(false));
    assert_eq!(constant!(WorkCount, -7), WorkCount::from(-7));
    assert_eq!(constant!(WorkCount, i64::MIN), WorkCount::from(i64::MIN));
    assert_eq!(constant!(TripTrial, false), TripTrial::from(false));
    assert_eq!(constant!(TripCount, 3), TripCount::from(3));
    assert_eq!(test_vocabulary::billing::constant!(RetryAttempt, 5).as_i64(), 5);
}
