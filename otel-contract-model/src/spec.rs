//! What was written, field by field, with its places. Nothing here is resolved or checked.
//!
//! The `spec!` macro makes a struct, its reader, its list of known fields and its JSON Schema from
//! one definition, so that they cannot drift apart.

mod attribute;
mod file;
mod operation;
#[cfg(feature = "schema")]
mod schema;
mod signal;
mod words;

pub(crate) use attribute::{
    Attribute, Deprecated, Example, Protection, Refinement, Scalar, Takeovers, Value, Values,
};
pub(crate) use file::{ErrorClass, File, Group, Version};
pub(crate) use operation::{Keep, Metrics, Operation, OperationMetrics, Sampling};
#[cfg(feature = "schema")]
pub use schema::json_schema;
pub(crate) use signal::{Event, Metric, Use};

pub(crate) use words::{CardinalityClass, PrivacyClass};

/// Structs of the file format. `[required]` fields are reported where they are missing; a field's
/// documentation is also its help and its description in the JSON Schema.
macro_rules! spec {
    ($(
        $(#[doc = $doc:literal])+
        $noun:literal $name:ident {
            $( $(#[doc = $about:literal])+ $field:ident $(= $key:literal)? $([$required:ident])?: $type:ty, )+
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default)]
        #[allow(clippy::struct_field_names, reason = "the format's names, not ours")]
        pub(crate) struct $name {
            $( $(#[doc = $about])+ pub(crate) $field: $crate::read::Field<$type>, )+
        }

        impl $name {
            const FIELDS: &'static [&'static str] = &[$( spec!(@key $field $($key)?) ),+];
        }

        impl $crate::read::Read for $name {
            const EXPECTED: $crate::read::Expected = $crate::read::Expected::Mapping;
            fn read(
                node: &$crate::yaml::Node,
                reader: &mut $crate::read::Reader<'_>,
            ) -> Option<Self> {
                let mut fields = $crate::read::Fields::open(node, $noun, Self::FIELDS, reader)?;
                Some($name {$(
                    $field: fields.take(
                        spec!(@key $field $($key)?),
                        spec!(@advice [$($about)+] $($required)?),
                        reader,
                    ),
                )+})
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::schema::mapping(concat!($($doc),+), [$(
                    $crate::schema::Property {
                        name: spec!(@key $field $($key)?),
                        about: concat!($($about),+),
                        required: spec!(@advice [$($about)+] $($required)?).is_some(),
                        schema: generator.subschema_for::<$type>(),
                    },
                )+])
            }
        }
    )+};
    (@key $field:ident $key:literal) => { $key };
    (@key $field:ident) => { stringify!($field) };
    (@advice [$($about:literal)+] required) => { Some(concat!($($about),+)) };
    (@advice [$($about:literal)+]) => { None::<&str> };
}
use spec;
