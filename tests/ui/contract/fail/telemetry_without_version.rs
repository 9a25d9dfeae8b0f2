//! A missing required resource attribute, and a value that is not a resource.

use test_vocabulary::billing;

fn main() {
    let _telemetry = billing::telemetry(billing::Resource {
        service_name: "billing".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    })
    .install();
    let _telemetry = billing::telemetry("billing").install();
}
