//! Runs the steps of each contract and prints the exported telemetry. Part of the generated project.

use crate::export::{Installation, print_spans};
use opentelemetry::Context;
use opentelemetry_sdk::metrics::{Instrument, Stream};
use std::any::Any;
use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{self, Poll, Waker};

/// Ends an operation that was started by hand.
pub type EndOperation = Box<dyn FnOnce(&Step)>;

/// A contract with all functions that use it.
pub struct Contract {
    pub name: &'static str,
    pub view: fn(&Instrument) -> Option<Stream>,
    pub call: fn(usize, usize, &Step),
    pub start: fn(usize, &Step) -> EndOperation,
    pub run: fn(usize, &Step),
    pub record: fn(usize, &Step),
    pub observe: fn(&Observed) -> Vec<Box<dyn Any>>,
}

/// Optional values by position.
#[derive(Clone, Debug, Default)]
pub struct Values(Vec<Option<String>>);

impl Values {
    pub fn get(&self, position: usize) -> Option<&str> {
        self.0.get(position)?.as_deref()
    }

    fn parse(text: &str) -> Self {
        let values = text
            .split(' ')
            .map(|value| (value != "-" && !value.is_empty()).then(|| value.to_owned()));
        Self(values.collect())
    }
}

#[derive(Clone, Debug)]
pub struct Step {
    action: String,
    first: usize,
    second: usize,
    suppressed: bool,
    thread: bool,
    pub end: String,
    quarters: i64,
    given: Values,
    pub late: Vec<(usize, String)>,
    ok: Values,
}

impl Step {
    fn parse(line: &str) -> Self {
        let fields: Vec<&str> = line.split('\t').collect();
        let [
            action,
            first,
            second,
            suppressed,
            thread,
            end,
            quarters,
            given,
            late,
            ok,
        ] = fields[..]
        else {
            panic!("not a step: {line:?}");
        };
        let late = late.split_whitespace().map(|pair| {
            let (position, value) = pair.split_once('=').unwrap();
            (position.parse().unwrap(), value.to_owned())
        });
        Self {
            action: action.to_owned(),
            first: first.parse().unwrap(),
            second: second.parse().unwrap(),
            suppressed: suppressed == "1",
            thread: thread == "1",
            end: end.to_owned(),
            quarters: quarters.parse().unwrap(),
            given: Values::parse(given),
            late: late.collect(),
            ok: Values::parse(ok),
        }
    }

    pub fn value(&self, position: usize) -> &str {
        self.given(position).expect("a required value")
    }

    pub fn given(&self, position: usize) -> Option<&str> {
        self.given.get(position)
    }

    pub fn double(&self) -> f64 {
        self.quarters as f64 / 4.0
    }

    pub fn signed(&self) -> i64 {
        self.quarters / 4
    }

    pub fn unsigned(&self) -> u64 {
        self.signed().try_into().unwrap()
    }
}

/// Returned value of a function without errors.
pub fn value(step: &Step) -> Values {
    match step.end.as_str() {
        "ok" => step.ok.clone(),
        _ => resume_unwind(Box::new("on purpose")),
    }
}

/// Result of a function with errors.
pub fn finish<E>(step: &Step, error: impl FnOnce(&str) -> E) -> Result<Values, E> {
    match step.end.as_str() {
        "ok" | "panic" => Ok(value(step)),
        class => Err(error(class)),
    }
}

/// Is pending once, or forever if the step is to be cancelled.
pub async fn pause(step: &Step) {
    let mut waited = false;
    std::future::poll_fn(|_| match waited && step.end != "cancel" {
        true => Poll::Ready(()),
        false => {
            waited = true;
            Poll::Pending
        }
    })
    .await;
}

/// Polls a future until it is ready, or drops it before that if the step says so.
pub fn drive<F: Future>(step: &Step, future: F) {
    let mut future = pin!(future);
    if step.end == "unpolled" {
        return;
    }
    let mut context = task::Context::from_waker(Waker::noop());
    for _ in 0..3 {
        if future.as_mut().poll(&mut context).is_ready() {
            return;
        }
    }
    assert_eq!(step.end, "cancel");
}

type Steps = Arc<Mutex<Vec<Step>>>;

/// Values that the callbacks of observable metrics observe.
#[derive(Default)]
pub struct Observed(Mutex<BTreeMap<usize, Steps>>);

impl Observed {
    pub fn of(&self, metric: usize) -> Steps {
        self.0.lock().unwrap().entry(metric).or_default().clone()
    }
}

/// Runs the driver: `DRIVER MODE`, in a directory with `.steps` files. The mode is `view` (providers installed with the
/// contract's view), `plain` (installed without the view) or `global` (only set as global providers).
pub fn main(contracts: &[Contract]) {
    // A deadlock fails the test instead of blocking it forever.
    std::thread::spawn(|| {
        std::thread::sleep(std::time::Duration::from_secs(300));
        eprintln!("the driver did not end within five minutes");
        std::process::exit(1);
    });
    let mode = std::env::args().nth(1).expect("a mode");
    for contract in contracts {
        let steps = std::fs::read_to_string(format!("{}.steps", contract.name)).unwrap();
        drive_contract(contract, &mode, &steps);
    }
}

fn drive_contract(contract: &Contract, mode: &str, steps: &str) {
    println!("contract\t{}", contract.name);
    let mut lines = steps.lines();
    let settings = lines.next().unwrap();
    let observed = Observed::default();
    let _observing = (contract.observe)(&observed);
    let mut installations = Vec::new();
    let mut open: BTreeMap<usize, EndOperation> = BTreeMap::new();
    let mut collections = 0;
    for step in lines.map(Step::parse) {
        let step = &step;
        match step.action.as_str() {
            "install" => installations.push(Installation::install(contract, mode, settings)),
            "collect" => {
                for (number, installation) in installations.iter().enumerate() {
                    installation.collect(contract, collections, number);
                }
                collections += 1;
            }
            "start" => {
                let _suppressed = step.suppressed.then(Context::enter_telemetry_suppressed_scope);
                open.insert(step.second, (contract.start)(step.first, step));
            }
            "end" => open.remove(&step.first).unwrap()(step),
            "observe" => observed.of(step.first).lock().unwrap().push(step.clone()),
            "forget" => observed.of(step.first).lock().unwrap().clear(),
            _ => act(contract, step),
        }
    }
    assert!(open.is_empty());
    for installation in &installations {
        print_spans(contract, installation);
    }
}

fn act(contract: &Contract, step: &Step) {
    let act = || {
        let _suppressed = step.suppressed.then(Context::enter_telemetry_suppressed_scope);
        let done = catch_unwind(AssertUnwindSafe(|| match step.action.as_str() {
            "call" => (contract.call)(step.first, step.second, step),
            "run" => (contract.run)(step.first, step),
            "record" => (contract.record)(step.first, step),
            action => panic!("unknown action {action}"),
        }));
        assert_eq!(done.is_err(), step.end == "panic", "{step:?}");
    };
    if step.thread {
        std::thread::scope(|scope| scope.spawn(act).join().unwrap());
    } else {
        act();
    }
}
