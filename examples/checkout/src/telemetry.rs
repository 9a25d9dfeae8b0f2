//! Set-up of logs and telemetry, the first step of every process.

use checkout_telemetry::Correlated;
use checkout_telemetry::checkout::{self, setup};

/// Sets up logs and telemetry of a service. Dropping the guard delivers the remaining telemetry.
pub fn start(service: &'static str) -> Result<setup::Guard, setup::SetupErrors> {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(Correlated::new(std::io::stderr).with_service(service))
        .init();
    checkout::telemetry(checkout::Resource {
        service_name: service.into(),
        service_version: env!("CARGO_PKG_VERSION").into(),
        deployment_environment_name: checkout::DeploymentEnvironmentName::Development,
    })
    .protection_key_from("CHECKOUT_PROTECTION_KEY")
    .on_warnings(|warnings| {
        for warning in warnings {
            let variable = warning.variable();
            tracing::warn!(variable, "{}; {}", warning.what(), warning.effect());
        }
    })
    .on_notice(|notice| tracing::warn!("{}; {}", notice.what(), notice.effect()))
    .on_report(move |report| {
        if !report.is_all_delivered() {
            eprintln!("{service}: not all telemetry was delivered\n{report}");
        }
    })
    .install()
}
