//! Attributes in the middle of a rename: old names are accepted, and both keys are recorded.

#![allow(missing_docs)]

use opentelemetry::logs::AnyValue;
use otel_contract::testing::{self, TestScope};
use test_renames::renames::{self, AccountTier, OrderId, instrumented_operation};

#[instrumented_operation(
    renames::OrderCreate as op,
    order.id = OrderId::new(id),
    account.tier = "pro",
    user.email = "ada@acme.example",
    order.count = 2,
    ok(|queue| queue.name = renames::QueueName::capped(queue)),
    err(|class| *class),
)]
fn by_new_names(id: &str) -> Result<&'static str, renames::ErrorType> {
    op.order_count(renames::OrderCount::MAX);
    Ok("fast")
}

/// Code that still uses the old names.
#[allow(deprecated, reason = "`ui` tests the warnings")]
mod before {
    use test_renames::renames::{self, AccountPlan, PurchaseId, instrumented_operation};

    #[derive(renames::Attributes)]
    #[attributes(renames::Buyer)]
    struct Buyer {
        #[attribute(account.plan)]
        plan: AccountPlan,
        #[attribute(user.mail)]
        mail: &'static str,
    }

    #[instrumented_operation(
        renames::OrderCreate as op,
        purchase.id = PurchaseId::from(id),
        purchase.count = 2,
        ..buyer = &Buyer { plan: AccountPlan::Pro, mail: "ada@acme.example" },
        ok(|queue| queue.title = renames::QueueName::capped(queue)),
        err(|class| *class),
    )]
    pub(super) fn by_old_names(id: &str) -> Result<&'static str, renames::ErrorType> {
        op.purchase_count(renames::PurchaseCount::MAX);
        Ok("fast")
    }

    #[instrumented_operation(renames::OrderCreate, purchase.id = PurchaseId::from("ord_1"), account.plan = "pro", ok(|()| queue.title = "fast"))]
    pub(super) fn by_old_literals() {}

    #[instrumented_operation(renames::PurchaseClose, purchase.id = "ord_1")]
    pub(super) fn of_an_old_operation() {}

    pub(super) fn by_hand() {
        let order = renames::OrderCreate {
            order_id: renames::OrderId::new("ord_1"),
            buyer: renames::Buyer {
                account_tier: renames::AccountTier::Free,
            },
        };
        let active = order
            .purchase_count(renames::PurchaseCount::MIN)
            .user_mail("ada@acme.example")
            .start();
        active.queue_title(renames::QueueName::capped("slow"));
        active.succeed();
    }
}

/// Attributes of the only span of a scope, sorted by key.
fn only_span(scope: &TestScope) -> Vec<(String, AnyValue)> {
    let recording = scope.recorded();
    let [span] = &recording.spans[..] else {
        panic!("one span, not {}", recording.spans.len());
    };
    pairs(span)
}

fn pairs(span: &testing::Span) -> Vec<(String, AnyValue)> {
    let pairs = span.attributes.iter();
    let mut pairs: Vec<_> = pairs
        .map(|(key, value)| (key.to_string(), value.clone()))
        .collect();
    pairs.sort_by(|(left, _), (right, _)| left.cmp(right));
    pairs
}

fn text(key: &str, value: &str) -> (String, AnyValue) {
    (key.to_owned(), AnyValue::from(value.to_owned()))
}

fn both_keys() -> Vec<(String, AnyValue)> {
    vec![
        text("account.plan", "pro"),
        text("account.tier", "pro"),
        ("order.count".to_owned(), AnyValue::Int(9)),
        text("order.id", "ord_1"),
        text("purchase.id", "ord_1"),
        text("queue.name", "fast"),
        text("queue.title", "fast"),
        text("user.email", "[redacted]"),
        text("user.mail", "[redacted]"),
    ]
}

#[test]
fn setting_a_new_name_records_both_keys() {
    let scope = testing::scope();
    scope.run(|| by_new_names("ord_1")).expect("success");
    assert_eq!(only_span(&scope), both_keys());
    scope.assert_contract(&renames::CONTRACT);
}

/// From the second call on, the sampling decision is predicted, and the sampler is not called.
#[test]
fn both_keys_are_recorded_without_a_sampler() {
    let scope = testing::scope();
    for _ in 0..3 {
        scope.run(|| by_new_names("ord_1")).expect("success");
    }
    let recording = scope.recorded();
    assert_eq!(recording.spans.len(), 3);
    for span in &recording.spans {
        assert_eq!(pairs(span), both_keys());
    }
}

#[test]
fn old_names_record_the_same_as_new_names() {
    let scope = testing::scope();
    scope
        .run(|| before::by_old_names("ord_1"))
        .expect("success");
    assert_eq!(only_span(&scope), both_keys());
    scope.assert_contract(&renames::CONTRACT);
}

#[test]
fn old_names_accept_literals() {
    let scope = testing::scope();
    scope.run(before::by_old_literals);
    let mut expected = both_keys();
    expected.retain(|(key, _)| !key.starts_with("user.") && key != "order.count");
    assert_eq!(only_span(&scope), expected);
}

#[test]
fn old_setters_record_the_same_as_new_setters() {
    let scope = testing::scope();
    scope.run(before::by_hand);
    let shown = only_span(&scope);
    for expected in [
        ("order.count".to_owned(), AnyValue::Int(1)),
        text("user.email", "[redacted]"),
        text("user.mail", "[redacted]"),
        text("queue.name", "slow"),
        text("queue.title", "slow"),
    ] {
        assert!(shown.contains(&expected), "{expected:?} in {shown:?}");
    }
}

#[test]
fn an_operation_with_old_names_also_records_the_new_key() {
    let scope = testing::scope();
    scope.run(before::of_an_old_operation);
    let expected = [text("order.id", "ord_1"), text("purchase.id", "ord_1")];
    assert_eq!(only_span(&scope), expected);
    scope.assert_contract(&renames::CONTRACT);
}

#[test]
fn a_dimension_with_two_keys_has_as_many_series_as_with_one() {
    use renames::metrics::{OrderRetries, order_retries};
    let scope = testing::scope();
    scope.run(|| {
        by_new_names("ord_1").expect("success");
        for account_tier in [AccountTier::Free, AccountTier::Pro, AccountTier::Pro] {
            order_retries().add(1, OrderRetries { account_tier });
        }
    });
    let recording = scope.recorded();
    let points = |metric: &str| {
        let points = recording.points.iter();
        let points = points.filter(|point| point.metric == metric);
        points.collect::<Vec<_>>()
    };
    let retries = points("order.retries");
    assert_eq!(retries.len(), 2, "one series for each tier");
    for point in retries.into_iter().chain(points("order.create.duration")) {
        let value = |key: &str| {
            let mut pairs = point.attributes.iter();
            pairs.find_map(|(known, value)| (known.as_str() == key).then(|| value.clone()))
        };
        assert!(value("account.tier").is_some());
        assert_eq!(value("account.tier"), value("account.plan"));
    }
    scope.assert_contract(&renames::CONTRACT);
}

#[test]
fn an_event_has_both_keys() {
    let scope = testing::scope();
    scope.run(|| {
        renames::OrderLost {
            order_id: OrderId::new("ord_1"),
        }
        .emit();
    });
    let recording = scope.recorded();
    let [record] = &recording.records[..] else {
        panic!("one record");
    };
    let keys: Vec<&str> = record
        .attributes
        .iter()
        .map(|(key, _)| key.as_str())
        .collect();
    assert_eq!(keys, ["order.id", "purchase.id"]);
    scope.assert_contract(&renames::CONTRACT);
}

#[test]
fn the_resource_has_both_keys() {
    let resource = renames::Resource {
        shop_region: "eu".into(),
    };
    let attributes = resource.into_attributes().shop_branch("north");
    let pairs: Vec<(String, String)> = attributes
        .into_iter()
        .map(|attribute| (attribute.key.to_string(), attribute.value.to_string()))
        .collect();
    let expected = [
        ("shop.region", "eu"),
        ("shop.branch", "north"),
        ("shop.zone", "eu"),
    ];
    assert_eq!(
        pairs,
        expected.map(|(key, value)| (key.to_owned(), value.to_owned()))
    );
}
