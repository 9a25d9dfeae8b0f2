//! The pod, from variables that it sets, usually with the downward API of Kubernetes.

use crate::setup::environment::Environment;
use opentelemetry::KeyValue;

/// Attributes, each with its variables. The first variable that is set counts.
const VARIABLES: [(&str, &[&str]); 7] = [
    ("k8s.pod.name", &["K8S_POD_NAME", "POD_NAME"]),
    ("k8s.pod.uid", &["K8S_POD_UID", "POD_UID"]),
    (
        "k8s.namespace.name",
        &["K8S_NAMESPACE_NAME", "POD_NAMESPACE"],
    ),
    ("k8s.node.name", &["K8S_NODE_NAME", "NODE_NAME"]),
    (
        "k8s.container.name",
        &["K8S_CONTAINER_NAME", "CONTAINER_NAME"],
    ),
    ("k8s.deployment.name", &["K8S_DEPLOYMENT_NAME"]),
    ("k8s.cluster.name", &["K8S_CLUSTER_NAME"]),
];

/// Whether the process runs in a pod. Kubernetes sets this variable in every container.
pub(super) fn is_present(environment: &Environment) -> bool {
    environment.value("KUBERNETES_SERVICE_HOST").is_some()
}

/// Returns the attributes of the pod. Outside of Kubernetes, the names of the variables may have other meanings.
pub(super) fn detect(environment: &Environment) -> Vec<KeyValue> {
    if !is_present(environment) {
        return Vec::new();
    }
    let attribute = |(key, names): &(&'static str, &[&str])| {
        let value = names.iter().find_map(|name| environment.value(name))?;
        Some(KeyValue::new(*key, value))
    };
    VARIABLES.iter().filter_map(attribute).collect()
}
