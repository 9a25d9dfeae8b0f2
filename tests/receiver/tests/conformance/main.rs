//! Decodes the messages of a set-up and compares them with the OpenTelemetry specification. `docs/conformance.md` lists
//! the points with their tests.

#![allow(missing_docs)]

mod exporter;
mod logs;
mod metrics;
mod resource;
mod spans;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use shop::setup::{Guard, Setup};
use std::sync::{Mutex, PoisonError};
use test_receiver::{Behaviour, Received, Receiver};

otel_contract::contract!("schema/shop.yaml");

const HTTP: &str = "http/protobuf";
const PROTOCOLS: [&str; 2] = [HTTP, "grpc"];

fn set_up(receiver: &Receiver, variables: &[(&str, &str)]) -> Setup {
    let resource = shop::Resource {
        service_name: "shop-api".into(),
        service_version: "2.0.0".into(),
        deployment_environment_name: shop::DeploymentEnvironmentName::Test,
    };
    let endpoint = receiver.endpoint();
    let endpoint = [("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint)];
    // The last value of a name counts.
    let all = endpoint.iter().chain(variables).copied();
    shop::telemetry(resource).variables(all)
}

/// Set-ups belong to the process: tests take turns.
fn in_turn<R>(body: impl FnOnce() -> R) -> R {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    body()
}

/// Runs the body under a set-up with these variables, and returns the messages.
fn send(variables: &[(&str, &str)], body: impl FnOnce(&Guard)) -> Received {
    let receiver = Receiver::start(Behaviour::Accept);
    in_turn(|| {
        let guard = set_up(&receiver, variables).install();
        let guard = guard.expect("a valid set-up");
        body(&guard);
        let report = guard.shutdown();
        assert!(report.is_all_delivered(), "{report}");
    });
    receiver.received()
}

/// Runs the body over each protocol, and checks the messages of each run.
fn over_each_protocol(
    variables: &[(&str, &str)],
    body: impl Fn(&Guard),
    check: impl Fn(&Received),
) {
    for protocol in PROTOCOLS {
        let mut all = vec![("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)];
        all.extend(variables);
        check(&send(&all, &body));
    }
}

/// Value of the attribute with this key, which must not be repeated.
fn attribute<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a Value> {
    let mut found = attributes.iter().filter(|attribute| attribute.key == key);
    let value = found.next()?.value.as_ref()?.value.as_ref();
    assert!(found.next().is_none(), "`{key}` twice");
    value
}

fn text(value: &str) -> Value {
    Value::StringValue(value.to_owned())
}

fn list(values: &[&str]) -> Value {
    let value = |value: &&str| AnyValue {
        value: Some(text(value)),
    };
    Value::ArrayValue(opentelemetry_proto::tonic::common::v1::ArrayValue {
        values: values.iter().map(value).collect(),
    })
}

/// Wall-clock time in nanoseconds.
fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let nanos = since.expect("a clock after 1970").as_nanos();
    u64::try_from(nanos).expect("a clock before 2554")
}
