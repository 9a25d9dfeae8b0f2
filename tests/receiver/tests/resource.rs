//! The resource of a set-up: detected attributes, and what takes precedence over them.

#[allow(dead_code)] // Each test program uses only a part of the module.
mod support;

use opentelemetry::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_sdk::Resource;
use std::collections::BTreeMap;
use support::{PROTOCOLS, take_turn, telemetry, work};
use test_receiver::{Behaviour, Receiver};
use test_vocabulary::billing::setup::{Detector, Setup};

otel_contract::contract!("tests/private.yaml");

/// Sends one item of each signal, and returns the attributes of the resource, which is the same for every signal.
fn resource_of(
    protocol: &str,
    variables: &[(&str, &str)],
    also: impl FnOnce(Setup) -> Setup,
) -> BTreeMap<String, String> {
    let _turn = take_turn();
    let receiver = Receiver::start(Behaviour::Accept);
    let telemetry = also(telemetry(&receiver.endpoint(), protocol, variables));
    let guard = telemetry.install().expect("a valid set-up");
    assert!(guard.warnings().is_empty(), "{}", guard.warnings());
    work(&guard, 1);
    let report = guard.shutdown();
    assert!(report.is_all_delivered(), "{report}");
    let received = receiver.received();
    let resources = [
        &received.traces[0].resource_spans[0].resource,
        &received.metrics[0].resource_metrics[0].resource,
        &received.logs[0].resource_logs[0].resource,
    ];
    let [traces, metrics, logs] = resources.map(|resource| {
        let attributes = &resource.as_ref().expect("a resource").attributes;
        let pair = |attribute: &opentelemetry_proto::tonic::common::v1::KeyValue| {
            let value = attribute.value.as_ref()?.value.as_ref()?;
            let shown = match value {
                Value::StringValue(text) => text.clone(),
                Value::IntValue(number) => number.to_string(),
                other => panic!("a string or an integer: {other:?}"),
            };
            Some((attribute.key.clone(), shown))
        };
        attributes
            .iter()
            .filter_map(pair)
            .collect::<BTreeMap<_, _>>()
    });
    assert_eq!(traces, metrics);
    assert_eq!(traces, logs);
    traces
}

/// Keys of the contract, of the SDK and of the instance, which every resource has.
const ALWAYS: [&str; 7] = [
    "deployment.environment.name",
    "service.instance.id",
    "service.name",
    "service.version",
    "telemetry.sdk.language",
    "telemetry.sdk.name",
    "telemetry.sdk.version",
];

const IN_POD: [(&str, &str); 3] = [
    ("KUBERNETES_SERVICE_HOST", "10.0.0.1"),
    ("POD_NAME", "billing-7d4f"),
    ("POD_NAMESPACE", "shop"),
];

#[test]
fn host_system_process_and_pod_are_detected() {
    for protocol in PROTOCOLS {
        let resource = resource_of(protocol, &IN_POD, |setup| setup);
        assert_eq!(resource["k8s.pod.name"], "billing-7d4f", "{protocol}");
        assert_eq!(resource["k8s.namespace.name"], "shop");
        assert_eq!(resource["process.pid"], std::process::id().to_string());
        let executable = std::env::current_exe().expect("this program");
        let name = executable.file_name().and_then(|name| name.to_str());
        assert_eq!(Some(&*resource["process.executable.name"]), name);
        assert!(resource.contains_key("host.arch") && resource.contains_key("os.type"));
        if cfg!(target_os = "linux") {
            let name = std::fs::read_to_string("/proc/sys/kernel/hostname");
            assert_eq!(resource["host.name"], name.expect("a host name").trim());
            assert_eq!(resource["os.type"], "linux");
        }
        // Arguments may contain secrets, and paths the names of users.
        let personal = [
            "process.command",
            "process.owner",
            "process.executable.path",
        ];
        let leaked = |key: &&String| personal.iter().any(|personal| key.starts_with(personal));
        assert_eq!(resource.keys().find(leaked), None);
        // The id of a pod's host is not that of its image.
        assert_eq!(resource.get("host.id"), None);
    }
}

#[test]
fn detection_is_limited_by_code_or_by_the_variable() {
    let name = "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS";
    let keys = |resource: BTreeMap<String, String>| resource.into_keys().collect::<Vec<_>>();
    let off = resource_of("http/protobuf", &[(name, "none")], |setup| setup);
    assert_eq!(keys(off), ALWAYS);
    let off = resource_of("http/protobuf", &IN_POD, |setup| setup.detectors([]));
    assert_eq!(keys(off), ALWAYS);
    // Code takes precedence over the variable.
    let process = resource_of("http/protobuf", &[(name, "none")], |setup| {
        setup.detectors([Detector::Process])
    });
    let detected = |key: &String| !ALWAYS.contains(&key.as_str());
    let process: Vec<String> = keys(process).into_iter().filter(detected).collect();
    assert_eq!(process, ["process.executable.name", "process.pid"]);
}

#[test]
fn variables_and_added_resources_override_detected_attributes() {
    let variables = [(
        "OTEL_RESOURCE_ATTRIBUTES",
        "host.name=of%20the%20variable,service.instance.id=billing-1",
    )];
    let added = [
        ("host.name", "added"),
        ("os.type", "added"),
        ("cloud.region", "eu-central-1"),
        ("service.name", "added"),
    ];
    let added = added.map(|(key, value)| KeyValue::new(key, value));
    let added = Resource::builder_empty().with_attributes(added).build();
    let resource = resource_of("http/protobuf", &variables, |setup| {
        setup.with_resource(added)
    });
    for (key, expected) in [
        ("host.name", "of the variable"),
        ("os.type", "added"),
        ("cloud.region", "eu-central-1"),
        ("service.name", "billing-api"),
        ("service.instance.id", "billing-1"),
    ] {
        assert_eq!(resource[key], expected, "{key}");
    }
}

/// Nothing protects a detected value, so an attribute that any contract protects is not detected.
#[test]
fn a_personal_or_secret_attribute_is_not_detected() {
    let resource = resource_of("http/protobuf", &[], |setup| {
        setup.with_contract(&private::VOCABULARY)
    });
    assert_eq!(resource.get("host.name"), None);
    assert_eq!(resource.get("host.id"), None);
    assert!(resource.contains_key("host.arch"));
}
