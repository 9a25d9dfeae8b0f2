//! The documentation of generated items, from what the contract says.

use super::attribute::takes_plain;
use crate::words;
use otel_contract_model::definitions::contract_name;
use otel_contract_model::series::{self, Bound};
use otel_contract_model::{
    Attribute, AttributeUse, Contract, Domain, Event, Group, Instrument, Metric, Operation,
    RequirementLevel, SpanKind,
};
use std::fmt::Write as _;

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

pub(super) fn attribute(contract: &Contract, one: &Attribute) -> String {
    let mut text = sentence(&one.brief);
    if let Some(note) = &one.note {
        let _ = write!(text, "\n\n{}", prose(note));
    }
    let _ = write!(
        text,
        "\n\nAttribute `{}` ({}).\n\n- Cardinality: {}\n- Privacy: {}\n",
        one.key,
        words::value_type(one),
        words::cardinality(one),
        words::privacy(one.privacy),
    );
    if matches!(one.domain, Domain::Limited { .. }) {
        let _ = writeln!(text, "- Code: {}", capped(contract, one));
    }
    if let Some(allowed) = words::allowed(one) {
        let other = match &one.domain {
            Domain::Strings { other: true, .. } => "; any other is recorded as `_OTHER`",
            _ => "",
        };
        let _ = writeln!(text, "- Values: {}{other}", phrase(&allowed));
    }
    if !one.examples.is_empty() {
        let examples: Vec<String> = one.examples.iter().map(|example| code(example)).collect();
        let _ = writeln!(text, "- Examples: {}", examples.join(", "));
    }
    let _ = write!(
        text,
        "\nContract {}, {}.",
        contract_name(contract),
        code(&one.at.to_string())
    );
    text
}

/// How code makes the type of a bounded attribute.
fn capped(contract: &Contract, one: &Attribute) -> String {
    let camel = &one.rust.camel;
    if takes_plain(contract, one) {
        return format!(
            "only the resource has it, which is set once, so nothing is capped: a string converts into it, as [`capped`]({camel}::capped) does"
        );
    }
    let literals = if one.newtype {
        ""
    } else {
        "; a string literal in `#[instrumented_operation]` is taken as it is"
    };
    format!(
        "[`{camel}::capped`]({camel}::capped) makes a value of any text and names the cap{literals}. What is deserialized or comes in as baggage counts against the limit too"
    )
}

pub(super) fn group(contract: &Contract, group: &Group) -> String {
    let brief = if group.brief.is_empty() {
        "Attributes that travel together"
    } else {
        &group.brief
    };
    let mut text = sentence(brief);
    let _ = write!(text, "\n\nGroup `{}`.\n\n", group.name);
    uses(&mut text, contract, group.attributes.iter(), "");
    let _ = write!(
        text,
        "\nContract {}, {}.",
        contract_name(contract),
        code(&group.at.to_string())
    );
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
        paste(contract, operation),
    );
    uses(
        &mut text,
        contract,
        contract.uses(operation).into_iter(),
        "",
    );
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
    measured(&mut text, contract, operation);
    sampled(&mut text, operation);
    let _ = write!(
        text,
        "\nContract {}, {}.",
        contract_name(contract),
        code(&operation.at.to_string())
    );
    text
}

/// A metric and its instrument.
pub(super) fn metric(contract: &Contract, metric: &Metric, bound: &Bound) -> String {
    let mut text = sentence(&metric.brief);
    if let Some(note) = &metric.note {
        let _ = write!(text, "\n\n{}", prose(note));
    }
    let observable = if metric.observable { "observable " } else { "" };
    let _ = write!(
        text,
        "\n\nMetric `{}`, {observable}{} in {}. {}\n\n```text\n{}\n```\n\n",
        metric.name,
        instrument(metric.instrument),
        code(&metric.unit),
        at_most(bound),
        measurement(contract, metric),
    );
    if !metric.attributes.is_empty() || metric.error_type.is_some() {
        // The dimensions are types of the module around that of the metrics.
        uses(&mut text, contract, metric.attributes.iter(), "super::");
    }
    if let Some(level) = &metric.error_type {
        let classes = contract.errors.iter().map(|error| error.name.as_str());
        let classes: Vec<&str> = classes.collect();
        let (level, classes) = (phrase(&words::level(level)), phrase(&classes.join(", ")));
        let _ = writeln!(
            text,
            "| [`error.type`](super::ErrorType) | {level} | {classes} |"
        );
    }
    let _ = write!(
        text,
        "\nContract {}, {}.",
        contract_name(contract),
        code(&metric.at.to_string())
    );
    text
}

/// `error.type` as a field.
pub(super) const ERROR_TYPE: &str = "`error.type`: the class of the failure.";

/// An attribute as a field, in one line.
pub(super) fn field(attribute: &Attribute) -> String {
    format!("`{}`: {}", attribute.key, phrase(&attribute.brief))
}

/// An event, with the line that records it.
pub(super) fn event(contract: &Contract, event: &Event) -> String {
    let mut text = sentence(&event.brief);
    if let Some(note) = &event.note {
        let _ = write!(text, "\n\n{}", prose(note));
    }
    let severity = format!("{:?}", event.severity).to_lowercase();
    let _ = write!(
        text,
        "\n\nEvent `{}`, a log record of severity {severity}, with the trace and span of the operation that runs.\n\n",
        event.name,
    );
    if !event.attributes.is_empty() {
        uses(&mut text, contract, event.attributes.iter(), "");
    }
    if let Some(level) = &event.error_type {
        let _ = writeln!(
            text,
            "\nTakes [`error.type`](ErrorType): {}.",
            phrase(&words::level(level))
        );
    }
    let _ = write!(
        text,
        "\nContract {}, {}.",
        contract_name(contract),
        code(&event.at.to_string())
    );
    text
}

/// The instrument of a metric, as the contract writes it.
pub(super) fn instrument(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Counter => "counter",
        Instrument::UpDownCounter => "updowncounter",
        Instrument::Histogram => "histogram",
        Instrument::Gauge => "gauge",
    }
}

/// What an operation records beside its span.
fn measured(text: &mut String, contract: &Contract, operation: &Operation) {
    let Some(metrics) = &operation.metrics else {
        return;
    };
    let name = &operation.name;
    let bound = series::duration(contract, operation, metrics);
    let _ = writeln!(
        text,
        "\nRecords `{name}.duration` in seconds. {}",
        at_most(&bound)
    );
    if metrics.active {
        let bound = series::active(contract, operation, metrics);
        let _ = writeln!(
            text,
            "\nRecords `{name}.active`, how many are running. {}",
            at_most(&bound)
        );
    }
}

/// A bound as a sentence.
pub(super) fn at_most(bound: &Bound) -> String {
    phrase(&format!("Series, at most: {bound}."))
}

/// A measurement to paste, with every dimension it can have.
fn measurement(contract: &Contract, metric: &Metric) -> String {
    let mut required = Vec::new();
    let mut setters = String::new();
    let attributes = metric.attributes.iter();
    let attributes = attributes.map(|used| (&used.level, &*contract[used.attribute].rust.snake));
    let error_type = metric.error_type.iter().map(|level| (level, "error_type"));
    for (level, name) in attributes.chain(error_type) {
        if *level == RequirementLevel::Required {
            required.push(format!("{name}: …"));
        } else {
            let _ = write!(setters, ".{name}(…)");
        }
    }
    let module = format!("{}::metrics", contract.name);
    let name = &metric.rust.camel;
    let dimensions = match required.as_slice() {
        [] if setters.is_empty() => "()".to_owned(),
        [] => format!("{module}::{name} {{}}{setters}"),
        required => format!("{module}::{name} {{ {} }}{setters}", required.join(", ")),
    };
    let function = &metric.rust.snake;
    match metric.instrument {
        _ if metric.observable => {
            format!("{module}::{function}().observe(|observer| observer.observe(…, {dimensions}))")
        }
        Instrument::Counter | Instrument::UpDownCounter => {
            format!("{module}::{function}().add(1, {dimensions})")
        }
        Instrument::Histogram | Instrument::Gauge => {
            format!("{module}::{function}().record(…, {dimensions})")
        }
    }
}

/// How spans of an operation are sampled, and what that means for counting them.
fn sampled(text: &mut String, operation: &Operation) {
    let Some(sampling) = &operation.sampling else {
        return;
    };
    if sampling.ratio >= 1.0 {
        text.push_str("\nSampling: every trace that begins here is kept.\n");
        return;
    }
    let share = share(sampling.ratio);
    let slow = sampling
        .keep_slower_than
        .map(|seconds| format!("those slower than {seconds} s"));
    let failed = sampling.keep_errors.then(|| "failed ones".to_owned());
    let kept: Vec<String> = failed.into_iter().chain(slow).collect();
    let kept = match kept.join(" and ").as_str() {
        "" => format!(
            "{share} of the traces that begin here are kept, decided by the trace id; a span with a parent follows the parent."
        ),
        kept => format!(
            "every trace that begins here leaves the service, since {kept} are always kept and only the end tells which; the Collector keeps {share} of the others."
        ),
    };
    let name = &operation.name;
    let counted = match &operation.metrics {
        Some(_) => format!("`{name}.duration` counts every call, sampled or not"),
        None => "this operation records none".to_owned(),
    };
    let _ = writeln!(
        text,
        "\nSampling: {kept} Spans are examples, not counts: metrics are the source of truth, and {counted}."
    );
}

/// `10 %`
fn share(ratio: f64) -> String {
    // Six digits are more than a trace id needs, and hide what binary fractions add.
    let percent = format!("{:.6}", ratio * 100.0);
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    format!("{percent} %")
}

/// The attribute to put on a function, everything the operation requires filled in.
fn paste(contract: &Contract, operation: &Operation) -> String {
    let mut parts = Vec::new();
    let grouped: Vec<_> = operation
        .groups
        .iter()
        .flat_map(|group| &contract[*group].attributes)
        .filter(|used| used.level == RequirementLevel::Required)
        .map(|used| used.attribute)
        .collect();
    let mut on_success = Vec::new();
    let mut late = false;
    for used in contract.uses(operation) {
        let key = otel_contract_definition::names::spelled(&contract[used.attribute].key);
        match used.level {
            RequirementLevel::Required if grouped.contains(&used.attribute) => {}
            RequirementLevel::Required => parts.push(format!("{key} = …")),
            RequirementLevel::OnSuccess => on_success.push(format!("{key} = …")),
            RequirementLevel::ConditionallyRequired(_)
            | RequirementLevel::Recommended
            | RequirementLevel::OptIn => late = true,
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
    let handle = if late { " as op" } else { "" };
    let path = format!("{}::{}", contract.name, operation.rust.camel);
    let parts: Vec<String> = parts.iter().map(|part| format!(", {part}")).collect();
    format!(
        "#[instrumented_operation({path}{handle}{})]",
        parts.concat()
    )
}

/// A table of attributes; `path` leads from the documented item to their types.
fn uses<'a>(
    text: &mut String,
    contract: &Contract,
    uses: impl Iterator<Item = &'a AttributeUse>,
    path: &str,
) {
    text.push_str("| attribute | requirement | values |\n| --- | --- | --- |\n");
    for used in uses {
        let one = &contract[used.attribute];
        let values = words::allowed(one).unwrap_or_else(|| words::value_type(one).to_owned());
        let values = phrase(&values);
        let values = match &one.domain {
            Domain::Strings { other: true, .. } => format!("{values}, `_OTHER`"),
            Domain::Limited { limit } => format!("{values}, {limit} of them, then `_OTHER`"),
            _ => values,
        };
        let sampled = if used.sampling_relevant {
            ", seen by the sampler"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "| [`{}`]({path}{}) | {}{sampled} | {} |",
            one.key,
            one.rust.camel,
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

/// Prose of the contract as paragraphs, with its full stop.
fn sentence(brief: &str) -> String {
    let text = prose(brief);
    if text.is_empty() || brief.trim_end().ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use otel_contract_model::Source;
    use otel_contract_yaml::compile;

    #[test]
    fn the_documentation_of_operations_and_metrics_shows_the_line_to_paste() {
        let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
        let compiled = compile(&Source::file(tests, "schema/billing.yaml"));
        let contract = compiled.contract.expect("the sample of the design");
        let one = &contract.operations[0];
        insta::assert_snapshot!("operation", operation(&contract, one));
        let retries = &contract.metrics[0];
        let bound = series::metric(&contract, retries);
        insta::assert_snapshot!("metric_of_the_sample", metric(&contract, retries, &bound));
        let tier = contract.attribute("account.tier").expect("an attribute");
        insta::assert_snapshot!("attribute", attribute(&contract, tier));
        insta::assert_snapshot!("event", event(&contract, &contract.events[0]));
    }

    #[test]
    fn the_documentation_of_a_bounded_attribute_says_how_code_makes_it() {
        let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
        let compiled = compile(&Source::file(tests, "schema/caps.yaml"));
        let contract = compiled.contract.expect("a contract without faults");
        let documented = |key: &str| {
            let one = contract
                .attribute(key)
                .expect("an attribute of the contract");
            attribute(&contract, one)
        };
        insta::assert_snapshot!("bounded_attribute", documented("queue.name"));
        insta::assert_snapshot!("bounded_newtype", documented("shard.key"));
        insta::assert_snapshot!("bounded_attribute_of_the_resource", documented("zone.name"));
    }

    #[test]
    fn the_documentation_of_a_metric_shows_the_multiplication() {
        let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
        let compiled = compile(&Source::file(tests, "schema/measures.yaml"));
        let contract = compiled.contract.expect("a contract without faults");
        let documented = |name: &str| {
            let one = contract.metrics.iter().find(|one| one.name == name);
            let one = one.expect("a metric of the contract");
            metric(&contract, one, &series::metric(&contract, one))
        };
        insta::assert_snapshot!("metric", documented("jobs"));
        insta::assert_snapshot!("metric_with_errors", documented("wait"));
        insta::assert_snapshot!("metric_without_dimensions", documented("worked"));
        let one = &contract.operations[0];
        insta::assert_snapshot!("operation_with_metrics", operation(&contract, one));
    }

    #[test]
    fn the_documentation_says_what_sampling_means_for_counts() {
        let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vocabulary");
        let compiled = compile(&Source::file(tests, "schema/billing.yaml"));
        let mut one = compiled
            .contract
            .expect("the sample of the design")
            .operations
            .remove(0);
        let mut said = |ratio, keep_errors, measured: bool| {
            one.sampling = Some(otel_contract_model::Sampling {
                ratio,
                keep_errors,
                keep_slower_than: None,
            });
            if !measured {
                one.metrics = None;
            }
            let mut text = String::new();
            sampled(&mut text, &one);
            text
        };
        assert_eq!(
            said(0.125, false, true),
            "\nSampling: 12.5 % of the traces that begin here are kept, decided by the trace id; a span with a parent follows the parent. Spans are examples, not counts: metrics are the source of truth, and `invoice.create.duration` counts every call, sampled or not.\n"
        );
        assert_eq!(
            said(0.0, true, false),
            "\nSampling: every trace that begins here leaves the service, since failed ones are always kept and only the end tells which; the Collector keeps 0 % of the others. Spans are examples, not counts: metrics are the source of truth, and this operation records none.\n"
        );
        assert_eq!(
            said(1.0, true, false),
            "\nSampling: every trace that begins here is kept.\n"
        );
        assert_eq!(
            [share(0.1), share(1e-4), share(1.0)],
            ["10 %", "0.01 %", "100 %"]
        );
    }
}
