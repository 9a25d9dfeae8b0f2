//! A required resource attribute forgotten, and something that is no resource at all.

use test_vocabulary::billing;

fn main() {
    let _telemetry = billing::telemetry(billing::Resource {
        service_name: "billing".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    })
    .install();
    let _telemetry = billing::telemetry("billing").install();
}
