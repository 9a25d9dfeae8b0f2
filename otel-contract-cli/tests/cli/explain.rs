//! `explain`: one page per code, lint and scan rule.

use crate::stage::Stage;
use otel_contract_model::{LINTS, codes};

#[test]
fn every_code_and_lint_has_a_page_with_examples() {
    let stage = Stage::new("explain");
    let ids = codes::ALL.iter().map(|code| code.id);
    let scan = [
        "outer_span",
        "raw_key_value",
        "raw_set_attribute",
        "raw_span_field",
        "raw_instrument_field",
        "unparsed_rust",
    ];
    for id in ids.chain(LINTS.iter().copied()).chain(scan) {
        let run = stage.run(&["explain", id]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{id}");
        assert!(
            run.stdout.starts_with(&format!("# {id}: ")),
            "{id}: {}",
            run.stdout
        );
        for part in ["\n## Wrong\n", "\n## Right\n", "```"] {
            assert!(run.stdout.contains(part), "{id} has no {part:?}");
        }
    }
}

#[test]
fn ids_are_accepted_in_common_spellings() {
    let stage = Stage::new("explain_forms");
    let page = stage.run(&["explain", "OC0107"]).stdout;
    for form in ["oc0107", "error[OC0107]", "[OC0107]", " OC0107 "] {
        assert_eq!(stage.run(&["explain", form]).stdout, page, "{form}");
    }
    let page = stage.run(&["explain", "near_duplicate"]).stdout;
    assert_eq!(stage.run(&["explain", "Near-Duplicate"]).stdout, page);
    insta::assert_snapshot!(page);
}

#[test]
fn an_unknown_id_exits_with_two_and_a_suggestion() {
    let stage = Stage::new("explain_unknown");
    let run = stage.run(&["explain", "near_duplicat"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(
        run.stderr,
        "error: unknown code or lint `near_duplicat`\nhelp: did you mean `near_duplicate`?\n"
    );
    let run = stage.run(&["explain", "everything"]);
    assert!(run.stderr.contains("lint --list"), "{}", run.stderr);
}
