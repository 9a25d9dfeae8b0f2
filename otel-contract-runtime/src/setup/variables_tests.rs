use super::*;
use crate::setup::environment::{Environment, Reader};
use crate::setup::export_options::ExportOptions;
use crate::setup::resource;
use crate::setup::settings::Settings;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

const BEGIN: &str = "<!-- The table is generated. -->\n";
const END: &str = "<!-- End of the table. -->\n";

fn all() -> Vec<(String, Usage)> {
    let variables = sections().into_iter().map(|section| section.variables);
    variables.flatten().collect()
}

/// Returns the table of the documentation.
fn table() -> String {
    let mut table = "| variable | read |\n| --- | --- |\n".to_owned();
    for Section { title, variables } in sections() {
        let _ = writeln!(table, "| **{title}** | |");
        for (name, usage) in variables {
            let usage = match usage {
                Usage::Read("") => "yes".to_owned(),
                Usage::Read(remark) => format!("yes; {remark}"),
                Usage::NoEffect(help) => format!("no, with a warning: {help}"),
                Usage::ReadByOthers(code) => format!("no: {code}"),
            };
            let _ = writeln!(table, "| `{name}` | {usage} |");
        }
    }
    table
}

#[test]
fn the_documentation_lists_every_variable() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/environment.md");
    let text = std::fs::read_to_string(&page).expect("the page is there");
    let (before, rest) = text.split_once(BEGIN).expect("the begin of the table");
    let (written, after) = rest.split_once(END).expect("the end of the table");
    let generated = format!("\n{}\n", table());
    if std::env::var_os("OTEL_CONTRACT_BLESS").is_some() {
        let blessed = format!("{before}{BEGIN}{generated}{END}{after}");
        std::fs::write(&page, blessed).expect("the page is written");
        return;
    }
    assert_eq!(
        written, generated,
        "run `OTEL_CONTRACT_BLESS=1 cargo test -p otel-contract-runtime --all-features`"
    );
}

#[test]
fn every_variable_is_listed_once() {
    let names: Vec<String> = all().into_iter().map(|(name, _)| name).collect();
    let unique: BTreeSet<&String> = names.iter().collect();
    assert_eq!(names.len(), unique.len());
}

/// Returns the names that a set-up asks for.
fn asked(variables: &[(&str, &str)]) -> BTreeSet<String> {
    let environment: Environment = variables.iter().copied().collect();
    let mut reader = Reader::new(&environment);
    let settings = Settings::read(&mut reader, &ExportOptions::default());
    let _ = resource::read_environment(&mut reader, &[], settings.resource);
    reader.asked.into_inner()
}

#[test]
fn a_set_up_reads_the_variables_that_are_listed_as_read() {
    let mut asked_names = asked(&[]);
    asked_names.extend(asked(&[
        ("OTEL_TRACES_SAMPLER", "traceidratio"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector:4318"),
    ]));
    let is_read = |(name, usage)| matches!(usage, Usage::Read(_)).then_some(name);
    let listed: BTreeSet<String> = all().into_iter().filter_map(is_read).collect();
    assert_eq!(asked_names, listed);
}

#[test]
fn a_variable_without_effect_is_reported_once_and_no_other() {
    for (name, usage) in all() {
        // Values that are valid wherever a word, a number or a file is expected would differ.
        if matches!(usage, Usage::Read(_)) {
            continue;
        }
        let environment: Environment = [(name.as_str(), "1")].into_iter().collect();
        let mut reader = Reader::new(&environment);
        let _ = Settings::read(&mut reader, &ExportOptions::default());
        assert_eq!(reader.errors, [], "{name}");
        let warnings: Vec<String> = reader.warnings.iter().map(ToString::to_string).collect();
        let expected = match usage {
            Usage::NoEffect(help) => {
                vec![format!(
                    "`{name}` has no effect\n  = note: it is ignored\n  = help: {help}"
                )]
            }
            Usage::Read(_) | Usage::ReadByOthers(_) => Vec::new(),
        };
        assert_eq!(warnings, expected);
    }
}
