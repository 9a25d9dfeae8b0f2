//! The pages of `docs`: content, structure and escaping.
//!
//! `.ci/browser` tests the HTML page in a browser.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn repository() -> PathBuf {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR"));
    cli.parent().expect("the workspace").to_owned()
}

/// Runs the command in the root of the repository.
fn docs(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-otel-contract"))
        .current_dir(repository())
        .arg("docs")
        .args(args)
        .output()
        .expect("the command")
}

/// Returns the page of a successful command.
fn page(args: &[&str]) -> String {
    let output = docs(args);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

const EVERYTHING: &str = "otel-contract-model/tests/contracts/everything.yaml";
const BEFORE: &str = "otel-contract-cli/tests/browser/before.yaml";
const HOSTILE: &str = "otel-contract-cli/tests/browser/hostile.yaml";

/// Returns the values of an HTML attribute on a page.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    let parts = page.split(start.as_str()).skip(1);
    parts.filter_map(|part| part.split('"').next()).collect()
}

#[test]
fn the_markdown_page_matches_its_snapshot() {
    insta::with_settings!({ snapshot_path => "docs", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("everything.md", page(&[EVERYTHING, "--since", BEFORE]));
    });
}

#[test]
fn every_entry_has_an_anchor_and_every_link_has_a_target() {
    let page = page(&[EVERYTHING, "--format", "html", "--since", BEFORE]);
    let anchors = values(&page, "id");
    let unique: HashSet<&str> = anchors.iter().copied().collect();
    assert_eq!(unique.len(), anchors.len(), "duplicate anchor");
    for anchor in [
        "everything/attribute/order.id",
        "everything/operation/invoice.create",
        "everything/metric/queue.lag",
        "everything/event/invoice.rejected",
        "everything/error/too_late",
        "everything/group/job",
        "everything/changes",
        "everything/series",
        "everything/resource",
        "everything/baggage",
    ] {
        assert!(unique.contains(anchor), "{anchor}");
    }
    for link in values(&page, "href") {
        let anchor = link.strip_prefix('#');
        let there = anchor.is_some_and(|anchor| unique.contains(anchor));
        assert!(there || link == "data:,", "{link} has no target");
    }
}

#[test]
fn elements_are_closed_in_the_order_they_are_opened() {
    for contract in [EVERYTHING, HOSTILE] {
        let page = page(&[contract, "--format", "html", "--since", contract]);
        let mut open: Vec<&str> = Vec::new();
        let script = page.find("<script>").expect("the script");
        let style = page.find("</style>").expect("the style");
        for tag in page[style..script].split('<').skip(2) {
            let name = tag.split([' ', '>', '/']).next().unwrap_or_default();
            if let Some(closed) = tag.strip_prefix('/') {
                let closed = closed.split('>').next().unwrap_or_default();
                if matches!(closed, "head") {
                    continue;
                }
                assert_eq!(open.pop(), Some(closed), "at <{tag}");
            } else if !tag.split('>').next().unwrap_or_default().ends_with('/')
                && !matches!(name, "meta" | "link" | "input" | "wbr" | "br")
            {
                open.push(name);
            }
        }
        assert_eq!(open, ["body"], "of {contract}");
    }
}

#[test]
fn contract_text_is_escaped_on_both_pages() {
    let html = page(&[HOSTILE, "--format", "html"]);
    assert_eq!(html.matches("<script>").count(), 1, "the page's own");
    assert_eq!(html.matches("</script>").count(), 1);
    for markup in [
        "<iframe",
        "<img",
        "<i>",
        "<b>",
        "onerror=\"",
        "onmouseover=\"",
    ] {
        assert!(!html.contains(markup), "{markup}");
    }
    let markdown = page(&[HOSTILE]);
    for (index, part) in markdown.split('`').enumerate() {
        let part = part.replace("<a id=\"", "").replace("</a>", "");
        let markup = ["<script", "<iframe", "<img", "<i>", "<b>", "</"];
        for markup in markup.iter().filter(|_| index.is_multiple_of(2)) {
            assert!(!part.contains(markup), "{markup} in {part}");
        }
    }
}

#[test]
fn several_contracts_share_a_page() {
    let billing = "examples/billing/telemetry/schema/billing.yaml";
    let page = page(&[billing, EVERYTHING, "--format", "html"]);
    let anchors: HashSet<&str> = values(&page, "id").into_iter().collect();
    assert!(anchors.contains("billing/operation/invoice.create"));
    assert!(anchors.contains("everything/operation/invoice.create"));
}

#[test]
fn sampling_explains_its_effect_on_counts() {
    let page = page(&[EVERYTHING]);
    assert!(page.contains("About 1 in 10 traces are kept (10 %)"));
    assert!(page.contains("error rates computed from spans are too high"));
}

#[test]
fn inputs_and_outputs_that_fail_are_reported() {
    let cases: [(&[&str], &str); 4] = [
        (&["nowhere.yaml"], "file `nowhere.yaml` not found"),
        (&["schema"], "no contract found in `schema`"),
        (
            &[EVERYTHING, "--since", "no-such-revision"],
            "help: `--since` expects a file or a git revision",
        ),
        (
            &[EVERYTHING, "-o", "nowhere/page.html"],
            "`nowhere/page.html` cannot be written",
        ),
    ];
    for (args, expected) in cases {
        let output = docs(args);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}
