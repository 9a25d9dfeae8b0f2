//! The README shows what the compiler says, to the letter.

use std::fs;
use std::path::Path;

const SHOWN: [&str; 6] = [
    "unapproved_key",
    "value_outside_the_set",
    "free_string_on_closed_attribute",
    "missing_required_attribute",
    "secret_attribute",
    "free_string_on_bounded_attribute",
];

#[test]
fn the_mistakes_of_the_readme_are_told_as_it_shows() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(tests.join("../README.md")).expect("the README");
    for name in SHOWN {
        let told = tests.join(format!("ui/instrumented_operation/fail/{name}.stderr"));
        let told = fs::read_to_string(told).expect("the message is pinned");
        let block = format!("```text\n{}\n```", told.trim_end());
        assert!(
            readme.contains(&block),
            "the README does not show what `{name}` is told:\n{told}"
        );
    }
}

#[test]
fn the_budget_of_the_readme_is_missed_as_it_shows() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(tests.join("../README.md")).expect("the README");
    let faults = tests.join("../otel-contract-model/tests/faults");
    let told = faults.join("series_of_a_metric_over_budget.stderr");
    let told = fs::read_to_string(told).expect("the message is pinned");
    assert!(
        readme.contains(&format!("```text\n{}\n```", told.trim_end())),
        "the README does not show:\n{told}"
    );
}

#[test]
fn the_contract_and_the_code_of_the_readme_are_those_of_the_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    let example = [
        "telemetry/schema/billing.yaml",
        "telemetry/src/lib.rs",
        "src/service.rs",
        "src/domain.rs",
        "src/main.rs",
        "src/tests.rs",
    ]
    .map(|file| fs::read_to_string(root.join("examples/billing").join(file)).expect("the example"));
    // The documentation of set-up is compiled and run; what it hides is not shown here either.
    let setup = root.join("otel-contract-runtime/src/setup/mod.rs");
    let setup = fs::read_to_string(setup).expect("the module");
    let shown = setup.lines().filter_map(|line| line.strip_prefix("//! "));
    let shown: Vec<&str> = shown.filter(|line| !line.starts_with("# ")).collect();
    let example: Vec<String> = example.into_iter().chain([shown.join("\n")]).collect();
    let mut compared = 0;
    for language in ["yaml", "rust"] {
        for block in readme.split(&format!("```{language}\n")).skip(1) {
            let block = block.split("```").next().expect("a block ends").trim_end();
            // A line `# …` or `// …` stands for what is left out.
            let elided = |line: &str| matches!(line.trim(), "# …" | "// …");
            let lines: Vec<&str> = block.lines().collect();
            for part in lines.split(|line| elided(line)).map(|part| part.join("\n")) {
                let part = part.trim_matches('\n');
                assert!(
                    example.iter().any(|file| file.contains(part)),
                    "not in the example:\n{part}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared >= 4, "the README shows the contract and the code");
}
