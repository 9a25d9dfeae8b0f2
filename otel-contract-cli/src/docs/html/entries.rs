//! Cards for the entries of a contract.

use super::super::facts::{self, Budgeted, Target, User};
use super::super::sampling;
use super::card::{Card, codes, table};
use super::escape::{breakable, prose, text};
use super::picture;
use crate::words;
use otel_contract_model::{Attribute, AttributeUse, Contract, Domain, Operation, RequirementLevel};
use std::collections::HashMap;
use std::fmt::Write as _;

pub(super) struct Entries<'a> {
    contract: &'a Contract,
    /// Users by key of the attribute.
    users: HashMap<&'a str, Vec<User<'a>>>,
    /// Metrics recorded by each operation.
    budgets: HashMap<&'a str, Vec<Budgeted<'a>>>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(contract: &'a Contract) -> Self {
        let mut budgets: HashMap<&str, Vec<Budgeted<'_>>> = HashMap::new();
        for budget in facts::budgets(contract) {
            if let Some(operation) = budget.operation {
                budgets.entry(operation).or_default().push(budget);
            }
        }
        Self {
            contract,
            users: facts::users(contract),
            budgets,
        }
    }

    fn link(&self, target: Target<'_>) -> String {
        let anchor = text(&target.anchor(self.contract));
        format!(
            "<a href=\"#{anchor}\"><code>{}</code></a>",
            breakable(target.name)
        )
    }

    pub(super) fn attributes(&self) -> String {
        let attributes = self.contract.attributes.iter();
        attributes
            .map(|attribute| self.attribute(attribute))
            .collect()
    }

    fn attribute(&self, attribute: &Attribute) -> String {
        let mut card = Card::new("attribute", &attribute.key);
        if attribute.domain != Domain::Secret {
            card.chip(
                words::cardinality_class(attribute),
                words::cardinality(attribute),
            );
        }
        card.chip(
            words::privacy_class(attribute.privacy),
            words::privacy_class(attribute.privacy),
        );
        if attribute.semconv {
            card.chip("plain", "semantic conventions");
        }
        card.description(
            &attribute.brief,
            attribute.note.as_deref(),
            attribute.life_cycle.deprecated.as_ref(),
        );
        if let Some(value) = attribute.value_type() {
            card.fact("Type", format!("<code>{}</code>", words::value_type(value)));
        }
        card.fact("Values", prose(&facts::domain(attribute)));
        card.fact("Privacy", prose(&facts::privacy(attribute.privacy)));
        if !attribute.examples.is_empty() {
            card.fact("Examples", codes(&attribute.examples));
        }
        if !attribute.instead_of.is_empty() {
            card.search_terms
                .extend(attribute.instead_of.iter().cloned());
            card.fact("Replaces", codes(&attribute.instead_of));
        }
        card.fact("Used by", self.users(attribute));
        card.life(self.contract, &attribute.life_cycle, &attribute.at);
        let rows = facts::values(attribute);
        if !rows.is_empty() {
            let cells = rows.iter().map(|row| {
                let deprecation = row.deprecated.map(facts::deprecated).unwrap_or_default();
                let sentence = prose(format!("{} {deprecation}", row.brief).trim());
                vec![format!("<code>{}</code>", text(&row.value)), sentence]
            });
            card.tables = table(&["Value", "Meaning"], cells);
            for row in &rows {
                card.search_terms.push(row.value.clone());
                card.search_terms.push(row.brief.to_owned());
            }
        }
        card.finish(self.contract)
    }

    /// Lists the users of an attribute with their requirement levels.
    fn users(&self, attribute: &Attribute) -> String {
        let Some(users) = self.users.get(attribute.key.as_str()) else {
            return "unused".to_owned();
        };
        let users = users.iter().map(|user| {
            let user_name = match user.target {
                Some(target) => format!("{} {}", user.what, self.link(target)),
                None => user.what.to_owned(),
            };
            format!(
                "<li>{user_name} <span class=\"how\">{}</span></li>",
                text(&user.how)
            )
        });
        format!("<ul>{}</ul>", users.collect::<Vec<_>>().concat())
    }

    pub(super) fn operations(&self) -> String {
        let operations = self.contract.operations.iter();
        operations
            .map(|operation| self.operation(operation))
            .collect()
    }

    fn operation(&self, operation: &Operation) -> String {
        let contract = self.contract;
        let mut card = Card::new("operation", &operation.name);
        card.chip(
            "plain",
            format!("span kind {}", words::kind(operation.kind)),
        );
        if let Some(sampling) = &operation.sampling {
            card.chip(
                "sampled",
                format!("{} kept", sampling::percent(sampling.ratio)),
            );
        }
        card.description(
            &operation.brief,
            operation.note.as_deref(),
            operation.life_cycle.deprecated.as_ref(),
        );
        if !operation.routes.is_empty() {
            let routes = routes(operation, &mut card.search_terms);
            card.fact("Routes", routes);
        }
        let errors: Vec<String> = contract
            .errors_of(operation)
            .iter()
            .map(|error| self.link(Target::new("error", &error.name)))
            .collect();
        let errors = match &operation.errors {
            Some(_) if errors.is_empty() => "none".to_owned(),
            Some(_) => errors.join(", "),
            None => "any class of the contract".to_owned(),
        };
        card.fact("Errors", errors);
        let events: Vec<String> = operation
            .events
            .iter()
            .map(|id| self.link(Target::new("event", &contract[*id].name)))
            .collect();
        if !events.is_empty() {
            card.fact("Events", events.join(", "));
        }
        for budget in self
            .budgets
            .get(operation.name.as_str())
            .into_iter()
            .flatten()
        {
            card.search_terms.push(budget.metric.clone());
            let sentence = format!(
                "<code>{}</code>{}<span class=\"of\">{}</span>",
                breakable(&budget.metric),
                picture::bar(budget.series, Some(budget.budget)),
                text(&facts::at_most(&budget.bound))
            );
            card.fact("Metric", sentence);
        }
        let sampling: Vec<String> = sampling::describe(operation)
            .iter()
            .map(|sentence| prose(sentence))
            .collect();
        card.fact("Sampling", sampling.join(" "));
        card.life(contract, &operation.life_cycle, &operation.at);
        self.uses(&mut card, contract.uses(operation), None);
        card.finish(contract)
    }

    /// Adds a table of attribute uses to a card.
    fn uses<'u>(
        &self,
        card: &mut Card<'_>,
        uses: impl IntoIterator<Item = &'u AttributeUse>,
        error_type: Option<&RequirementLevel>,
    ) {
        let contract = self.contract;
        let mut rows: Vec<Vec<String>> = Vec::new();
        for used in uses {
            let attribute = &contract[used.attribute];
            card.search_terms.push(attribute.key.clone());
            rows.push(vec![
                self.link(Target::new("attribute", &attribute.key)),
                prose(&facts::level(used)),
                prose(&attribute.brief),
            ]);
        }
        if let Some(level) = error_type {
            rows.push(vec![
                "<code>error.type</code>".to_owned(),
                prose(&facts::requirement(level)),
                "Error class of the failure.".to_owned(),
            ]);
        }
        if !rows.is_empty() {
            card.tables = table(&["Attribute", "Level", "Meaning"], rows);
        }
    }

    pub(super) fn metrics(&self) -> String {
        let contract = self.contract;
        let metrics = contract.metrics.iter().map(|metric| {
            let mut card = Card::new("metric", &metric.name);
            card.chip("plain", words::instrument(metric.instrument));
            card.description(
                &metric.brief,
                metric.note.as_deref(),
                metric.life_cycle.deprecated.as_ref(),
            );
            let unit = text(&metric.unit);
            let values = words::metric_value_type(metric.value_type);
            card.fact(
                "Unit",
                format!("<code>{unit}</code>, values are <code>{values}</code>"),
            );
            if !metric.buckets.is_empty() {
                let buckets: Vec<String> = metric.buckets.iter().map(ToString::to_string).collect();
                card.fact("Buckets", text(&buckets.join(", ")));
            }
            let bound = otel_contract_model::series::metric(contract, metric);
            let series = bound.product().unwrap_or(u64::MAX);
            let sentence = format!(
                "{}<span class=\"of\">{}</span>",
                picture::bar(series, Some(contract.budget.per_metric())),
                text(&facts::at_most(&bound))
            );
            card.fact("Series", sentence);
            card.life(contract, &metric.life_cycle, &metric.at);
            self.uses(&mut card, &metric.attributes, metric.error_type.as_ref());
            card.finish(contract)
        });
        metrics.collect()
    }

    pub(super) fn events(&self) -> String {
        let contract = self.contract;
        let events = contract.events.iter().map(|event| {
            let mut card = Card::new("event", &event.name);
            card.chip(
                "plain",
                format!("severity {}", words::severity(event.severity)),
            );
            card.description(
                &event.brief,
                event.note.as_deref(),
                event.life_cycle.deprecated.as_ref(),
            );
            card.life(contract, &event.life_cycle, &event.at);
            self.uses(&mut card, &event.attributes, event.error_type.as_ref());
            card.finish(contract)
        });
        events.collect()
    }

    /// Returns links to the operations that use an entry, for its list of facts.
    fn operation_links<'o>(&self, operations: impl Iterator<Item = &'o Operation>) -> String {
        let links: Vec<String> = operations
            .map(|operation| self.link(Target::new("operation", &operation.name)))
            .collect();
        if links.is_empty() {
            "no operation".to_owned()
        } else {
            links.join(", ")
        }
    }

    pub(super) fn errors(&self) -> String {
        let contract = self.contract;
        let errors = contract.errors.iter().map(|error| {
            let mut card = Card::new("error", &error.name);
            card.description(&error.brief, None, error.deprecated.as_ref());
            let users = contract.operations.iter().filter(|operation| {
                let mut classes = contract.errors_of(operation).into_iter();
                classes.any(|class| class.name == error.name)
            });
            card.fact("Used by", self.operation_links(users));
            if let Some(reported) = facts::reported(error) {
                card.fact("Reported", prose(&reported));
            }
            card.fact(
                "Declared",
                format!("<code>{}</code>", text(&error.at.to_string())),
            );
            card.finish(contract)
        });
        errors.collect()
    }

    pub(super) fn groups(&self) -> String {
        let contract = self.contract;
        let groups = contract.groups.iter().map(|group| {
            let mut card = Card::new("group", &group.name);
            card.description(&group.brief, None, None);
            let users = contract.operations.iter().filter(|operation| {
                let mut groups = operation.groups.iter();
                groups.any(|id| contract[*id].name == group.name)
            });
            card.fact("Included by", self.operation_links(users));
            card.fact(
                "Declared",
                format!("<code>{}</code>", text(&group.at.to_string())),
            );
            self.uses(&mut card, &group.attributes, None);
            card.finish(contract)
        });
        groups.collect()
    }

    /// Renders the sections for resource and baggage.
    pub(super) fn resource_and_baggage(&self) -> String {
        let contract = self.contract;
        let name = text(&contract.name);
        let mut html = String::new();
        if !contract.resource.is_empty() {
            let rows = contract.resource.iter().map(|used| {
                let attribute = &contract[used.attribute];
                vec![
                    self.link(Target::new("attribute", &attribute.key)),
                    prose(&facts::level(used)),
                    prose(&attribute.brief),
                ]
            });
            let table = table(&["Attribute", "Level", "Meaning"], rows);
            let _ = write!(
                html,
                "<section aria-labelledby=\"{name}/resource\">\n<h2 id=\"{name}/resource\">Resource</h2>\n<p>Attributes of every service.</p>\n{table}</section>\n"
            );
        }
        if !contract.baggage.is_empty() {
            let links: Vec<String> = contract
                .baggage
                .iter()
                .map(|id| self.link(Target::new("attribute", &contract[*id].key)))
                .collect();
            let links = links.join(", ");
            let _ = write!(
                html,
                "<section aria-labelledby=\"{name}/baggage\">\n<h2 id=\"{name}/baggage\">Baggage</h2>\n<p>Attributes that requests carry to every called service: {links}.</p>\n</section>\n"
            );
        }
        html
    }
}

/// Formats the routes of an operation, and adds them to the search terms.
fn routes(operation: &Operation, search_terms: &mut Vec<String>) -> String {
    let routes = operation.routes.iter().map(|route| {
        let (route, meaning) = facts::route(route);
        let shown = breakable(&route);
        search_terms.push(route);
        match meaning {
            "" => format!("<code>{shown}</code>"),
            meaning => format!("<code>{shown}</code> ({})", text(meaning)),
        }
    });
    routes.collect::<Vec<_>>().join(", ")
}
