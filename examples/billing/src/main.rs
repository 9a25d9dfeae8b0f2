//! Creates three invoices, one of them smoothly, one after a retry, one not at all, and draws the
//! trace of each as it ends.
//!
//! `--spans FILE` also writes the exported spans to a file, one JSON object a line.

mod domain;
mod gateway;
mod record;
mod service;
mod store;
#[cfg(test)]
mod tests;
mod tree;

use acme_telemetry::billing::{self, OrderId};
use gateway::Gateway;
use opentelemetry_sdk::trace::SdkTracerProvider;
use service::{Billing, InvoiceJob};
use std::error::Error;
use store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let provider = telemetry()?;
    let jobs = [
        ("ord_8Zk2", 0),
        ("ord_9Qd7", 1),
        ("ord_missing", 0),
        ("ord_3Lm1", 9),
    ];
    for (order, slow_calls) in jobs {
        let billing = Billing {
            store: Store,
            gateway: Gateway { slow_calls },
        };
        let job = InvoiceJob {
            queue: "invoice-events".into(),
            order_id: OrderId::new(order),
        };
        match billing.process(job).await {
            Ok(invoice) => println!("=> invoice {}\n", invoice.id),
            Err(error) => println!("=> no invoice: {error}\n"),
        }
    }
    provider.shutdown()?;
    Ok(())
}

/// Any OpenTelemetry provider will do; this one draws what it is given.
fn telemetry() -> Result<SdkTracerProvider, Box<dyn Error>> {
    let resource = billing::Resource {
        service_name: "billing-worker".into(),
        service_version: env!("CARGO_PKG_VERSION").into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Development,
    };
    let resource = opentelemetry_sdk::Resource::builder()
        .with_attributes(resource.into_attributes())
        .build();
    let mut provider = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_simple_exporter(tree::TreeExporter::default());
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => {}
        (Some("--spans"), Some(file)) => {
            provider = provider.with_simple_exporter(record::RecordExporter::create(&file)?);
        }
        _ => return Err("usage: billing [--spans FILE]".into()),
    }
    let provider = provider.build();
    opentelemetry::global::set_tracer_provider(provider.clone());
    Ok(provider)
}
