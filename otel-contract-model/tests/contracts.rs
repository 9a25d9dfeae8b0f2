//! Valid contracts: no errors, and a `Contract` as written.

use std::path::Path;

use otel_contract_model::{
    Attribute, Budget, Cardinality, Contract, Domain, Element, Instrument, MetricValue, Privacy,
    Protect, RequirementLevel, Severity, Source, SpanKind, Stability, Type, series,
};
use otel_contract_yaml::compile;

fn contract(name: &str) -> Contract {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contracts");
    let compiled = compile(&Source::file(folder, name));
    assert_eq!(compiled.diagnostics.to_string(), "");
    compiled.contract.expect("a contract")
}

fn levels(contract: &Contract, operation: &str) -> Vec<(String, RequirementLevel, bool)> {
    let operation = contract
        .operations
        .iter()
        .find(|known| known.name == operation);
    let uses = contract.uses(operation.expect("the operation"));
    uses.into_iter()
        .map(|used| {
            (
                contract[used.attribute].key.clone(),
                used.level.clone(),
                used.sampling_relevant,
            )
        })
        .collect()
}

#[test]
fn the_sample_contract_is_resolved_as_written() {
    let contract = contract("billing.yaml");
    assert_eq!(
        (contract.name.as_str(), contract.version.as_str()),
        ("billing", "1.2.0")
    );
    assert_eq!(contract.at.to_string(), "billing.yaml:2:1");
    assert_eq!(contract.owners, ["@acme/billing"]);
    assert!(!contract.incomplete);
    assert_eq!(
        (contract.budget.series_per_metric, contract.budget.series),
        (Some(2000), Some(20000))
    );

    let keys: Vec<&str> = contract
        .attributes
        .iter()
        .map(|attribute| attribute.key.as_str())
        .collect();
    assert_eq!(
        keys,
        [
            "order.id",
            "invoice.id",
            "account.id",
            "account.tier",
            "retry.attempt",
            "queue.name",
            "user.email",
            "payment.card_cvv",
            "account.region",
            "http.route",
            "server.address",
            "service.name",
            "service.version",
            "deployment.environment.name",
        ]
    );
    let attribute = |key| contract.attribute(key).expect("the attribute");
    let order = attribute("order.id");
    assert!(order.newtype && !order.semconv);
    assert_eq!(
        (order.rust.snake.as_str(), order.rust.camel.as_str()),
        ("order_id", "OrderId")
    );
    assert_eq!(order.instead_of, ["orderId", "order_id"]);
    assert_eq!(order.domain, Domain::Unbounded(Type::String));
    assert_eq!(
        attribute("account.tier").cardinality(),
        Cardinality::Closed(4)
    );
    assert_eq!(attribute("account.tier").privacy, Privacy::Public);
    assert_eq!(
        attribute("retry.attempt").cardinality(),
        Cardinality::Closed(6)
    );
    assert_eq!(
        attribute("queue.name").cardinality(),
        Cardinality::Bounded(50)
    );
    assert_eq!(
        attribute("user.email").privacy,
        Privacy::Personal(Protect::Hash)
    );
    assert_eq!(attribute("payment.card_cvv").domain, Domain::Secret);
    assert_eq!(
        attribute("account.region").at.to_string(),
        "shared/account.yaml:3:3"
    );
    assert!(attribute("http.route").semconv);
    assert_eq!(attribute("service.name").at.line, 14);
}

#[test]
fn the_sample_contract_has_its_resource_and_operation() {
    let contract = contract("billing.yaml");
    let resource: Vec<&str> = contract
        .resource
        .iter()
        .map(|used| contract[used.attribute].key.as_str())
        .collect();
    assert_eq!(
        resource,
        [
            "service.name",
            "service.version",
            "deployment.environment.name"
        ]
    );

    let operation = &contract.operations[0];
    assert_eq!(
        (operation.kind, operation.groups.len()),
        (SpanKind::Internal, 1)
    );
    assert_eq!(
        levels(&contract, "invoice.create"),
        [
            ("order.id".to_owned(), RequirementLevel::Required, false),
            (
                "retry.attempt".to_owned(),
                RequirementLevel::Recommended,
                false
            ),
            ("invoice.id".to_owned(), RequirementLevel::OnSuccess, false),
            ("account.id".to_owned(), RequirementLevel::Required, false),
            ("account.tier".to_owned(), RequirementLevel::Required, false),
        ]
    );
    let errors: Vec<&str> = contract
        .errors_of(operation)
        .iter()
        .map(|error| error.name.as_str())
        .collect();
    assert_eq!(errors, ["order_not_found", "gateway_timeout"]);
    let metrics = operation.metrics.as_ref().expect("metrics");
    assert_eq!(
        (metrics.active, metrics.buckets.as_slice()),
        (true, &[0.05, 0.1, 0.5, 1.0, 5.0][..])
    );
    let bound = series::duration(&contract, operation, metrics);
    assert_eq!(bound.to_string(), "4 tiers × 6 outcomes = 24");
    assert_eq!(
        series::active(&contract, operation, metrics).product(),
        Some(4)
    );
    let sampling = operation.sampling.as_ref().expect("sampling");
    assert_eq!((sampling.ratio, sampling.keep_errors), (0.1, true));
    assert_eq!(sampling.keep_slower_than, Some(2.0));
}

#[test]
fn the_sample_contract_has_its_metric_and_event() {
    let contract = contract("billing.yaml");
    let retries = &contract.metrics[0];
    assert_eq!(
        (retries.instrument, retries.unit.as_str()),
        (Instrument::Counter, "{retry}")
    );
    assert_eq!(retries.error_type, Some(RequirementLevel::Recommended));
    assert_eq!(
        series::metric(&contract, retries).to_string(),
        "4 tiers × 4 error types = 16"
    );

    let rejected = &contract.events[0];
    assert_eq!(
        (rejected.severity, rejected.attributes.len()),
        (Severity::Warn, 1)
    );
    assert_eq!(rejected.error_type, Some(RequirementLevel::Required));
}

#[test]
fn every_form_of_the_format_is_read() {
    let contract = contract("everything.yaml");
    let attribute = |key| contract.attribute(key).expect("the attribute");

    // Values: list, long form, integers.
    let Domain::Strings {
        values,
        other: false,
    } = &attribute("job.type").domain
    else {
        panic!("a closed set");
    };
    let variants: Vec<&str> = values.iter().map(|value| value.variant.as_str()).collect();
    assert_eq!(variants, ["Plain", "Zero", "Legacy"]);
    assert_eq!(values[1].brief, "Not set.");
    let replaced = values[2]
        .deprecated
        .as_ref()
        .and_then(|deprecated| deprecated.replaced_by.as_deref());
    assert_eq!(replaced, Some("plain"));
    let Domain::Ints { values } = &attribute("http.status").domain else {
        panic!("integers")
    };
    let variants: Vec<&str> = values.iter().map(|value| value.variant.as_str()).collect();
    assert_eq!(variants, ["V200", "V404", "Minus1"]);

    // Names.
    assert_eq!(attribute("self").rust.camel, "Self_");
    assert_eq!(attribute("purchase.id").rust.snake, "old_order_id");
    let header = attribute("http.request.header.x-request-id");
    assert_eq!(
        header.template.as_deref(),
        Some("http.request.header.<key>")
    );
    assert_eq!(header.rust.snake, "http_request_header_x_request_id");
    assert_eq!(
        header.domain,
        Domain::Unbounded(Type::Array(Element::String))
    );
    assert!(contract.attribute("http.request.header.accept").is_some());
    assert_eq!(contract.errors[1].rust.camel, "Timeout");
}

#[test]
fn classes_life_cycle_and_refinements_are_read() {
    let contract = contract("everything.yaml");
    let attribute = |key| contract.attribute(key).expect("the attribute");
    assert_eq!(
        attribute("user.email").privacy,
        Privacy::Personal(Protect::KeepLast(4))
    );
    let order = attribute("order.id");
    assert_eq!(order.life_cycle.stability, Stability::Stable);
    assert_eq!(order.life_cycle.expires.as_deref(), Some("2030-02-28"));
    assert_eq!(order.life_cycle.allow, ["name_style"]);
    assert_eq!(order.note.as_deref(), Some("As support tools show it.\n"));
    let deprecated = attribute("purchase.id")
        .life_cycle
        .deprecated
        .clone()
        .expect("deprecated");
    assert_eq!(deprecated.removed_in.as_deref(), Some("3.0.0"));

    // Imported attributes, with and without refinements.
    assert_eq!(
        attribute("http.route").domain,
        Domain::Limited { limit: 20 }
    );
    assert_eq!(
        attribute("http.request.method").cardinality(),
        Cardinality::Closed(11)
    );
    assert_eq!(attribute("url.full").privacy, Privacy::Internal);
    assert_eq!(
        attribute("db.system.name").cardinality(),
        Cardinality::Closed(2)
    );
    assert_eq!(
        attribute("server.address").cardinality(),
        Cardinality::Unbounded
    );
    assert!(attribute("db.system.name").semconv);
}

#[test]
fn an_operations_own_fields_override_those_of_its_groups_and_the_defaults() {
    let contract = contract("everything.yaml");
    let levels = levels(&contract, "invoice.create");
    let level = |key: &str| {
        levels
            .iter()
            .find(|(known, ..)| known == key)
            .expect("in use")
    };
    assert_eq!(level("retry.attempt").1, RequirementLevel::Required);
    assert!(level("order.id").2 && level("job.type").2);
    let condition = RequirementLevel::ConditionallyRequired("If it was retried.".to_owned());
    assert_eq!(level("retry.final").1, condition);
    assert_eq!(
        contract[contract.operations[0].events[0]].name,
        "invoice.rejected"
    );

    // Own metrics, default metrics, and metrics that are switched off.
    let [create, send, print] = contract.operations.as_slice() else {
        panic!("three operations")
    };
    let metrics = create.metrics.as_ref().expect("metrics");
    assert_eq!(
        (metrics.active, metrics.buckets.as_slice()),
        (true, &[0.05, 0.5, 5.0][..])
    );
    let bound = series::duration(&contract, create, metrics);
    // The route is known only on success, so it may be absent, and is unknown at the start.
    assert_eq!(bound.to_string(), "3 tiers × 22 routes × 6 outcomes = 396");
    assert_eq!(
        series::active(&contract, create, metrics).to_string(),
        "3 tiers"
    );
    assert_eq!(send.metrics, None);
    assert_eq!(send.errors.as_deref(), Some(&[][..]));
    let metrics = print.metrics.as_ref().expect("metrics by default");
    assert_eq!(
        (metrics.active, metrics.buckets.as_slice()),
        (true, &[0.1, 1.0, 10.0][..])
    );
    assert_eq!(print.rust.camel, "PrintInvoice");
    assert_eq!(print.errors, None);
    assert_eq!(
        create
            .sampling
            .as_ref()
            .and_then(|sampling| sampling.keep_slower_than),
        Some(1.5)
    );
    let lag = &contract.metrics[1];
    assert!(lag.observable && lag.value_type == MetricValue::Double);
}

#[test]
fn common_bundled_attributes_can_be_imported() {
    let names = [
        "service.name",
        "service.instance.id",
        "deployment.environment.name",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "url.full",
        "url.path",
        "server.address",
        "server.port",
        "client.address",
        "db.system.name",
        "db.query.text",
        "messaging.system",
        "messaging.destination.name",
        "rpc.system.name",
        "rpc.method",
        "exception.type",
        "exception.message",
        "user_agent.original",
        "network.protocol.name",
        "network.transport",
    ];
    let text = format!(
        "contract: web\nversion: 0.1.0\nbrief: Words.\nsemconv: [{}]\n",
        names.join(", ")
    );
    let compiled = compile(&Source::text("", "web.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
    let contract = compiled.contract.expect("a contract");
    assert_eq!(contract.attributes.len(), names.len());
    assert!(
        contract
            .attributes
            .iter()
            .all(|attribute| attribute.semconv && !attribute.brief.is_empty())
    );
}

#[test]
fn a_contract_with_errors_keeps_its_valid_parts() {
    let text = "contract: billing\nversion: 1.0.0\nbrief: Words.\ndefaults: { privacy: internal }\n\
        attributes:\n  order.id: { type: string, brief: Order. }\n\
        operations:\n  invoice.create:\n    attributes: { order.id: required, order.no: required }\n";
    let compiled = compile(&Source::text("", "billing.yaml", text));
    let codes: Vec<&str> = compiled
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.id)
        .collect();
    assert_eq!(codes, ["OC0102", "OC0017", "OC0401"]);
    let contract = compiled.contract.expect("the valid parts");
    assert!(
        contract.incomplete,
        "an attribute was left out of the operation"
    );
    assert_eq!(
        contract.attributes[0].domain,
        Domain::Unbounded(Type::String)
    );
    assert_eq!(contract.operations[0].attributes.len(), 1);
}

#[test]
fn a_large_contract_is_read_completely() {
    use std::fmt::Write as _;
    let mut text = "contract: large\nversion: 1.0.0\nbrief: Words.\n\
        defaults: { privacy: internal }\nattributes:\n"
        .to_owned();
    for n in 0..2000 {
        writeln!(
            text,
            "  part{n}.id: {{ type: string, cardinality: unbounded, brief: Part. }}"
        )
        .expect("a string");
    }
    text += "operations:\n";
    for n in 0..500 {
        writeln!(
            text,
            "  part{n}.make:\n    brief: Make it.\n    attributes:"
        )
        .expect("a string");
        for k in 0..8 {
            writeln!(text, "      part{}.id: recommended", (n * 7 + k) % 2000).expect("a string");
        }
    }
    let compiled = compile(&Source::text("", "large.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
    let contract = compiled.contract.expect("a contract");
    assert_eq!(
        (contract.attributes.len(), contract.operations.len()),
        (2000, 500)
    );
}

#[test]
fn the_stricter_level_of_two_groups_is_used() {
    let text = "contract: a
version: 1.0.0
brief: B.
defaults: { privacy: internal }
attributes:
  t: { values: [a, b], brief: T. }
groups:
  strict: { t: required }
  loose: { t: opt_in }
operations:
  o.one: { brief: O., groups: [strict, loose] }
  o.two: { brief: O., groups: [loose, strict] }
  o.own: { brief: O., groups: [loose, strict], attributes: { t: recommended } }
";
    let compiled = compile(&Source::text("", "contract.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
    let contract = compiled.contract.expect("a contract");
    let level = |operation| levels(&contract, operation)[0].1.clone();
    assert_eq!(level("o.one"), RequirementLevel::Required);
    assert_eq!(level("o.two"), RequirementLevel::Required);
    assert_eq!(level("o.own"), RequirementLevel::Recommended);
}

const SHOPS: &str = "contract: shop
version: 1.0.0
brief: Words.
defaults: { privacy: internal }
attributes:
  shop.name: { type: string, cardinality: bounded, limit: LIMIT, brief: Shop. }
metrics:
  order.count:
    instrument: counter
    unit: '{order}'
    brief: Orders.
    attributes: { shop.name: required }
";

#[test]
fn the_budget_of_a_metric_has_a_default() {
    let compile = |budget: &str, limit: &str| {
        let text = budget.to_owned() + &SHOPS.replace("LIMIT", limit);
        compile(&Source::text("", "shop.yaml", text))
    };
    let written = compile("budget: { series_per_metric: 200001 }\n", "200000");
    assert_eq!(written.diagnostics.to_string(), "");
    let budget = written.contract.expect("a contract").budget;
    assert_eq!(budget.per_metric(), 200_001);

    // The limit and `_OTHER` together are exactly the default budget.
    let default = compile("", "99999");
    assert_eq!(default.diagnostics.to_string(), "");
    let budget = default.contract.expect("a contract").budget;
    assert_eq!(budget.series_per_metric, None);
    assert_eq!(budget.per_metric(), Budget::DEFAULT_SERIES_PER_METRIC);

    // A budget for all metrics does not limit a single metric.
    let codes = |budget, limit| {
        let diagnostics = compile(budget, limit).diagnostics;
        diagnostics
            .into_iter()
            .map(|diagnostic| diagnostic.code.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("", "100000"), ["OC0507"]);
    assert_eq!(codes("budget: { series: 1000000 }\n", "100000"), ["OC0507"]);
    assert_eq!(
        codes("budget: { series_per_metric: 200000 }\n", "200000"),
        ["OC0507"]
    );
}

#[test]
fn every_instrument_accepts_its_fields() {
    let text = "contract: shop
version: 1.0.0
brief: Words.
defaults: { privacy: internal }
metrics:
  a.counter: { instrument: counter, unit: '{a}', brief: A., observable: true, value_type: double }
  a.updown: { instrument: updowncounter, unit: '{a}', brief: A., observable: true, value_type: int }
  a.gauge: { instrument: gauge, unit: '%', brief: A., observable: true }
  a.plain: { instrument: gauge, unit: Cel, brief: A., observable: false, value_type: double }
  a.histogram: { instrument: histogram, unit: By, brief: A., observable: false, buckets: [1, 2] }
";
    let compiled = compile(&Source::text("", "shop.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
    let contract = compiled.contract.expect("a contract");
    let metrics: Vec<_> = contract
        .metrics
        .iter()
        .map(|metric| (metric.instrument, metric.observable, metric.value_type))
        .collect();
    assert_eq!(
        metrics,
        [
            (Instrument::Counter, true, MetricValue::Double),
            (Instrument::UpDownCounter, true, MetricValue::Int),
            (Instrument::Gauge, true, MetricValue::Int),
            (Instrument::Gauge, false, MetricValue::Double),
            (Instrument::Histogram, false, MetricValue::Int),
        ]
    );
    assert_eq!(contract.metrics[4].buckets, [1.0, 2.0]);
}

#[test]
fn an_allowance_has_its_location_and_its_entry() {
    let contract = contract("everything.yaml");
    let [allowance] = contract.allowances.as_slice() else {
        panic!("{:?}", contract.allowances);
    };
    let order = contract.attribute("order.id").expect("the attribute");
    assert_eq!(
        (allowance.lint.as_str(), allowance.entry.as_str()),
        ("name_style", "order.id")
    );
    assert_eq!((allowance.at.line, &allowance.entry_at), (37, &order.at));
}

#[test]
fn attributes_recorded_together_are_unique_and_in_the_order_of_the_contract() {
    let text = "contract: shop
version: 1.0.0
brief: Words.
defaults: { privacy: internal }
attributes:
  shop.new: { type: string, cardinality: unbounded, brief: New. }
  shop.mid: { type: string, cardinality: unbounded, brief: Mid., deprecated: { replaced_by: shop.new, emit: both, removed_in: 2.0.0 } }
  shop.old: { type: string, cardinality: unbounded, brief: Old., deprecated: { replaced_by: shop.mid, emit: both, removed_in: 2.0.0 } }
  shop.plain: { type: string, cardinality: unbounded, brief: Plain., deprecated: { replaced_by: shop.new } }
  shop.yin: { type: string, cardinality: unbounded, brief: Yin., deprecated: { replaced_by: shop.yang, emit: both, removed_in: 2.0.0 } }
  shop.yang: { type: string, cardinality: unbounded, brief: Yang., deprecated: { replaced_by: shop.yin, emit: both, removed_in: 2.0.0 } }
";
    let compiled = compile(&Source::text("", "shop.yaml", text));
    let contract = compiled.contract.expect("a contract");
    let names = |attributes: Vec<&Attribute>| -> Vec<String> {
        attributes
            .into_iter()
            .map(|attribute| attribute.key.clone())
            .collect()
    };
    let recorded_with =
        |key| names(contract.recorded_with(contract.attribute(key).expect("the attribute")));
    assert_eq!(recorded_with("shop.new"), ["shop.mid"]);
    assert_eq!(recorded_with("shop.mid"), ["shop.new", "shop.old"]);
    assert_eq!(recorded_with("shop.yin"), ["shop.yang"]);
    let new = contract.attribute("shop.new").expect("the attribute");
    assert_eq!(
        names(contract.predecessors_of(new)),
        ["shop.mid", "shop.plain"]
    );
}
