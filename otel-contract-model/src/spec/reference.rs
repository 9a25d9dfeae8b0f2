//! The reference of the file format, generated from the same definitions as the reader.

use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use serde_json::Value as Json;

use super::attribute::KeepLast;
use super::file::{Budget, Defaults, LongError, LongGroup};
use super::operation::{OperationMetrics, Sampling, SlowerThan};
use super::signal::LongUse;
use super::{Attribute, Deprecated, Event, File, Metric, Operation, Refinement, Value};
use crate::schema::Property;

const INTRODUCTION: &str = "\
# The file format

Every field of a contract, with its type, its default and an example. `cargo otel-contract schema --reference` prints this
page. The page, the reader of contracts and the JSON Schema for editors (`cargo otel-contract schema`) are generated
from the same definitions. [declare.md](declare.md) shows how the fields are used together.

A contract is one YAML file, the root file, and the files that it includes. Fields in **bold** are required. An unknown
field is an error that names the nearest known field, or lists all fields.
";

/// Maps the schema name of a type to its description in the `type` column, with a link to its section.
const FORMS: &[(&str, &str)] = &[
    ("Attribute", "[an attribute](#an-attribute)"),
    ("Budget", "[mapping](#budget)"),
    ("Defaults", "[mapping](#defaults)"),
    ("Deprecated", "[mapping](#deprecated)"),
    ("Duration", "a number and `ms`, `s`, `min` or `h`"),
    (
        "ErrorClass",
        "its brief, or [an error class](#an-error-class)",
    ),
    ("Event", "[an event](#an-event)"),
    ("Example", "a value, or a list of values for an array type"),
    (
        "Group",
        "a mapping of keys to [requirement levels](#a-requirement-level), or [a group](#a-group)",
    ),
    (
        "Imports",
        "a list of keys, or a mapping of keys to [refinements](#an-imported-attribute)",
    ),
    ("Keep", "`errors`, or [slow operations](#slow-operations)"),
    ("Level", "a requirement level"),
    ("Metric", "[a metric](#a-metric)"),
    (
        "Metrics",
        "`false`, or [a mapping](#metrics-of-an-operation)",
    ),
    ("Operation", "[an operation](#an-operation)"),
    ("Protection", "`hash`, `mask`, or [a mapping](#protection)"),
    ("Route", "a route"),
    ("Routes", "a route, or a list of routes"),
    ("Sampling", "[mapping](#sampling)"),
    ("Scalar", "string, integer, number or boolean"),
    ("Use", "[a requirement level](#a-requirement-level)"),
    (
        "Values",
        "a list of values, a list of [values in the long form](#a-value), or a mapping of values to meanings",
    ),
    ("Version", "SemVer version"),
];

/// Returns the reference as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut text = INTRODUCTION.to_owned();
    macro_rules! sections {
        ($($title:literal $type:ident $(: $about:literal)?;)+) => {$(
            let mut properties = Vec::new();
            let mut generator = SchemaSettings::draft07().into_generator();
            $type::add_properties(&mut properties, &mut generator);
            let about = concat!("", $($about)?);
            section(&mut text, $title, about, &properties);
        )+};
    }
    sections! {
        "The root file, and included files" File: "The root file requires `contract`, `version` and `brief`. An included file has `include`, `semconv`, `attributes`, `groups`, `errors`, `operations`, `metrics` and `events` only.";
        "Defaults" Defaults;
        "Budget" Budget;
        "An attribute" Attribute: "An entry of `attributes`. A string needs `values` or `cardinality`; an integer needs `range`, `values` or `cardinality`; a double or an array needs `cardinality: unbounded`.";
        "An imported attribute" Refinement: "An entry of `semconv` written as a mapping. A field that is left out has the value of the convention, or if the convention has none, its default. `values`, `range` or `cardinality` replaces the convention's `values`, `other`, `range`, `cardinality` and `limit`.";
        "A value" Value: "The long form of an item of `values`.";
        "Protection" KeepLast: "`protect` in the mapping form. `hash` records a keyed hash, `mask` records `[redacted]`.";
        "A group" LongGroup: "The long form of a group.";
        "A requirement level" LongUse: "The levels are `required`, `on_success` (required if the operation succeeds), `recommended` and `opt_in` (recorded only where the code sets it), or `{ conditionally_required: … }`. Only `sampling_relevant` needs the long form.";
        "An error class" LongError: "The long form of a class of `errors`.";
        "An operation" Operation: "The path of a route begins with `/`. Its segments are literal text or `{name}`, which may follow literal text (`/user-{name}`); the last segment may be `{*name}`, the rest of the path.";
        "Metrics of an operation" OperationMetrics: "Every operation records `<operation>.duration`, a histogram in seconds with the dimension `error.type`, unless `metrics` is `false`.";
        "Sampling" Sampling: "With `keep`, the service keeps every trace, since it cannot know how an operation will end; the ratio is then for tail sampling in a Collector.";
        "Slow operations" SlowerThan;
        "A metric" Metric;
        "An event" Event;
        "Deprecated" Deprecated: "`deprecated` of an attribute, a value, an error class, an operation, a metric or an event.";
    }
    text
}

fn section(text: &mut String, title: &str, about: &str, properties: &[Property]) {
    let _ = write!(text, "\n## {title}\n\n");
    if !about.is_empty() {
        let _ = write!(text, "{about}\n\n");
    }
    text.push_str(
        "| field | type | default | meaning | example |\n| --- | --- | --- | --- | --- |\n",
    );
    for property in properties {
        let Property {
            name,
            about,
            required,
            example,
            default,
            ..
        } = property;
        let name = if *required {
            format!("**`{name}`**")
        } else {
            format!("`{name}`")
        };
        let kind = kind(&property.schema.clone().to_value());
        let about = about.trim();
        let default = default_of(default);
        let _ = writeln!(
            text,
            "| {name} | {kind} | {default} | {about} | `{example}` |"
        );
    }
}

/// Puts a default into backticks if it is a single word without backticks.
fn default_of(default: &str) -> String {
    if default.is_empty() || default.contains([' ', '`']) {
        default.to_owned()
    } else {
        format!("`{default}`")
    }
}

/// Returns the name of a type.
fn kind(schema: &Json) -> String {
    if let Some(path) = schema["$ref"].as_str() {
        let name = path.rsplit('/').next().unwrap_or(path);
        let form = FORMS.iter().find(|(form, _)| *form == name);
        return form.map_or_else(|| name.to_owned(), |(_, text)| (*text).to_owned());
    }
    if let Some(words) = schema["enum"].as_array() {
        let words = words.iter().filter_map(Json::as_str);
        let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
        return words.join(", ");
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of: {}", kind(&schema["items"])),
        Some("object") => format!("names, each with {}", kind(&schema["additionalProperties"])),
        Some(name) => name.to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(reference: &str) -> impl Iterator<Item = &str> {
        let lines = reference.lines();
        lines.filter(|line| line.starts_with("| `") || line.starts_with("| **"))
    }

    /// Checks the examples of a section against the JSON Schema. Returns how many there are.
    macro_rules! check_examples {
        ($($type:ident)+) => {{
            let mut checked = 0;
            $(
                let mut properties = Vec::new();
                let mut generator = SchemaSettings::draft07().into_generator();
                $type::add_properties(&mut properties, &mut generator);
                let definitions = json!(generator.take_definitions(true));
                for Property { name, schema, example, .. } in properties {
                    let example: Json = serde_yaml::from_str(example).expect("YAML");
                    let schema = json!({
                        "properties": { name: schema },
                        "required": [name],
                        "additionalProperties": false,
                        "definitions": definitions,
                    });
                    let validator = jsonschema::validator_for(&schema).expect("a sound schema");
                    assert!(validator.is_valid(&example), "{}: {example}", stringify!($type));
                    checked += 1;
                }
            )+
            checked
        }};
    }

    #[test]
    fn every_field_has_an_example_that_matches_the_schema() {
        let checked = check_examples! {
            File Defaults Budget Attribute Refinement Value KeepLast LongGroup LongUse LongError Operation
            OperationMetrics Sampling SlowerThan Metric Event Deprecated
        };
        assert_eq!(checked, rows(&reference()).count());
    }

    #[test]
    fn every_type_of_a_field_has_a_name() {
        for row in rows(&reference()) {
            let kind = row.split(" | ").nth(1).unwrap_or_default();
            let is_identifier = kind.starts_with(char::is_uppercase) && !kind.contains(' ');
            assert!(!kind.is_empty() && !is_identifier, "{row}");
        }
    }
}
