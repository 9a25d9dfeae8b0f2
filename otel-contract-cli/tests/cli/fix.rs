//! `check --fix`: applied fixes, skipped fixes, and preserved content.

use crate::stage::{Stage, VALID};
use std::fs;
use std::path::Path;

const SHARED: &str = "# Shared by all.
attributes:
  # Who buys.
  account.id:
    type: string   # opaque
    cardinality: unbounded
    breif: Who buys.
";

const ROOT: &str = "# yaml-language-server: $schema=otel-contract.schema.json
contract: shop
version: 1.0.0
brief: Telemetry vocabulary of the shop.
owners: [\"@acme/shop\"]
include: [shared/account.yaml]
defaults: { privacy: internal }   # most of it

attributes:
  order.id: { type: string, cardinality: unbounded, brief: Number on the receipt., instead_of: [orderId] }
  order.priority: { type: int, range: [5, 0], brief: How urgent it is. }

# What people wait for.
operations:
  order.place:
    brief: Take an order.
    attributes:
      \"orderId\": required       # the number
      acount.id: required
      zebra.id: recommended
    errors: []
    metrics: { buckets: [1, 0.5, 5] }
";

fn stage(name: &str) -> Stage {
    let stage = Stage::with(name, ROOT);
    stage.write("shared/account.yaml", SHARED);
    stage.write("otel-contract.schema.json", "{}");
    stage
}

#[test]
fn unambiguous_fixes_are_applied_and_comments_are_kept() {
    let stage = stage("fix");
    let run = stage.run(&["check", "--fix"]);
    // No attribute resembles `zebra.id`.
    assert_eq!(run.code, 1, "{}", run.stdout);
    let fixed = ROOT
        .replace("[5, 0]", "[0, 5]")
        .replace("\"orderId\": required", "\"order.id\": required")
        .replace("acount.id: required", "account.id: required")
        .replace("[1, 0.5, 5]", "[0.5, 1, 5]");
    assert_eq!(stage.read("contract.yaml"), fixed);
    let schema = "# yaml-language-server: $schema=../otel-contract.schema.json\n";
    assert_eq!(
        stage.read("shared/account.yaml"),
        schema.to_owned() + &SHARED.replace("breif", "brief")
    );
    insta::assert_snapshot!(run.stdout);
    // A second run changes nothing.
    let run = stage.run(&["check", "--fix"]);
    assert!(
        run.stdout.starts_with("nothing to fix automatically\n"),
        "{}",
        run.stdout
    );
    assert_eq!(stage.read("contract.yaml"), fixed);
}

#[test]
fn a_dry_run_shows_the_changes_without_writing_them() {
    let stage = stage("dry_run");
    let run = stage.run(&["check", "--fix", "--dry-run"]);
    assert!(
        run.stdout.contains("-      acount.id: required\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("+      account.id: required\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("would fix 6 places in 2 files\n"),
        "{}",
        run.stdout
    );
    assert_eq!(stage.read("contract.yaml"), ROOT);
    assert_eq!(stage.read("shared/account.yaml"), SHARED);
    // With a machine-readable report, the changes go to standard error.
    let run = stage.run(&["check", "--fix", "--dry-run", "--format", "json"]);
    assert_eq!(run.rules(), ["OC0401"]);
    assert!(run.stderr.contains("would fix 6 places"), "{}", run.stderr);
}

#[test]
fn a_missing_schema_is_written_next_to_the_contract() {
    let text = VALID.lines().skip(1).collect::<Vec<_>>().join("\n") + "\n";
    let stage = Stage::new("fix_schema");
    fs::create_dir(stage.folder.join(".git")).expect("a folder that ends the search");
    stage.write("words/shop.yaml", &text);
    let run = stage.run(&["check", "--fix"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(stage.read("words/shop.yaml"), VALID);
    assert!(
        stage
            .read("words/otel-contract.schema.json")
            .contains("otel-contract")
    );
    assert!(
        run.stdout
            .contains("new file words/otel-contract.schema.json\n"),
        "{}",
        run.stdout
    );
    // Disabled lints are not fixed.
    stage.write("words/shop.yaml", &text);
    stage.run(&["check", "--fix", "-A", "schema_line"]);
    assert_eq!(stage.read("words/shop.yaml"), text);
}

#[test]
fn sections_move_only_on_request() {
    let text = VALID.replace("owners: [\"@acme/shop\"]\n", "")
        + "\n# The owners.\nowners: [\"@acme/shop\"]\n";
    let stage = Stage::with("fix_order", &text);
    stage.run(&["check", "--fix"]);
    assert_eq!(stage.read("contract.yaml"), text);
    let run = stage.run(&["check", "--fix", "-W", "section_order"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let moved = VALID.replace("owners:", "# The owners.\nowners:");
    let (before, after) = moved.split_once("defaults:").expect("two halves");
    // Empty lines keep separating the same sections.
    let expected = format!("{before}defaults:{after}");
    let lines = |text: &str| {
        text.lines()
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&stage.read("contract.yaml")), lines(&expected));
    assert_eq!(
        stage.read("contract.yaml").lines().count(),
        text.lines().count()
    );
}

#[test]
fn line_endings_and_byte_order_marks_are_kept() {
    let text = format!(
        "\u{feff}{}",
        ROOT.replace("include: [shared/account.yaml]\n", "")
    )
    .replace('\n', "\r\n");
    let stage = Stage::with("fix_windows", &text);
    stage.run(&["check", "--fix"]);
    let fixed = text
        .replace("[5, 0]", "[0, 5]")
        .replace("\"orderId\": required", "\"order.id\": required")
        .replace("[1, 0.5, 5]", "[0.5, 1, 5]");
    assert_eq!(stage.read("contract.yaml"), fixed);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_are_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let stage = stage("fix_link");
    let link = stage.folder.join("link.yaml");
    fs::rename(
        stage.folder.join("contract.yaml"),
        stage.folder.join("real.txt"),
    )
    .expect("moved");
    fs::set_permissions(
        stage.folder.join("real.txt"),
        fs::Permissions::from_mode(0o640),
    )
    .expect("set");
    std::os::unix::fs::symlink("real.txt", &link).expect("a link");
    stage.run(&["check", "--fix", "link.yaml"]);
    assert!(
        fs::symlink_metadata(&link)
            .expect("the metadata of the link")
            .is_symlink()
    );
    assert!(stage.read("real.txt").contains("account.id: required"));
    let mode = fs::metadata(&link)
        .expect("the metadata")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn a_fix_never_duplicates_a_name() {
    let text = ROOT
        .replace(
            "      zebra.id: recommended\n",
            "      order.id: recommended\n",
        )
        .replace("include: [shared/account.yaml]\n", "")
        .replace("      acount.id: required\n", "");
    let stage = Stage::with("fix_twice", &text);
    stage.run(&["check", "--fix"]);
    let fixed = text
        .replace("[5, 0]", "[0, 5]")
        .replace("[1, 0.5, 5]", "[0.5, 1, 5]");
    assert_eq!(stage.read("contract.yaml"), fixed);
}

#[test]
fn no_temporary_files_are_left() {
    let stage = stage("fix_rest");
    stage.run(&["check", "--fix"]);
    let entries = fs::read_dir(&stage.folder).expect("the folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Cargo.toml",
            "contract.yaml",
            "otel-contract.schema.json",
            "shared"
        ]
    );
}

#[test]
fn a_shared_file_is_fixed_once_for_all_contracts() {
    let stage = stage("fix_shared");
    stage.write(
        "second.yaml",
        ROOT.replace("contract: shop", "contract: second"),
    );
    let file = stage.folder.join("second.yaml");
    let second = file.to_str().expect("a path");
    // One contract is given by an absolute path, so the shared file has two names.
    stage.run(&["check", "--fix", "contract.yaml", second]);
    let schema = "# yaml-language-server: $schema=../otel-contract.schema.json\n";
    assert_eq!(
        stage.read("shared/account.yaml"),
        schema.to_owned() + &SHARED.replace("breif", "brief")
    );
}

/// For every contract with errors in the tests: no fix loses a comment or a line.
#[test]
fn no_fix_loses_a_line() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../otel-contract-model/tests/faults");
    let stage = Stage::new("fix_all");
    stage.write("otel-contract.schema.json", "{}");
    let mut before = Vec::new();
    for entry in fs::read_dir(cases).expect("the cases") {
        let path = entry.expect("a case").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let text = fs::read(&path).expect("a text");
            stage.write(&name, &text);
            before.push((name, String::from_utf8(text).expect("UTF-8")));
        }
    }
    assert!(before.len() > 200);
    let run = stage.run(&["check", "--fix", "-W", "section_order", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let mut fixed = 0;
    for (name, before) in before {
        let after = stage.read(&name);
        fixed += usize::from(after != before);
        let added = after.starts_with("# yaml-language-server")
            && !before.starts_with("# yaml-language-server");
        assert_eq!(
            after.lines().count(),
            before.lines().count() + usize::from(added),
            "{name}:\n{before}\n{after}"
        );
        let comments = |text: &str| text.matches('#').count();
        assert_eq!(
            comments(&after),
            comments(&before) + usize::from(added),
            "{name}"
        );
    }
    assert!(fixed > 50, "{fixed}");
}
