use super::*;
use crate::setup::delivery::Delivery;
use crate::setup::providers::{SpanParts, span_processor};
use crate::setup::settings::Batch;
use crate::span::{Pipeline, Processors};
use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Exporter that reports each call to the test, and returns the result that the test sends.
#[derive(Debug)]
struct Controlled {
    called: Sender<usize>,
    results: Mutex<Receiver<bool>>,
}

impl SpanExporter for Controlled {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.called
            .send(batch.len())
            .expect("the test receives calls");
        let result = self.results.lock().expect("one export at a time").recv();
        match result {
            Ok(true) => Ok(()),
            _ => Err(OTelSdkError::InternalFailure(
                "the test fails this export".to_owned(),
            )),
        }
    }
}

/// Returns a provider with a queue of ten, its counts, and the channels of its exporter: calls and results.
fn provider() -> (
    SdkTracerProvider,
    Arc<Counts>,
    Receiver<usize>,
    Sender<bool>,
) {
    let (called, calls) = channel();
    let (send_result, results) = channel();
    let counts = Counts::new(10);
    let parts = SpanParts {
        batch: Batch {
            queue: 10,
            export_size: 4,
            delay: Duration::from_secs(3_600),
            timeout: Duration::from_secs(3_600),
        },
        counts: counts.clone(),
    };
    let results = Mutex::new(results);
    let processors = Processors::new(
        vec![span_processor(Controlled { called, results }, parts)],
        |message| panic!("a span processor {message}"),
    );
    let resource = Resource::builder_empty().build();
    let pipeline = Pipeline::new(Box::new(Sampler::AlwaysOn), true, processors, &resource);
    (pipeline.provider(resource), counts, calls, send_result)
}

fn spans(provider: &SdkTracerProvider, count: usize) {
    let tracer = provider.tracer("test");
    for _ in 0..count {
        drop(tracer.start("span"));
    }
}

#[test]
fn every_span_is_counted_once_with_its_outcome() {
    let (provider, counts, calls, send_result) = provider();
    spans(&provider, 4);
    assert_eq!(calls.recv(), Ok(4), "a full batch is exported");
    let exporting = counts.delivery();
    assert_eq!(exporting.waiting, 4);
    // The exporter is busy: ten spans are queued, and the others are dropped.
    spans(&provider, 25);
    let full = counts.delivery();
    assert_eq!((full.waiting, full.dropped), (14, 15));
    for result in [true, false, true, true, true, true] {
        send_result.send(result).expect("the exporter waits");
    }
    provider.shutdown().expect("the queue is empty");
    let expected = Delivery {
        delivered: 10,
        failed: 4,
        rejected: 0,
        dropped: 15,
        waiting: 0,
    };
    assert_eq!(counts.delivery(), expected);
    assert_eq!(expected.undelivered() + expected.delivered, 29);
    // No span is recorded after the shutdown.
    spans(&provider, 3);
    assert_eq!(
        counts.delivery().dropped,
        15,
        "a provider that is shut down makes no spans"
    );
}

#[test]
fn the_queue_limit_holds_with_many_threads() {
    let counts = Counts::new(100);
    let admitted: usize = std::thread::scope(|scope| {
        let admit = || (0..1_000).filter(|_| counts.try_queue()).count();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(admit)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("counting does not panic"))
            .sum()
    });
    let delivery = counts.delivery();
    assert_eq!(delivery.waiting, admitted as u64);
    assert_eq!(delivery.waiting + delivery.dropped, 8_000);
    assert!(admitted <= 100);
}
