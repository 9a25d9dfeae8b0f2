//! Oracle: computes the expected exports from the contract and the steps, without the runtime.

mod installation;
mod value;

use crate::model::{Level, Model, Tracer};
use crate::points::{Exported, Point};
use crate::project::ProviderMode;
use crate::script::{Action, Step};
use installation::{Installation, Series};
use std::collections::BTreeMap;
use value::{braces, text};

/// Printed values by key.
type Attributes = BTreeMap<String, String>;

/// Expected exports of these steps.
pub(crate) fn expected(model: &Model, mode: ProviderMode, steps: &[Step]) -> Exported {
    let mut oracle = Oracle {
        model,
        mode,
        installations: Vec::new(),
        slots: BTreeMap::new(),
        observed: BTreeMap::new(),
        collections: 0,
        exported: Exported::default(),
    };
    for step in steps {
        oracle.step(step);
    }
    for installation in oracle.installations {
        oracle.exported.spans.extend(installation.spans);
    }
    oracle.exported
}

struct Oracle<'a> {
    model: &'a Model,
    mode: ProviderMode,
    /// Telemetry of each installation; the last installation is active.
    installations: Vec<Installation>,
    slots: BTreeMap<usize, Run>,
    /// Values that the callback of each observable metric observes.
    observed: BTreeMap<usize, Vec<Step>>,
    collections: usize,
    exported: Exported,
}

/// Active operation.
struct Run {
    installation: usize,
    operation: usize,
    /// Attributes of the metrics.
    dimensions: Attributes,
    /// Attributes of the span.
    shown: Attributes,
    active: Attributes,
}

impl Oracle<'_> {
    fn step(&mut self, step: &Step) {
        match step.action {
            Action::Install => self
                .installations
                .push(Installation::new(self.model, self.mode)),
            Action::Collect => self.collect(),
            Action::Observe(metric) => {
                self.observed.entry(metric).or_default().push(step.clone());
            }
            Action::Forget(metric) => {
                self.observed.remove(&metric);
            }
            Action::End(slot) => {
                let run = self.slots.remove(&slot);
                self.end(run.expect("the script ends only active operations"), step);
            }
            _ if self.installations.is_empty() || step.suppressed => {
                if let Action::Start(operation, slot) = step.action {
                    self.slots.insert(slot, Run::nowhere(operation));
                }
            }
            Action::Start(operation, slot) => {
                let run = self.start(operation, step);
                self.slots.insert(slot, run);
            }
            // An async operation starts at its first poll.
            Action::Call(..) | Action::Run(_) if step.end == "unpolled" => {}
            Action::Call(operation, _) | Action::Run(operation) => {
                let run = self.start(operation, step);
                self.end(run, step);
            }
            Action::Record(metric) => {
                let installation = self.installations.last_mut().expect("an installation");
                installation.record(self.model, metric, step);
            }
        }
    }

    fn start(&mut self, operation: usize, step: &Step) -> Run {
        let mut run = Run {
            installation: self.installations.len() - 1,
            ..Run::nowhere(operation)
        };
        self.installations[run.installation].known = true;
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
            // Attributes that are set only on success are not dimensions of active operations.
            run.active = run.dimensions.clone();
            for used in &operation.uses {
                if used.level == Level::OnSuccess {
                    run.active.remove(&model.attributes[used.attribute].key);
                }
            }
            self.active(&run, 1);
        }
        run
    }

    fn active(&mut self, run: &Run, change: i64) {
        let metric = format!("run.o{}.active", run.operation);
        let key = (metric, run.active.clone());
        let series = &mut self.installations[run.installation].series;
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
        // Sampling-relevant attributes are evaluated before the sampling decision is known.
        let wanted = dimension || recording || operation.uses[position].sampling_relevant;
        if run.installation == usize::MAX || !wanted {
            return;
        }
        let shown = self.installations[run.installation].shown(self.model, attribute, value);
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
        if run.installation == usize::MAX {
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
            let series = &mut self.installations[run.installation].series;
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
            self.installations[run.installation].spans.push(span);
        }
    }

    /// Collects from every installation.
    fn collect(&mut self) {
        for (provider, installation) in self.installations.iter_mut().enumerate() {
            let values = installation.collect(self.model, &self.observed);
            let points = values.into_iter().map(|collected| {
                let point = Point {
                    collection: self.collections,
                    provider,
                    metric: format!("{} [{}]", collected.metric, collected.unit),
                    attributes: braces(&collected.attributes),
                };
                (point, collected.value)
            });
            self.exported.points.extend(points);
        }
        self.collections += 1;
    }
}

impl Run {
    /// Operation that is not recorded by any installation.
    fn nowhere(operation: usize) -> Self {
        Self {
            installation: usize::MAX,
            operation,
            dimensions: Attributes::new(),
            shown: Attributes::new(),
            active: Attributes::new(),
        }
    }
}
