//! Output formats of comparisons: text, JSON and Markdown.

use super::{Change, Comparison, Step, Verdict};
use crate::revision::Side;
use crate::words;
use otel_contract_model::text::line as one_line;
use otel_contract_model::text::markdown::{code, text as markdown};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A comparison with its inputs.
pub(crate) struct Report<'a> {
    pub(crate) old: &'a Side,
    pub(crate) new: &'a Side,
    pub(crate) comparison: &'a Comparison,
}

const STEPS: [Step; 3] = [Step::Major, Step::Minor, Step::Patch];

impl Report<'_> {
    /// Formats the comparison for the terminal.
    pub(crate) fn human(&self) -> String {
        let mut text = format!("{}\n", self.headline());
        for step in STEPS {
            let changes = self.with_step(step);
            if changes.is_empty() {
                continue;
            }
            line(&mut text, format_args!("\n{}", step.word()));
            for change in changes {
                line(&mut text, format_args!("  {}", one_line(&change.sentence)));
                if !change.breaks.is_nothing() {
                    let breaks = change.breaks.words().join(", ");
                    line(&mut text, format_args!("    breaks: {breaks}"));
                }
                if let Some(help) = &change.help {
                    line(&mut text, format_args!("    help: {}", one_line(help)));
                }
                line(&mut text, format_args!("    at {}", self.place(change)));
            }
        }
        if !self.comparison.series.is_empty() {
            text.push_str("\nseries\n");
            let series = &self.comparison.series;
            let names = series
                .iter()
                .map(|series_change| series_change.metric.chars().count());
            let arrows: Vec<String> = series.iter().map(super::SeriesChange::arrow).collect();
            let name = names.max().unwrap_or_default();
            let arrow = arrows.iter().map(|change| change.chars().count()).max();
            let arrow = arrow.unwrap_or_default();
            for (change, shown) in series.iter().zip(&arrows) {
                let text_line = format!(
                    "  {:name$}  {shown:arrow$}  {}",
                    change.metric, change.factors
                );
                line(&mut text, format_args!("{}", text_line.trim_end()));
            }
        }
        line(&mut text, format_args!("\n{}", self.verdict()));
        text
    }

    /// Formats the comparison as one JSON document.
    pub(crate) fn json(&self) -> Value {
        let side = |side: &Side| {
            json!({
                "contract": side.contract.name,
                "version": side.contract.version,
                "source": side.label,
            })
        };
        let changes = self.comparison.changes.iter().map(|change| {
            json!({
                "kind": change.kind.word(),
                "name": change.name,
                "field": change.field,
                "step": change.step.word(),
                "breaks": change.breaks.words(),
                "message": change.sentence,
                "help": change.help,
                "location": {
                    "file": &*change.at.file,
                    "line": change.at.line,
                    "column": change.at.column,
                    "in": if change.is_removed { "old" } else { "new" },
                },
            })
        });
        let series = self.comparison.series.iter().map(|series_change| {
            json!({
                "metric": series_change.metric,
                "old": series_change.old,
                "new": series_change.new,
                "factors": series_change.factors,
            })
        });
        let verdict = &self.comparison.verdict;
        json!({
            "version": 1,
            "old": side(self.old),
            "new": side(self.new),
            "step": self.comparison.step.map(Step::word),
            "version_is_enough": verdict.is_fine(),
            "needed_version": verdict.needed().map(ToString::to_string),
            "changes": changes.collect::<Vec<_>>(),
            "series": series.collect::<Vec<_>>(),
        })
    }

    /// Formats the comparison as GitHub-flavored Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("### {}\n", markdown(&self.headline()));
        let mark = if self.comparison.verdict.is_fine() {
            "✅"
        } else {
            "❌"
        };
        line(
            &mut text,
            format_args!("\n{mark} {}", markdown(&self.verdict())),
        );
        for step in STEPS {
            let changes = self.with_step(step);
            if changes.is_empty() {
                continue;
            }
            let title = format!("{}: {}", step.word(), words::count(changes.len(), "change"));
            // Patches are collapsed to keep the page short.
            if step == Step::Patch {
                line(
                    &mut text,
                    format_args!("\n<details><summary>{title}</summary>\n"),
                );
            } else {
                line(&mut text, format_args!("\n#### {title}\n"));
            }
            text.push_str("| change | breaks | where |\n| --- | --- | --- |\n");
            for change in changes {
                let breaks = change.breaks.words().join(", ");
                let help = change
                    .help
                    .as_ref()
                    .map(|help| format!("<br>{}", markdown(help)));
                let (sentence, help) = (markdown(&change.sentence), help.unwrap_or_default());
                let place = code(&self.place(change));
                line(
                    &mut text,
                    format_args!("| {sentence}{help} | {breaks} | {place} |"),
                );
            }
            if step == Step::Patch {
                text.push_str("\n</details>\n");
            }
        }
        if !self.comparison.series.is_empty() {
            text.push_str("\n#### series\n\n| metric | at most | |\n| --- | --- | --- |\n");
            for series_change in &self.comparison.series {
                let metric = code(&series_change.metric);
                line(
                    &mut text,
                    format_args!(
                        "| {metric} | {} | {} |",
                        series_change.arrow(),
                        markdown(&series_change.factors)
                    ),
                );
            }
        }
        text
    }

    fn with_step(&self, step: Step) -> Vec<&Change> {
        let changes = self.comparison.changes.iter();
        changes.filter(|change| change.step == step).collect()
    }

    fn headline(&self) -> String {
        let (old, new) = (&self.old.contract, &self.new.contract);
        let count = words::count(self.comparison.changes.len(), "change");
        let count = match self.comparison.changes.len() {
            0 => "no changes".to_owned(),
            _ => count,
        };
        format!("`{}` {} → {}: {count}", new.name, old.version, new.version)
    }

    fn verdict(&self) -> String {
        let (old, new) = (&self.old.contract.version, &self.new.contract.version);
        let step = self.comparison.step.map_or("no", Step::word);
        match &self.comparison.verdict {
            Verdict::Unchanged => "no new version is needed".to_owned(),
            Verdict::Enough => {
                format!("version {new} is sufficient: the changes are a {step} step from {old}")
            }
            Verdict::TooSmall(needed) => {
                format!(
                    "version {new} is too low: the changes are a {step} step from {old}, so {needed} is needed"
                )
            }
            Verdict::Backwards(needed) => {
                format!("version {new} is lower than {old}: at least {needed} is needed")
            }
        }
    }

    /// Returns the location of a change, with the revision if it is in the old contract.
    fn place(&self, change: &Change) -> String {
        if change.is_removed {
            let name = self.old.label.split_once(':').map(|(revision, _)| revision);
            match name {
                Some(revision) => format!("{} of {revision}", change.at),
                None => change.at.to_string(),
            }
        } else {
            change.at.to_string()
        }
    }
}

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "{line}");
}
