//! Markdown page, for a wiki or a repository.

mod summary;

use super::Documented;
use super::facts::{self, Budgeted, Target, User};
use super::sampling;
use crate::words;
use otel_contract_model::text::markdown::{code, prose, text};
use otel_contract_model::{
    Attribute, AttributeUse, Contract, Deprecated, Event, LifeCycle, Metric, Operation, Privacy,
    RequirementLevel,
};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Renders all contracts on one page.
pub(crate) fn page(documented: &[Documented]) -> String {
    let mut text = String::new();
    for (index, document) in documented.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        Page {
            contract: &document.contract,
            text: &mut text,
            users: facts::users(&document.contract),
            budgets: facts::budgets(&document.contract),
        }
        .write(document);
    }
    text
}

struct Page<'a> {
    contract: &'a Contract,
    text: &'a mut String,
    users: HashMap<&'a str, Vec<User<'a>>>,
    budgets: Vec<Budgeted<'a>>,
}

impl Page<'_> {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    fn write(&mut self, documented: &Documented) {
        let contract = self.contract;
        self.line(format_args!(
            "# {} {}\n",
            text(&contract.name),
            contract.version
        ));
        self.line(format_args!("{}\n", text(&contract.brief)));
        let counts = words::list(&facts::counts(contract));
        let owners = match contract.owners.as_slice() {
            [] => String::new(),
            owners => format!(
                " {}",
                text(&format!("Owned by {}.", words::quoted_list(owners)))
            ),
        };
        self.line(format_args!("{counts}.{owners}"));
        if let Some((side, comparison)) = &documented.since {
            self.line(format_args!(
                "\n## Changes since {}\n",
                side.contract.version
            ));
            self.changes(&comparison.changes);
        }
        self.series();
        self.operations();
        self.attributes();
        self.groups();
        self.metrics();
        self.events();
        self.errors();
        self.resource_and_baggage();
    }

    /// Writes the heading of an entry, with its anchor.
    fn heading(&mut self, target: Target<'_>) {
        let anchor = anchor(target, self.contract);
        let name = code(target.name);
        self.line(format_args!("\n### <a id=\"{anchor}\"></a>{name}\n"));
    }

    fn link(&self, target: Target<'_>) -> String {
        let anchor = anchor(target, self.contract);
        format!("[{}](#{anchor})", code(target.name))
    }

    fn operations(&mut self) {
        if self.contract.operations.is_empty() {
            return;
        }
        self.line(format_args!("\n## Operations"));
        for operation in &self.contract.operations {
            self.operation(operation);
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let contract = self.contract;
        self.heading(Target::new("operation", &operation.name));
        self.prose(
            &operation.brief,
            operation.note.as_deref(),
            operation.life_cycle.deprecated.as_ref(),
        );
        self.line(format_args!("- Span kind: {}", words::kind(operation.kind)));
        for route in &operation.routes {
            let (route, meaning) = facts::route(route);
            let meaning = match meaning {
                "" => String::new(),
                meaning => format!(" ({meaning})"),
            };
            self.line(format_args!("- Route: {}{meaning}", code(&route)));
        }
        self.life(&operation.life_cycle);
        let errors: Vec<String> = contract
            .errors_of(operation)
            .iter()
            .map(|error| self.link(Target::new("error", &error.name)))
            .collect();
        match (&operation.errors, errors.as_slice()) {
            (_, []) => {}
            (None, _) => self.line(format_args!("- Errors: any class of the contract")),
            (Some(_), errors) => self.line(format_args!("- Errors: {}", errors.join(", "))),
        }
        let events: Vec<String> = operation
            .events
            .iter()
            .map(|id| self.link(Target::new("event", &contract[*id].name)))
            .collect();
        if !events.is_empty() {
            self.line(format_args!("- Events: {}", events.join(", ")));
        }
        let budgets = self.budgets.iter();
        let of_operation =
            budgets.filter(|budget| budget.operation == Some(operation.name.as_str()));
        let metrics = of_operation.map(|budget| {
            let bound = text(&facts::at_most(&budget.bound));
            format!("- Metric {}: {bound}", code(&budget.metric))
        });
        for metric in metrics.collect::<Vec<_>>() {
            self.line(format_args!("{metric}"));
        }
        for sentence in sampling::describe(operation) {
            self.line(format_args!("- Sampling: {}", text(&sentence)));
        }
        self.uses(contract.uses(operation), None);
    }

    /// Writes a table of attribute uses.
    fn uses<'u>(
        &mut self,
        uses: impl IntoIterator<Item = &'u AttributeUse>,
        error_type: Option<&RequirementLevel>,
    ) {
        let contract = self.contract;
        let rows: Vec<String> = uses
            .into_iter()
            .map(|used| {
                let attribute = &contract[used.attribute];
                let key = self.link(Target::new("attribute", &attribute.key));
                let level = text(&facts::level(used));
                format!("| {key} | {level} | {} |", text(&attribute.brief))
            })
            .chain(error_type.map(|level| {
                let level = text(&facts::requirement(level));
                format!("| `error.type` | {level} | Error class of the failure. |")
            }))
            .collect();
        if rows.is_empty() {
            return;
        }
        self.line(format_args!(
            "\n| attribute | level | |\n| --- | --- | --- |"
        ));
        for row in rows {
            self.line(format_args!("{row}"));
        }
    }

    fn attributes(&mut self) {
        if self.contract.attributes.is_empty() {
            return;
        }
        self.line(format_args!("\n## Attributes"));
        for attribute in &self.contract.attributes {
            self.attribute(attribute);
        }
    }

    fn attribute(&mut self, attribute: &Attribute) {
        self.heading(Target::new("attribute", &attribute.key));
        self.prose(
            &attribute.brief,
            attribute.note.as_deref(),
            attribute.life_cycle.deprecated.as_ref(),
        );
        if let Some(value) = attribute.value_type() {
            self.line(format_args!("- Type: `{}`", words::value_type(value)));
        }
        let domain = text(&facts::domain(attribute));
        self.line(format_args!(
            "- Cardinality: {}. {domain}",
            words::cardinality(attribute)
        ));
        let class = words::privacy_class(attribute.privacy);
        let class = match attribute.privacy {
            Privacy::Personal(protect) => format!("{class}, {}", words::protect(protect)),
            _ => class.to_owned(),
        };
        let privacy = text(&facts::privacy(attribute.privacy));
        self.line(format_args!("- Privacy: {class}. {privacy}"));
        if !attribute.examples.is_empty() {
            let examples: Vec<String> = attribute.examples.iter().map(|text| code(text)).collect();
            self.line(format_args!("- Examples: {}", examples.join(", ")));
        }
        if !attribute.instead_of.is_empty() {
            let names: Vec<String> = attribute.instead_of.iter().map(|text| code(text)).collect();
            self.line(format_args!("- Instead of: {}", names.join(", ")));
        }
        self.life(&attribute.life_cycle);
        let users = self
            .users
            .remove(attribute.key.as_str())
            .unwrap_or_default();
        for user in &users {
            let user_name = match user.target {
                Some(target) => format!("{} {}", user.what, self.link(target)),
                None => user.what.to_owned(),
            };
            self.line(format_args!("- Used by {user_name}: {}", text(&user.how)));
        }
        if users.is_empty() {
            self.line(format_args!("- Unused"));
        }
        let values = facts::values(attribute);
        if !values.is_empty() {
            self.line(format_args!("\n| value | |\n| --- | --- |"));
            for row in values {
                let deprecation = row.deprecated.map(facts::deprecated).unwrap_or_default();
                let brief = text(&format!("{} {deprecation}", row.brief));
                self.line(format_args!("| {} | {} |", code(&row.value), brief.trim()));
            }
        }
    }

    fn groups(&mut self) {
        if self.contract.groups.is_empty() {
            return;
        }
        self.line(format_args!("\n## Groups"));
        for group in &self.contract.groups {
            self.heading(Target::new("group", &group.name));
            self.prose(&group.brief, None, None);
            self.uses(&group.attributes, None);
        }
    }

    fn metrics(&mut self) {
        if self.contract.metrics.is_empty() {
            return;
        }
        self.line(format_args!("\n## Metrics"));
        for metric in &self.contract.metrics {
            self.metric(metric);
        }
    }

    fn metric(&mut self, metric: &Metric) {
        self.heading(Target::new("metric", &metric.name));
        self.prose(
            &metric.brief,
            metric.note.as_deref(),
            metric.life_cycle.deprecated.as_ref(),
        );
        let (instrument, values) = (
            words::instrument(metric.instrument),
            words::metric_value_type(metric.value_type),
        );
        self.line(format_args!(
            "- Instrument: {instrument}, values `{values}`, unit {}",
            code(&metric.unit)
        ));
        let bound = otel_contract_model::series::metric(self.contract, metric);
        self.line(format_args!("- Series: {}", text(&facts::at_most(&bound))));
        self.life(&metric.life_cycle);
        self.uses(&metric.attributes, metric.error_type.as_ref());
    }

    fn events(&mut self) {
        if self.contract.events.is_empty() {
            return;
        }
        self.line(format_args!("\n## Events"));
        for event in &self.contract.events {
            self.event(event);
        }
    }

    fn event(&mut self, event: &Event) {
        self.heading(Target::new("event", &event.name));
        self.prose(
            &event.brief,
            event.note.as_deref(),
            event.life_cycle.deprecated.as_ref(),
        );
        self.line(format_args!(
            "- Severity: {}",
            words::severity(event.severity)
        ));
        self.life(&event.life_cycle);
        self.uses(&event.attributes, event.error_type.as_ref());
    }

    fn errors(&mut self) {
        if self.contract.errors.is_empty() {
            return;
        }
        self.line(format_args!(
            "\n## Error classes\n\nThe values of `error.type`."
        ));
        for error in &self.contract.errors {
            self.heading(Target::new("error", &error.name));
            self.prose(&error.brief, None, error.deprecated.as_ref());
            if let Some(reported) = facts::reported(error) {
                self.line(format_args!("\n- Reported {reported}"));
            }
        }
    }

    /// Writes the resource and the baggage.
    fn resource_and_baggage(&mut self) {
        let contract = self.contract;
        if !contract.resource.is_empty() {
            self.line(format_args!("\n## Resource"));
            self.uses(&contract.resource, None);
        }
        if !contract.baggage.is_empty() {
            self.line(format_args!("\n## Baggage\n"));
            for id in &contract.baggage {
                let link = self.link(Target::new("attribute", &contract[*id].key));
                self.line(format_args!("- {link}"));
            }
        }
    }

    /// Writes deprecation, brief and note of an entry.
    fn prose(&mut self, brief: &str, note: Option<&str>, deprecated: Option<&Deprecated>) {
        if let Some(deprecated) = deprecated {
            let sentence = text(&facts::deprecated(deprecated));
            self.line(format_args!("> {sentence}\n"));
        }
        for text in [Some(brief), note].into_iter().flatten() {
            if !text.is_empty() {
                self.line(format_args!("{}\n", prose(text)));
            }
        }
    }

    fn life(&mut self, life_cycle: &LifeCycle) {
        for (word, sentence) in facts::life(self.contract, life_cycle) {
            self.line(format_args!("- {word}: {}", text(&sentence)));
        }
    }
}

/// Returns the anchor in the characters that are safe in a link and in an HTML attribute.
fn anchor(target: Target<'_>, contract: &Contract) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
    target.anchor(contract).replace(|c| !plain(c), "_")
}
