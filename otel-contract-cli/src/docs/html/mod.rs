//! Self-contained HTML page: style, script and graphics are inline.

mod card;
mod entries;
mod escape;
mod picture;
mod policy;

use super::Documented;
use super::facts::{self, Target};
use crate::diff::{Change, Kind, Step};
use crate::words::{self, thousands};
use escape::{breakable, prose, text};
use otel_contract_model::Contract;
use std::fmt::Write as _;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Renders all contracts on one page.
pub(crate) fn page(documented: &[Documented]) -> String {
    let names: Vec<String> = documented
        .iter()
        .map(|page| format!("{} {}", page.contract.name, page.contract.version))
        .collect();
    let title = text(&format!("{}: telemetry vocabulary", names.join(", ")));
    let navigation: String = documented.iter().map(navigation).collect();
    let contracts: String = documented.iter().map(contract).collect();
    // The Content Security Policy blocks network access and all other scripts. If a name could inject markup, the
    // markup would have no effect.
    let (style_hash, script_hash) = (policy::hash(STYLE), policy::hash(SCRIPT));
    format!(
        r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{style_hash}'; script-src '{script_hash}'; img-src data:; base-uri 'none'; form-action 'none'">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the vocabulary</a>
<header class="top">
<p class="name">{heading}</p>
<search hidden>
<label for="search">Search the vocabulary</label>
<input id="search" type="search" placeholder="Search names, values, briefs" autocomplete="off" spellcheck="false" aria-describedby="found">
<kbd aria-hidden="true">/</kbd>
<p id="found" role="status"></p>
</search>
</header>
<div class="columns">
<nav aria-label="Contents">
<details open>
<summary>Contents</summary>
{navigation}</details>
</nav>
<main id="main" tabindex="-1">
{contracts}<p id="nothing" hidden>No matches. <button type="button" id="clear">Show all</button></p>
</main>
</div>
<script>{SCRIPT}</script>
</body>
</html>
"##,
        heading = text(&names.join(", ")),
    )
}

/// Returns the non-empty sections of a contract: anchor, title and entries.
fn sections(contract: &Contract) -> Vec<(&'static str, &'static str, Vec<Target<'_>>)> {
    let operations = contract.operations.iter();
    let attributes = contract.attributes.iter();
    let metrics = contract.metrics.iter();
    let events = contract.events.iter();
    let errors = contract.errors.iter();
    let groups = contract.groups.iter();
    let sections = [
        (
            "operations",
            "Operations",
            operations
                .map(|operation| Target::new("operation", &operation.name))
                .collect(),
        ),
        (
            "attributes",
            "Attributes",
            attributes
                .map(|attribute| Target::new("attribute", &attribute.key))
                .collect(),
        ),
        (
            "metrics",
            "Metrics",
            metrics
                .map(|metric| Target::new("metric", &metric.name))
                .collect(),
        ),
        (
            "events",
            "Events",
            events
                .map(|event| Target::new("event", &event.name))
                .collect(),
        ),
        (
            "errors",
            "Error classes",
            errors
                .map(|error| Target::new("error", &error.name))
                .collect(),
        ),
        (
            "groups",
            "Groups",
            groups
                .map(|group| Target::new("group", &group.name))
                .collect::<Vec<_>>(),
        ),
    ];
    let sections = sections.into_iter();
    sections
        .filter(|(.., entries)| !entries.is_empty())
        .collect()
}

fn navigation(documented: &Documented) -> String {
    let contract = &documented.contract;
    let name = text(&contract.name);
    let mut list = format!("<p class=\"contract\"><a href=\"#{name}\">{name}</a></p>\n<ul>\n");
    let plain = |list: &mut String, anchor: &str, title: &str, there: bool| {
        if there {
            let _ = writeln!(list, "<li><a href=\"#{name}/{anchor}\">{title}</a></li>");
        }
    };
    plain(&mut list, "changes", "Changes", documented.since.is_some());
    let metrics = contract
        .operations
        .iter()
        .any(|operation| operation.metrics.is_some());
    let metrics = metrics || !contract.metrics.is_empty();
    plain(&mut list, "series", "Series", metrics);
    for (anchor, title, entries) in sections(contract) {
        let _ = write!(
            list,
            "<li><a href=\"#{name}/{anchor}\">{title}</a> <span class=\"count\">{}</span>\n<ul>\n",
            entries.len()
        );
        for entry in entries {
            let (anchor, shown) = (text(&entry.anchor(contract)), breakable(entry.name));
            let _ = writeln!(
                list,
                "<li><a href=\"#{anchor}\"><code>{shown}</code></a></li>"
            );
        }
        list.push_str("</ul>\n</li>\n");
    }
    plain(
        &mut list,
        "resource",
        "Resource",
        !contract.resource.is_empty(),
    );
    plain(
        &mut list,
        "baggage",
        "Baggage",
        !contract.baggage.is_empty(),
    );
    list.push_str("</ul>\n");
    list
}

fn contract(documented: &Documented) -> String {
    let contract = &documented.contract;
    let name = text(&contract.name);
    let mut html = format!(
        "<section class=\"contract\" aria-labelledby=\"{name}\">\n<h1 id=\"{name}\">{name} <span class=\"version\">{}</span></h1>\n<p class=\"lead\">{}</p>\n",
        text(&contract.version),
        prose(&contract.brief)
    );
    let mut about = words::list(&facts::counts(contract));
    if !contract.owners.is_empty() {
        let _ = write!(about, "; owned by {}", words::quoted_list(&contract.owners));
    }
    if let Some(url) = &contract.schema_url {
        let _ = write!(about, "; schema `{url}`");
    }
    let _ = writeln!(html, "<p class=\"about\">{}.</p>", prose(&about));
    html += &changes(documented);
    html += &series(contract);
    let entries = entries::Entries::new(contract);
    for (anchor, title, _) in sections(contract) {
        let _ = writeln!(
            html,
            "<section aria-labelledby=\"{name}/{anchor}\">\n<h2 id=\"{name}/{anchor}\">{title}</h2>"
        );
        html += &match anchor {
            "operations" => entries.operations(),
            "attributes" => entries.attributes(),
            "metrics" => entries.metrics(),
            "events" => entries.events(),
            "errors" => entries.errors(),
            _ => entries.groups(),
        };
        html.push_str("</section>\n");
    }
    html += &entries.resource_and_baggage();
    html.push_str("</section>\n");
    html
}

/// Renders the changes since the previous version. Breaking changes come first.
fn changes(documented: &Documented) -> String {
    let Some((side, comparison)) = &documented.since else {
        return String::new();
    };
    let contract = &documented.contract;
    let name = text(&contract.name);
    let mut html = format!(
        "<section class=\"changes\" aria-labelledby=\"{name}/changes\">\n<h2 id=\"{name}/changes\">Changes since {}</h2>\n",
        text(&side.contract.version)
    );
    if comparison.changes.is_empty() {
        html.push_str("<p>No changes.</p>\n");
    }
    for step in [Step::Major, Step::Minor, Step::Patch] {
        let changes: Vec<&Change> = comparison
            .changes
            .iter()
            .filter(|change| change.step == step)
            .collect();
        if changes.is_empty() {
            continue;
        }
        let open = if is_expanded(step, changes.len()) {
            " open"
        } else {
            ""
        };
        let count = words::count(changes.len(), "change");
        let _ = writeln!(
            html,
            "<details{open}><summary>{} <span class=\"count\">{count}</span></summary>\n<ul>",
            step.word()
        );
        for change in changes {
            let breaks: Vec<String> = change
                .breaks
                .words()
                .iter()
                .map(|word| format!(" <span class=\"chip breaks\">breaks {word}</span>"))
                .collect();
            let sentence = prose(&change.sentence);
            let _ = writeln!(
                html,
                "<li>{sentence}{}{}</li>",
                breaks.concat(),
                entry_link(contract, change)
            );
        }
        html.push_str("</ul>\n</details>\n");
    }
    html.push_str("</section>\n");
    html
}

/// Returns whether a list of changes is expanded. Major changes always are; minor changes are if the list is short.
fn is_expanded(step: Step, count: usize) -> bool {
    const MAX_EXPANDED: usize = 12;
    match step {
        Step::Major => true,
        Step::Minor => count <= MAX_EXPANDED,
        Step::Patch => false,
    }
}

/// Returns a link to the changed entry, if it still exists.
fn entry_link(contract: &Contract, change: &Change) -> String {
    let kind = match change.kind {
        Kind::Attribute | Kind::Baggage => "attribute",
        Kind::Group => "group",
        Kind::Error => "error",
        Kind::Operation => "operation",
        Kind::Metric => "metric",
        Kind::Event => "event",
        Kind::Contract | Kind::Resource => return String::new(),
    };
    let target = Target::new(kind, &change.name);
    let there = sections(contract)
        .iter()
        .any(|(.., entries)| entries.contains(&target));
    if !there {
        return String::new();
    }
    let (anchor, name) = (text(&target.anchor(contract)), text(&change.name));
    format!(" <a class=\"goto\" href=\"#{anchor}\" aria-label=\"go to {name}\">→</a>")
}

/// Renders the series budget as bars and as a table.
fn series(contract: &Contract) -> String {
    let budgets = facts::budgets(contract);
    if budgets.is_empty() {
        return String::new();
    }
    let name = text(&contract.name);
    let total = facts::total(&budgets);
    let whole = contract.budget.series;
    let mut html = format!(
        "<section class=\"series\" aria-labelledby=\"{name}/series\">\n<h2 id=\"{name}/series\">Series</h2>\n<p>A series is one combination of the values of a metric's dimensions. The contract limits their number. All metrics together: {}.</p>\n{}\n",
        text(&facts::share(total, whole)),
        picture::stack(&budgets, whole)
    );
    html.push_str("<table>\n<thead><tr><th scope=\"col\">Metric</th><th scope=\"col\" class=\"number\">At most</th><th scope=\"col\">Share of budget</th><th scope=\"col\">Factors</th></tr></thead>\n<tbody>\n");
    for budget in &budgets {
        let target = match budget.operation {
            Some(operation) => Target::new("operation", operation),
            None => Target::new("metric", &budget.metric),
        };
        let anchor = text(&target.anchor(contract));
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\"><a href=\"#{anchor}\"><code>{}</code></a></th><td class=\"number\">{}</td><td class=\"picture\">{}<span class=\"of\">of {}</span></td><td>{}</td></tr>",
            breakable(&budget.metric),
            thousands(budget.series),
            picture::bar(budget.series, Some(budget.budget)),
            thousands(budget.budget),
            text(&facts::factors(&budget.bound))
        );
    }
    html.push_str("</tbody>\n</table>\n</section>\n");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_loads_nothing_from_the_network() {
        let page = page(&[]);
        for word in ["http://", "https://", "src=", "@import", "url("] {
            assert!(!page.contains(word), "{word}");
        }
    }

    #[test]
    fn style_and_script_cannot_close_their_element() {
        assert!(!STYLE.contains("</"));
        assert!(!SCRIPT.contains("</"));
    }
}
