//! `stats`: counts the entries of contracts and the series of their metrics.

use super::CommandResult;
use crate::ExitStatus;
use crate::discover::{self, Selection};
use crate::output;
use crate::paths;
use crate::words::{self, thousands};
use otel_contract_model::series::{self, Bound};
use otel_contract_model::text::visible;
use otel_contract_model::{Cardinality, Contract, Privacy, Source};
use otel_contract_yaml::compile;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Arguments of `stats`.
#[derive(Debug, clap::Args)]
pub(crate) struct Stats {
    #[command(flatten)]
    selection: Selection,
    /// Output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables for the terminal
    #[default]
    Text,
    /// One JSON document
    Json,
}

impl Stats {
    /// Prints the numbers of every contract that compiles.
    pub(crate) fn run(&self) -> CommandResult {
        let mut exit_status = ExitStatus::Clean;
        let mut all = Vec::new();
        for found in discover::contracts(&self.selection)? {
            let shown = paths::shown(&found.path);
            let compiled = compile(&Source::file("", &shown));
            match compiled.contract {
                Some(contract) if compiled.diagnostics.is_empty() => {
                    all.push(Numbers::new(&contract, shown));
                }
                contract => {
                    let errors = compiled.diagnostics.len() + compiled.diagnostics.omitted();
                    let errors = words::count(errors, "error");
                    output::print_message(&format!(
                        "error: `{shown}` has {errors}, so its numbers are unknown\n\
                         help: `cargo otel-contract check {shown}` shows the errors\n"
                    ));
                    let worse = if contract.is_none() {
                        ExitStatus::Failed
                    } else {
                        ExitStatus::Findings
                    };
                    exit_status = exit_status.or(worse);
                }
            }
        }
        let text = match self.format {
            Format::Text => {
                let all: Vec<String> = all.iter().map(Numbers::text).collect();
                visible(&all.join("\n"))
            }
            Format::Json => {
                let all: Vec<Value> = all.iter().map(Numbers::json).collect();
                output::document(&json!({ "version": 1, "contracts": all }))
            }
        };
        output::print(&text)?;
        Ok(exit_status)
    }
}

/// Statistics of one contract.
struct Numbers {
    file: String,
    name: String,
    version: String,
    /// Number of entries by kind.
    counts: Vec<(&'static str, usize)>,
    cardinality: [(&'static str, usize); 3],
    privacy: [(&'static str, usize); 4],
    /// Bound of each metric, largest first.
    series: Vec<(String, Bound)>,
    per_metric: u64,
    budget: Option<u64>,
}

impl Numbers {
    fn new(contract: &Contract, file: String) -> Numbers {
        let attributes = &contract.attributes;
        let of_class = |is: fn(&Cardinality) -> bool| {
            // Secrets are never recorded, so they have no cardinality class.
            let recorded = attributes
                .iter()
                .filter(|attribute| attribute.privacy != Privacy::Secret);
            recorded
                .filter(|attribute| is(&attribute.cardinality()))
                .count()
        };
        let of_privacy = |is: fn(&Privacy) -> bool| {
            attributes
                .iter()
                .filter(|attribute| is(&attribute.privacy))
                .count()
        };
        Numbers {
            file,
            name: contract.name.clone(),
            version: contract.version.clone(),
            counts: vec![
                ("files", contract.files.len()),
                ("attributes", attributes.len()),
                (
                    "semconv",
                    attributes
                        .iter()
                        .filter(|attribute| attribute.semconv)
                        .count(),
                ),
                ("groups", contract.groups.len()),
                ("errors", contract.errors.len()),
                ("operations", contract.operations.len()),
                ("metrics", contract.metrics.len()),
                ("events", contract.events.len()),
            ],
            cardinality: [
                (
                    "closed",
                    of_class(|class| matches!(class, Cardinality::Closed(_))),
                ),
                (
                    "bounded",
                    of_class(|class| matches!(class, Cardinality::Bounded(_))),
                ),
                (
                    "unbounded",
                    of_class(|class| matches!(class, Cardinality::Unbounded)),
                ),
            ],
            privacy: [
                (
                    "public",
                    of_privacy(|privacy| matches!(privacy, Privacy::Public)),
                ),
                (
                    "internal",
                    of_privacy(|privacy| matches!(privacy, Privacy::Internal)),
                ),
                (
                    "personal",
                    of_privacy(|privacy| matches!(privacy, Privacy::Personal(_))),
                ),
                (
                    "secret",
                    of_privacy(|privacy| matches!(privacy, Privacy::Secret)),
                ),
            ],
            series: bounds(contract),
            per_metric: contract.budget.per_metric(),
            budget: contract.budget.series,
        }
    }

    fn total(&self) -> u64 {
        let series = self.series.iter().filter_map(|(_, bound)| bound.product());
        series.fold(0, u64::saturating_add)
    }

    fn text(&self) -> String {
        let mut text = format!("{} {}  {}\n\n", self.name, self.version, self.file);
        for (what, count) in &self.counts {
            let _ = writeln!(text, "  {what:<12}{count:>8}");
        }
        let _ = writeln!(text, "\n  cardinality   {}", row(&self.cardinality));
        let _ = writeln!(text, "  privacy       {}", row(&self.privacy));
        if !self.series.is_empty() {
            let _ = writeln!(
                text,
                "\n  series, budget of {} per metric",
                thousands(self.per_metric)
            );
            let width = self
                .series
                .iter()
                .map(|(name, _)| name.len())
                .max()
                .unwrap_or(0);
            for (name, bound) in &self.series {
                let count = bound.product().unwrap_or(u64::MAX);
                let share = share(count, self.per_metric);
                let count = thousands(count);
                let _ = writeln!(text, "  {name:<width$} {count:>10} {share:>5}  {bound}");
            }
        }
        let total = self.total();
        let _ = match self.budget {
            Some(budget) => {
                let (total, share) = (thousands(total), share(total, budget));
                writeln!(
                    text,
                    "\n  {total} of {} series in total ({share})",
                    thousands(budget)
                )
            }
            None => writeln!(
                text,
                "\n  {} series in total, no budget set",
                thousands(total)
            ),
        };
        text
    }

    fn json(&self) -> Value {
        let counts: serde_json::Map<String, Value> = self
            .counts
            .iter()
            .map(|(what, count)| (what.replace(' ', "_"), json!(count)))
            .collect();
        let classes = |classes: &[(&str, usize)]| -> Value {
            let classes = classes
                .iter()
                .map(|(class, count)| ((*class).to_owned(), json!(count)));
            Value::Object(classes.collect())
        };
        let metrics: Vec<Value> = self
            .series
            .iter()
            .map(|(name, bound)| {
                json!({
                    "metric": name,
                    "series": bound.product(),
                    "bound": bound.to_string(),
                    "budget": self.per_metric,
                })
            })
            .collect();
        json!({
            "file": self.file,
            "contract": self.name,
            "version": self.version,
            "counts": counts,
            "cardinality": classes(&self.cardinality),
            "privacy": classes(&self.privacy),
            "metrics": metrics,
            "series": { "total": self.total(), "budget": self.budget },
        })
    }
}

/// Returns the bound of every metric, largest first.
fn bounds(contract: &Contract) -> Vec<(String, Bound)> {
    let mut bounds = Vec::new();
    for operation in &contract.operations {
        if let Some(metrics) = &operation.metrics {
            let duration = series::duration(contract, operation, metrics);
            bounds.push((format!("{}.duration", operation.name), duration));
            if metrics.active {
                let active = series::active(contract, operation, metrics);
                bounds.push((format!("{}.active", operation.name), active));
            }
        }
    }
    let metrics = contract.metrics.iter();
    bounds.extend(metrics.map(|metric| (metric.name.clone(), series::metric(contract, metric))));
    bounds.sort_by_key(|(_, bound)| std::cmp::Reverse(bound.product()));
    bounds
}

fn row(classes: &[(&str, usize)]) -> String {
    let classes: Vec<String> = classes
        .iter()
        .map(|(class, count)| format!("{count} {class}"))
        .collect();
    classes.join(", ")
}

fn share(part: u64, whole: u64) -> String {
    let percent = u128::from(part) * 100 / u128::from(whole.max(1));
    if part > 0 && percent == 0 {
        return "<1 %".to_owned();
    }
    format!("{percent} %")
}
