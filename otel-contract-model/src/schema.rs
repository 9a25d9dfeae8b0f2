//! Building blocks of the JSON Schema: mappings, and the generic types of the reader.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map as Object, Value as Json, json};

use crate::read::{Located, Map};

/// A property of a mapping.
pub(crate) struct Property {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
    /// A line of YAML; empty if there is none.
    pub(crate) example: &'static str,
    /// The default; empty if the field has no default.
    pub(crate) default: &'static str,
}

/// Returns the schema of a mapping with exactly these properties.
pub(crate) fn mapping(about: &str, properties: Vec<Property>) -> Schema {
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

/// Adds a description to a schema. Draft 7 ignores a description next to a `$ref`, so a reference is wrapped.
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
