//! Hand-written metrics for the peers that record only spans. The instruments are created once, as in OpenTelemetry's
//! documentation.

use crate::workload::{BOUNDARIES, Job, Timeout};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, Meter, UpDownCounter};
use std::time::Instant;

pub(crate) struct Instruments {
    duration: Histogram<f64>,
    active: UpDownCounter<i64>,
}

/// Start and dimensions of an active operation.
pub(crate) struct Running {
    start: Instant,
    dimensions: [KeyValue; 2],
}

impl Instruments {
    pub(crate) fn new(meter: &Meter) -> Self {
        Self {
            duration: meter
                .f64_histogram("job.run.duration")
                .with_unit("s")
                .with_boundaries(BOUNDARIES.to_vec())
                .build(),
            active: meter.i64_up_down_counter("job.run.active").build(),
        }
    }

    #[inline]
    pub(crate) fn begin(&self, job: Job<'_>) -> Running {
        let start = Instant::now();
        let dimensions = [
            KeyValue::new("account.tier", job.tier.as_str()),
            KeyValue::new("queue.name", job.queue.to_owned()),
        ];
        self.active.add(1, &dimensions);
        Running { start, dimensions }
    }

    #[inline]
    pub(crate) fn end(&self, running: Running, result: &Result<usize, Timeout>) {
        let Running { start, dimensions } = running;
        self.active.add(-1, &dimensions);
        let [tier, queue] = dimensions;
        let seconds = start.elapsed().as_secs_f64();
        match result {
            Ok(_) => self.duration.record(seconds, &[tier, queue]),
            Err(_) => {
                let class = KeyValue::new("error.type", "gateway_timeout");
                self.duration.record(seconds, &[tier, queue, class]);
            }
        }
    }
}
