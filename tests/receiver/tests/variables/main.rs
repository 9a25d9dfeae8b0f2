//! Effects of variables on the sent telemetry.

mod identities;
mod limits;
mod sampling;
mod sending;

use opentelemetry::Context;
use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _};
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use opentelemetry_proto::tonic::common::v1::{self as sent, any_value};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use test_receiver::{Behaviour, Received, Receiver};
use test_vocabulary::billing::{self, setup};
use test_vocabulary::{forms, measures};

otel_contract::contract!("tests/shop.yaml");

/// Providers belong to the process: tests of one binary take turns.
fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn telemetry(receiver: &Receiver, variables: &[(&str, &str)]) -> setup::Setup {
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "3.1.4".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint());
    let variables = variables
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    billing::telemetry(resource)
        .with_contract(&forms::VOCABULARY)
        .with_contract(&measures::VOCABULARY)
        .with_contract(&shop::VOCABULARY)
        .variables(variables.chain([endpoint]))
}

/// Installs a set-up, runs the body, shuts down, asserts that nothing is lost, and returns the received telemetry.
fn sent_by(variables: &[(&str, &str)], work: impl FnOnce(&setup::Guard)) -> Received {
    let receiver = Receiver::start(Behaviour::Accept);
    let guard = telemetry(&receiver, variables)
        .install()
        .expect("a valid set-up");
    work(&guard);
    let report = guard.shutdown();
    assert!(report.is_all_delivered(), "{report}");
    receiver.received()
}

fn invoice() -> otel_contract::Active<billing::InvoiceCreate> {
    billing::InvoiceCreate {
        order_id: billing::OrderId::new("ord_12345"),
        account: billing::Account {
            account_id: "acc_1".into(),
            account_tier: billing::AccountTier::Pro,
        },
    }
    .start()
}

fn log(guard: &setup::Guard, attributes: Vec<(&'static str, AnyValue)>) {
    let logger = guard.logger_provider().expect("records are exported");
    let logger = logger.logger("test");
    let mut record = logger.create_log_record();
    record.set_body("a body of more than four letters".into());
    record.set_severity_text("INFO");
    record.add_attributes(attributes);
    logger.emit(record);
}

fn text(value: Option<&sent::AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::BytesValue(bytes)) => format!("{bytes:?}"),
        Some(any_value::Value::ArrayValue(values)) => {
            let values: Vec<String> = values.values.iter().map(|item| text(Some(item))).collect();
            values.join("|")
        }
        other => format!("{other:?}"),
    }
}

fn pairs(attributes: &[sent::KeyValue]) -> BTreeMap<&str, String> {
    let pair = |attribute: &'_ sent::KeyValue| text(attribute.value.as_ref());
    let pairs = attributes
        .iter()
        .map(|attribute| (&*attribute.key, pair(attribute)));
    pairs.collect()
}

/// Context with a parent in another service, sampled or not.
fn remote(is_sampled: bool) -> Context {
    let flags = TraceFlags::default().with_sampled(is_sampled);
    let (trace, span) = (TraceId::from(7), SpanId::from(7));
    let span = SpanContext::new(trace, span, flags, true, TraceState::NONE);
    Context::new().with_remote_span_context(span)
}
