use super::*;
use crate::setup::delivery::Delivery;
use crate::setup::providers::{SpanParts, spans as batching};
use crate::setup::settings::Batch;
use crate::span::{Pipeline, Processors};
use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Says when it is called, and waits for the result it is to have.
#[derive(Debug)]
struct Led {
    called: Sender<usize>,
    results: Mutex<Receiver<bool>>,
}

impl SpanExporter for Led {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.called.send(batch.len()).expect("the test listens");
        let result = self.results.lock().expect("one export at a time").recv();
        match result {
            Ok(true) => Ok(()),
            _ => Err(OTelSdkError::InternalFailure("as told".to_owned())),
        }
    }
}

/// A provider with room for ten, its counts, and both ends of its exporter.
fn provider() -> (
    SdkTracerProvider,
    Arc<Counts>,
    Receiver<usize>,
    Sender<bool>,
) {
    let (called, calls) = channel();
    let (lead, results) = channel();
    let counts = Counts::new(10);
    let parts = SpanParts {
        batch: Batch {
            queue: 10,
            together: 4,
            delay: Duration::from_secs(3_600),
            timeout: Duration::from_secs(3_600),
        },
        counts: counts.clone(),
    };
    let results = Mutex::new(results);
    let processors = Processors::new(vec![batching(Led { called, results }, parts)], |message| {
        panic!("a span processor {message}")
    });
    let resource = Resource::builder_empty().build();
    let pipeline = Pipeline::new(Box::new(Sampler::AlwaysOn), true, processors, &resource);
    (pipeline.provider(resource), counts, calls, lead)
}

fn spans(provider: &SdkTracerProvider, count: usize) {
    let tracer = provider.tracer("test");
    for _ in 0..count {
        drop(tracer.start("one"));
    }
}

#[test]
fn every_span_is_counted_once_whatever_becomes_of_it() {
    let (provider, counts, calls, lead) = provider();
    spans(&provider, 4);
    assert_eq!(calls.recv(), Ok(4), "a full batch is exported");
    let under_way = counts.delivery();
    assert_eq!(under_way.waiting, 4);
    // The exporter is busy: ten wait, and the rest has no place.
    spans(&provider, 25);
    let full = counts.delivery();
    assert_eq!((full.waiting, full.dropped), (14, 15));
    for result in [true, false, true, true, true, true] {
        lead.send(result).expect("the exporter waits");
    }
    provider.shutdown().expect("nothing is left");
    let expected = Delivery {
        delivered: 10,
        failed: 4,
        rejected: 0,
        dropped: 15,
        waiting: 0,
    };
    assert_eq!(counts.delivery(), expected);
    assert_eq!(expected.lost() + expected.delivered, 29);
    // After the end there is nobody to take them.
    spans(&provider, 3);
    assert_eq!(
        counts.delivery().dropped,
        15,
        "a provider that is shut down makes no spans"
    );
}

#[test]
fn no_more_wait_than_may_from_however_many_threads() {
    let counts = Counts::new(100);
    let admitted: usize = std::thread::scope(|scope| {
        let admit = || (0..1_000).filter(|_| counts.admit()).count();
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
