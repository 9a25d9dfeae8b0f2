//! B3 propagation, as specified by Zipkin (openzipkin/b3-propagation) and OpenTelemetry ("B3 Requirements").
//!
//! | requirement | test |
//! | --- | --- |
//! | B3, "Single Header": the examples | `headers::the_single_header_is_read` |
//! | B3, "Multiple Headers": the examples | `headers::several_headers_are_read` |
//! | B3, "TraceId": 32 or 16 lower-hex characters | `headers::a_trace_id_of_64_bits_is_padded` |
//! | B3, malformed data | `headers::malformed_headers_give_no_trace` |
//! | B3, "Sampling State" without identifiers | `sampling::a_decision_without_a_trace_is_followed`, `sampling::a_decision_without_a_trace_is_propagated` |
//! | B3, "Defer" | `sampling::a_deferred_decision_is_made_by_the_receiver`, `sampling::a_deferred_decision_stays_deferred_if_no_operation_starts` |
//! | B3, "Debug": implies accept, not sent with `X-B3-Sampled` | `sampling::a_debug_flag_is_propagated` |
//! | B3, "the first value wins" | `headers::the_first_value_of_a_header_wins` |
//! | OpenTelemetry, "MUST attempt to extract B3 encoded using single and multi-header formats" | `headers::the_single_header_takes_precedence` |
//! | OpenTelemetry, "MUST preserve a debug trace flag", "MUST set the sampled trace flag" | `sampling::a_debug_flag_is_propagated` |
//! | OpenTelemetry, "MUST NOT reuse X-B3-SpanId as the ID for the server-side span" | `headers::the_span_of_the_sender_is_the_parent` |
//! | OpenTelemetry, "MUST default to injecting B3 using the single-header format" | `headers::the_configured_format_is_written` |
//! | OpenTelemetry, "MUST NOT propagate X-B3-ParentSpanId" | `headers::the_id_of_the_grandparent_is_not_propagated` |
//! | OpenTelemetry, "Fields MUST return the header names that correspond to the configured format" | `headers::the_b3_propagator_lists_its_fields` |

#![allow(missing_docs)]

mod headers;
mod sampling;

use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use test_vocabulary::billing;
use test_vocabulary::forms::{self, TraceContext, instrumented_operation};

type Headers = BTreeMap<String, String>;

const TRACE: &str = "80f198ee56343ba864fe8b2a57d3eff7";
const SPAN: &str = "e457b5a2e4d86bd1";
const PARENT: &str = "05e3ac9a4f6e3b90";

struct SetUp {
    spans: InMemorySpanExporter,
    guard: billing::setup::Guard,
    _turn: MutexGuard<'static, ()>,
}

/// Installs a set-up with this format of B3 and this sampler. The set-up belongs to the process: tests take turns.
fn set_up(propagators: &str, sampler: &str) -> SetUp {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let spans = InMemorySpanExporter::default();
    let variables = [
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_PROPAGATORS", propagators),
        ("OTEL_TRACES_SAMPLER", sampler),
    ];
    let setup = billing::telemetry(resource)
        .with_contract(&forms::VOCABULARY)
        .variables(variables)
        .with_span_exporter(spans.clone());
    SetUp {
        guard: setup.install().expect("a valid set-up"),
        spans,
        _turn: turn,
    }
}

impl SetUp {
    /// Exported spans.
    fn finished(&self) -> Vec<SpanData> {
        let _ = self.guard.flush();
        self.spans.get_finished_spans().expect("kept in memory")
    }
}

fn headers(pairs: &[(&str, &str)]) -> Headers {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

fn single(header: &str) -> TraceContext {
    TraceContext::extract(&headers(&[("b3", header)]))
}

fn written(context: &TraceContext) -> Headers {
    let mut headers = Headers::new();
    context.inject(&mut headers);
    headers
}

/// Service that handles a request and returns the headers of a request that it sends meanwhile.
#[instrumented_operation(forms::ConsumeRun, parent = TraceContext::extract(headers))]
fn handle(headers: &Headers) -> Headers {
    written(&TraceContext::current())
}

const ALWAYS: &str = "parentbased_always_on";
const NEVER: &str = "parentbased_always_off";
