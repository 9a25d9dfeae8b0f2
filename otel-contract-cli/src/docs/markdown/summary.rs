//! Changes and series of a contract.

use super::Page;
use crate::diff::{Change, Step};
use crate::docs::facts;
use crate::words::thousands;
use otel_contract_model::text::markdown::{code, text};

impl Page<'_> {
    pub(super) fn changes(&mut self, changes: &[Change]) {
        if changes.is_empty() {
            self.line(format_args!("No changes."));
        }
        for step in [Step::Major, Step::Minor, Step::Patch] {
            for change in changes.iter().filter(|change| change.step == step) {
                let breaks = match change.breaks.words().as_slice() {
                    [] => String::new(),
                    words => format!(" (breaks {})", words.join(", ")),
                };
                let sentence = text(&change.sentence);
                self.line(format_args!("- **{}**{breaks}: {sentence}", step.word()));
            }
        }
    }

    pub(super) fn series(&mut self) {
        if self.budgets.is_empty() {
            return;
        }
        self.line(format_args!("\n## Series\n"));
        let total = facts::total(&self.budgets);
        let share = facts::share(total, self.contract.budget.series);
        self.line(format_args!("All metrics together: {share}.\n"));
        self.line(format_args!("| metric | at most | budget | factors |"));
        self.line(format_args!("| --- | ---: | ---: | --- |"));
        let rows = self.budgets.iter().map(|metric| {
            let name = code(&metric.metric);
            let (series, budget) = (thousands(metric.series), thousands(metric.budget));
            let factors = text(&facts::factors(&metric.bound));
            format!("| {name} | {series} | {budget} | {factors} |")
        });
        for row in rows.collect::<Vec<_>>() {
            self.line(format_args!("{row}"));
        }
    }
}
