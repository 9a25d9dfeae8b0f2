//! Steps that use a contract; each step is a line for the driver.

use crate::model::{Domain, Fails, Instrument, Level, Metric, Model, Use};
use crate::random::Random;
use std::fmt::Write as _;

/// One step. Values are inputs; the oracle computes the recorded values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) action: Action,
    /// Whether telemetry is suppressed during the step.
    pub(crate) suppressed: bool,
    /// Whether the step runs on a separate thread.
    pub(crate) thread: bool,
    /// Values at the start, by position in the uses.
    pub(crate) given: Vec<Option<String>>,
    /// Position and value of attributes that are set through the handle, in this order.
    pub(crate) late: Vec<(usize, String)>,
    /// Values set by `ok(…)`, by position in the uses.
    pub(crate) ok: Vec<Option<String>>,
    /// Outcome: `ok`, `panic`, `cancel`, `unpolled`, `none` or an error class.
    pub(crate) end: String,
    /// Measured value in quarters, which is exact in every number type.
    pub(crate) quarters: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Action {
    /// Installs new providers.
    #[default]
    Install,
    Collect,
    /// Calls a function of an operation.
    Call(usize, usize),
    /// Starts an operation by hand and stores it in a slot.
    Start(usize, usize),
    /// Ends the operation in a slot.
    End(usize),
    /// Runs a future as an operation, by hand.
    Run(usize),
    Record(usize),
    /// Adds a value to the callback of a metric.
    Observe(usize),
    /// Removes all values from the callback of a metric.
    Forget(usize),
}

/// Number of slots for concurrent operations.
const SLOTS: usize = 6;

const STEPS: usize = 260;

/// Generates the steps of one contract.
pub(crate) fn steps(model: &Model) -> Vec<Step> {
    let random = &mut Random::new(model.seed ^ 0x5C1F_7000);
    let mut steps = Vec::new();
    let mut slots: [Option<usize>; SLOTS] = [None; SLOTS];
    // Telemetry before the first provider is lost, and causes no error.
    for _ in 0..random.below(8) {
        steps.push(step(random, model, &mut slots, false));
    }
    steps.push(Step::default());
    let again = random.percent(40).then(|| random.below(STEPS));
    for number in 0..STEPS {
        if again == Some(number) {
            steps.push(Step::default());
        }
        if number % 80 == 79 {
            steps.push(Step::of(Action::Collect));
        }
        steps.push(step(random, model, &mut slots, true));
    }
    steps.push(Step::of(Action::Collect));
    for (slot, operation) in slots.into_iter().enumerate() {
        if let Some(operation) = operation {
            steps.push(end(random, model, slot, operation));
        }
    }
    steps.push(Step::of(Action::Collect));
    steps
}

fn step(
    random: &mut Random,
    model: &Model,
    slots: &mut [Option<usize>; SLOTS],
    has_provider: bool,
) -> Step {
    let operation = random.below(model.operations.len());
    let mut step = match random.below(10) {
        0..4 => call(random, model, operation),
        4..6 => {
            let slot = random.below(SLOTS);
            match slots[slot].take() {
                Some(operation) => return end(random, model, slot, operation),
                // An operation that starts before the first provider would not be recorded at its end.
                None if !has_provider => call(random, model, operation),
                None => {
                    slots[slot] = Some(operation);
                    begin(random, model, operation, Action::Start(operation, slot))
                }
            }
        }
        6 if model.errors > 0 => {
            let mut step = begin(random, model, operation, Action::Run(operation));
            step.end = outcome(random, model, operation, Fails::Derived, true);
            step
        }
        _ => return measure(random, model),
    };
    step.suppressed = random.percent(5);
    step.thread = random.percent(10) && !matches!(step.action, Action::Start(..));
    step
}

fn begin(random: &mut Random, model: &Model, operation: usize, action: Action) -> Step {
    let uses = &model.operations[operation].uses;
    let given = uses.iter().map(|used| given(random, model, used));
    Step {
        given: given.collect(),
        ..Step::of(action)
    }
}

fn call(random: &mut Random, model: &Model, operation: usize) -> Step {
    let functions = &model.operations[operation].functions;
    let index = random.below(functions.len());
    let function = &functions[index];
    let mut step = begin(random, model, operation, Action::Call(operation, index));
    for (position, literal) in &function.literals {
        step.given[*position] = Some(literal.clone());
    }
    if function.handle {
        step.late = late(random, model, operation);
    }
    let uses = &model.operations[operation].uses;
    step.ok = vec![None; uses.len()];
    for &position in &function.ok {
        let value = value(random, model, uses[position].attribute);
        let certain = matches!(uses[position].level, Level::Required | Level::OnSuccess);
        step.ok[position] = (certain || random.percent(80)).then_some(value);
    }
    let fails = function.fails;
    step.end = outcome(random, model, operation, fails, function.asynchronous);
    step
}

fn end(random: &mut Random, model: &Model, slot: usize, operation: usize) -> Step {
    let end = match random.below(4) {
        0 => "cancel".to_owned(),
        1 => class(random, model),
        _ => "ok".to_owned(),
    };
    Step {
        late: late(random, model, operation),
        end,
        ..Step::of(Action::End(slot))
    }
}

/// Optional value at the start: present for required attributes, random for others.
fn given(random: &mut Random, model: &Model, one: &Use) -> Option<String> {
    let given = match one.level {
        Level::Required => true,
        Level::OnSuccess => false,
        Level::Recommended | Level::OptIn | Level::Conditional => random.percent(60),
    };
    given.then(|| value(random, model, one.attribute))
}

fn late(random: &mut Random, model: &Model, operation: usize) -> Vec<(usize, String)> {
    let uses = &model.operations[operation].uses;
    let mut late = Vec::new();
    for _ in 0..random.below(4) {
        let position = random.below(uses.len());
        if !uses[position].sampling_relevant {
            late.push((position, value(random, model, uses[position].attribute)));
        }
    }
    late
}

/// Input value, which may be outside of the recorded range.
fn value(random: &mut Random, model: &Model, attribute: usize) -> String {
    match &model.attributes[attribute].domain {
        Domain::Strings { other: true, .. } if random.percent(20) => "elsewhere".to_owned(),
        Domain::Strings { values, .. } => random.pick(values).clone(),
        Domain::Ints(values) => random.pick(values).to_string(),
        // `saturating` clamps the value.
        Domain::Range(least, most) => random.between(least - 2, most + 2).to_string(),
        Domain::Boolean => random.percent(50).to_string(),
        Domain::Bounded(_) if random.percent(4) => "_OTHER".to_owned(),
        Domain::Bounded(limit) => format!("text_{}", random.below(limit * 2 + 1)),
        Domain::Text | Domain::Masked => format!("free_{}", random.below(1_000)),
        Domain::Number => random.between(-1_000, 1_000).to_string(),
    }
}

fn class(random: &mut Random, model: &Model) -> String {
    match random.below(model.errors + 1) {
        0 => "other".to_owned(),
        one => format!("fault_{}", one - 1),
    }
}

fn outcome(
    random: &mut Random,
    model: &Model,
    operation: usize,
    fails: Fails,
    asynchronous: bool,
) -> String {
    let listed = model.operations[operation].errors.as_deref();
    match random.below(10) {
        0..5 => "ok".to_owned(),
        5 => "panic".to_owned(),
        6 if asynchronous => random.pick(&["cancel", "cancel", "unpolled"]).to_string(),
        _ => match (fails, listed) {
            (Fails::Never, _) => "ok".to_owned(),
            (Fails::Derived, Some(listed)) => format!("fault_{}", random.pick(listed)),
            (Fails::Derived, None) => format!("fault_{}", random.below(model.errors)),
            (Fails::Mapped, _) if random.percent(15) => "none".to_owned(),
            (Fails::Mapped, _) => class(random, model),
        },
    }
}

fn measure(random: &mut Random, model: &Model) -> Step {
    let index = random.below(model.metrics.len());
    let metric = &model.metrics[index];
    let action = match metric.observable {
        true if random.percent(10) => Action::Forget(index),
        true => Action::Observe(index),
        false => Action::Record(index),
    };
    let mut given: Vec<Option<String>> = metric
        .uses
        .iter()
        .map(|used| self::given(random, model, used))
        .collect();
    if let Some(level) = metric.error_type {
        let some = level == Level::Required || random.percent(60);
        given.push(some.then(|| class(random, model)));
    }
    Step {
        given,
        quarters: quarters(random, metric),
        suppressed: !metric.observable && random.percent(5),
        thread: random.percent(10),
        ..Step::of(action)
    }
}

/// Random measurement in quarters: whole numbers for integer types, and no negative numbers for unsigned types.
fn quarters(random: &mut Random, metric: &Metric) -> i64 {
    let negative = match metric.instrument {
        // Counters ignore negative doubles.
        Instrument::Counter => metric.double && !metric.observable && random.percent(10),
        Instrument::Histogram => metric.double && random.percent(20),
        Instrument::UpDownCounter | Instrument::Gauge => random.percent(40),
    };
    let size = random.between(0, 120);
    let size = if metric.double { size } else { size * 4 };
    if negative { -size } else { size }
}

impl Step {
    fn of(action: Action) -> Self {
        Self {
            action,
            end: "ok".to_owned(),
            ..Self::default()
        }
    }

    /// Line of this step for the driver.
    pub(crate) fn line(&self) -> String {
        let (action, first, second) = match self.action {
            Action::Install => ("install", 0, 0),
            Action::Collect => ("collect", 0, 0),
            Action::Call(operation, function) => ("call", operation, function),
            Action::Start(operation, slot) => ("start", operation, slot),
            Action::End(slot) => ("end", slot, 0),
            Action::Run(operation) => ("run", operation, 0),
            Action::Record(metric) => ("record", metric, 0),
            Action::Observe(metric) => ("observe", metric, 0),
            Action::Forget(metric) => ("forget", metric, 0),
        };
        let mut line = format!(
            "{action}\t{first}\t{second}\t{}\t{}\t{}\t{}\t",
            u8::from(self.suppressed),
            u8::from(self.thread),
            self.end,
            self.quarters,
        );
        let options = |values: &[Option<String>]| {
            let values = values.iter().map(|value| value.as_deref().unwrap_or("-"));
            values.collect::<Vec<_>>().join(" ")
        };
        line.push_str(&options(&self.given));
        line.push('\t');
        for (position, value) in &self.late {
            let _ = write!(line, "{position}={value} ");
        }
        line.push('\t');
        line.push_str(&options(&self.ok));
        line
    }
}
