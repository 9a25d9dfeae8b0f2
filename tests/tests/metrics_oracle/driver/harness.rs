//! Does the steps of each contract and prints what is exported. Part of the generated project.

use crate::export::{World, print_spans};
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
pub type Open = Box<dyn FnOnce(&Step)>;

/// A contract, and everything that can be done with it.
pub struct Contract {
    pub name: &'static str,
    pub view: fn(&Instrument) -> Option<Stream>,
    pub call: fn(usize, usize, &Step),
    pub start: fn(usize, &Step) -> Open,
    pub run: fn(usize, &Step),
    pub record: fn(usize, &Step),
    pub observe: fn(&Observed) -> Vec<Box<dyn Any>>,
}

/// Values by position, or none.
#[derive(Clone, Debug, Default)]
pub struct Values(Vec<Option<String>>);

impl Values {
    pub fn get(&self, position: usize) -> Option<&str> {
        self.0.get(position)?.as_deref()
    }

    fn parse(text: &str) -> Self {
        let values = text
            .split(' ')
            .map(|one| (one != "-" && !one.is_empty()).then(|| one.to_owned()));
        Self(values.collect())
    }
}

#[derive(Clone, Debug)]
pub struct Step {
    what: String,
    one: usize,
    two: usize,
    quiet: bool,
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
            what,
            one,
            two,
            quiet,
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
        let late = late.split_whitespace().map(|one| {
            let (position, value) = one.split_once('=').unwrap();
            (position.parse().unwrap(), value.to_owned())
        });
        Self {
            what: what.to_owned(),
            one: one.parse().unwrap(),
            two: two.parse().unwrap(),
            quiet: quiet == "1",
            thread: thread == "1",
            end: end.to_owned(),
            quarters: quarters.parse().unwrap(),
            given: Values::parse(given),
            late: late.collect(),
            ok: Values::parse(ok),
        }
    }

    pub fn value(&self, position: usize) -> &str {
        self.given(position).expect("it is required")
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

/// What a function without errors returns.
pub fn value(step: &Step) -> Values {
    match step.end.as_str() {
        "ok" => step.ok.clone(),
        _ => resume_unwind(Box::new("on purpose")),
    }
}

/// What a function with errors returns.
pub fn finish<E>(step: &Step, error: impl FnOnce(&str) -> E) -> Result<Values, E> {
    match step.end.as_str() {
        "ok" | "panic" => Ok(value(step)),
        class => Err(error(class)),
    }
}

/// Waits once, or for good where the step is to be cancelled.
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

/// Polls a future until it is done, or drops it before.
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

/// What the callbacks of observable metrics give.
#[derive(Default)]
pub struct Observed(Mutex<BTreeMap<usize, Steps>>);

impl Observed {
    pub fn of(&self, metric: usize) -> Steps {
        self.0.lock().unwrap().entry(metric).or_default().clone()
    }
}

/// `DRIVER HOW`, with `.steps` files in the working directory. How the providers come to be known:
/// `view`, `plain` (without the contract's view) or `global` (not through the contract at all).
pub fn main(contracts: &[Contract]) {
    // A deadlock fails the test instead of holding it up for good.
    std::thread::spawn(|| {
        std::thread::sleep(std::time::Duration::from_secs(300));
        eprintln!("the driver did not end within five minutes");
        std::process::exit(1);
    });
    let how = std::env::args().nth(1).expect("how");
    for contract in contracts {
        let steps = std::fs::read_to_string(format!("{}.steps", contract.name)).unwrap();
        drive_contract(contract, &how, &steps);
    }
}

fn drive_contract(contract: &Contract, how: &str, steps: &str) {
    println!("contract\t{}", contract.name);
    let mut lines = steps.lines();
    let settings = lines.next().unwrap();
    let observed = Observed::default();
    let _observing = (contract.observe)(&observed);
    let mut worlds = Vec::new();
    let mut open: BTreeMap<usize, Open> = BTreeMap::new();
    let mut collections = 0;
    for step in lines.map(Step::parse) {
        let step = &step;
        match step.what.as_str() {
            "install" => worlds.push(World::install(contract, how, settings)),
            "collect" => {
                for (number, world) in worlds.iter().enumerate() {
                    world.collect(contract, collections, number);
                }
                collections += 1;
            }
            "start" => {
                let _quiet = step.quiet.then(Context::enter_telemetry_suppressed_scope);
                open.insert(step.two, (contract.start)(step.one, step));
            }
            "end" => open.remove(&step.one).unwrap()(step),
            "observe" => observed.of(step.one).lock().unwrap().push(step.clone()),
            "forget" => observed.of(step.one).lock().unwrap().clear(),
            _ => act(contract, step),
        }
    }
    assert!(open.is_empty());
    for world in &worlds {
        print_spans(contract, world);
    }
}

fn act(contract: &Contract, step: &Step) {
    let act = || {
        let _quiet = step.quiet.then(Context::enter_telemetry_suppressed_scope);
        let done = catch_unwind(AssertUnwindSafe(|| match step.what.as_str() {
            "call" => (contract.call)(step.one, step.two, step),
            "run" => (contract.run)(step.one, step),
            "record" => (contract.record)(step.one, step),
            what => panic!("what is {what}?"),
        }));
        assert_eq!(done.is_err(), step.end == "panic", "{step:?}");
    };
    if step.thread {
        std::thread::scope(|scope| scope.spawn(act).join().unwrap());
    } else {
        act();
    }
}
