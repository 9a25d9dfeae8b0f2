//! Manifests of registries, and errors phrased for registries.

mod support;

use std::fs;
use std::path::Path;

use otel_contract_cli::weaver::{Imported, Outcome};
use otel_contract_model::{Contract, Domain, Type};
use support::{contract, folder, try_import};

const MODEL: &str = "groups:
  - id: registry.shop
    type: attribute_group
    brief: Definitions.
    attributes:
      - { id: shop.kind, type: { members: [{ id: a, value: a, stability: stable }] }, brief: Kind., stability: stable }
";

fn written(name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
    let folder = folder(&format!("weaver_manifest/{name}"));
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        fs::write(path, text).expect("the file");
    }
    folder
}

fn imported(folder: &Path) -> (Contract, Imported) {
    let imported = try_import(folder).expect("a contract");
    (contract(&imported.text), imported)
}

/// Returns the reasons reported for the registry as a whole.
fn reported_reasons(imported: &Imported) -> Vec<&str> {
    let items = imported.report.items.iter();
    let own = items.filter(|item| item.subject == "the registry" || item.subject == "the manifest");
    own.map(|item| item.reason.as_str()).collect()
}

#[test]
fn name_version_schema_url_and_brief_come_from_the_manifest() {
    for (index, (file, manifest, expected, reasons)) in [
        (
            "registry_manifest.yaml",
            "name: acme_shop\ndescription: Vocabulary of the shop.\nsemconv_version: 1.4.0\nschema_base_url: https://acme.example/schemas/\n",
            ("acme_shop", "1.4.0", Some("https://acme.example/schemas/1.4.0"), "Vocabulary of the shop."),
            &[][..],
        ),
        (
            "registry_manifest.yaml",
            "name: Acme Shop\nsemconv_version: 1.10\nschema_base_url: https://acme.example/schemas\n",
            ("acme_shop", "1.10.0", Some("https://acme.example/schemas/1.10.0"), "Vocabulary of the registry in"),
            &[
                "`Acme Shop` is not a valid module name; the contract is named `acme_shop`",
                "version `1.10` is not SemVer; the contract starts with `1.10.0`",
            ],
        ),
        (
            "registry_manifest.yaml",
            "name: shop\nsemconv_version: v2\n",
            ("shop", "2.0.0", None, "Vocabulary of the registry in"),
            &["version `v2` is not SemVer; the contract starts with `2.0.0`"],
        ),
        (
            "manifest.yaml",
            "name: \"*\"\nsemconv_version: latest\nschema_url: https://acme.example/schemas/3.1.0\ndescription: \"\"\n",
            ("case_3", "3.1.0", Some("https://acme.example/schemas/3.1.0"), "Vocabulary of the registry in"),
            &[
                "`*` is not a valid module name; the contract is named after the folder",
                "version `latest` is not SemVer; the contract starts with `3.1.0`",
            ],
        ),
        (
            "manifest.yaml",
            "schema_url: https://acme.example/schemas/3.1.0\nsemconv_version: 1.0.0-rc.1\nauthor: somebody\n",
            ("case_4", "1.0.0-rc.1", Some("https://acme.example/schemas/3.1.0"), "Vocabulary of the registry in"),
            &["field `author`"],
        ),
        (
            "manifest.yaml",
            "schema_base_url: acme.example\nsemconv_version: ~\n",
            ("case_5", "0.1.0", None, "Vocabulary of the registry in"),
            &["the registry has no version; the contract starts with `0.1.0`"],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = written(&format!("case_{index}"), &[(file, manifest), ("model.yaml", MODEL)]);
        let (contract, imported) = imported(&folder);
        let (name, version, url, brief) = expected;
        assert_eq!((contract.name.as_str(), contract.version.as_str()), (name, version), "{manifest}");
        assert_eq!(contract.schema_url.as_deref(), url, "{manifest}");
        assert!(contract.brief.starts_with(brief), "{manifest}: {}", contract.brief);
        let mut reported = reported_reasons(&imported);
        reported.sort_unstable();
        let mut reasons = reasons.to_vec();
        reasons.sort_unstable();
        assert_eq!(reported, reasons, "{manifest}");
        assert_eq!(contract.attributes.len(), 1);
    }
}

#[test]
fn the_name_option_overrides_the_manifest() {
    use otel_contract_cli::weaver::{ImportOptions, import};
    let folder = written(
        "named",
        &[("manifest.yaml", "name: shop\n"), ("model.yaml", MODEL)],
    );
    let options = ImportOptions {
        name: Some("market".to_owned()),
    };
    let imported = import(&folder, &options).expect("a contract");
    assert_eq!(contract(&imported.text).name, "market");
}

#[test]
fn sets_with_unsupported_values_are_reported_by_their_type() {
    for (index, (values, outcome, reason)) in [
        (
            "[0.5]",
            Outcome::Partly,
            "the list of its values: contracts only list strings and integers",
        ),
        (
            "[0.5, 1.5]",
            Outcome::Partly,
            "the list of its values: contracts only list strings and integers",
        ),
        (
            "[1, 1.5]",
            Outcome::Partly,
            "the list of its values: contracts only list strings and integers",
        ),
        (
            "[9223372036854775808]",
            Outcome::LeftOut,
            "its value `9223372036854775808` exceeds 64-bit integers",
        ),
        (
            "[1, 0xFFFFFFFFFFFFFFFFFF]",
            Outcome::LeftOut,
            "its value `0xFFFFFFFFFFFFFFFFFF` exceeds 64-bit integers",
        ),
        ("[a, 1]", Outcome::LeftOut, "its values have several types"),
        (
            "[true, 1]",
            Outcome::LeftOut,
            "its values have several types",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let values = values.trim_matches(['[', ']']).split(", ");
        let members: Vec<String> = values
            .enumerate()
            .map(|(index, value)| format!("{{ id: m{index}, value: {value}, stability: stable }}"))
            .collect();
        let model = MODEL.replace(
            "{ id: a, value: a, stability: stable }",
            &members.join(", "),
        );
        let folder = written(&format!("set_{index}"), &[("model.yaml", &model)]);
        let (contract, imported) = imported(&folder);
        let items: Vec<(Outcome, &str)> = imported
            .report
            .items
            .iter()
            .filter(|item| item.subject == "attribute `shop.kind`")
            .map(|item| (item.outcome, item.reason.as_str()))
            .collect();
        assert_eq!(items, [(outcome, reason)], "{model}");
        let converted = contract
            .attribute("shop.kind")
            .map(|attribute| attribute.domain.clone());
        let expected = (outcome == Outcome::Partly).then_some(Domain::Unbounded(Type::Double));
        assert_eq!(converted, expected);
    }
    // A single string or integer is a set with one value.
    for value in ["a", "1", "\"0.5\""] {
        let model = MODEL.replace("value: a", &format!("value: {value}"));
        let folder = written("set_of_one", &[("model.yaml", &model)]);
        let (contract, imported) = imported(&folder);
        assert!(contract.attribute("shop.kind").is_some(), "{value}");
        assert_eq!(imported.report.attributes_left_out(), 0);
    }
}

#[test]
fn errors_of_registry_files_have_advice_for_registries() {
    for (index, (file, text, expected)) in [
        (
            "empty.yaml",
            "",
            "help: begin with `groups:` or `file_format: definition/2`, or remove the file",
        ),
        (
            "comments.yaml",
            "# Nothing yet.\n",
            "help: begin with `groups:` or `file_format: definition/2`, or remove the file",
        ),
        (
            "manifest.yaml",
            "",
            "help: begin with `schema_url:`, or remove the file",
        ),
        (
            "two.yaml",
            "groups: []\n---\ngroups: []\n",
            "help: remove the `---`, or move the second document to a separate file",
        ),
        (
            "tagged.yaml",
            "groups: !x []\n",
            "YAML tags are not supported in a registry",
        ),
        ("deep.yaml", &"[".repeat(80), "help: reduce the nesting"),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = written(
            &format!("faulty_{index}"),
            &[(file, text), ("model.yaml", MODEL)],
        );
        let why = try_import(&folder).expect_err(file);
        assert!(why.contains(expected), "{file}: {why}");
        assert_eq!(why.matches("error[").count(), 1, "{why}");
        assert!(!why.contains("contract"), "{file}: {why}");
    }
}
