//! Installation of `otel-contract` through the set-up of the contract, with its sampler.

use crate::bench;
use crate::drops;
use crate::otlp::{self, Otlp};
use bench::setup::{Guard, Setup, SetupErrors};
use std::error::Error;

/// Creates a set-up without exporters. `samples_roots` is whether spans without a parent are sampled.
pub(crate) fn set_up(samples_roots: bool) -> Setup {
    let resource = bench::Resource {
        service_name: "bench".into(),
        service_version: env!("CARGO_PKG_VERSION").into(),
        deployment_environment_name: bench::DeploymentEnvironmentName::Test,
    };
    let sampler = if samples_roots {
        "parentbased_always_on"
    } else {
        "parentbased_always_off"
    };
    bench::telemetry(resource)
        .variables([
            ("OTEL_TRACES_SAMPLER", sampler),
            ("OTEL_TRACES_EXPORTER", "none"),
            ("OTEL_METRICS_EXPORTER", "none"),
            ("OTEL_LOGS_EXPORTER", "none"),
            // The queue size of the peers in scene `Otlp`.
            ("OTEL_BSP_MAX_QUEUE_SIZE", "8192"),
        ])
        .with_meter_provider(drops::meter_provider_with_view())
}

/// Installs a set-up that exports spans to a sink on loopback.
pub(crate) fn install_exporting() -> Result<(Guard, Otlp), Box<dyn Error>> {
    let (exporter, bytes) = otlp::exporter()?;
    let guard = set_up(true).with_span_exporter(exporter).install()?;
    let provider = guard.tracer_provider().cloned();
    let provider = provider.ok_or("a set-up with an exporter has a provider")?;
    Ok((guard, Otlp::of(provider, bytes)))
}

/// Installs a set-up that drops spans.
pub(crate) fn install_dropping(samples_roots: bool) -> Result<Guard, SetupErrors> {
    set_up(samples_roots)
        .with_span_end_processor(drops::DroppingProcessor)
        .install()
}
