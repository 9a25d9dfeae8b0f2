//! `fastrace` 0.7 with hand-written metrics: a root span with the same properties, set as local parent while the body runs.
//! The thread of the collector takes the records and drops them. Properties are text, so the integer is formatted.

use crate::instruments::Instruments;
use crate::workload::{DEPENDENCY, Job, Timeout, work};
use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use opentelemetry::metrics::Meter;
use std::borrow::Cow;
use std::hint::black_box;

struct DroppingReporter;

impl Reporter for DroppingReporter {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        drop(black_box(spans));
    }
}

pub(crate) struct Fastrace {
    instruments: Instruments,
    sampled: bool,
}

impl Fastrace {
    /// Sets the reporter of the process.
    pub(crate) fn new(meter: &Meter, sampled: bool) -> Self {
        fastrace::set_reporter(DroppingReporter, Config::default());
        Self {
            instruments: Instruments::new(meter),
            sampled,
        }
    }

    pub(crate) fn run(&self, job: Job<'_>) -> Result<usize, Timeout> {
        let running = self.instruments.begin(job);
        let parent = SpanContext::random().sampled(self.sampled);
        let root = fastrace::Span::root("job.run", parent).with_properties(|| {
            [
                ("order.id", Cow::Owned(job.order_id.to_owned())),
                ("account.tier", Cow::Borrowed(job.tier.as_str())),
                ("dependency", Cow::Borrowed(DEPENDENCY)),
                ("retry.attempt", Cow::Owned(job.attempt.to_string())),
                ("queue.name", Cow::Owned(job.queue.to_owned())),
            ]
        });
        let guard = root.set_local_parent();
        let result = work(job);
        drop(guard);
        if result.is_err() {
            root.add_properties(|| [("error.type", "gateway_timeout")]);
        }
        drop(root);
        self.instruments.end(running, &result);
        result
    }
}
