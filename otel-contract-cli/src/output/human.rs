//! For people: each finding with its line of source, as `rustc` shows its own, then a summary.

use crate::finding::{Finding, Level, Report, counted};
use crate::text::{Texts, within};
use annotate_snippets::{AnnotationKind, Element, Level as Title, Origin, Renderer, Snippet};
use std::fmt::Write as _;

/// The report as text.
pub(super) fn text(report: &Report, colored: bool) -> String {
    let renderer = if colored {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = String::new();
    for finding in &report.findings {
        text.push_str(&shown(finding, &report.texts, &renderer));
        text.push_str("\n\n");
    }
    text.push_str(&summary(report));
    text
}

fn shown(finding: &Finding, texts: &Texts, renderer: &Renderer) -> String {
    let title = match finding.level {
        Level::Deny => Title::ERROR,
        Level::Warn | Level::Allow => Title::WARNING,
    };
    let at = &finding.place.at;
    let place: Element<'_> = if at.line == 0 {
        Origin::path(&*at.file).into()
    } else {
        let line = texts.line(at);
        let span = within(line, at.column, finding.place.length);
        let label = (!finding.label.is_empty()).then_some(finding.label.as_str());
        Snippet::source(line)
            .line_start(at.line as usize)
            .path(&*at.file)
            .annotation(AnnotationKind::Primary.span(span).label(label))
            .into()
    };
    let related = finding.related.iter();
    let related = related.map(|(phrase, there)| Title::NOTE.message(format!("{phrase} {there}")));
    let group = title
        .primary_title(finding.message.as_str())
        .id(finding.rule)
        .element(place)
        .elements(finding.help.iter().map(|help| Title::HELP.message(help)))
        .elements(related);
    renderer.render(&[group])
}

fn summary(report: &Report) -> String {
    let mut text = format!("{} checked: ", counted(report.looked_at, report.noun));
    let (errors, warnings) = (report.count(Level::Deny), report.count(Level::Warn));
    match (errors, warnings) {
        (0, 0) => text.push_str("nothing to report"),
        (errors, 0) => text.push_str(&counted(errors, "error")),
        (0, warnings) => text.push_str(&counted(warnings, "warning")),
        (errors, warnings) => {
            let (errors, warnings) = (counted(errors, "error"), counted(warnings, "warning"));
            let _ = write!(text, "{errors}, {warnings}");
        }
    }
    text.push('\n');
    if report.omitted > 0 {
        let _ = writeln!(text, "… {} of them are not shown", report.omitted);
    }
    // The gravest is what is read up first.
    let mut findings = report.findings.iter();
    let error = findings.find(|it| it.level == Level::Deny);
    if let Some(first) = error.or(report.findings.first()) {
        let _ = writeln!(
            text,
            "`cargo otel-contract explain {}` tells more",
            first.rule
        );
    }
    text
}
