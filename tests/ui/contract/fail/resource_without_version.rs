//! A resource without a required attribute.

use test_vocabulary::billing;

fn resource() -> billing::Resource {
    billing::Resource {
        service_name: "billing".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    }
}

fn main() {}
