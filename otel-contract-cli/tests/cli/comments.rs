//! The `#` in unquoted text: lost text and real comments.

use crate::stage::Stage;
use serde_json::Value;

const HEAD: &str = "# yaml-language-server: $schema=otel-contract.schema.json
contract: shop
version: 1.0.0
brief: Telemetry vocabulary of the shop.
owners: [\"@acme/shop\"]
defaults: { privacy: internal }
";

/// Returns the lost texts with their lines.
fn lost(name: &str, text: &str) -> Vec<(u64, String)> {
    let stage = Stage::with(name, text);
    stage.write("otel-contract.schema.json", "{}");
    let run = stage.run(&["check", "contract.yaml", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    let errors: Vec<&Value> = findings
        .iter()
        .filter(|finding| finding["level"] == "error")
        .collect();
    assert!(errors.is_empty(), "{text}\n{errors:#?}");
    let found = findings
        .iter()
        .filter(|finding| finding["rule"] == "comment_in_text");
    let found = found.map(|finding| {
        let message = finding["message"].as_str().expect("a message");
        let lost = message.split('`').nth(1).expect("the lost text");
        (finding["line"].as_u64().expect("a line"), lost.to_owned())
    });
    found.collect()
}

#[test]
fn text_lost_to_a_comment_is_reported() {
    for (text, lost_text) in [
        (
            "attributes:\n  a.b:\n    type: boolean\n    brief: Issue #12 is open\n",
            "#12 is open",
        ),
        (
            "attributes:\n  a.b:\n    type: boolean\n    brief: Issue # 12 is open.\n",
            "# 12 is open.",
        ),
        (
            "attributes:\n  a.b:\n    type: boolean\n    brief: Written in C #\n",
            "#",
        ),
        (
            "attributes:\n  a.b:\n    type: boolean\n    brief: Whether it is paid.\n    note: See #payments for help.\n",
            "#payments for help.",
        ),
        (
            "attributes:\n  a.b:\n    type: boolean\n    brief: >-\n      Folded #1 text.\n    note: Of two\n      lines #[x] here.\n",
            "#[x] here.",
        ),
        (
            "attributes:\n  a.b:\n    brief: Kinds of it.\n    values:\n      free: No contract #yet.\n      pro: Paid.\n",
            "#yet.",
        ),
        (
            "attributes:\n  a.b:\n    brief: Kinds of it.\n    values:\n      - { value: free, brief: No contract. }\n      - value: pro\n        brief: Plan #2 of all.\n",
            "#2 of all.",
        ),
        (
            "attributes:\n  a.b:\n    brief: Kinds of it.\n    values:\n      - plan #1\n      - pro\n",
            "#1",
        ),
        (
            "attributes:\n  a.b:\n    type: string\n    cardinality: unbounded\n    brief: Kinds of it.\n    examples:\n      - order #17\n",
            "#17",
        ),
        (
            "attributes:\n  a.b:\n    type: boolean\n    brief: Whether it is paid.\n    owners:\n      - acme #payments\n",
            "#payments",
        ),
        ("errors:\n  late: Rule #7 was broken.\n", "#7 was broken."),
        (
            "errors:\n  late:\n    brief: Rule #7 was broken.\n",
            "#7 was broken.",
        ),
        (
            "attributes:\n  a.b:\n    type: boolean\n    brief: Whether it is paid.\n    deprecated:\n      note: See #12.\n",
            "#12.",
        ),
        (
            "attributes:\n  a.b: { type: boolean, brief: Whether it is paid. }\noperations:\n  a.run:\n    brief: Runs it once.\n    errors: []\n    attributes:\n      a.b: { conditionally_required: Where #4 holds,\n        }\n",
            "#4 holds,",
        ),
        (
            "attributes:\n  a.b: { type: boolean, brief: Issue #12, note: Gone,\n    }\n",
            "#12, note: Gone,",
        ),
        (
            "groups:\n  a:\n    brief: All of #1.\n    attributes: {}\n",
            "#1.",
        ),
    ] {
        let text = format!("{HEAD}{text}");
        let place = text
            .lines()
            .collect::<Vec<_>>()
            .iter()
            .rposition(|line| line.contains(lost_text))
            .expect("a line");
        let line = u64::try_from(place + 1).expect("a number");
        assert_eq!(
            lost("comments_lost", &text),
            [(line, lost_text.to_owned())],
            "{text}"
        );
    }
    let text = HEAD.replace("Telemetry vocabulary of the shop.", "Words of shop #1");
    assert_eq!(lost("comments_lost", &text), [(4, "#1".to_owned())]);
    // Lost text in an included file is reported too.
    let stage = Stage::with(
        "comments_included",
        &format!("{HEAD}include: [more.yaml]\n"),
    );
    stage.write("more.yaml", "errors:\n  late: Rule #7 was broken.\n");
    let run = stage.run(&["check", "contract.yaml"]);
    assert!(run.stdout.contains("--> more.yaml:2:14"), "{}", run.stdout);
}

#[test]
fn real_comments_are_ignored() {
    for text in [
        "attributes:\n  a.b: { values: [a, b], brief: Kinds of it. } # sorted\n",
        "attributes:\n  a.b:\n    values: [a, b] #sorted\n    brief: Kinds of it.  # decide: later\n",
        "attributes:\n  a.b:\n    values: [a, b]\n    brief: Kinds of it. # decide: later\n",
        "attributes:\n  a.b:\n    values: [a, b]\n    brief: Kinds of it  #TODO\n",
        "attributes:\n  a.b:\n    values: [a, b]\n    brief: Kinds of it.  # 2024: decide\n",
        "attributes:\n  a.b:\n    values: [a, b]\n    brief: \"Kinds of it\" #TODO\n",
        "attributes:\n  a.b:\n    values: [a, b]\n    brief: 'Kinds, as #1'\n",
        "attributes:\n  a.b:\n    values: [a, b]\n    brief: Kinds of it, as in C# and F#.\n",
        "attributes:\n  a.b:\n    values: [a, b]\n    brief: |\n      Kinds of it, as #1.\n",
        "attributes:\n  a.b:\n    type: string #opaque\n    cardinality: unbounded #many\n    brief: Kinds of it.\n",
        "attributes:\n  a.b: #here\n    type: boolean #there\n    brief: Kinds of it. ## done\n",
        "attributes:\n  #a.c: { type: boolean, brief: Gone. }\n  a.b: { type: boolean, brief: Kinds of it. }\n",
        "attributes:\n  a.b:\n    brief: Kinds of it.\n    values:\n      - free  #default\n      - pro # paid\n",
        "attributes:\n  a.b:\n    type: boolean\n    brief: Whether #12 is open\n    allow: [comment_in_text, brief_quality]\n",
        "attributes:\n  a.b:\n    type: boolean\n    brief: Kinds of it, seen at http://a.example/#12.\n",
    ] {
        assert_eq!(
            lost("comments_alone", &format!("{HEAD}{text}")),
            [],
            "{text}"
        );
    }
}

#[test]
fn text_that_cannot_be_a_comment_is_quoted() {
    for (before, after) in [
        (
            "    brief: Issue #12 is open\n",
            "    brief: \"Issue #12 is open\"\n",
        ),
        (
            "    brief: Größe \\ \"a\" #12 is open # todo\n",
            "    brief: \"Größe \\\\ \\\"a\\\" #12 is open\" # todo\n",
        ),
        (
            "    brief: Kinds of it.\n    note: See channel #payments for help.\n",
            "    brief: Kinds of it.\n    note: \"See channel #payments for help.\"\n",
        ),
        // Text that may be a real comment, and text of several lines, is not changed.
        (
            "    brief: Kinds of it. #later or never\n",
            "    brief: Kinds of it. #later or never\n",
        ),
        (
            "    brief: Kinds of it #later\n",
            "    brief: Kinds of it #later\n",
        ),
        (
            "    brief: Issue # 12 is open.\n",
            "    brief: Issue # 12 is open.\n",
        ),
        (
            "    brief: Kinds\n      of #12 and others\n",
            "    brief: Kinds\n      of #12 and others\n",
        ),
        (
            "    brief: Kinds of it.\n    owners:\n      - acme #payments team\n",
            "    brief: Kinds of it.\n    owners:\n      - acme #payments team\n",
        ),
    ] {
        let text = |fields: &str| format!("{HEAD}attributes:\n  a.b:\n    type: boolean\n{fields}");
        let stage = Stage::with("comments_fixed", &text(before));
        stage.write("otel-contract.schema.json", "{}");
        stage.run(&["check", "contract.yaml", "--fix"]);
        assert_eq!(stage.read("contract.yaml"), text(after), "{before}");
        // A second run changes nothing.
        stage.run(&["check", "contract.yaml", "--fix"]);
        assert_eq!(stage.read("contract.yaml"), text(after), "{before}");
    }
}

#[test]
fn a_comment_that_causes_a_syntax_error_is_reported_at_its_start() {
    for (text, place, expected) in [
        (
            "attributes:\n  a.b: { type: boolean, brief: Issue #12 is open }\n  a.c: { type: boolean, brief: B. }\n",
            "8:38",
            "starts a comment that hides the closing bracket",
        ),
        (
            "attributes:\n  a.b: { type: boolean, brief: Issue #12 is open }\n",
            "8:38",
            "starts a comment that hides the closing bracket",
        ),
        (
            "attributes:\n  a.b: { type: boolean, brief: #12 is open }\n",
            "8:32",
            "starts a comment that hides the closing bracket",
        ),
        (
            "baggage: [a #b]\nerrors: {}\n",
            "7:13",
            "starts a comment that hides the closing bracket",
        ),
        ("baggage: [#b]\n", "7:11", "in the middle of a value"),
        (
            "attributes:\n  a.b: {\n    type: boolean,\n    brief: Issue #12 is open,\n    note: More.\n  }\n",
            "10:18",
            "in the middle of a value",
        ),
        (
            "errors:\n  late: First line\n    second #3 line\n    third\n",
            "9:12",
            "in the middle of a value",
        ),
        (
            "errors:\n  late: #12 was late\n",
            "8:9",
            "quote the text: `\"#12 was late\"`",
        ),
        (
            "attributes:\n  a.b:\n    type: boolean\n    brief: B.\n    owners:\n      - #payments\n",
            "12:9",
            "quote the text: `\"#payments\"`",
        ),
    ] {
        let stage = Stage::with("comments_broken", &format!("{HEAD}{text}"));
        let run = stage.run(&["check", "contract.yaml"]);
        assert_eq!(run.stdout.matches("error[").count(), 1, "{}", run.stdout);
        assert!(
            run.stdout.contains(&format!("--> contract.yaml:{place}\n")),
            "{}",
            run.stdout
        );
        assert!(run.stdout.contains(expected), "{}", run.stdout);
    }
    // Unrelated errors are not attributed to the comment.
    let text = format!(
        "{HEAD}# See #12, [x] and {{y}}.\nattributes:\n  a.b: {{ type: boolean, brief: B. # done\n    }}\n  a.c: : x\n"
    );
    let run = Stage::with("comments_elsewhere", &text).run(&["check", "contract.yaml"]);
    assert!(!run.stdout.contains("starts a comment"), "{}", run.stdout);
}
