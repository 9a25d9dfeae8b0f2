//! The JSON Schema of the file format, generated from the same definitions as the reader.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map as Object, Value as Json, json};

use super::attribute::KeepLast;
use super::file::{LongError, LongGroup};
use super::operation::{Duration, SlowerThan};
use super::signal::{Condition, Level, LongUse};
use super::{
    ErrorClass, Example, File, Group, Imports, Keep, Metrics, OperationMetrics, Protection,
    Refinement, Routes, Scalar, Use, Value, Values, Version,
};
use crate::contract::{RequirementLevel, Route};
use crate::read::Map;

/// Returns the JSON Schema of the file format, for editors.
///
/// The schema uses Draft 7, the newest draft that `yaml-language-server` supports fully.
#[must_use]
pub fn json_schema() -> Json {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<File>();
    schema.insert("title".to_owned(), json!("otel-contract"));
    // These fields are allowed only in the root file: a file with `contract`, `version` and `brief`.
    let root_only = [
        "schema_url",
        "owners",
        "baggage",
        "defaults",
        "budget",
        "resource",
    ];
    let mut dependencies: Object<String, Json> = root_only
        .iter()
        .map(|name| ((*name).to_owned(), json!(["contract"])))
        .collect();
    dependencies.insert("contract".to_owned(), json!(["version", "brief"]));
    dependencies.insert("version".to_owned(), json!(["contract"]));
    dependencies.insert("brief".to_owned(), json!(["contract"]));
    schema.insert("dependencies".to_owned(), Json::Object(dependencies));
    schema.to_value()
}

/// Implements the schemas of types that can be written in several forms.
macro_rules! forms {
    ($( $type:ty as $name:literal, |$generator:ident| $schema:expr; )+) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                let schema: Json = $schema;
                Schema::try_from(schema).unwrap_or_default()
            }
        }
    )+};
}

forms! {
    ErrorClass as "ErrorClass", |generator| json!({
        "anyOf": [
            { "type": "string", "pattern": r"\S" },
            generator.subschema_for::<LongError>(),
        ],
    });
    Group as "Group", |generator| json!({
        "if": { "anyOf": [
            { "required": ["attributes"] },
            { "required": ["brief"] },
            { "required": ["rust_name"] },
        ] },
        "then": generator.subschema_for::<LongGroup>(),
        "else": generator.subschema_for::<Map<Use>>(),
    });
    Version as "Version", |_generator| json!({
        "type": "string",
        "pattern": r"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$",
    });
    Scalar as "Scalar", |_generator| json!({
        "type": ["boolean", "integer", "number", "string"],
    });
    Example as "Example", |generator| json!({
        "anyOf": [
            generator.subschema_for::<Scalar>(),
            { "type": "array", "items": generator.subschema_for::<Scalar>() },
        ],
    });
    Values as "Values", |generator| json!({
        "anyOf": [
            {
                "type": "array",
                "minItems": 1,
                "items": { "anyOf": [
                    generator.subschema_for::<Scalar>(),
                    generator.subschema_for::<Value>(),
                ] },
            },
            { "type": "object", "minProperties": 1, "additionalProperties": { "type": "string" } },
        ],
    });
    Protection as "Protection", |generator| json!({
        "anyOf": [{ "enum": ["hash", "mask"] }, generator.subschema_for::<KeepLast>()],
    });
    Imports as "Imports", |generator| json!({
        "anyOf": [
            { "type": "array", "items": { "type": "string" } },
            generator.subschema_for::<Map<Refinement>>(),
        ],
    });
    Routes as "Routes", |generator| json!({
        "anyOf": [
            generator.subschema_for::<Route>(),
            { "type": "array", "items": generator.subschema_for::<Route>() },
        ],
    });
    Route as "Route", |_generator| json!({
        "type": "string",
        "pattern": format!(r"^(_OTHER|(({}) +)?/[^?#\s]*)$", Route::METHODS.join("|")),
    });
    Metrics as "Metrics", |generator| json!({
        "anyOf": [{ "const": false }, generator.subschema_for::<OperationMetrics>()],
    });
    Keep as "Keep", |generator| json!({
        "anyOf": [{ "const": "errors" }, generator.subschema_for::<SlowerThan>()],
    });
    Duration as "Duration", |_generator| json!({
        "type": "string",
        "pattern": r"^[0-9.]+ *(ms|s|min|h)$",
    });
    Use as "Use", |generator| json!({
        "anyOf": [
            generator.subschema_for::<RequirementLevel>(),
            generator.subschema_for::<LongUse>(),
        ],
    });
    Level as "Level", |generator| json!({
        "anyOf": [
            generator.subschema_for::<RequirementLevel>(),
            generator.subschema_for::<Condition>(),
        ],
    });
}
