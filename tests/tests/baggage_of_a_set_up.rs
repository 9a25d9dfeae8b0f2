//! Baggage that OpenTelemetry's global propagator reads and writes under a set-up: only the keys that contracts list.

#![allow(missing_docs)]

use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::{Context, KeyValue, global};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use test_vocabulary::billing::{self, AccountTier};
use test_vocabulary::forms;

type Headers = HashMap<String, String>;

/// Installs a set-up without exporters. The global propagator belongs to the process: tests take turns.
fn set_up(
    propagators: &str,
    also: impl FnOnce(billing::setup::Setup) -> billing::setup::Setup,
) -> (billing::setup::Guard, MutexGuard<'static, ()>) {
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let resource = billing::Resource {
        service_name: "billing-api".into(),
        service_version: "1.0.0".into(),
        deployment_environment_name: billing::DeploymentEnvironmentName::Test,
    };
    let none =
        ["TRACES", "METRICS", "LOGS"].map(|signal| (format!("OTEL_{signal}_EXPORTER"), "none"));
    let propagators = [("OTEL_PROPAGATORS".to_owned(), propagators)];
    let setup = billing::telemetry(resource).variables(none.into_iter().chain(propagators));
    (also(setup).install().expect("a valid set-up"), turn)
}

/// Installs a set-up that knows the contracts `billing` and `forms`.
fn set_up_with_both_contracts() -> (billing::setup::Guard, MutexGuard<'static, ()>) {
    set_up("tracecontext,baggage", |setup| {
        setup.with_contract(&forms::VOCABULARY)
    })
}

/// Injects the context like the client of an instrumented library.
fn inject(context: &Context) -> Headers {
    let mut headers = Headers::new();
    global::get_text_map_propagator(|propagator| propagator.inject_context(context, &mut headers));
    headers
}

/// Extracts baggage like the server of an instrumented library.
fn extract(baggage: &str) -> Context {
    let headers = Headers::from([("baggage".to_owned(), baggage.to_owned())]);
    global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &headers)
    })
}

fn propagated(baggage: &str) -> Option<String> {
    inject(&extract(baggage)).remove("baggage")
}

fn keys(context: &Context) -> Vec<String> {
    let mut keys: Vec<_> = context
        .baggage()
        .iter()
        .map(|(key, _)| key.to_string())
        .collect();
    keys.sort();
    keys
}

#[test]
fn only_listed_baggage_is_received_and_sent() {
    let _set_up = set_up_with_both_contracts();
    let context = extract("user.email=ada@example.com,account.tier=pro;ttl=3,session=s3cr3t");
    assert_eq!(keys(&context), ["account.tier"]);
    assert_eq!(inject(&context)["baggage"], "account.tier=pro");
    assert_eq!(
        billing::Baggage::of(&context).account_tier,
        Some(AccountTier::Pro)
    );
    assert_eq!(keys(&extract("user.email=ada@example.com")), [""; 0]);
    assert_eq!(propagated("user.email=ada@example.com"), None);
}

#[test]
fn unlisted_baggage_of_other_code_is_not_sent() {
    let _set_up = set_up_with_both_contracts();
    let context = Context::new().with_baggage([
        KeyValue::new("user.email", "ada@example.com"),
        KeyValue::new("account.tier", "enterprise"),
        KeyValue::new("trip.origin", "ada@example.com"),
    ]);
    assert_eq!(inject(&context)["baggage"], "account.tier=enterprise");
}

#[test]
fn a_baggage_value_is_validated_by_its_attribute() {
    let _set_up = set_up_with_both_contracts();
    let incoming = "trip.origin=ada,trip.hops=10,trip.trial=perhaps,trip.count=3,trip.note=a%20b";
    assert_eq!(
        propagated(incoming).as_deref(),
        Some("trip.count=3,trip.note=a%20b")
    );
    // An open set receives unknown values as `_OTHER`.
    assert_eq!(
        propagated("account.tier=ada%40example.com").as_deref(),
        Some("account.tier=_OTHER")
    );
    // The last value of a repeated key is used.
    assert_eq!(
        propagated("trip.hops=1,trip.hops=2").as_deref(),
        Some("trip.hops=2")
    );
}

#[test]
fn a_set_up_propagates_only_the_baggage_of_its_contracts() {
    let one = set_up("baggage", |setup| setup);
    let incoming = "account.tier=pro,trip.hops=2";
    assert_eq!(propagated(incoming).as_deref(), Some("account.tier=pro"));
    drop(one);
    let _set_up = set_up_with_both_contracts();
    assert_eq!(
        propagated(incoming).as_deref(),
        Some("account.tier=pro,trip.hops=2")
    );
}

#[test]
fn a_value_that_is_too_long_is_not_sent() {
    let _set_up = set_up_with_both_contracts();
    let note = |length: usize| format!("trip.note={}", "x".repeat(length));
    assert_eq!(propagated(&note(256)), Some(note(256)));
    let long = format!("{},trip.hops=2", note(257));
    assert_eq!(propagated(&long).as_deref(), Some("trip.hops=2"));
    // The limit applies to the encoded value: each of these characters is encoded as three bytes.
    let wide = format!("trip.note={}", "%20".repeat(86));
    assert_eq!(propagated(&wide), None);
    let context = Context::new().with_baggage([KeyValue::new("trip.note", "x".repeat(257))]);
    assert_eq!(inject(&context).get("baggage"), None);
}

#[test]
fn several_baggage_headers_are_one_list() {
    struct Two;
    impl opentelemetry::propagation::Extractor for Two {
        fn get(&self, _: &str) -> Option<&str> {
            Some("trip.hops=2")
        }
        fn keys(&self) -> Vec<&str> {
            vec!["baggage"]
        }
        fn get_all(&self, key: &str) -> Option<Vec<&str>> {
            (key == "baggage").then(|| vec!["trip.hops=2,user=ada", "trip.trial=true"])
        }
    }
    let _set_up = set_up_with_both_contracts();
    let context = global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &Two)
    });
    assert_eq!(keys(&context), ["trip.hops", "trip.trial"]);
}

#[test]
fn received_baggage_replaces_the_current_baggage_of_the_contract() {
    let _set_up = set_up_with_both_contracts();
    let before = Context::new().with_baggage([
        KeyValue::new("trip.hops", "1"),
        KeyValue::new("trip.note", "old"),
        KeyValue::new("local", "stays"),
    ]);
    let headers = Headers::from([("baggage".to_owned(), "trip.hops=2".to_owned())]);
    let after = global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&before, &headers)
    });
    assert_eq!(keys(&after), ["local", "trip.hops"]);
    assert_eq!(forms::Baggage::of(&after).trip_hops.map(i64::from), Some(2));
    // Without baggage in the request, the context is unchanged.
    let none = global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&before, &Headers::new())
    });
    assert_eq!(keys(&none), ["local", "trip.hops", "trip.note"]);
}

#[test]
fn the_variable_decides_whether_baggage_is_propagated() {
    let own = || {
        let _guard = billing::Baggage::new()
            .account_tier(AccountTier::Pro)
            .attach();
        Context::current()
    };
    for (propagators, is_propagated) in
        [("tracecontext", false), ("none", false), ("baggage", true)]
    {
        let _one = set_up(propagators, |setup| setup);
        assert_eq!(
            inject(&own()).contains_key("baggage"),
            is_propagated,
            "{propagators}"
        );
        assert_eq!(
            keys(&extract("account.tier=pro")).len(),
            usize::from(is_propagated)
        );
        let fields: Vec<String> = global::get_text_map_propagator(|propagator| {
            propagator.fields().map(str::to_owned).collect()
        });
        assert_eq!(fields.contains(&"baggage".to_owned()), is_propagated);
    }
}

#[test]
fn a_custom_propagator_may_use_the_baggage_propagator_of_the_contract() {
    let _own = set_up("none", |setup| {
        setup.propagator(billing::VOCABULARY.baggage_propagator())
    });
    assert_eq!(
        propagated("user=ada,account.tier=pro").as_deref(),
        Some("account.tier=pro")
    );
}
