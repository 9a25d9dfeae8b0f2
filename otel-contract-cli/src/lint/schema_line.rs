//! `schema_line`: a file that editors do not know.

use super::{Lint, Rule, Said, example};
use crate::finding::{Level, Place};
use otel_contract_model::Location;

pub(super) const RULE: Rule = Rule {
    name: "schema_line",
    level: Level::Warn,
    summary: "a file without a `# yaml-language-server: $schema=…` line",
    why: "With it the editor completes field names, shows what they mean and underlines what is wrong while it is typed.",
    fix: "`cargo otel-contract check --fix` puts it there.",
    bad: example!("schema_line", "bad"),
    good: example!("schema_line", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    for source in &lint.linted.compiled.sources {
        if source.text.is_empty() || has_schema_line(&source.text) {
            continue;
        }
        let place = Place {
            at: Location {
                file: source.name.clone(),
                line: 1,
                column: 1,
            },
            length: 1,
        };
        let said = Said {
            message: "editors do not know what this file is".to_owned(),
            label: "no line for the editor above this".to_owned(),
            help: "`check --fix` adds `# yaml-language-server: $schema=…`".to_owned(),
            ..Said::default()
        };
        lint.push_at(place, said);
    }
}

/// Whether a comment before the first entry tells editors the schema.
fn has_schema_line(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .take_while(|line| line.is_empty() || line.starts_with('#') || *line == "---")
        .any(|line| {
            let comment = line.trim_start_matches('#').trim_start();
            comment.starts_with("yaml-language-server:") && comment.contains("$schema=")
        })
}

#[cfg(test)]
mod tests {
    use super::has_schema_line;

    #[test]
    fn the_line_may_stand_below_other_comments() {
        let line = "# yaml-language-server: $schema=a.json\ncontract: a\n";
        assert!(has_schema_line(line));
        assert!(has_schema_line(&format!("# Ours.\n\n{line}")));
        assert!(!has_schema_line(
            "contract: a\n# yaml-language-server: $schema=a.json\n"
        ));
    }
}
