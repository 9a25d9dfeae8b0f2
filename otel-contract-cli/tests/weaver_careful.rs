//! Safe defaults of imports: attributes that may be sensitive are never recorded unprotected.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use otel_contract_cli::weaver::{Imported, Outcome};
use otel_contract_model::{Attribute, Cardinality, Privacy, Protect};
use support::{contract, folder, try_import};

const MASKED: Privacy = Privacy::Personal(Protect::Mask);

/// Key, type, annotations and expected privacy.
const CASES: &[(&str, &str, &str, Privacy)] = &[
    ("shop.password", "string", "", Privacy::Secret),
    ("shop.login.passwd", "string", "", Privacy::Secret),
    ("payment.cvv", "int", "", Privacy::Secret),
    ("payment.card.number", "string", "", Privacy::Secret),
    ("payment.card_number", "int", "", Privacy::Secret),
    ("payment.card.security_code", "string", "", Privacy::Secret),
    ("shop.access_token", "string", "", Privacy::Secret),
    ("shop.tokens.secret", "string[]", "", Privacy::Secret),
    ("shop.api_key", "template[string]", "", Privacy::Secret),
    (
        "shop.header",
        "template[string]",
        "keys: [x-shop, authorization]",
        Privacy::Secret,
    ),
    (
        "shop.secret.value",
        "string",
        "newtype: true",
        Privacy::Secret,
    ),
    ("shop.customer.email", "string", "", MASKED),
    (
        "shop.customer.phone",
        "string",
        "cardinality: unbounded",
        MASKED,
    ),
    ("shop.person.first_name", "string", "", MASKED),
    ("shop.customer.mobile", "int", "", Privacy::Secret),
    ("shop.customer.emails", "string[]", "", Privacy::Secret),
    ("shop.home.latitude", "double", "", Privacy::Secret),
    (
        "shop.customer.fax",
        "string",
        "cardinality: bounded, limit: 3",
        Privacy::Secret,
    ),
    // The conventions protect the name, here with a different type.
    ("user.full_name", "string[]", "", Privacy::Secret),
    // Unknown names.
    ("shop.remark", "string", "", MASKED),
    ("shop.remarks", "string[]", "", Privacy::Secret),
    ("shop.remark.part", "template[string]", "", MASKED),
    (
        "shop.shelf",
        "string",
        "cardinality: bounded, limit: 3",
        Privacy::Internal,
    ),
    ("shop.items", "int", "", Privacy::Internal),
    ("shop.weight", "double", "", Privacy::Internal),
    // The annotations decide.
    (
        "shop.session.token",
        "string",
        "privacy: internal, cardinality: unbounded",
        Privacy::Internal,
    ),
    (
        "shop.reporter.email",
        "string",
        "privacy: personal, protect: hash, cardinality: unbounded",
        Privacy::Personal(Protect::Hash),
    ),
    ("user.email", "string", "", Privacy::Personal(Protect::Hash)),
];

/// Attributes whose type rules out sensitive values, with names that look sensitive.
const DECIDED_BY_TYPE: &str =
    "  - { key: shop.password.present, type: boolean, brief: Whether., stability: stable }
  - key: shop.token.kind
    type: { members: [{ id: a, value: a, stability: stable }] }
    brief: Which kind.
    stability: stable
";

fn imported(name: &str, text: &str) -> Imported {
    let folder = folder(name);
    fs::write(
        folder.join("manifest.yaml"),
        "schema_url: https://shop.example/schemas/1.0.0\n",
    )
    .expect("the manifest");
    fs::write(folder.join("model.yaml"), text).expect("the model");
    try_import(&folder).expect("a contract")
}

fn registry() -> String {
    let mut text = "file_format: definition/2\nattributes:\n".to_owned();
    for (key, value_type, annotations, _) in CASES {
        let _ = writeln!(
            text,
            "  - key: {key}\n    type: {value_type}\n    brief: Any.\n    stability: stable\n    annotations: {{ otel_contract: {{ {annotations} }} }}"
        );
    }
    text + DECIDED_BY_TYPE
}

#[test]
fn attributes_with_sensitive_names_are_protected_until_a_decision() {
    let imported = imported("careful", &registry());
    let contract = contract(&imported.text);
    for (key, value_type, annotations, privacy) in CASES {
        let below = format!("{key}.");
        let is_template = value_type.starts_with("template");
        let is_of = |attribute: &&Attribute| {
            attribute.key == *key || is_template && attribute.key.starts_with(&below)
        };
        let attributes = contract.attributes.iter();
        let all = attributes.chain(&contract.templates).filter(is_of);
        let found: Vec<Privacy> = all.map(|attribute| attribute.privacy).collect();
        assert!(!found.is_empty(), "{key}");
        for found in found {
            assert_eq!(found, *privacy, "{key}: {value_type}, {annotations}");
        }
        let listed = imported.report.items.iter().any(|item| {
            item.outcome == Outcome::Review && item.subject == format!("attribute `{key}`")
        });
        let decided = annotations.contains("privacy") || *key == "user.email";
        assert_eq!(listed, !decided, "{key} is reported if undecided");
        let written: Vec<&str> = imported.text.lines().collect();
        let comment = written.windows(2).any(|two| {
            let entry = two[1].trim_start();
            let entry = entry.starts_with(&format!("{key}:")) || entry.starts_with(&below);
            entry && two[0].starts_with("  # to decide: ")
        });
        assert_eq!(comment, !decided, "{key} has a comment if undecided");
    }
    for key in ["shop.password.present", "shop.token.kind"] {
        let found = contract.attribute(key).expect("an attribute");
        assert_eq!(found.privacy, Privacy::Internal, "{key}");
    }
}

#[test]
fn check_accepts_the_contract_without_privacy_findings() {
    let imported = imported("careful_check", &registry());
    let path = folder("careful_checked").join("shop.yaml");
    fs::write(&path, &imported.text).expect("the contract");
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-otel-contract"))
        .args(["check", path.to_str().expect("a path of text")])
        .output()
        .expect("the command");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    // Decisions of the registry are the responsibility of its owner.
    let findings = stdout.matches("personal_name").count();
    assert_eq!(
        (findings > 0, stdout.contains("shop.session.token")),
        (true, true),
        "{stdout}"
    );
    for (key, _, annotations, _) in CASES {
        let named = stdout.contains(&format!("`{key}` looks like "));
        assert_eq!(
            named,
            annotations.contains("privacy: internal"),
            "{key}: {stdout}"
        );
    }
}

/// Metrics with undecided dimensions, in the first format.
const METRICS: &str = "groups:
  - id: registry.shop
    type: attribute_group
    brief: Definitions.
    attributes:
      - { id: shop.queue, type: string, brief: Queue., stability: stable }
      - { id: shop.shard, type: int, brief: Shard., stability: stable, examples: [1, 2] }
      - { id: shop.customer.email, type: string, brief: Address., stability: stable }
      - { id: shop.token, type: string, brief: Token., stability: stable }
      - { id: shop.order, type: string, brief: Order., stability: stable, annotations: { otel_contract: { cardinality: unbounded } } }
      - { id: shop.a, type: string, brief: A., stability: stable }
      - { id: shop.b, type: string, brief: B., stability: stable }
      - { id: shop.c, type: string, brief: C., stability: stable }
      - { id: shop.d, type: string, brief: D., stability: stable, annotations: { otel_contract: { privacy: public } } }
  - id: shop.names
    type: attribute_group
    brief: Names of the shop.
    attributes: [{ ref: shop.queue }]
  - id: metric.shop.jobs
    type: metric
    metric_name: shop.jobs
    instrument: counter
    unit: '{job}'
    brief: Jobs.
    stability: stable
    extends: shop.names
    attributes:
      - { ref: shop.shard, requirement_level: required }
      - ref: shop.customer.email
      - ref: shop.token
      - ref: shop.order
  - id: metric.shop.many
    type: metric
    metric_name: shop.many
    instrument: counter
    unit: '{job}'
    brief: Jobs by many.
    stability: stable
    attributes: [{ ref: shop.a }, { ref: shop.b }, { ref: shop.c }, { ref: shop.d }]
  - id: metric.shop.some
    type: metric
    metric_name: shop.some
    instrument: counter
    unit: '{job}'
    brief: Jobs by some.
    stability: stable
    attributes: [{ ref: shop.a }]
  - id: span.shop.run
    type: span
    span_kind: internal
    brief: A run.
    stability: stable
    attributes: [{ ref: shop.queue, requirement_level: required }, { ref: shop.customer.email }]
";

#[test]
fn an_undecided_dimension_is_bounded() {
    let imported = imported("careful_dimensions", METRICS);
    let contract = contract(&imported.text);
    let cardinality = |key: &str| contract.attribute(key).expect("an attribute").cardinality();
    assert_eq!(cardinality("shop.queue"), Cardinality::Bounded(50));
    assert_eq!(cardinality("shop.shard"), Cardinality::Bounded(50));
    for key in ["shop.a", "shop.b", "shop.c", "shop.d"] {
        assert_eq!(cardinality(key), Cardinality::Bounded(10), "{key}");
    }
    assert_eq!(
        contract.attribute("shop.d").expect("an attribute").privacy,
        Privacy::Public
    );
    let dimensions = |name: &str| -> Vec<&str> {
        let metric = contract
            .metrics
            .iter()
            .find(|metric| metric.name == name)
            .expect("a metric");
        let uses = metric.attributes.iter();
        uses.map(|used| contract[used.attribute].key.as_str())
            .collect()
    };
    assert_eq!(dimensions("shop.jobs"), ["shop.queue", "shop.shard"]);
    assert_eq!(
        dimensions("shop.many"),
        ["shop.a", "shop.b", "shop.c", "shop.d"]
    );
    assert_eq!(dimensions("shop.some"), ["shop.a"]);
    let text = imported.report.human();
    for reason in [
        "it is a metric dimension, so at most 50 values are recorded: 1\n    attribute `shop.queue`",
        "it is a metric dimension, so it becomes a string with at most 50 recorded values: 1\n    attribute `shop.shard`",
        "its number of values is unknown; it is a metric dimension, so at most 10 values are recorded: 1\n    attribute `shop.d`",
        "its name looks like personal data, so it is masked: 1\n    attribute `shop.customer.email`",
        "its name looks like a credential, so it is `secret`: 1\n    attribute `shop.token`",
        "personal attributes cannot be metric dimensions: 2\n    `shop.customer.email` in metric `shop.jobs`",
        "secret attributes are never recorded: 1\n    `shop.token` in metric `shop.jobs`",
        "its privacy is unknown, so it is masked: 1\n    attribute `shop.order`",
    ] {
        assert!(text.contains(reason), "{reason}\nin:\n{text}");
    }
    // On spans, the masked value is kept.
    let run = &contract.operations[0];
    assert_eq!(contract.uses(run).len(), 2);
}
