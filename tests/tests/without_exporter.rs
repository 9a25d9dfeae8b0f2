//! A set-up without a span exporter: attributes of spans are not evaluated.

use opentelemetry::Context;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use std::cell::RefCell;
use test_vocabulary::billing;
use test_vocabulary::forms::{self, instrumented_operation};

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn log<T>(what: &'static str, value: T) -> T {
    LOG.with_borrow_mut(|log| log.push(what));
    value
}

fn logged() -> Vec<&'static str> {
    LOG.with_borrow_mut(std::mem::take)
}

/// Returns the span context that a request inside the operation would send.
#[instrumented_operation(forms::FormRun, work.count = log("count", 1))]
fn form() -> SpanContext {
    log("body", ());
    Context::current().span().span_context().clone()
}

#[instrumented_operation(forms::FormRun, work.count = log("count", 1))]
async fn asynchronous() -> SpanContext {
    log("body", ());
    Context::current().span().span_context().clone()
}

type Run = fn() -> SpanContext;

fn parent() -> SpanContext {
    let flags = TraceFlags::SAMPLED;
    let (trace, span) = (TraceId::from(7), SpanId::from(7));
    SpanContext::new(trace, span, flags, true, TraceState::NONE)
}

#[test]
fn attributes_that_are_not_exported_are_not_evaluated() {
    let resource = billing::Resource {
        service_name: "test".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let none =
        ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
    let guard = billing::telemetry(resource)
        .with_contract(&forms::VOCABULARY)
        .variables(none)
        .install()
        .expect("a valid set-up");
    let kinds: [(&str, Run); 2] = [
        ("a function", form),
        ("an async function", || {
            otel_contract_tests::block_on(asynchronous())
        }),
    ];
    for (kind, run) in kinds {
        // Later calls rely on the sampling prediction of the first call.
        let root = run();
        let under = Context::new().with_remote_span_context(parent());
        let attached = under.clone().attach();
        run();
        drop(attached);
        logged();
        for _ in 0..3 {
            let next = run();
            assert_eq!(logged(), ["body"], "{kind}");
            assert!(next.is_valid() && next.is_sampled() && !next.is_remote());
            assert_ne!(next.trace_id(), root.trace_id());
            let attached = under.clone().attach();
            let child = run();
            drop(attached);
            assert_eq!(logged(), ["body"], "{kind}");
            assert_eq!(child.trace_id(), parent().trace_id());
            assert_ne!(child.span_id(), parent().span_id());
            assert!(child.is_sampled());
        }
    }
    // No telemetry had to be delivered, so the report is complete.
    let active = forms::FormRun {}.start();
    let report = guard.shutdown();
    assert!(report.is_all_delivered(), "{report}");
    drop(active);
    // After the shutdown, operations still run.
    form();
    assert_eq!(logged(), ["body"]);
}
