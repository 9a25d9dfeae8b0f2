//! For people: each finding with its line of source, as `rustc` shows its own, then a summary.

use crate::finding::{Finding, Level, Report, counted};
use crate::text::{Texts, within};
use annotate_snippets::{AnnotationKind, Element, Level as Title, Origin, Renderer, Snippet};
use otel_contract_model::text::line as one_line;
use std::fmt::Write as _;
use std::ops::Range;

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
    let file = one_line(&at.file);
    // In one line each: in the log of a runner, a line of a contract may look like a command.
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
                // The place is in the line, not in what is shown of it.
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
        .id(finding.rule)
        .elements(places)
        .elements(help.map(|help| Title::HELP.message(help)))
        .elements(related);
    let text = renderer.render(&[group]);
    // Between a place and an excerpt that says nothing of its own place, `:::` would part the two.
    let parts = |line: &str| line.contains(":::") && !line.contains(char::is_alphanumeric);
    let lines: Vec<&str> = text.lines().filter(|line| !parts(&plain(line))).collect();
    lines.join("\n")
}

/// A line without what colours it.
fn plain(line: &str) -> String {
    let mut parts = line.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once('m').map_or("", |(_, text)| text)
    })
}

/// A line that is too long to be shown, cut around a place; with where that is then.
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
    if report.hidden > 0 {
        let hidden = counted(report.hidden, "fault");
        let _ = writeln!(
            text,
            "{hidden} beside: `cargo otel-contract check` shows them"
        );
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

#[cfg(test)]
mod tests {
    use super::{cut, plain};

    #[test]
    fn colours_are_taken_off() {
        assert_eq!(plain("a\x1b[1m\x1b[94m:::\x1b[0m b"), "a::: b");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}größe{}", "ä".repeat(500), "b".repeat(500));
        let (text, span) = cut(&line, &(1000..1007)).expect("an excerpt");
        assert_eq!(text, format!("…{}größe{}…", "ä".repeat(60), "b".repeat(60)));
        assert_eq!(&text[span], "größe");
        assert_eq!(cut("short", &(0..5)), None);
        // To the end of the line, and from its beginning.
        let (text, span) = cut(&line, &(0..line.len())).expect("an excerpt");
        assert!(text.starts_with("ää") && text.ends_with('…'), "{text}");
        assert_eq!(span, 0..text.len() - '…'.len_utf8());
        let (text, _) = cut(&line, &(line.len()..line.len())).expect("an excerpt");
        assert!(text.ends_with('b'), "{text}");
    }
}
