//! The JSON Schema of the file format, from the same definitions that read it.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map as Object, Value as Json, json};

use crate::read::{Located, Map};
use crate::spec;

/// The JSON Schema of the file format, as editors use it.
///
/// Draft 7: the newest that `yaml-language-server` knows in full.
#[must_use]
pub fn json_schema() -> Json {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<spec::File>();
    schema.insert("title".to_owned(), json!("otel-contract"));
    // Only the root file has these, and the root file has these three.
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

/// A field of a mapping.
pub(crate) struct Property {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
}

/// A mapping with these fields and no others.
pub(crate) fn mapping<const N: usize>(about: &str, properties: [Property; N]) -> Schema {
    let mut fields = Object::new();
    let mut required = Vec::new();
    for mut property in properties {
        if matches!(property.name, "brief" | "note") {
            property.schema.insert("pattern".to_owned(), json!(r"\S"));
        }
        if property.required {
            required.push(property.name);
        }
        fields.insert(
            property.name.to_owned(),
            described(property.schema, property.about),
        );
    }
    let mut schema = json_schema!({
        "type": "object",
        "description": about.trim(),
        "properties": fields,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

/// A schema with a description; beside a `$ref` draft 7 would not look at it.
fn described(schema: Schema, about: &str) -> Json {
    let about = about.trim();
    let mut value = schema.to_value();
    match &mut value {
        Json::Object(object) if !object.contains_key("$ref") => {
            object.insert("description".to_owned(), json!(about));
            value
        }
        _ => json!({ "description": about, "allOf": [value] }),
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

impl<T: JsonSchema> JsonSchema for Map<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let entry = generator.subschema_for::<T>();
        json_schema!({ "type": "object", "additionalProperties": entry })
    }
}

/// Schemas of the types that have more than one form.
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
    spec::ErrorClass as "ErrorClass", |generator| json!({
        "anyOf": [
            { "type": "string", "pattern": r"\S" },
            generator.subschema_for::<spec::LongError>(),
        ],
    });
    spec::Group as "Group", |generator| json!({
        "if": { "anyOf": [
            { "required": ["attributes"] },
            { "required": ["brief"] },
            { "required": ["rust_name"] },
        ] },
        "then": generator.subschema_for::<spec::LongGroup>(),
        "else": generator.subschema_for::<Map<spec::Use>>(),
    });
    spec::Version as "Version", |_generator| json!({
        "type": "string",
        "pattern": r"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$",
    });
    spec::Scalar as "Scalar", |_generator| json!({
        "type": ["boolean", "integer", "number", "string"],
    });
    spec::Example as "Example", |generator| json!({
        "anyOf": [
            generator.subschema_for::<spec::Scalar>(),
            { "type": "array", "items": generator.subschema_for::<spec::Scalar>() },
        ],
    });
    spec::Values as "Values", |generator| json!({
        "anyOf": [
            {
                "type": "array",
                "minItems": 1,
                "items": { "anyOf": [
                    generator.subschema_for::<spec::Scalar>(),
                    generator.subschema_for::<spec::Value>(),
                ] },
            },
            { "type": "object", "minProperties": 1, "additionalProperties": { "type": "string" } },
        ],
    });
    spec::Protection as "Protection", |generator| json!({
        "anyOf": [{ "enum": ["hash", "mask"] }, generator.subschema_for::<spec::KeepLast>()],
    });
    spec::Takeovers as "Takeovers", |generator| json!({
        "anyOf": [
            { "type": "array", "items": { "type": "string" } },
            generator.subschema_for::<Map<spec::Refinement>>(),
        ],
    });
    spec::Metrics as "Metrics", |generator| json!({
        "anyOf": [{ "const": false }, generator.subschema_for::<spec::OperationMetrics>()],
    });
    spec::Keep as "Keep", |generator| json!({
        "anyOf": [{ "const": "errors" }, generator.subschema_for::<spec::SlowerThan>()],
    });
    spec::Duration as "Duration", |_generator| json!({
        "type": "string",
        "pattern": r"^[0-9.]+ *(ms|s|min|h)$",
    });
    spec::Use as "Use", |generator| json!({
        "anyOf": [
            generator.subschema_for::<crate::RequirementLevel>(),
            generator.subschema_for::<spec::LongUse>(),
        ],
    });
    spec::Level as "Level", |generator| json!({
        "anyOf": [
            generator.subschema_for::<crate::RequirementLevel>(),
            generator.subschema_for::<spec::Condition>(),
        ],
    });
}
