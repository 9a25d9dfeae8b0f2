//! Providers installed with `Providers::install`: the SDK's provider with and without the contract's view, and foreign
//! providers.

use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::{Context, InstrumentationScope};
use opentelemetry_sdk::metrics::{Instrument, Stream, Temporality};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
use otel_contract_tests::everything::{expected, record};
use otel_contract_tests::foreign::{HandWritten, Wrapper};
use otel_contract_tests::points::Meters;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use test_vocabulary::measures::{self, AccountTier, ErrorType, Providers, metrics};
use test_vocabulary::{billing, forms};

/// Providers belong to the process: tests of one binary take turns.
fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn install(provider: impl MeterProvider + Send + Sync + 'static) {
    Providers::new().with_meter_provider(provider).install();
}

#[test]
fn the_sdk_provider_receives_all_measurements_with_and_without_the_view() {
    let _turn = take_turn();
    for meters in [Meters::with_view(measures::view), Meters::plain()] {
        install(meters.provider.clone());
        record();
        assert_eq!(meters.text(), expected());
    }
}

#[test]
fn a_wrapped_provider_receives_all_measurements() {
    let _turn = take_turn();
    for meters in [Meters::with_view(measures::view), Meters::plain()] {
        install(Wrapper(meters.provider.clone()));
        record();
        assert_eq!(meters.text(), expected());
    }
}

#[test]
fn a_provider_behind_a_trait_object_receives_all_measurements() {
    let _turn = take_turn();
    let meters = Meters::with_view(measures::view);
    let any: Arc<dyn MeterProvider + Send + Sync> = Arc::new(meters.provider.clone());
    install(Shared(any));
    record();
    assert_eq!(meters.text(), expected());
}

struct Shared(Arc<dyn MeterProvider + Send + Sync>);

impl MeterProvider for Shared {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
        self.0.meter_with_scope(scope)
    }
}

#[test]
fn a_hand_written_provider_receives_all_measurements_with_sorted_dimensions() {
    let _turn = take_turn();
    let provider = HandWritten::default();
    install(provider.clone());
    record();
    let lines = provider.take();
    assert_eq!(lines.len(), 57, "{lines:#?}");
    for line in [
        "jobs{account.tier=pro,queue.name=mail} 1",
        "jobs{account.tier=pro,queue.name=mail,topic.name=orders} 2",
        "credit{} 1",
        "credit{account.tier=_OTHER} -1.5",
        "batch.size{shard.number=-1,topic.name=orders} 20",
        "wait{answer.code=404,error.type=late} 0.25",
        "load{} 0.75",
        "job.run.active{account.tier=free,queue.name=mail} -1",
    ] {
        assert!(
            lines.iter().any(|candidate| candidate == line),
            "{line}: {lines:#?}"
        );
    }
    provider.collect();
    assert_eq!(
        provider.take(),
        ["otel_contract.limited{otel_contract.attribute=queue.name} 11"]
    );
}

/// Provider without fields, like OpenTelemetry's no-op provider. Unlike the no-op provider, it keeps measurements and
/// callbacks.
#[derive(Debug)]
struct Stateless;

fn stateless() -> &'static HandWritten {
    static LINES: OnceLock<HandWritten> = OnceLock::new();
    LINES.get_or_init(HandWritten::default)
}

impl MeterProvider for Stateless {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
        stateless().meter_with_scope(scope)
    }
}

#[test]
fn a_stateless_provider_receives_all_measurements() {
    let _turn = take_turn();
    install(Stateless);
    record();
    assert_eq!(stateless().take().len(), 57);
}

/// View with a cardinality limit of three series on every metric.
#[allow(clippy::unnecessary_wraps)] // A view returns an `Option`.
fn three_series(_: &Instrument) -> Option<Stream> {
    Stream::builder().with_cardinality_limit(3).build().ok()
}

#[test]
fn a_series_in_the_overflow_becomes_separate_when_the_sdk_limit_has_room() {
    let _turn = take_turn();
    let meters = Meters::new(Temporality::Delta, &[three_series]);
    install(meters.provider.clone());
    let add = |queue: &str| {
        let dimensions = metrics::Jobs {
            account_tier: AccountTier::Free,
            queue_name: measures::QueueName::capped(queue),
        };
        metrics::jobs().add(1, dimensions);
    };
    ["a", "b", "c", "d"].into_iter().for_each(add);
    let overflow = "jobs{otel.metric.overflow=true} 1".to_owned();
    assert!(meters.text().contains(&overflow));
    // With delta temporality, series without measurements are dropped at the second collection, so there is room again.
    assert_eq!(meters.text(), [""; 0]);
    add("d");
    assert_eq!(meters.text(), ["jobs{account.tier=free,queue.name=d} 1"]);
}

#[test]
fn every_possible_series_of_a_metric_has_its_own_point() {
    let _turn = take_turn();
    let meters = Meters::with_view(measures::view);
    install(meters.provider.clone());
    for tier in [AccountTier::Free, AccountTier::Pro, AccountTier::Other] {
        for queue in (0..20).map(|n| n.to_string()).chain(["_OTHER".to_owned()]) {
            let dimensions = metrics::Jobs {
                account_tier: tier,
                queue_name: measures::QueueName::capped(queue),
            };
            metrics::jobs().add(1, dimensions.clone());
            for topic in ["a", "b", "c", "d", "e", "_OTHER"] {
                metrics::jobs().add(
                    1,
                    dimensions
                        .clone()
                        .topic_name(measures::TopicName::capped(topic)),
                );
            }
        }
    }
    let points = meters.points();
    assert_eq!(points.len() as u64, metrics::Jobs::SERIES);
    assert!(
        points.iter().all(|point| (point.value - 1.0).abs() < 0.1),
        "{points:#?}"
    );
}

fn spans() -> (SdkTracerProvider, InMemorySpanExporter) {
    let exporter = InMemorySpanExporter::default();
    let builder = SdkTracerProvider::builder().with_simple_exporter(exporter.clone());
    (builder.build(), exporter)
}

fn names(exporter: &InMemorySpanExporter) -> Vec<String> {
    let spans = exporter
        .get_finished_spans()
        .expect("spans are kept in memory");
    spans.iter().map(|span| span.name.to_string()).collect()
}

fn job(queue: &str) -> measures::JobRun {
    measures::JobRun {
        queue_name: measures::QueueName::capped(queue),
    }
}

#[test]
fn an_operation_ends_under_the_providers_of_its_start() {
    let _turn = take_turn();
    let (before, after) = (
        Meters::with_view(measures::view),
        Meters::with_view(measures::view),
    );
    let ((old, old_spans), (new, new_spans)) = (spans(), spans());
    Providers::new()
        .with_tracer_provider(old)
        .with_meter_provider(before.provider.clone())
        .install();
    let running = job("mail").start();
    Providers::new()
        .with_tracer_provider(new)
        .with_meter_provider(after.provider.clone())
        .install();
    let later = job("mail").start();
    running.topic_name(measures::TopicName::capped("orders"));
    running.succeed();
    assert_eq!(names(&old_spans), ["job.run"]);
    assert_eq!(names(&new_spans), [""; 0]);
    assert_eq!(
        before.text(),
        [
            "job.run.active{queue.name=mail} 0",
            "job.run.duration{queue.name=mail,topic.name=orders} ×1",
        ]
    );
    assert_eq!(after.text(), ["job.run.active{queue.name=mail} 1"]);
    later.fail(ErrorType::Broken);
    assert_eq!(names(&new_spans), ["job.run"]);
    assert_eq!(
        before.text().len(),
        2,
        "the replaced provider receives nothing more"
    );
}

#[test]
fn every_installation_has_new_limiters() {
    let _turn = take_turn();
    for name in ["first", "second"] {
        let meters = Meters::with_view(measures::view);
        install(meters.provider.clone());
        for n in 0..25 {
            let queue_name = measures::QueueName::capped(format!("{name} {n}"));
            metrics::waiting().add(1, metrics::Waiting { queue_name });
        }
        let text = meters.text();
        let of_this = text.iter().filter(|line| line.contains(name));
        assert_eq!(of_this.count(), 20);
        assert!(
            text.contains(&"waiting{queue.name=_OTHER} 5".to_owned()),
            "{text:#?}"
        );
    }
}

#[test]
fn suppressed_telemetry_is_not_recorded() {
    let _turn = take_turn();
    let meters = Meters::with_view(measures::view);
    let (tracers, exporter) = spans();
    Providers::new()
        .with_tracer_provider(tracers)
        .with_meter_provider(meters.provider.clone())
        .install();
    {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        record();
        assert_eq!(meters.text(), [""; 0]);
        assert_eq!(names(&exporter), [""; 0]);
    }
    record();
    assert_eq!(meters.text(), expected());
    {
        let _suppressed = Context::enter_telemetry_suppressed_scope();
        record();
    }
    assert_eq!(
        meters.text(),
        expected(),
        "the same holds when bound handles exist"
    );
}

#[test]
fn contracts_of_one_process_do_not_mix() {
    let _turn = take_turn();
    let meters = Meters::new(Temporality::Cumulative, &[measures::view, billing::view]);
    install(meters.provider.clone());
    for _ in 0..3 {
        let retries = billing::metrics::InvoiceGatewayRetries {
            account_tier: billing::AccountTier::Pro,
        };
        billing::metrics::invoice_gateway_retries().add(1, retries);
        let account_tier = AccountTier::Pro;
        metrics::credit().add(1.0, metrics::Credit {}.account_tier(account_tier));
        forms::PlainRun {}.start().succeed();
    }
    assert_eq!(
        meters.text(),
        [
            "credit{account.tier=pro} 3",
            "invoice.gateway.retries{account.tier=pro} 3",
            "plain.run.duration{} ×3",
        ]
    );
}

#[test]
fn measurements_during_a_replacement_of_providers_are_neither_lost_nor_duplicated() {
    let _turn = take_turn();
    let recorded = AtomicUsize::new(0);
    let all: Vec<Meters> = (0..20).map(|_| Meters::with_view(measures::view)).collect();
    install(all[0].provider.clone());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..20_000 {
                    metrics::load().record(1.0, ());
                    metrics::traffic().add(
                        1.0,
                        metrics::Traffic {
                            cache_hit: false.into(),
                        },
                    );
                    recorded.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        scope.spawn(|| {
            for (number, meters) in all.iter().enumerate() {
                while recorded.load(Ordering::Relaxed) < number * 2_500 {
                    std::thread::yield_now();
                }
                install(meters.provider.clone());
            }
        });
    });
    let points = all.iter().flat_map(Meters::points);
    let counted: f64 = points
        .filter(|point| point.metric == "traffic")
        .map(|point| point.value)
        .sum();
    assert!((counted - 60_000.0).abs() < 0.5, "{counted}");
}
