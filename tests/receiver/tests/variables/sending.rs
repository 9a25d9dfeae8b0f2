//! Resource, histograms, times and queues.

use super::{invoice, log, pairs, sent_by, take_turn, telemetry};
use opentelemetry::global;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;
use test_receiver::{Behaviour, Receiver};
use test_vocabulary::billing::setup;

/// Runs on a thread with a time limit of a minute, so that a hang fails the test instead of blocking it.
fn in_time(work: impl FnOnce() + Send + 'static) {
    let (done, ends) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    match ends.recv_timeout(Duration::from_secs(60)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("the test hangs"),
        Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => {
            thread.join().expect("the thread does not panic");
        }
    }
}

#[test]
fn a_resource_identifies_its_process_and_its_schema() {
    let _turn = take_turn();
    let variables = [(
        "OTEL_RESOURCE_ATTRIBUTES",
        "telemetry.sdk.language=c,host.name=a%2Cb,",
    )];
    let received = sent_by(&variables, |guard| {
        invoice().succeed();
        log(guard, Vec::new());
    });
    let traces = &received.traces[0].resource_spans[0];
    let metrics = &received.metrics[0].resource_metrics[0];
    let logs = &received.logs[0].resource_logs[0];
    let mut instances = Vec::new();
    for (resource, schema) in [
        (&traces.resource, &traces.schema_url),
        (&metrics.resource, &metrics.schema_url),
        (&logs.resource, &logs.schema_url),
    ] {
        let resource = resource.as_ref().expect("a resource");
        let attributes = pairs(&resource.attributes);
        assert_eq!(attributes["telemetry.sdk.language"], "rust");
        assert_eq!(attributes["host.name"], "a,b");
        assert_eq!(
            schema,
            "https://telemetry.acme.example/schemas/billing/1.2.0"
        );
        instances.push(attributes["service.instance.id"].clone());
    }
    let first = instances[0].clone();
    assert_eq!(first.len(), 36, "{first}");
    assert!(
        instances.iter().all(|instance| *instance == first),
        "{instances:?}"
    );
}

#[test]
fn histograms_are_exponential_by_the_preference() {
    let _turn = take_turn();
    let name = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    let variables = [(name, "base2_exponential_bucket_histogram")];
    let receiver = Receiver::start(Behaviour::Accept);
    let guard = telemetry(&receiver, &variables)
        .with_view(|instrument| {
            // A user-supplied view overrides the preference.
            use opentelemetry_sdk::metrics::{Aggregation, Stream};
            let aggregation = Aggregation::ExplicitBucketHistogram {
                boundaries: vec![1.0],
                record_min_max: true,
            };
            let stream = Stream::builder().with_aggregation(aggregation);
            (instrument.name() == "viewed").then(|| stream.build().ok())?
        })
        .install()
        .expect("a valid set-up");
    for _ in 0..3 {
        invoice().succeed();
    }
    let meter = global::meter("another library");
    for name in ["of.another", "viewed"] {
        let histogram = meter.f64_histogram(name).build();
        for value in [0.5, 2.0, 4.0] {
            histogram.record(value, &[]);
        }
    }
    meter.u64_counter("counted").build().add(1, &[]);
    assert!(guard.shutdown().is_all_delivered());
    let received = receiver.received();
    let mut kinds = BTreeMap::new();
    for metric in received.metrics() {
        let (kind, count) = match metric.data.as_ref().expect("points") {
            Data::ExponentialHistogram(it) => ("exponential", it.data_points[0].count),
            Data::Histogram(it) => ("explicit", it.data_points[0].count),
            Data::Sum(_) => ("sum", 0),
            _ => ("another", 0),
        };
        let before = kinds.insert(&*metric.name, (kind, count));
        assert_eq!(before, None, "{} is recorded once", metric.name);
    }
    assert_eq!(kinds["invoice.create.duration"], ("exponential", 3));
    assert_eq!(kinds["of.another"], ("exponential", 3));
    assert_eq!(kinds["viewed"], ("explicit", 3));
    assert_eq!(kinds["counted"], ("sum", 0));
}

/// Zero and the longest allowed times cause no overflow in any timer.
#[test]
fn zero_and_maximum_times_still_deliver() {
    let _turn = take_turn();
    for protocol in ["http/protobuf", "grpc"] {
        for time in ["0", "2147483647"] {
            let variables = [
                ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
                ("OTEL_EXPORTER_OTLP_TIMEOUT", time),
                ("OTEL_BSP_SCHEDULE_DELAY", time),
                ("OTEL_BSP_EXPORT_TIMEOUT", time),
                ("OTEL_BLRP_SCHEDULE_DELAY", time),
                ("OTEL_BLRP_EXPORT_TIMEOUT", time),
                ("OTEL_METRIC_EXPORT_TIMEOUT", time),
                ("OTEL_METRIC_EXPORT_INTERVAL", "2147483647"),
            ];
            in_time(move || {
                let receiver = Receiver::start(Behaviour::Accept);
                let guard = telemetry(&receiver, &variables)
                    .shutdown_within(Duration::MAX)
                    .install()
                    .expect("a valid set-up");
                invoice().succeed();
                log(&guard, Vec::new());
                if time == "0" {
                    // A delay of zero exports as soon as possible, without a flush.
                    receiver.wait(|received| received.spans().count() == 1);
                }
                let report = guard.shutdown();
                assert!(report.is_all_delivered(), "{protocol} {time}: {report}");
                assert_eq!(receiver.received().spans().count(), 1);
            });
        }
    }
}

#[test]
fn times_in_code_have_an_upper_bound() {
    let _turn = take_turn();
    for protocol in [setup::Protocol::HttpProtobuf, setup::Protocol::Grpc] {
        in_time(move || {
            let receiver = Receiver::start(Behaviour::Accept);
            let guard = telemetry(&receiver, &[])
                .protocol(protocol)
                .export_timeout(Duration::MAX)
                .metric_interval(Duration::MAX)
                .install()
                .expect("a valid set-up");
            invoice().succeed();
            let report = guard.shutdown();
            assert!(report.is_all_delivered(), "{report}");
        });
    }
}

#[test]
fn the_longest_allowed_queue_delivers() {
    let _turn = take_turn();
    for size in ["131072", "131073", "4294967295", "18446744073709551615"] {
        let variables = [
            ("OTEL_BSP_MAX_QUEUE_SIZE", size),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", size),
            ("OTEL_BLRP_MAX_QUEUE_SIZE", size),
            ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", size),
        ];
        let received = sent_by(&variables, |guard| {
            assert_eq!(
                guard.warnings().iter().count(),
                if size == "131072" { 0 } else { 4 }
            );
            invoice().succeed();
            log(guard, Vec::new());
        });
        assert_eq!(received.spans().count(), 1, "{size}");
        assert_eq!(received.records().count(), 1, "{size}");
    }
}
