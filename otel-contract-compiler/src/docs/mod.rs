//! The documentation of generated items.

mod measures;
mod sampling;

use crate::words::{self, takes_plain};
use otel_contract_model::definitions::contract_name;
use otel_contract_model::{
    Attribute, AttributeUse, Contract, Domain, Event, Group, Location, Operation, RequirementLevel,
    SpanKind,
};
use std::fmt::Write as _;

pub(super) use measures::{instrument, max_series, metric};
pub(super) use otel_contract_model::text::rustdoc::{code, prose, text as phrase};

pub(super) fn contract(contract: &Contract) -> String {
    let mut text = format!(
        "{}\n\nContract {}",
        sentence(&contract.brief),
        contract_name(contract)
    );
    if !contract.owners.is_empty() {
        let _ = write!(text, ", owned by {}", phrase(&contract.owners.join(", ")));
    }
    let _ = write!(text, ", declared in {}.", code(&contract.at.file));
    if !contract.operations.is_empty() {
        text.push_str("\n\n# Operations\n\n");
        for operation in &contract.operations {
            let _ = writeln!(
                text,
                "- [`{}`]({}): {}",
                operation.name,
                operation.rust.camel,
                phrase(&operation.brief)
            );
        }
    }
    if !contract.events.is_empty() {
        text.push_str("\n\n# Events\n\n");
        for event in &contract.events {
            let (name, camel, brief) = (&event.name, &event.rust.camel, phrase(&event.brief));
            let _ = writeln!(text, "- [`{name}`]({camel}): {brief}");
        }
    }
    text
}

pub(super) fn attribute(contract: &Contract, attribute: &Attribute) -> String {
    let mut text = sentence(&attribute.brief);
    if let Some(note) = &attribute.note {
        let _ = write!(text, "\n\n{}", prose(note));
    }
    let _ = write!(
        text,
        "\n\nAttribute `{}` ({}).\n\n- Cardinality: {}\n- Privacy: {}\n",
        attribute.key,
        words::value_type(attribute),
        words::cardinality(attribute),
        words::privacy(attribute.privacy),
    );
    if matches!(attribute.domain, Domain::Limited { .. }) {
        let _ = writeln!(text, "- In code: {}", conversion(contract, attribute));
    }
    if let Some(allowed) = words::allowed(attribute) {
        let other = match &attribute.domain {
            Domain::Strings { other: true, .. } => "; any other is recorded as `_OTHER`",
            _ => "",
        };
        let _ = writeln!(text, "- Values: {}{other}", phrase(&allowed));
    }
    if !attribute.examples.is_empty() {
        let examples: Vec<String> = attribute
            .examples
            .iter()
            .map(|example| code(example))
            .collect();
        let _ = writeln!(text, "- Examples: {}", examples.join(", "));
    }
    text.push_str(&declared_at(contract, &attribute.at));
    text
}

/// Documents how code converts text into the type of a bounded attribute.
fn conversion(contract: &Contract, attribute: &Attribute) -> String {
    let camel = &attribute.rust.camel;
    if takes_plain(contract, attribute) {
        return format!(
            "any string converts without a limit, because only the resource has this attribute, and a resource is set once. [`{camel}::capped`]({camel}::capped) accepts any string too"
        );
    }
    let literals = if attribute.newtype {
        ""
    } else {
        "; a string literal in `#[instrumented_operation]` needs no conversion"
    };
    format!(
        "[`{camel}::capped`]({camel}::capped) converts any text{literals}. Deserialized values and incoming baggage count against the limit, too"
    )
}

pub(super) fn group(contract: &Contract, group: &Group) -> String {
    let brief = if group.brief.is_empty() {
        "Attributes that belong together"
    } else {
        &group.brief
    };
    let mut text = sentence(brief);
    let _ = write!(text, "\n\nGroup `{}`.\n\n", group.name);
    uses(&mut text, contract, group.attributes.iter(), "");
    text.push_str(&declared_at(contract, &group.at));
    text
}

pub(super) fn operation(contract: &Contract, operation: &Operation) -> String {
    let mut text = sentence(&operation.brief);
    if let Some(note) = &operation.note {
        let _ = write!(text, "\n\n{}", prose(note));
    }
    let _ = write!(
        text,
        "\n\nOperation `{}`, kind {}.\n\n```text\n{}\n```\n\n",
        operation.name,
        kind(operation.kind),
        example(contract, operation),
    );
    uses(
        &mut text,
        contract,
        contract.uses(operation).into_iter(),
        "",
    );
    routes(&mut text, operation);
    let errors: Vec<&str> = contract
        .errors_of(operation)
        .iter()
        .map(|error| error.name.as_str())
        .collect();
    if !errors.is_empty() {
        let _ = writeln!(
            text,
            "\nFails with {}.",
            otel_contract_definition::names::quoted(errors)
        );
    }
    measures::measured(&mut text, contract, operation);
    sampling::sampled(&mut text, operation);
    text.push_str(&declared_at(contract, &operation.at));
    text
}

fn routes(text: &mut String, operation: &Operation) {
    if operation.routes.is_empty() {
        return;
    }
    let routes = operation.routes.iter().map(ToString::to_string);
    let routes: Vec<String> = routes.collect();
    let _ = writeln!(
        text,
        "\nRoutes: {}.",
        otel_contract_definition::names::quoted(routes.iter().map(String::as_str))
    );
}

/// `error.type` as a field.
pub(super) const ERROR_TYPE: &str = "`error.type`: the class of the failure.";

/// Documents an attribute as a field, in one line.
pub(super) fn field(attribute: &Attribute) -> String {
    format!("`{}`: {}", attribute.key, phrase(&attribute.brief))
}

/// Documents an event.
pub(super) fn event(contract: &Contract, event: &Event) -> String {
    let mut text = sentence(&event.brief);
    if let Some(note) = &event.note {
        let _ = write!(text, "\n\n{}", prose(note));
    }
    let severity = format!("{:?}", event.severity).to_lowercase();
    let _ = write!(
        text,
        "\n\nEvent `{}`, a log record of severity {severity}, with the trace and span ids of the active operation.\n\n",
        event.name,
    );
    if !event.attributes.is_empty() {
        uses(&mut text, contract, event.attributes.iter(), "");
    }
    if let Some(level) = &event.error_type {
        let _ = writeln!(
            text,
            "\nRecords [`error.type`](ErrorType): {}.",
            phrase(&words::level(level))
        );
    }
    text.push_str(&declared_at(contract, &event.at));
    text
}

/// Returns an example of the macro attribute with every required value, for users to copy.
fn example(contract: &Contract, operation: &Operation) -> String {
    let mut parts = Vec::new();
    let grouped: Vec<_> = operation
        .groups
        .iter()
        .flat_map(|group| &contract[*group].attributes)
        .filter(|used| used.level == RequirementLevel::Required)
        .map(|used| used.attribute)
        .collect();
    let mut on_success = Vec::new();
    let mut has_settable = false;
    for used in contract.uses(operation) {
        let key = otel_contract_definition::names::spelled(&contract[used.attribute].key);
        match used.level {
            RequirementLevel::Required if grouped.contains(&used.attribute) => {}
            RequirementLevel::Required => parts.push(format!("{key} = …")),
            RequirementLevel::OnSuccess => on_success.push(format!("{key} = …")),
            RequirementLevel::ConditionallyRequired(_)
            | RequirementLevel::Recommended
            | RequirementLevel::OptIn => has_settable = true,
        }
    }
    parts.extend(
        operation
            .groups
            .iter()
            .map(|group| format!("..{} = &…", contract[*group].name)),
    );
    if !on_success.is_empty() {
        parts.push(format!("ok(|value| {})", on_success.join(", ")));
    }
    let handle = if has_settable { " as op" } else { "" };
    let path = format!("{}::{}", contract.name, operation.rust.camel);
    let arguments: Vec<String> = parts.iter().map(|part| format!(", {part}")).collect();
    format!(
        "#[instrumented_operation({path}{handle}{})]",
        arguments.concat()
    )
}

/// Writes a table of attributes. `path` is the path from the documented item to the types of the attributes.
fn uses<'a>(
    text: &mut String,
    contract: &Contract,
    uses: impl Iterator<Item = &'a AttributeUse>,
    path: &str,
) {
    text.push_str("| attribute | requirement | values |\n| --- | --- | --- |\n");
    for used in uses {
        let attribute = &contract[used.attribute];
        let listed = words::allowed(attribute);
        let allowed = phrase(&listed.unwrap_or_else(|| words::value_type(attribute).to_owned()));
        let values = match &attribute.domain {
            Domain::Strings { other: true, .. } => format!("{allowed}, `_OTHER`"),
            Domain::Limited { limit } => {
                format!("{allowed}, at most {limit} values, then `_OTHER`")
            }
            _ => allowed,
        };
        let read_by_sampler = if used.sampling_relevant {
            ", read by the sampler"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "| [`{}`]({path}{}) | {}{read_by_sampler} | {} |",
            attribute.key,
            attribute.rust.camel,
            phrase(&words::level(&used.level)),
            values,
        );
    }
}

pub(super) fn kind(kind: SpanKind) -> &'static str {
    match kind {
        SpanKind::Internal => "internal",
        SpanKind::Server => "server",
        SpanKind::Client => "client",
        SpanKind::Producer => "producer",
        SpanKind::Consumer => "consumer",
    }
}

/// The line of the contract that declares an item.
fn declared_at(contract: &Contract, at: &Location) -> String {
    format!(
        "\nContract {}, {}.",
        contract_name(contract),
        code(&at.to_string())
    )
}

/// Formats prose of the contract as paragraphs that end in a full stop.
fn sentence(brief: &str) -> String {
    let text = prose(brief);
    if text.is_empty() || brief.trim_end().ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests;
