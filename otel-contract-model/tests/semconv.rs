//! Attributes of the bundled semantic conventions in contracts.

use std::fmt::Write as _;

use otel_contract_model::semconv::{self, Class};
use otel_contract_model::{
    Attribute, Cardinality, Contract, Domain, Privacy, Protect, Source, Stability,
};
use otel_contract_yaml::compile;

fn contract(semconv: &str) -> Contract {
    let text = format!("contract: web\nversion: 0.1.0\nbrief: Words.\nsemconv:\n{semconv}");
    let compiled = compile(&Source::text("", "web.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
    compiled.contract.expect("a contract")
}

fn attribute<'c>(contract: &'c Contract, key: &str) -> &'c Attribute {
    contract.attribute(key).expect("the attribute")
}

#[test]
fn every_bundled_attribute_can_be_imported_except_unsupported_ones() {
    let mut text = String::new();
    let mut imported = Vec::new();
    for convention in semconv::all() {
        let key = convention.key.replace("<key>", "x-y");
        let reserved = key.starts_with("otel.") || key == "error.type";
        if reserved || convention.value_type.is_none() {
            continue;
        }
        // Some keys have the same Rust name.
        let index = imported.len();
        let _ = writeln!(text, "  {key}: {{ rust_name: name_{index} }}");
        imported.push((key, convention));
    }
    assert!(imported.len() > 900, "only {}", imported.len());
    let contract = contract(&text);
    for (key, convention) in imported {
        let attribute = attribute(&contract, &key);
        assert_eq!(attribute.privacy, convention.privacy, "{key}");
        assert_eq!(
            attribute.life_cycle.stability, convention.stability,
            "{key}"
        );
        assert_eq!(
            attribute.life_cycle.deprecated.is_some(),
            convention.deprecation.is_some(),
            "{key}"
        );
        assert!(attribute.semconv && !attribute.brief.is_empty(), "{key}");
        match (attribute.cardinality(), convention.cardinality) {
            (Cardinality::Closed(_), Class::Closed | Class::Range(..))
            | (Cardinality::Unbounded, Class::Unbounded) => {}
            (Cardinality::Bounded(limit), Class::Bounded(said)) => assert_eq!(limit, said),
            (imported, bundled) => panic!("{key}: {imported:?} for {bundled:?}"),
        }
    }
}

#[test]
fn personal_attributes_are_always_protected() {
    for key in [
        "client.address",
        "user.id",
        "user.email",
        "user.full_name",
        "enduser.id",
        "session.id",
        "device.id",
        "url.full",
        "url.query",
        "db.query.text",
        "db.query.parameter.<key>",
        "exception.message",
        "log.record.original",
        "geo.postal_code",
        "geo.location.lat",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.prompt",
        "gen_ai.completion",
        "http.request.header.<key>",
        "http.response.header.<key>",
        "process.environment_variable.<key>",
        "db.connection_string",
    ] {
        let convention = semconv::get(key).expect("a bundled name");
        let is_safe = matches!(convention.privacy, Privacy::Personal(_) | Privacy::Secret);
        assert!(is_safe, "{key} is {:?}", convention.privacy);
    }
}

#[test]
fn an_old_name_has_the_classes_of_the_new_name() {
    for (old, new) in [
        ("db.statement", "db.query.text"),
        ("http.url", "url.full"),
        ("messaging.client_id", "messaging.client.id"),
    ] {
        let (old, new) = (semconv::get(old), semconv::get(new));
        let (old, new) = (old.expect("the old name"), new.expect("the new name"));
        assert_eq!(
            (old.cardinality, old.privacy),
            (new.cardinality, new.privacy)
        );
    }
}

#[test]
fn a_deprecated_attribute_has_the_new_name_as_its_replacement() {
    let alone = contract("  messaging.client_id: {}\n");
    let deprecated = attribute(&alone, "messaging.client_id")
        .life_cycle
        .deprecated
        .clone();
    let deprecated = deprecated.expect("deprecated");
    assert_eq!(deprecated.replaced_by, None);
    let note = deprecated.note.expect("a note");
    assert_eq!(
        note,
        "Renamed to `messaging.client.id` in the semantic conventions."
    );

    let both = contract("  messaging.client_id: { rust_name: Old }\n  messaging.client.id: {}\n");
    let deprecated = attribute(&both, "messaging.client_id")
        .life_cycle
        .deprecated
        .clone();
    let replaced_by = deprecated.and_then(|deprecated| deprecated.replaced_by);
    assert_eq!(replaced_by.as_deref(), Some("messaging.client.id"));
}

#[test]
fn keys_of_a_template_are_imported_one_by_one() {
    let contract = contract(
        "  http.request.header.x-request-id: { privacy: internal, brief: Identifier of the request. }\n  \
           http.request.header.cookie: {}\n  db.query.parameter.id: {}\n",
    );
    let id = attribute(&contract, "http.request.header.x-request-id");
    assert_eq!(id.template.as_deref(), Some("http.request.header.<key>"));
    assert_eq!(
        (id.privacy, id.life_cycle.stability),
        (Privacy::Internal, Stability::Stable)
    );
    assert_eq!(id.rust.camel, "HttpRequestHeaderXRequestId");
    let cookie = attribute(&contract, "http.request.header.cookie");
    assert_eq!(
        (&cookie.domain, cookie.privacy),
        (&Domain::Secret, Privacy::Secret)
    );
    let parameter = attribute(&contract, "db.query.parameter.id");
    assert_eq!(parameter.privacy, Privacy::Personal(Protect::Mask));
}

#[test]
fn the_resource_accepts_keys_of_templates() {
    let text =
        "contract: web\nversion: 0.1.0\nbrief: Words.\nresource: { k8s.pod.label.app: required }\n";
    let compiled = compile(&Source::text("", "web.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
}

#[test]
fn deprecated_values_are_not_imported() {
    let contract = contract("  db.system: {}\n  rpc.grpc.status_code: {}\n");
    let Domain::Strings {
        values,
        other: true,
    } = &attribute(&contract, "db.system").domain
    else {
        panic!("an open set of strings");
    };
    let has = |name: &str| values.iter().any(|value| value.value == name);
    assert!(has("postgresql") && !has("cache"));
    let Domain::Ints { values } = &attribute(&contract, "rpc.grpc.status_code").domain else {
        panic!("a set of integers");
    };
    assert_eq!(
        (values[5].value, values[5].variant.as_str()),
        (5, "NotFound")
    );
}

#[test]
fn a_refinement_to_secret_drops_the_values() {
    let contract = contract(
        "  server.address: { privacy: secret }\n  http.request.method: { privacy: secret }\n",
    );
    for attribute in &contract.attributes {
        assert_eq!(attribute.domain, Domain::Secret);
    }
}

#[test]
fn a_template_can_have_no_keys() {
    let text = "contract: web\nversion: 0.1.0\nbrief: Words.\nattributes:\n  acme.label.<key>:\n    \
        { type: string, cardinality: unbounded, privacy: public, brief: Label., keys: [] }\n";
    let compiled = compile(&Source::text("", "web.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
    let contract = compiled.contract.expect("a contract");
    assert!(contract.attributes.is_empty());
    let [template] = contract.templates.as_slice() else {
        panic!("one template");
    };
    assert_eq!(
        (template.key.as_str(), template.privacy),
        ("acme.label.<key>", Privacy::Public)
    );

    let used = format!("{text}groups: {{ all: {{ acme.label.app: required }} }}\n");
    let compiled = compile(&Source::text("", "web.yaml", used));
    let errors = compiled.diagnostics.to_string();
    assert!(
        errors.contains("`acme.label.app` is not an attribute of the contract"),
        "{errors}"
    );
    assert!(
        errors.contains("add `app` to the `keys` of `acme.label.<key>`"),
        "{errors}"
    );
}
