//! The resource as a struct with its required attributes.

use test_vocabulary::billing::{self, Resource};

pub(crate) fn main() {
    let resource = Resource {
        service_name: "billing".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let pairs: Vec<_> =
        resource.into_attributes().into_iter().map(|one| (one.key.to_string(), one.value.to_string())).collect();
    let expected = [
        ("service.name", "billing"),
        ("service.version", "1.0.0"),
        ("deployment.environment.name", "test"),
    ];
    assert_eq!(pairs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}
