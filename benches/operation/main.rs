//! What an operation costs.

mod by_hand;
mod floor;
mod ours;
mod workload;

otel_contract::contract!("schema/bench.yaml");

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanProcessor};
use std::hint::black_box;
use std::time::{Duration, Instant};

#[derive(Debug)]
struct Drops;

impl SpanProcessor for Drops {
    fn on_start(&self, _: &mut opentelemetry_sdk::trace::Span, _: &opentelemetry::Context) {}
    fn on_end(&self, span: SpanData) {
        drop(black_box(span));
    }
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }
    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Says what it does, as the sampler of a contract.
#[derive(Clone, Debug)]
struct Says(bool);

impl opentelemetry_sdk::trace::ShouldSample for Says {
    fn should_sample(
        &self,
        parent: Option<&opentelemetry::Context>,
        trace: opentelemetry::trace::TraceId,
        name: &str,
        kind: &opentelemetry::trace::SpanKind,
        attributes: &[opentelemetry::KeyValue],
        links: &[opentelemetry::trace::Link],
    ) -> opentelemetry_sdk::trace::SamplingResult {
        use otel_contract::foresight::{Reason, say};
        say(Reason::Always(self.0));
        let sampler = if self.0 {
            Sampler::AlwaysOn
        } else {
            Sampler::AlwaysOff
        };
        sampler.should_sample(parent, trace, name, kind, attributes, links)
    }
}

fn provider(sampler: Sampler) -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_span_processor(Drops)
        .with_sampler(sampler)
        .build()
}

const CALLS: usize = 200;

fn main() {
    let which = std::env::args().nth(1).unwrap_or_default();
    let rounds: usize = std::env::args()
        .nth(2)
        .and_then(|n| n.parse().ok())
        .unwrap_or(101);
    let sampler = if which == "unsampled" {
        Sampler::AlwaysOff
    } else {
        Sampler::AlwaysOn
    };
    let fails = which == "fails";
    let says = std::env::var_os("SAYS").is_some();
    let ours_meters = SdkMeterProvider::builder()
        .with_reader(ManualReader::default())
        .with_view(bench::view)
        .build();
    let meters = SdkMeterProvider::builder()
        .with_reader(ManualReader::default())
        .build();
    if which != "none" {
        bench::Providers::new()
            .with_tracer_provider(if says {
                SdkTracerProvider::builder()
                    .with_span_processor(Drops)
                    .with_sampler(Says(which != "unsampled"))
                    .build()
            } else {
                provider(sampler.clone())
            })
            .with_meter_provider(ours_meters)
            .install();
    }
    let meter = meters.meter("bench");
    let hand = by_hand::ByHand::new(provider(sampler.clone()).tracer("bench"), &meter);
    let floor = floor::Floor::new(provider(sampler).tracer("bench"), &meter);
    let noop = opentelemetry::global::tracer("bench");
    type Call<'a> = (&'static str, Box<dyn Fn(usize) + 'a>);
    let mut calls: Vec<Call<'_>> = vec![
        (
            "ours",
            Box::new(|n| drop(black_box(ours::run(workload::job(n, fails))))),
        ),
        (
            "by hand",
            Box::new(|n| drop(black_box(hand.run(workload::job(n, fails))))),
        ),
        (
            "hand span",
            Box::new(|n| drop(black_box(hand.span(workload::job(n, fails))))),
        ),
        (
            "floor",
            Box::new(|n| drop(black_box(floor.run(workload::job(n, fails))))),
        ),
    ];
    if which == "none" {
        calls.push((
            "noop in_span",
            Box::new(|n| {
                use opentelemetry::trace::Tracer as _;
                drop(black_box(noop.in_span("job.run", |_| {
                    workload::work(workload::job(n, fails))
                })));
            }),
        ));
    }
    let only = std::env::args().nth(3);
    let mut times = vec![Vec::new(); calls.len()];
    for _ in 0..rounds {
        for (index, (name, call)) in calls.iter().enumerate() {
            if only.as_ref().is_some_and(|only| only != name) {
                continue;
            }
            let start = Instant::now();
            for n in 0..CALLS {
                call(black_box(n));
            }
            times[index].push(start.elapsed());
        }
    }
    for ((name, call), mut times) in calls.iter().zip(times) {
        if times.is_empty() {
            continue;
        }
        times.sort_unstable();
        let median = times[times.len() / 2].as_nanos() as f64 / CALLS as f64;
        let info = allocation_counter::measure(|| {
            for n in 0..1000 {
                call(n)
            }
        });
        println!(
            "{name:<14} {median:>8.1} ns  {:.2} allocs {:.1} bytes",
            info.count_total as f64 / 1000.0,
            info.bytes_total as f64 / 1000.0
        );
    }
}
