//! Terminal: each finding with its source line in the style of `rustc`, followed by a summary.

use crate::finding::{Finding, Level, Report};
use crate::text::{Texts, within};
use crate::words;
use annotate_snippets::{AnnotationKind, Element, Level as Title, Origin, Renderer, Snippet};
use otel_contract_model::text::line as one_line;
use std::fmt::Write as _;
use std::ops::Range;

/// Formats the report.
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
    let file = one_line(&at.file);
    // Labels are on single lines, because CI runners interpret some lines as commands.
    let label = one_line(&finding.label);
    let label = (!label.is_empty()).then_some(label.as_str());
    let mut places: Vec<Element<'_>> = Vec::new();
    if at.line == 0 {
        places.push(Origin::path(file.as_str()).into());
    } else {
        let line = texts.line(at);
        let span = within(line, at.column, finding.place.length);
        let mark = |span| AnnotationKind::Primary.span(span).label(label);
        let number = at.line as usize;
        match cut(line, &span) {
            None => {
                let snippet = Snippet::source(line).line_start(number).path(file.as_str());
                places.push(snippet.annotation(mark(span)).into());
            }
            Some((excerpt, span)) => {
                // The location refers to the full line, not to the excerpt.
                let origin = Origin::path(file.as_str()).line(number);
                places.push(origin.char_column(at.column as usize).into());
                let snippet = Snippet::source(excerpt).line_start(number);
                places.push(snippet.annotation(mark(span)).into());
            }
        }
    }
    let related = finding.related.iter();
    let related =
        related.map(|(phrase, there)| Title::NOTE.message(one_line(&format!("{phrase} {there}"))));
    let help = finding.help.as_deref().map(one_line);
    let group = title
        .primary_title(one_line(&finding.message))
        .id(finding.rule.id())
        .elements(places)
        .elements(help.map(|help| Title::HELP.message(help)))
        .elements(related);
    let text = renderer.render(&[group]);
    // The renderer writes a line `:::` between the location and the excerpt.
    let is_separator = |line: &str| line.contains(":::") && !line.contains(char::is_alphanumeric);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !is_separator(&plain(line)))
        .collect();
    lines.join("\n")
}

/// Removes the color codes of a line.
fn plain(line: &str) -> String {
    let mut parts = line.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once('m').map_or("", |(_, text)| text)
    })
}

/// Shortens a long line around a range, and returns the range in the result.
fn cut(line: &str, span: &Range<usize>) -> Option<(String, Range<usize>)> {
    const WHOLE: usize = 500;
    const MARGIN: usize = 60;
    if line.len() <= WHOLE {
        return None;
    }
    let before = line[..span.start].char_indices().rev();
    let from = before.map(|(at, _)| at).nth(MARGIN - 1).unwrap_or(0);
    let after = line[span.start..]
        .char_indices()
        .map(|(at, _)| span.start + at);
    let mut after = after.skip_while(|at| *at < span.end.min(span.start + WHOLE));
    let to = after.nth(MARGIN).unwrap_or(line.len());
    let (start, end) = (
        if from > 0 { "…" } else { "" },
        if to < line.len() { "…" } else { "" },
    );
    let shift = |at: usize| at.min(to) - from + start.len();
    let span = shift(span.start)..shift(span.end);
    Some((format!("{start}{}{end}", &line[from..to]), span))
}

fn summary(report: &Report) -> String {
    let mut text = format!("{} checked: ", words::count(report.checked, report.noun));
    let (errors, warnings) = (report.count(Level::Deny), report.count(Level::Warn));
    match (errors, warnings) {
        (0, 0) => text.push_str("no problems found"),
        (errors, 0) => text.push_str(&words::count(errors, "error")),
        (0, warnings) => text.push_str(&words::count(warnings, "warning")),
        (errors, warnings) => {
            let (errors, warnings) = (
                words::count(errors, "error"),
                words::count(warnings, "warning"),
            );
            let _ = write!(text, "{errors}, {warnings}");
        }
    }
    text.push('\n');
    if report.omitted > 0 {
        let _ = writeln!(
            text,
            "{} of the errors are not shown",
            words::thousands(report.omitted as u64)
        );
    }
    if report.hidden > 0 {
        let hidden = words::count(report.hidden, "error");
        let _ = writeln!(
            text,
            "{hidden} hidden: run `cargo otel-contract check` to show all"
        );
    }
    // Suggest the page of the most severe finding.
    let mut findings = report.findings.iter();
    let error = findings.find(|finding| finding.level == Level::Deny);
    if let Some(first) = error.or(report.findings.first()) {
        let _ = writeln!(
            text,
            "for details, run `cargo otel-contract explain {}`",
            first.rule.id()
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{cut, plain};

    #[test]
    fn color_codes_are_removed() {
        assert_eq!(plain("a\x1b[1m\x1b[94m:::\x1b[0m b"), "a::: b");
    }

    #[test]
    fn a_long_line_is_shortened_around_the_location() {
        let line = format!("{}größe{}", "ä".repeat(500), "b".repeat(500));
        let (text, span) = cut(&line, &(1000..1007)).expect("an excerpt");
        assert_eq!(text, format!("…{}größe{}…", "ä".repeat(60), "b".repeat(60)));
        assert_eq!(&text[span], "größe");
        assert_eq!(cut("short", &(0..5)), None);
        // Ranges at the end and at the beginning of the line.
        let (text, span) = cut(&line, &(0..line.len())).expect("an excerpt");
        assert!(text.starts_with("ää") && text.ends_with('…'), "{text}");
        assert_eq!(span, 0..text.len() - '…'.len_utf8());
        let (text, _) = cut(&line, &(line.len()..line.len())).expect("an excerpt");
        assert!(text.ends_with('b'), "{text}");
    }
}
