//! What must be exported, from the contract and the steps alone: nothing of the runtime is used.

mod value;
mod world;

use crate::model::{Level, Model, Tracer};
use crate::points::{Exported, Point};
use crate::project::How;
use crate::script::{Step, What};
use std::collections::BTreeMap;
use value::{braces, text};
use world::{Series, World};

/// By key, as they are printed.
type Attributes = BTreeMap<String, String>;

/// Everything that must be exported while these steps are done.
pub(crate) fn expected(model: &Model, how: How, steps: &[Step]) -> Exported {
    let mut oracle = Oracle {
        model,
        how,
        worlds: Vec::new(),
        slots: BTreeMap::new(),
        observed: BTreeMap::new(),
        collections: 0,
        exported: Exported::default(),
    };
    for step in steps {
        oracle.step(step);
    }
    for world in oracle.worlds {
        oracle.exported.spans.extend(world.spans);
    }
    oracle.exported
}

struct Oracle<'a> {
    model: &'a Model,
    how: How,
    /// One per installation; the last is in force.
    worlds: Vec<World>,
    slots: BTreeMap<usize, Run>,
    /// What the callback of each observable metric gives.
    observed: BTreeMap<usize, Vec<Step>>,
    collections: usize,
    exported: Exported,
}

/// An operation that runs.
struct Run {
    world: usize,
    operation: usize,
    /// By key: on the metrics, and on the span.
    dimensions: Attributes,
    shown: Attributes,
    active: Attributes,
}

impl Oracle<'_> {
    fn step(&mut self, step: &Step) {
        match step.what {
            What::Install => self.worlds.push(World::new(self.model, self.how)),
            What::Collect => self.collect(),
            What::Observe(metric) => {
                self.observed.entry(metric).or_default().push(step.clone());
            }
            What::Forget(metric) => {
                self.observed.remove(&metric);
            }
            What::End(slot) => {
                let run = self.slots.remove(&slot);
                self.end(run.expect("the script knows what runs"), step);
            }
            _ if self.worlds.is_empty() || step.quiet => {
                if let What::Start(operation, slot) = step.what {
                    self.slots.insert(slot, Run::nowhere(operation));
                }
            }
            What::Start(operation, slot) => {
                let run = self.start(operation, step);
                self.slots.insert(slot, run);
            }
            // It starts when it is polled first.
            What::Call(..) | What::Run(_) if step.end == "unpolled" => {}
            What::Call(operation, _) | What::Run(operation) => {
                let run = self.start(operation, step);
                self.end(run, step);
            }
            What::Record(metric) => {
                let world = self.worlds.last_mut().expect("something is installed");
                world.record(self.model, metric, step);
            }
        }
    }

    fn start(&mut self, operation: usize, step: &Step) -> Run {
        let mut run = Run {
            world: self.worlds.len() - 1,
            ..Run::nowhere(operation)
        };
        self.worlds[run.world].known = true;
        for (position, value) in step.given.iter().enumerate() {
            if let Some(value) = value {
                self.set(&mut run, position, value);
            }
        }
        let (operation, model) = (&self.model.operations[operation], self.model);
        if operation
            .metrics
            .as_ref()
            .is_some_and(|metrics| metrics.active)
        {
            // What is given only on success is no dimension of what still runs.
            run.active = run.dimensions.clone();
            for one in &operation.uses {
                if one.level == Level::OnSuccess {
                    run.active.remove(&model.attributes[one.attribute].key);
                }
            }
            self.active(&run, 1);
        }
        run
    }

    fn active(&mut self, run: &Run, change: i64) {
        let metric = format!("run.o{}.active", run.operation);
        let key = (metric, run.active.clone());
        let series = &mut self.worlds[run.world].series;
        let Series::Sum(sum) = series.entry(key).or_insert(Series::Sum(0)) else {
            panic!("a sum");
        };
        *sum += change * 4;
    }

    fn set(&mut self, run: &mut Run, position: usize, value: &str) {
        let operation = &self.model.operations[run.operation];
        let attribute = operation.uses[position].attribute;
        let metrics = operation.metrics.as_ref();
        let dimension = metrics.is_some_and(|metrics| metrics.has(position));
        let recording = self.model.tracer == Tracer::Recording;
        // What a sampler may look at is there before anybody knows whether the span records.
        let wanted = dimension || recording || operation.uses[position].sampled;
        if run.world == usize::MAX || !wanted {
            return;
        }
        let shown = self.worlds[run.world].shown(self.model, attribute, value);
        let key = &self.model.attributes[attribute].key;
        if dimension {
            run.dimensions.insert(key.clone(), shown.clone());
        }
        run.shown.insert(key.clone(), shown);
    }

    fn end(&mut self, mut run: Run, step: &Step) {
        for (position, value) in &step.late {
            self.set(&mut run, *position, value);
        }
        if run.world == usize::MAX {
            return;
        }
        let operation = &self.model.operations[run.operation];
        let class = match step.end.as_str() {
            "ok" => {
                for (position, value) in step.ok.iter().enumerate() {
                    if let Some(value) = value {
                        self.set(&mut run, position, value);
                    }
                }
                None
            }
            "none" => None,
            "panic" => Some("panic"),
            "cancel" => Some("cancelled"),
            "other" => Some("_OTHER"),
            class => {
                let number: usize = class.trim_start_matches("fault_").parse().expect("a class");
                let listed = operation.errors.as_ref();
                let known = listed.is_none_or(|listed| listed.contains(&number));
                Some(if known { class } else { "_OTHER" })
            }
        };
        let error = class.map(|class| ("error.type".to_owned(), text(class)));
        if let Some(metrics) = &operation.metrics {
            let metric = format!("run.o{}.duration", run.operation);
            let mut attributes = run.dimensions.clone();
            attributes.extend(error.clone());
            let series = &mut self.worlds[run.world].series;
            let series = series.entry((metric, attributes));
            match series.or_insert(Series::Durations(0)) {
                Series::Durations(count) => *count += 1,
                _ => panic!("durations"),
            }
            if metrics.active {
                self.active(&run, -1);
            }
        }
        if self.model.tracer == Tracer::Recording {
            run.shown.extend(error);
            let status = if class.is_some() { "error" } else { "unset" };
            let span = format!("run.o{} {} {status}", run.operation, braces(&run.shown));
            self.worlds[run.world].spans.push(span);
        }
    }

    /// Every installation is collected from.
    fn collect(&mut self) {
        for (provider, world) in self.worlds.iter_mut().enumerate() {
            let values = world.collect(self.model, &self.observed);
            let points = values.into_iter().map(|one| {
                let point = Point {
                    collection: self.collections,
                    provider,
                    metric: format!("{} [{}]", one.metric, one.unit),
                    attributes: braces(&one.attributes),
                };
                (point, one.value)
            });
            self.exported.points.extend(points);
        }
        self.collections += 1;
    }
}

impl Run {
    /// Under no telemetry at all.
    fn nowhere(operation: usize) -> Self {
        Self {
            world: usize::MAX,
            operation,
            dimensions: Attributes::new(),
            shown: Attributes::new(),
            active: Attributes::new(),
        }
    }
}
