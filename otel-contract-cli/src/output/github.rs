//! GitHub Actions: one workflow command for each finding, `::error file=…,line=…::message`. GitHub shows the command as
//! an annotation in the pull request.

use super::repository::Repository;
use crate::finding::{Finding, Level, Report};
use otel_contract_model::text::visible;
use std::fmt::Write as _;

/// Formats the report as workflow commands.
pub(super) fn text(report: &Report) -> String {
    let repository = Repository::find();
    let mut text = String::new();
    for finding in &report.findings {
        let _ = writeln!(text, "{}", command(finding, &repository));
    }
    if report.omitted > 0 {
        let omitted = report.omitted;
        let _ = writeln!(
            text,
            "::error title=otel-contract::{omitted} more errors are not shown"
        );
    }
    text
}

fn command(finding: &Finding, repository: &Repository) -> String {
    let word = match finding.level {
        Level::Deny => "error",
        Level::Warn => "warning",
        Level::Allow => "notice",
    };
    let at = &finding.place.at;
    let mut properties = format!("file={}", property(&repository.path(&at.file)));
    if at.line > 0 {
        let end = at.column + finding.place.length;
        let _ = write!(
            properties,
            ",line={},endLine={},col={},endColumn={end}",
            at.line, at.line, at.column
        );
    }
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    for (phrase, there) in &finding.related {
        let _ = write!(message, "\nnote: {phrase} {there}");
    }
    let title = property(finding.rule.id());
    format!("::{word} {properties},title={title}::{}", data(&message))
}

/// Escapes a message for the runner.
fn data(text: &str) -> String {
    visible(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value of a property, which ends at a comma or colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_of_commands_are_escaped() {
        assert_eq!(data("50 %: a, b\nc"), "50 %25: a, b%0Ac");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
