//! Metrics of client operations, and a request without a server.

use http::{Request, Response, StatusCode};
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::convert::Infallible;
use test_clients::clients::{self, OrderId, Providers};
use tower::{ServiceBuilder, ServiceExt as _, service_fn};

/// Installs a meter provider beside this tracer provider.
pub fn install_meters(
    tracers: Option<SdkTracerProvider>,
) -> (SdkMeterProvider, InMemoryMetricExporter) {
    let exporter = InMemoryMetricExporter::default();
    let meters = SdkMeterProvider::builder()
        .with_reader(PeriodicReader::builder(exporter.clone()).build())
        .build();
    let providers = Providers::new().with_meter_provider(meters.clone());
    match tracers {
        Some(tracers) => providers.with_tracer_provider(tracers).install(),
        None => providers.install(),
    }
    (meters, exporter)
}

/// Returns the attributes of the only point of `stock.reserve.duration`.
pub fn attributes_of_the_duration(
    (meters, exporter): &(SdkMeterProvider, InMemoryMetricExporter),
) -> Vec<String> {
    meters.force_flush().expect("the metrics are exported");
    let exported = exporter.get_finished_metrics().expect("metrics");
    let scopes = exported.iter().flat_map(ResourceMetrics::scope_metrics);
    let mut all = scopes.flat_map(ScopeMetrics::metrics);
    let duration = all.find(|metric| metric.name() == "stock.reserve.duration");
    let AggregatedMetrics::F64(MetricData::Histogram(histogram)) =
        duration.expect("the duration").data()
    else {
        panic!("no histogram");
    };
    let points: Vec<_> = histogram.data_points().collect();
    assert_eq!(points.len(), 1);
    let attributes = points[0].attributes();
    let mut attributes: Vec<String> = attributes
        .map(|attribute| format!("{}={}", attribute.key, attribute.value))
        .collect();
    attributes.sort();
    attributes
}

pub fn reserve() -> clients::StockReserve {
    clients::StockReserve {
        order_id: OrderId::from("ord_17"),
    }
}

pub async fn send() -> Result<StatusCode, Infallible> {
    let client = ServiceBuilder::new()
        .layer(clients::client_layer())
        .service(service_fn(async |_: Request<String>| {
            let response = Response::builder().status(StatusCode::ACCEPTED);
            Ok::<_, Infallible>(response.body(String::new()).expect("a response"))
        }));
    let request = Request::get("http://stock.example:8080/").body(String::new());
    let response = client.oneshot(request.expect("a request")).await?;
    Ok(response.status())
}
