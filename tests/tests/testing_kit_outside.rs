//! Test scopes beside providers of the process: each records only its own telemetry. There is only one test, since
//! installing affects the whole process.

#![allow(missing_docs)]

use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use otel_contract::testing::{self, Recording};
use test_vocabulary::forms::metrics::{WorkBacklog, WorkDepth, work_backlog, work_depth};
use test_vocabulary::forms::{self, WorkName};

/// Installed providers of the process, with their exporters.
struct Process {
    spans: InMemorySpanExporter,
    metrics: InMemoryMetricExporter,
    meters: SdkMeterProvider,
}

impl Process {
    fn install() -> Self {
        let spans = InMemorySpanExporter::default();
        let tracers = SdkTracerProvider::builder()
            .with_simple_exporter(spans.clone())
            .build();
        let metrics = InMemoryMetricExporter::default();
        let meters = SdkMeterProvider::builder()
            .with_view(forms::view)
            .with_reader(PeriodicReader::builder(metrics.clone()).build())
            .build();
        forms::Providers::new()
            .with_tracer_provider(tracers)
            .with_meter_provider(meters.clone())
            .install();
        Self {
            spans,
            metrics,
            meters,
        }
    }

    fn recorded(&self) -> Recording {
        self.metrics.reset();
        self.meters.force_flush().expect("kept in memory");
        let spans = self.spans.get_finished_spans().expect("kept in memory");
        let mut recording = Recording::from_spans(spans);
        for metrics in self.metrics.get_finished_metrics().expect("kept in memory") {
            recording.add_metrics(&metrics);
        }
        recording
    }
}

fn run(name: &str) {
    let operation = forms::FormRunBuilder::from(forms::FormRun {});
    operation.work_name(name).start().succeed();
}

#[test]
fn scopes_and_the_providers_of_the_process_do_not_see_each_other() {
    let process = Process::install();
    let scope = testing::scope();
    let outside = work_backlog().observe(|observer| observer.observe(1, WorkBacklog {}));
    let inside =
        scope.run(|| work_backlog().observe(|observer| observer.observe(2, WorkBacklog {})));
    // Alternates on one thread, since a thread caches the telemetry that it used last.
    for round in 0..10 {
        run("outside");
        work_depth().record(round, WorkDepth {});
        scope.run(|| {
            run("inside");
            work_depth().record(-round, WorkDepth {});
        });
    }
    for (recording, own, depth, backlog) in [
        (process.recorded(), "outside", 9, 1),
        (scope.recorded(), "inside", -9, 2),
    ] {
        recording
            .operation::<forms::FormRun>()
            .times(10)
            .each(|operation| {
                operation.with(WorkName::from(own));
            });
        recording.duration::<forms::FormRun>().count(10);
        recording.metric::<WorkDepth>().value(depth);
        recording.metric::<WorkBacklog>().value(backlog);
    }
    // Providers installed inside a scope belong to the process.
    let next = scope.run(|| {
        let next = Process::install();
        run("inside");
        next
    });
    next.recorded().metric::<WorkBacklog>().value(1);
    run("outside");
    next.recorded()
        .operation::<forms::FormRun>()
        .once()
        .with(WorkName::from("outside"));
    scope.operation::<forms::FormRun>().times(11);
    drop((inside, outside));
    next.recorded().metric::<WorkBacklog>().never();
}
