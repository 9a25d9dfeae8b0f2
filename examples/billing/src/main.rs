//! Processes four jobs from a queue: one creates its invoice at once, one after a retry, and two fail. Prints the trace of
//! each job when the trace ends, and a table of all metrics at the end.
//!
//! `--spans FILE` and `--metrics FILE` also write the exported telemetry to a file, one JSON object per line.

mod domain;
mod gateway;
mod points;
mod queue;
mod record;
mod service;
mod store;
mod table;
#[cfg(test)]
mod tests;
mod tree;

use acme_telemetry::billing::{self, OrderId, QueueName};
use gateway::Gateway;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use queue::Queue;
use service::Billing;
use std::error::Error;
use std::process::ExitCode;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let options = Options::parse(std::env::args().skip(1))?;
    let (tracers, meters) = telemetry(&options)?;
    let mut queue = Queue::new(QueueName::capped("invoice-events"));
    for order in ["ord_8Zk2", "ord_9Qd7", "ord_missing", "ord_3Lm1"] {
        queue.push(OrderId::new(order));
    }
    while let Some(job) = queue.take() {
        let slow_calls = match job.order_id.as_str() {
            "ord_9Qd7" => 1,
            "ord_3Lm1" => 9,
            _ => 0,
        };
        let billing = Billing {
            store: Store,
            gateway: Gateway { slow_calls },
        };
        match billing.process(job).await {
            Ok(invoice) => println!("=> invoice {}\n", invoice.id),
            Err(error) => println!("=> no invoice: {error}\n"),
        }
    }
    tracers.shutdown()?;
    meters.shutdown()?;
    Ok(())
}

/// Files for the exported telemetry.
#[derive(Default)]
struct Options {
    spans: Option<String>,
    metrics: Option<String>,
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(option) = arguments.next() {
            let file = match option.as_str() {
                "--spans" => &mut options.spans,
                "--metrics" => &mut options.metrics,
                _ => return Err("usage: billing [--spans FILE] [--metrics FILE]".into()),
            };
            *file = Some(arguments.next().ok_or(format!("`{option}` needs a file"))?);
        }
        Ok(options)
    }
}

/// Creates and installs the providers. A service can use any OpenTelemetry providers; the exporters of this example print
/// the telemetry. The view configures the SDK with the bounds of the contract.
fn telemetry(options: &Options) -> Result<(SdkTracerProvider, SdkMeterProvider), Box<dyn Error>> {
    let resource = billing::Resource {
        service_name: "billing-worker".into(),
        service_version: env!("CARGO_PKG_VERSION").into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Development,
    };
    let resource = opentelemetry_sdk::Resource::builder()
        .with_attributes(resource.into_attributes())
        .build();
    let mut tracers = SdkTracerProvider::builder()
        .with_resource(resource.clone())
        .with_simple_exporter(tree::TreeExporter::default());
    if let Some(file) = &options.spans {
        tracers = tracers.with_simple_exporter(record::RecordExporter::create(file)?);
    }
    let mut meters = SdkMeterProvider::builder()
        .with_resource(resource)
        .with_view(billing::view)
        .with_periodic_exporter(table::TableExporter::default());
    if let Some(file) = &options.metrics {
        meters = meters.with_periodic_exporter(record::MetricRecordExporter::create(file)?);
    }
    let (tracers, meters) = (tracers.build(), meters.build());
    billing::Providers::new()
        .with_tracer_provider(tracers.clone())
        .with_meter_provider(meters.clone())
        .install();
    Ok((tracers, meters))
}
