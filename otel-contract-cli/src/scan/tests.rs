//! Findings of `scan` and their advice.

use super::*;
use otel_contract_model::Source;
use otel_contract_yaml::compile;

const CONTRACT: &str = "contract: shop
version: 1.0.0
brief: Vocabulary of the shop.
defaults: { privacy: internal }
attributes:
  order.id: { type: string, cardinality: unbounded, brief: Number., instead_of: [orderId] }
  card.cvv: { privacy: secret, brief: Card verification value. }
";

fn vocabulary() -> Vocabulary {
    let compiled = compile(&Source::text("", "shop.yaml", CONTRACT));
    assert_eq!(compiled.diagnostics.to_string(), "");
    let mut vocabulary = Vocabulary::default();
    vocabulary.add(&compiled);
    vocabulary
}

/// Returns the findings in a source, each as `rule line:column message`.
fn found(text: &str) -> Vec<String> {
    let findings = file(&Arc::from("lib.rs"), text, &vocabulary());
    let shown = findings.into_iter().map(|finding| {
        let at = &finding.place.at;
        let message = finding.message.replace(" bypasses the contract", "");
        format!("{} {}:{} {message}", finding.rule.id(), at.line, at.column)
    });
    shown.collect()
}

#[test]
fn key_values_are_found_in_every_position() {
    let text = r#"use opentelemetry::{Key, KeyValue as Kv};
fn f(span: &mut S) {
    span.set_attribute(Kv::new("order.id", id));
    counter.add(1, &[opentelemetry::KeyValue::new("orderId", 1), Kv::new(KEY, 2)]);
    let all = vec![Kv::new("a", 1)];
    select! { a = b => { Kv::new("b", 1) } };
    let k = Key::from_static_str("c").string("d");
}
"#;
    assert_eq!(
        found(text),
        [
            "raw_key_value 3:32 `order.id`",
            "raw_key_value 4:51 `orderId`",
            "raw_key_value 4:66 the key `KEY`",
            "raw_key_value 5:28 `a`",
            "raw_key_value 6:26 `b`",
            "raw_key_value 7:34 `c`",
        ]
    );
}

#[test]
fn a_use_of_the_outer_span_inside_an_operation_is_found() {
    let text = r#"use tracing::Span;
#[instrumented_operation(shop::OrderPlace)]
async fn place() {
    let id = Span::current().id();
    tracing::Span::current().record("a", 1);
    inject(&Span::current().context());
    tokio::spawn(work(KeyValue::new("b", 1)).in_current_span());
    fn inner() { Span::current(); }
}
fn around() { Span::current().enter(); }
"#;
    assert_eq!(
        found(text),
        [
            "outer_span 4:14 `Span::current()` is the span around the operation",
            "outer_span 5:5 `Span::current()` is the span around the operation, so this value is recorded on that span",
            "outer_span 6:13 `Span::current()` is the span around the operation",
            "raw_key_value 7:37 `b`",
            "outer_span 7:46 `in_current_span` continues the span around the operation",
        ]
    );
}

#[test]
fn attributes_and_fields_set_on_a_span_are_found() {
    let text = r#"use tracing::{info_span, Span};
fn f(span: &Span, made: KeyValues) {
    span.set_attribute("user.id", 1);
    span.set_attributes(made);
    span.record("late", 2);
    let a = info_span!("place", order.id = %id, ?order, "x-id" = 3, r#type = 4, { NAME } = 5);
    let b = tracing::span!(target: "t", parent: &a, tracing::Level::INFO, "place", plain);
    let c = info_span!("nothing");
    histogram.record(1.5, &[]);
}
"#;
    assert_eq!(
        found(text),
        [
            "raw_set_attribute 3:24 `user.id`",
            "raw_set_attribute 4:10 a list of attributes",
            "raw_span_field 5:17 `late`",
            "raw_span_field 6:33 `order.id`",
            "raw_span_field 6:50 `order`",
            "raw_span_field 6:57 `x-id`",
            "raw_span_field 6:69 `type`",
            "raw_span_field 6:81 `NAME`",
            "raw_span_field 7:84 `plain`",
        ]
    );
}

#[test]
fn fields_recorded_by_instrument_are_found() {
    let text = r#"
#[tracing::instrument(level = "info", skip(self), fields(order.id = %order.id, later), err)]
async fn f(&self, order: &Order, (a, b): (u8, u8)) {}
#[instrument(skip_all)]
fn g(token: &str) {}
#[cfg_attr(feature = "trace", tracing::instrument)]
fn h(token: &str) {}
trait T {
    #[instrument(skip_all, fields(kept))]
    fn i(&self);
}
"#;
    assert_eq!(
        found(text),
        [
            "raw_instrument_field 2:3 each of the arguments `order`, `a`, `b`",
            "raw_instrument_field 2:58 `order.id`",
            "raw_instrument_field 2:80 `later`",
            "raw_instrument_field 6:31 argument `token`",
            "raw_instrument_field 9:35 `kept`",
        ]
    );
}

#[test]
fn code_allowed_for_clippy_is_skipped() {
    let text = r#"use opentelemetry::KeyValue;
#[allow(clippy::disallowed_methods, reason = "the bridge")]
fn f() { KeyValue::new("a", 1); }
impl S {
    #[expect(clippy::disallowed_macros)]
    fn g() { tracing::info_span!("a", b = 1); }
}
mod elements { fn h(e: &Element) { e.set_attributes(all); } }
"#;
    assert_eq!(found(text), ["raw_set_attribute 8:38 a list of attributes"]);
    assert_eq!(
        found("fn h(e: &Element) { e.set_attribute(\"class\", \"a\"); }"),
        [""; 0]
    );
}

#[test]
fn the_matching_attribute_is_suggested() {
    let vocabulary = vocabulary();
    let help = |key| vocabulary.suggest(Some(key)).help;
    assert!(help("order.id").starts_with("record attribute `order.id` of contract `shop`"));
    assert!(help("orderId").starts_with("record it as `order.id` of contract `shop`"));
    assert!(help("order.idd").starts_with("did you mean `order.id` of contract `shop`"));
    assert!(help("card.cvv").starts_with("remove it: `card.cvv` is a secret"));
    assert!(help("http.route").starts_with("import it with `semconv: [http.route]`"));
    assert!(help("error.type").starts_with("remove it: every operation"));
    assert!(help("zebra.stripes").starts_with("declare it in a contract"));
}

#[test]
fn a_file_with_invalid_rust_is_a_finding() {
    let found = found("fn f( {\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("unparsed_rust 1:"), "{}", found[0]);
    let deep = format!(
        "fn f() {{ {}{} }}",
        "(".repeat(100_000),
        ")".repeat(100_000)
    );
    let found = self::found(&deep);
    assert_eq!(
        found,
        ["unparsed_rust 1:1 this file was not scanned: nested too deeply"]
    );
}
