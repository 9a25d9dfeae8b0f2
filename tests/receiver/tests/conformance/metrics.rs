//! Metrics, as the metrics SDK, the data model and OTLP specify them.

use super::{attribute, over_each_protocol, send, shop, text};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, HistogramDataPoint, Metric, NumberDataPoint, Sum,
};
use shop::{ErrorType, ItemSize, metrics};
use test_receiver::Received;

const CUMULATIVE: AggregationTemporality = AggregationTemporality::Cumulative;
const DELTA: AggregationTemporality = AggregationTemporality::Delta;

/// Records one measurement with every instrument, and runs an operation.
fn measure() {
    metrics::item_sold().add(
        2,
        metrics::ItemSold {
            item_size: ItemSize::Small,
        },
    );
    metrics::item_weight().add(1.5, ());
    metrics::item_waiting().add(-3, ());
    metrics::item_price().record(20.0, ());
    metrics::item_heat().record(-4.5, ());
    shop::ItemPack {}
        .item_size(ItemSize::Large)
        .start()
        .succeed();
}

/// All exports of a metric, in order.
fn exports<'a>(received: &'a Received, name: &str) -> Vec<&'a Metric> {
    received
        .metrics()
        .filter(|metric| metric.name == name)
        .collect()
}

fn last<'a>(received: &'a Received, name: &str) -> &'a Metric {
    exports(received, name)
        .pop()
        .expect("a metric of that name")
}

fn sum(metric: &Metric) -> &Sum {
    match metric.data.as_ref() {
        Some(Data::Sum(sum)) => sum,
        other => panic!("a sum: {other:?}"),
    }
}

fn numbers(metric: &Metric) -> &[NumberDataPoint] {
    match metric.data.as_ref() {
        Some(Data::Sum(sum)) => &sum.data_points,
        Some(Data::Gauge(gauge)) => &gauge.data_points,
        other => panic!("numbers: {other:?}"),
    }
}

fn histogram(metric: &Metric) -> (&[HistogramDataPoint], AggregationTemporality) {
    match metric.data.as_ref() {
        Some(Data::Histogram(one)) => (&one.data_points, one.aggregation_temporality()),
        other => panic!("a histogram: {other:?}"),
    }
}

fn temporality(metric: &Metric) -> AggregationTemporality {
    match metric.data.as_ref() {
        Some(Data::Sum(sum)) => sum.aggregation_temporality(),
        Some(Data::Histogram(one)) => one.aggregation_temporality(),
        other => panic!("a metric with a temporality: {other:?}"),
    }
}

#[test]
fn metrics_have_the_unit_and_the_description_of_the_contract() {
    over_each_protocol(
        &[],
        |_| measure(),
        |received| {
            for (name, unit, description) in [
                ("item.sold", "{item}", "Items that were sold."),
                ("item.weight", "kg", "Weight of what was sold."),
                ("item.waiting", "{item}", "Items that wait."),
                ("item.price", "{euro}", "Price of an item."),
                ("item.heat", "Cel", "Temperature of the store."),
            ] {
                let metric = last(received, name);
                assert_eq!((&*metric.unit, &*metric.description), (unit, description));
            }
        },
    );
}

#[test]
fn a_counter_is_a_monotonic_sum() {
    over_each_protocol(
        &[],
        |_| measure(),
        |received| {
            let sold = sum(last(received, "item.sold"));
            assert!(sold.is_monotonic);
            let [point] = &sold.data_points[..] else {
                panic!("one series");
            };
            assert_eq!(point.value, Some(Value::AsInt(2)));
            assert_eq!(
                attribute(&point.attributes, "item.size"),
                Some(&text("small"))
            );
            let weight = sum(last(received, "item.weight"));
            assert!(weight.is_monotonic);
            assert_eq!(weight.data_points[0].value, Some(Value::AsDouble(1.5)));
        },
    );
}

#[test]
fn an_updowncounter_is_a_sum_that_is_not_monotonic() {
    over_each_protocol(
        &[],
        |_| measure(),
        |received| {
            let waiting = sum(last(received, "item.waiting"));
            assert!(!waiting.is_monotonic);
            assert_eq!(waiting.data_points[0].value, Some(Value::AsInt(-3)));
        },
    );
}

#[test]
fn a_gauge_is_the_last_value() {
    let body = |_: &_| {
        metrics::item_heat().record(20.0, ());
        metrics::item_heat().record(-4.5, ());
    };
    over_each_protocol(&[], body, |received| {
        let heat = last(received, "item.heat");
        assert!(matches!(heat.data, Some(Data::Gauge(_))));
        assert_eq!(numbers(heat)[0].value, Some(Value::AsDouble(-4.5)));
    });
}

#[test]
fn a_histogram_has_the_boundaries_of_the_contract() {
    let body = |_: &_| {
        for price in [0.5, 1.0, 20.0, 500.0] {
            metrics::item_price().record(price, ());
        }
    };
    over_each_protocol(&[], body, |received| {
        let (points, _) = histogram(last(received, "item.price"));
        let [point] = points else {
            panic!("one series");
        };
        assert_eq!(point.explicit_bounds, [1.0, 10.0, 100.0]);
        // The upper boundary belongs to its bucket.
        assert_eq!(point.bucket_counts, [2, 0, 1, 1]);
        assert_eq!((point.count, point.sum), (4, Some(521.5)));
        assert_eq!((point.min, point.max), (Some(0.5), Some(500.0)));
    });
}

#[test]
fn the_duration_of_an_operation_is_a_histogram_in_seconds() {
    over_each_protocol(
        &[],
        |_| measure(),
        |received| {
            let duration = last(received, "item.pack.duration");
            assert_eq!(duration.unit, "s");
            let (points, _) = histogram(duration);
            let [point] = points else {
                panic!("one series");
            };
            assert_eq!(point.explicit_bounds, [0.5, 1.0, 10.0]);
            assert_eq!(point.count, 1);
            assert!(point.sum.is_some_and(|sum| (0.0..10.0).contains(&sum)));
            assert_eq!(
                attribute(&point.attributes, "item.size"),
                Some(&text("large"))
            );
            assert_eq!(attribute(&point.attributes, "error.type"), None);
        },
    );
}

#[test]
fn a_failure_is_measured_under_its_class() {
    let body = |_: &_| {
        shop::ItemPack {}.start().succeed();
        shop::ItemPack {}.start().fail(ErrorType::SoldOut);
    };
    over_each_protocol(&[], body, |received| {
        let (points, _) = histogram(last(received, "item.pack.duration"));
        let class =
            |point: &HistogramDataPoint| attribute(&point.attributes, "error.type").cloned();
        let mut classes: Vec<_> = points.iter().map(class).collect();
        classes.sort_by_key(Option::is_some);
        assert_eq!(classes, [None, Some(text("sold_out"))]);
        assert!(points.iter().all(|point| point.count == 1));
    });
}

#[test]
fn running_operations_are_an_updowncounter() {
    let check = |received: &Received| {
        let active = exports(received, "item.pack.active");
        let values = active.iter().map(|metric| {
            assert!(!sum(metric).is_monotonic);
            numbers(metric)[0].value
        });
        let values: Vec<_> = values.collect();
        assert_eq!(values.first(), Some(&Some(Value::AsInt(1))));
        assert_eq!(values.last(), Some(&Some(Value::AsInt(0))));
    };
    let body = |guard: &shop::setup::Guard| {
        let running = shop::ItemPack {}.start();
        let _ = guard.flush();
        running.succeed();
    };
    over_each_protocol(&[], body, check);
}

/// Records twice, with an export after each recording. The callbacks of the observable metrics are registered for both
/// exports.
fn twice(preference: &str) -> Received {
    let variables = [(
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        preference,
    )];
    send(&variables, |guard| {
        let _observing = [
            metrics::item_seen().observe(|seen| seen.observe(7, ())),
            metrics::item_stored().observe(|stored| stored.observe(7, ())),
        ];
        measure();
        let _ = guard.flush();
        measure();
        let _ = guard.flush();
    })
}

#[test]
fn the_preference_decides_the_temporality_of_each_instrument() {
    for (preference, counter, observable) in [
        ("", CUMULATIVE, CUMULATIVE),
        ("Cumulative", CUMULATIVE, CUMULATIVE),
        ("delta", DELTA, DELTA),
        ("LOWMEMORY", DELTA, CUMULATIVE),
    ] {
        let received = twice(preference);
        for (name, expected) in [
            ("item.sold", counter),
            ("item.price", counter),
            ("item.pack.duration", counter),
            ("item.seen", observable),
            ("item.waiting", CUMULATIVE),
            ("item.stored", CUMULATIVE),
            ("item.pack.active", CUMULATIVE),
        ] {
            for metric in exports(&received, name) {
                assert_eq!(temporality(metric), expected, "{name}, {preference}");
            }
        }
    }
}

#[test]
fn cumulative_points_add_up_from_one_start() {
    let received = twice("cumulative");
    let sold: Vec<_> = exports(&received, "item.sold")
        .into_iter()
        .map(|export| &numbers(export)[0])
        .collect();
    assert_eq!(sold[0].value, Some(Value::AsInt(2)));
    assert_eq!(sold[1].value, Some(Value::AsInt(4)));
    assert_eq!(sold[0].start_time_unix_nano, sold[1].start_time_unix_nano);
    assert!(sold[0].start_time_unix_nano > 0);
    assert!(sold[0].start_time_unix_nano <= sold[0].time_unix_nano);
    assert!(sold[0].time_unix_nano < sold[1].time_unix_nano);
}

#[test]
fn delta_points_begin_where_the_last_ended() {
    let received = twice("delta");
    let sold: Vec<_> = exports(&received, "item.sold")
        .into_iter()
        .map(|export| &numbers(export)[0])
        .collect();
    assert_eq!(sold[0].value, Some(Value::AsInt(2)));
    assert_eq!(sold[1].value, Some(Value::AsInt(2)));
    assert_eq!(sold[0].time_unix_nano, sold[1].start_time_unix_nano);
}

#[test]
fn metrics_are_exported_at_the_interval_of_the_variable() {
    use super::set_up;
    use test_receiver::{Behaviour, Receiver};
    let receiver = Receiver::start(Behaviour::Accept);
    super::in_turn(|| {
        let variables = [("OTEL_METRIC_EXPORT_INTERVAL", "50")];
        let guard = set_up(&receiver, &variables)
            .install()
            .expect("a valid set-up");
        metrics::item_heat().record(1.0, ());
        receiver.wait(|received| exports(received, "item.heat").len() >= 2);
        drop(guard.shutdown());
    });
}
