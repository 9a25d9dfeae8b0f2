//! The file format: contracts as written, field by field, with locations, before references are resolved.
//!
//! The `spec!` macro generates a struct, its reader, its list of known fields and its JSON Schema from one
//! definition, so that they always agree.

mod attribute;
mod file;
mod operation;
#[cfg(feature = "schema")]
mod reference;
mod route;
#[cfg(feature = "schema")]
mod schema;
mod signal;
mod words;

pub(crate) use attribute::{
    Attribute, Deprecated, Example, Imports, LifeCycle, Protection, Refinement, Scalar, Value,
    ValueRules, Values,
};
pub(crate) use file::{ErrorClass, File, Group, Version};
pub(crate) use operation::{Keep, Metrics, Operation, OperationMetrics, Sampling};
#[cfg(feature = "schema")]
pub use reference::reference;
pub(crate) use route::Routes;
#[cfg(feature = "schema")]
pub use schema::json_schema;
pub(crate) use signal::{Event, Metric, Use};

pub(crate) use words::{CardinalityClass, PrivacyClass};

/// Defines structs of the file format. A missing `[required]` field is an error. The fields of a `[flat]` struct are
/// written at the same level as the other fields. The documentation of a field is also its help and its description in
/// the JSON Schema. After `=>` come an example and the default, for the reference of the file
/// format.
macro_rules! spec {
    ($(
        $(#[doc = $doc:literal])+
        $noun:literal $name:ident {
            $( $(#[doc = $about:literal])+ $field:ident $(= $key:literal)? $([$mode:ident])?: $type:ty
               $(=> $example:literal $(or $default:literal)?)?, )+
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Default)]
        #[allow(clippy::struct_field_names, reason = "the names are those of the file format")]
        pub(crate) struct $name {
            $( $(#[doc = $about])+ pub(crate) $field: spec!(@type [$($mode)?] $type), )+
        }

        impl $name {
            /// Returns the names of the fields, in the order of the struct.
            pub(super) fn fields() -> Vec<&'static str> {
                let mut fields = Vec::new();
                Self::add_fields(&mut fields);
                fields
            }

            pub(super) fn add_fields(fields: &mut Vec<&'static str>) {
                $( spec!(@name [$($mode)?] fields, $type, spec!(@key $field $($key)?)); )+
            }

            pub(super) fn take(
                fields: &mut $crate::read::Fields<'_>,
                reader: &mut $crate::read::Reader<'_>,
            ) -> Self {
                $name {$(
                    $field: spec!(
                        @take [$($mode)?] fields, reader, $type,
                        spec!(@key $field $($key)?), concat!($($about),+)
                    ),
                )+}
            }

            #[cfg(feature = "schema")]
            pub(super) fn add_properties(
                properties: &mut Vec<$crate::schema::Property>,
                generator: &mut schemars::SchemaGenerator,
            ) {
                $( spec!(
                    @property [$($mode)?] properties, generator, $type,
                    spec!(@key $field $($key)?), concat!($($about),+),
                    [$($example $(or $default)?)?]
                ); )+
            }
        }

        impl $crate::read::Read for $name {
            const EXPECTED: $crate::read::Expected = $crate::read::Expected::Mapping;
            fn read(
                node: &$crate::yaml::Node,
                reader: &mut $crate::read::Reader<'_>,
            ) -> Option<Self> {
                let known = Self::fields();
                let mut fields = $crate::read::Fields::open(node, $noun, &known, reader)?;
                Some(Self::take(&mut fields, reader))
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut properties = Vec::new();
                Self::add_properties(&mut properties, generator);
                $crate::schema::mapping(concat!($($doc),+), properties)
            }
        }
    )+};
    (@key $field:ident $key:literal) => { $key };
    (@key $field:ident) => { stringify!($field) };
    (@type [flat] $type:ty) => { $type };
    (@type [$($required:ident)?] $type:ty) => { $crate::read::Field<$type> };
    (@name [flat] $fields:ident, $type:ty, $key:expr) => { <$type>::add_fields($fields) };
    (@name [$($required:ident)?] $fields:ident, $type:ty, $key:expr) => { $fields.push($key) };
    (@take [flat] $fields:ident, $reader:ident, $type:ty, $key:expr, $about:expr) => {
        <$type>::take($fields, $reader)
    };
    (@take [required] $fields:ident, $reader:ident, $type:ty, $key:expr, $about:expr) => {
        $fields.take($key, Some($about), $reader)
    };
    (@take [] $fields:ident, $reader:ident, $type:ty, $key:expr, $about:expr) => {
        $fields.take($key, None, $reader)
    };
    (@text $text:literal) => { $text };
    (@text) => { "" };
    (@required [required]) => { true };
    (@required []) => { false };
    (@property [flat] $to:ident, $generator:ident, $type:ty, $key:expr, $about:expr, []) => {
        <$type>::add_properties($to, $generator)
    };
    (
        @property [$($required:ident)?] $to:ident, $generator:ident, $type:ty, $key:expr, $about:expr,
        [$($example:literal $(or $default:literal)?)?]
    ) => {
        $to.push($crate::schema::Property {
            name: $key,
            about: $about,
            required: spec!(@required [$($required)?]),
            schema: $generator.subschema_for::<$type>(),
            example: spec!(@text $($example)?),
            default: spec!(@text $($($default)?)?),
        })
    };
}
use spec;
