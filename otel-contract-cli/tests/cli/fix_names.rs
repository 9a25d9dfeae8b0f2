//! `check --fix` for wrong names: fixes never add errors.

use crate::stage::{Run, Stage};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const HEAD: &str = "# yaml-language-server: $schema=otel-contract.schema.json
contract: shop
version: 1.0.0
brief: Telemetry vocabulary of the shop.
owners: [\"@acme/shop\"]
defaults: { privacy: internal }
";

/// Returns the errors of a report, counted by rule and message.
fn errors(run: &Run) -> BTreeMap<(String, String), usize> {
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let mut errors = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        if finding["level"] == "error" {
            let text = |field: &str| finding[field].as_str().expect("a text").to_owned();
            *errors.entry((text("rule"), text("message"))).or_default() += 1;
        }
    }
    errors
}

/// Files before and after `--fix`, and the number of remaining errors.
struct Case {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
    /// Replacements by file.
    fixed: &'static [(&'static str, &'static str, &'static str)],
    errors_left: usize,
}

const ATTRIBUTES: &str = "attributes.yaml";
const OPERATIONS: &str = "operations.yaml";

const CASES: &[Case] = &[
    Case {
        name: "the_declaration_is_wrong",
        files: &[
            (ATTRIBUTES, "attributes:\n  refundReason: { values: [late, broken], brief: Why it is. }\n"),
            (OPERATIONS, "operations:
  a.one: { brief: The first run., errors: [], attributes: { refund.reason: required } }
  a.two: { brief: The second run., errors: [], attributes: { refund.reason: required } }
  a.three: { brief: The third run., errors: [], attributes: { refund.reason: required } }\n"),
        ],
        fixed: &[(ATTRIBUTES, "refundReason", "refund.reason")],
        errors_left: 0,
    },
    Case {
        name: "one_use_is_wrong",
        files: &[
            (ATTRIBUTES, "attributes:\n  refund.reason: { values: [late, broken], brief: Why it is. }\n"),
            (OPERATIONS, "operations:
  a.one: { brief: The first run., errors: [], attributes: { refundReason: required } }
  a.two: { brief: The second run., errors: [], attributes: { refund.reason: required } }\n"),
        ],
        fixed: &[(OPERATIONS, "refundReason", "refund.reason")],
        errors_left: 0,
    },
    Case {
        name: "the_most_frequent_spelling_decides",
        files: &[
            (ATTRIBUTES, "attributes:\n  refundReason: { values: [late, broken], brief: Why it is. }\n"),
            (OPERATIONS, "operations:
  a.one: { brief: The first run., errors: [], attributes: { refund_reason: required } }
  a.two: { brief: The second run., errors: [], attributes: { refund.reason: required } }
  a.three: { brief: The third run., errors: [], attributes: { refund.reason: required } }\n"),
        ],
        fixed: &[
            (ATTRIBUTES, "refundReason", "refund.reason"),
            (OPERATIONS, "refund_reason", "refund.reason"),
        ],
        errors_left: 0,
    },
    Case {
        name: "used_as_it_is_declared",
        files: &[
            (ATTRIBUTES, "attributes:\n  refundReason: { values: [late, broken], brief: Why it is. }\n"),
            (OPERATIONS, "operations:
  a.one: { brief: The first run., errors: [], attributes: { refundReason: required } }
  a.two: { brief: The second run., errors: [], attributes: { refund.reason: required } }\n"),
        ],
        fixed: &[],
        errors_left: 1,
    },
    Case {
        name: "another_has_the_name",
        files: &[
            (ATTRIBUTES, "attributes:
  refundReason: { values: [late, broken], brief: Why it is., rust_name: reason }
  refund.reason: { values: [late, broken], brief: Why it was., allow: [near_duplicate] }\n"),
            (OPERATIONS, "operations:
  a.two: { brief: The second run., errors: [], attributes: { refund.reason: required } }\n"),
        ],
        fixed: &[],
        errors_left: 1,
    },
    Case {
        name: "the_use_is_listed_under_instead_of",
        files: &[
            (ATTRIBUTES, "attributes:\n  refundReason: { values: [late, broken], brief: Why it is., instead_of: [refund.why] }\n"),
            (OPERATIONS, "operations:
  a.two: { brief: The second run., errors: [], attributes: { refund.why: required } }\n"),
        ],
        fixed: &[],
        errors_left: 2,
    },
    Case {
        name: "every_section",
        files: &[
            (ATTRIBUTES, "attributes:
  refundReason: { values: [late, broken], brief: Why it is. }
  refund.why: { type: boolean, brief: Whether., deprecated: { replaced_by: refund.reason } }
errors:
  OrderLost: Nobody has the order.
groups:
  RefundWords: { refund.reason: required }
events:
  refundSeen: { severity: info, brief: Somebody saw it., attributes: { refund.reason: required } }
metrics:
  refunds: { instrument: counter, unit: \"{refund}\", brief: Refunds that ended., owners: [\"@acme/shop\"], attributes: { refund.reason: required } }\n"),
            (OPERATIONS, "operations:
  a.one: { brief: The first run., errors: [order_lost], groups: [refund_words], events: [refund.seen], metrics: { dimensions: [refund.reason] } }\n"),
        ],
        fixed: &[
            (ATTRIBUTES, "refundReason", "refund.reason"),
            (ATTRIBUTES, "OrderLost", "order_lost"),
            (ATTRIBUTES, "RefundWords", "refund_words"),
            (ATTRIBUTES, "refundSeen", "refund.seen"),
        ],
        errors_left: 0,
    },
    Case {
        name: "a_field_beside_a_name",
        files: &[
            (ATTRIBUTES, "attributes:\n  refundReason: { values: [late, broken], breif: Why it is. }\n"),
            (OPERATIONS, "operations:
  a.two: { brief: The second run., errors: [], atributes: { refund.reason: required } }\n"),
        ],
        fixed: &[
            (ATTRIBUTES, "breif", "brief"),
            (ATTRIBUTES, "refundReason", "refund.reason"),
            (OPERATIONS, "atributes", "attributes"),
        ],
        errors_left: 0,
    },
];

/// Names are fixed in one file or several, in any order.
#[test]
fn a_wrong_name_is_fixed_at_its_source() {
    for case in CASES {
        for (order, files) in [
            ("whole", None),
            ("declared_first", Some([ATTRIBUTES, OPERATIONS])),
            ("used_first", Some([OPERATIONS, ATTRIBUTES])),
        ] {
            let stage = Stage::new(&format!("fix_names/{}/{order}", case.name));
            stage.write("otel-contract.schema.json", "{}");
            let mut before: BTreeMap<&str, String> = BTreeMap::new();
            if let Some(files) = files {
                let include = format!("include: [{}]\n", files.join(", "));
                before.insert("contract.yaml", format!("{HEAD}{include}"));
                let line = HEAD.lines().next().expect("a line");
                for (file, text) in case.files {
                    before.insert(file, format!("{line}\n{text}"));
                }
            } else {
                let texts: String = case.files.iter().map(|(_, text)| *text).collect();
                before.insert("contract.yaml", format!("{HEAD}{texts}"));
            }
            let mut after = before.clone();
            for (file, from, to) in case.fixed {
                let file = if files.is_some() {
                    file
                } else {
                    "contract.yaml"
                };
                let text = after.get_mut(file).expect("a file");
                *text = text.replace(from, to);
            }
            for (file, text) in &before {
                stage.write(file, text);
            }
            let arguments = ["check", "contract.yaml", "--fix", "--format", "json"];
            let run = stage.run(&arguments);
            for (file, text) in &after {
                assert_eq!(&stage.read(file), text, "{} {order}", case.name);
            }
            let left: usize = errors(&run).values().sum();
            assert_eq!(
                left, case.errors_left,
                "{} {order}: {}",
                case.name, run.stdout
            );
        }
    }
}

/// The other contract is not selected, but includes the shared file.
#[test]
fn a_shared_name_is_not_fixed_if_another_contract_would_break() {
    let stage = Stage::new("fix_names_shared");
    stage.write("otel-contract.schema.json", "{}");
    let shared = "# yaml-language-server: $schema=otel-contract.schema.json
attributes:
  refundReason: { values: [late, broken], brief: Why it is. }\n";
    let contract = |name: &str, key: &str| {
        format!(
            "{}include: [shared.yaml]\noperations:\n  a.one: {{ brief: The first run., errors: [], attributes: {{ {key}: required }} }}\n",
            HEAD.replace("contract: shop", &format!("contract: {name}"))
        )
    };
    stage.write("shared.yaml", shared);
    stage.write("first.yaml", contract("first", "refund.reason"));
    stage.write("second.yaml", contract("second", "refundReason"));
    stage.run(&["check", "first.yaml", "--fix"]);
    assert_eq!(stage.read("shared.yaml"), shared);
    // If both contracts agree, the shared file is fixed.
    stage.write("second.yaml", contract("second", "refund.reason"));
    stage.run(&["check", "first.yaml", "--fix"]);
    assert_eq!(
        stage.read("shared.yaml"),
        shared.replace("refundReason", "refund.reason")
    );
}

/// For every contract with errors in the tests.
#[test]
fn no_fix_adds_an_error() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../otel-contract-model/tests/faults");
    let stage = Stage::new("fix_names_all");
    stage.write("otel-contract.schema.json", "{}");
    let mut fixed = 0;
    for entry in fs::read_dir(cases).expect("the cases") {
        let path = entry.expect("a case").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let line = HEAD.lines().next().expect("a line");
        let text = fs::read_to_string(&path).expect("a text");
        let text = if text.starts_with("# yaml-language-server") {
            text
        } else {
            format!("{line}\n{text}")
        };
        stage.write("contract.yaml", &text);
        let before = errors(&stage.run(&["check", "contract.yaml", "--format", "json"]));
        let after = errors(&stage.run(&["check", "contract.yaml", "--fix", "--format", "json"]));
        let count = |errors: &BTreeMap<(String, String), usize>| errors.values().sum::<usize>();
        let changed = stage.read("contract.yaml") != text;
        assert!(
            !changed || count(&after) < count(&before),
            "{}",
            path.display()
        );
        let of_rule = |errors: &BTreeMap<(String, String), usize>| {
            let mut rules: BTreeMap<String, usize> = BTreeMap::new();
            for ((rule, _), count) in errors {
                *rules.entry(rule.clone()).or_default() += count;
            }
            rules
        };
        let before = of_rule(&before);
        for (rule, count) in of_rule(&after) {
            assert!(
                before.get(&rule) >= Some(&count),
                "{rule} in {}",
                path.display()
            );
        }
        fixed += usize::from(changed);
    }
    assert!(fixed > 25, "{fixed}");
}
