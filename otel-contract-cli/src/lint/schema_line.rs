//! `schema_line`: a file without a schema for editors.

use super::{Issue, Lint, Rule, example};
use crate::finding::{Level, Place};
use otel_contract_model::Location;

pub(crate) const NAME: &str = "schema_line";

pub(super) const RULE: Rule = Rule {
    name: NAME,
    level: Level::Warn,
    summary: "a file without a `# yaml-language-server: $schema=…` line",
    why: "With this line, editors complete field names, show their documentation and underline errors as you type.",
    fix: "Run `cargo otel-contract check --fix` to add the line.",
    bad: example!("schema_line", "bad"),
    good: example!("schema_line", "good"),
    check,
};

fn check(lint: &mut Lint<'_>) {
    for source in &lint.context.compiled.sources {
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
        let issue = Issue {
            message: "editors cannot find the schema of this file".to_owned(),
            label: "missing schema line".to_owned(),
            help: "`check --fix` adds `# yaml-language-server: $schema=…`".to_owned(),
            ..Issue::default()
        };
        lint.push_at(place, issue);
    }
}

/// Returns whether a comment before the first entry names a schema.
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
    fn the_line_may_follow_other_comments() {
        let line = "# yaml-language-server: $schema=a.json\ncontract: a\n";
        assert!(has_schema_line(line));
        assert!(has_schema_line(&format!("# Ours.\n\n{line}")));
        assert!(!has_schema_line(
            "contract: a\n# yaml-language-server: $schema=a.json\n"
        ));
    }
}
