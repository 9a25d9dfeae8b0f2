//! Implementations of the generated attribute types, one macro per class.
//!
//! `contract!` generates the documented type. Its methods and impls are macros of this module, where they can be read
//! and tested as code.

mod text;

use std::fmt;

/// Error for a value outside the set or the range in the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAllowed {
    attribute: &'static str,
    value: String,
    allowed: &'static [&'static str],
}

impl NotAllowed {
    #[doc(hidden)]
    #[must_use]
    pub fn new(
        attribute: &'static str,
        value: impl fmt::Display,
        allowed: &'static [&'static str],
    ) -> Self {
        Self {
            attribute,
            value: value.to_string(),
            allowed,
        }
    }
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            attribute,
            value,
            allowed,
        } = self;
        write!(
            f,
            "`{value}` is not a value of `{attribute}`; allowed: {}",
            allowed.join(", ")
        )
    }
}

impl std::error::Error for NotAllowed {}

/// Implements the enum of a closed set of strings.
#[doc(hidden)]
#[macro_export]
macro_rules! __closed_strings {
    ($name:ident $key:literal [$($variant:ident = $value:literal,)*] $($other:ident)?) => {
        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the recorded value.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $value,)*
                    $(Self::$other => "_OTHER",)?
                }
            }

            $(
                /// Returns the value with this text, or `Other` for a text that the contract does not list.
                #[must_use]
                pub fn from_str_or_other(value: &str) -> Self {
                    value.parse().unwrap_or(Self::$other)
                }
            )?
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::NotAllowed;

            fn from_str(value: &str) -> ::core::result::Result<Self, $crate::NotAllowed> {
                match value {
                    $($value => ::core::result::Result::Ok(Self::$variant),)*
                    _ => ::core::result::Result::Err(
                        $crate::NotAllowed::new($key, value, &[$($value),*]),
                    ),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        $crate::__attribute!(
            $name $key,
            Strings(&[$($value,)* $($crate::__other!($other),)?]),
            |value| { $crate::__private::Value::from(value.as_str()) },
            |value| value as u64
        );

        $crate::__if_serde! {
            impl $crate::__private::serde::Serialize for $name {
                fn serialize<S: $crate::__private::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
                fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    let value = <::std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                    $(
                        // `Other` is serialized as `_OTHER`, which `FromStr` rejects.
                        if &*value == "_OTHER" {
                            return ::core::result::Result::Ok(Self::$other);
                        }
                    )?
                    value.parse().map_err($crate::__private::serde::de::Error::custom)
                }
            }
        }
    };
}

/// Implements the enum of a closed set of integers.
#[doc(hidden)]
#[macro_export]
macro_rules! __closed_ints {
    ($name:ident $key:literal [$($variant:ident = $value:literal $text:literal,)*]) => {
        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the recorded value.
            #[must_use]
            pub const fn as_i64(self) -> i64 {
                match self {
                    $(Self::$variant => $value,)*
                }
            }
        }

        impl ::core::convert::TryFrom<i64> for $name {
            type Error = $crate::NotAllowed;

            fn try_from(value: i64) -> ::core::result::Result<Self, $crate::NotAllowed> {
                match value {
                    $($value => ::core::result::Result::Ok(Self::$variant),)*
                    _ => ::core::result::Result::Err(
                        $crate::NotAllowed::new($key, value, &[$($text),*]),
                    ),
                }
            }
        }

        $crate::__integer!($name $key, as_i64, Ints(&[$($value,)*]), |value| value as u64);
    };
}

/// Implements the checked integer of a range.
#[doc(hidden)]
#[macro_export]
macro_rules! __ranged {
    ($name:ident $key:literal $min:literal $max:literal $text:literal) => {
        impl $name {
            /// Minimum of the range.
            pub const MIN: Self = Self($min);
            /// Maximum of the range.
            pub const MAX: Self = Self($max);

            /// Converts an integer in the range.
            ///
            /// # Errors
            ///
            /// Returns an error for an integer outside the range. The error names the range.
            pub fn new(value: i64) -> ::core::result::Result<Self, $crate::NotAllowed> {
                if !::core::matches!(value, $min..=$max) {
                    return ::core::result::Result::Err(
                        $crate::NotAllowed::new($key, value, &[$text]),
                    );
                }
                ::core::result::Result::Ok(Self(value))
            }

            /// Converts an integer, clamped to the range.
            #[must_use]
            pub const fn saturating(value: i64) -> Self {
                if value < $min {
                    Self::MIN
                } else if value > $max {
                    Self::MAX
                } else {
                    Self(value)
                }
            }

            /// Returns the recorded value.
            #[must_use]
            pub const fn as_i64(self) -> i64 {
                self.0
            }
        }

        impl ::core::convert::TryFrom<i64> for $name {
            type Error = $crate::NotAllowed;

            fn try_from(value: i64) -> ::core::result::Result<Self, $crate::NotAllowed> {
                Self::new(value)
            }
        }

        $crate::__integer!($name $key, as_i64, Range($min, $max), |value| value.0.abs_diff($min));
    };
}

/// Implements the part that closed sets of integers and ranges share.
#[doc(hidden)]
#[macro_export]
macro_rules! __integer {
    ($name:ident $key:literal, $get:ident, $values:ident($($data:tt)*), |$value:ident| $code:expr) => {
        impl ::core::convert::From<$name> for i64 {
            fn from(value: $name) -> i64 {
                value.$get()
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.$get(), f)
            }
        }

        $crate::__attribute!(
            $name $key,
            $values($($data)*),
            |value| { $crate::__private::Value::I64(value.$get()) },
            |$value| $code
        );

        $crate::__if_serde! {
            impl $crate::__private::serde::Serialize for $name {
                fn serialize<S: $crate::__private::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    serializer.serialize_i64(self.$get())
                }
            }

            impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
                fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    <Self as ::core::convert::TryFrom<i64>>::try_from(
                        <i64 as $crate::__private::serde::Deserialize>::deserialize(deserializer)?,
                    )
                    .map_err($crate::__private::serde::de::Error::custom)
                }
            }
        }
    };
}

/// Implements a wrapper of a number, a boolean or an array. Every value is valid.
#[doc(hidden)]
#[macro_export]
macro_rules! __scalar {
    ($name:ident $key:literal $kind:ident $stored:ty, $values:ident, |$value:ident| $into:expr $(, |$coded:ident| $code:expr)?) => {
        impl ::core::convert::From<$stored> for $name {
            fn from(value: $stored) -> Self {
                Self(value)
            }
        }

        impl $name {
            /// Returns the recorded value.
            #[must_use]
            pub fn into_inner(self) -> $stored {
                self.0
            }
        }

        $crate::__from_plain!($name $kind $stored, |stored| Self(stored));
        $crate::__attribute!($name $key, $values, |$value| { $into } $(, |$coded| $code)?);

        $crate::__if_serde! {
            $crate::__scalar_serde!($name $kind $stored);
        }
    };
}

/// Implements the serde traits of a wrapper. Expanded only with feature `serde`.
#[doc(hidden)]
#[macro_export]
macro_rules! __scalar_serde {
    // `StringValue` does not implement the serde traits.
    ($name:ident TextArray $stored:ty) => {
        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.iter().map($crate::__private::StringValue::as_str))
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let value = <::std::vec::Vec<::std::string::String> as
                            $crate::__private::serde::Deserialize>::deserialize(deserializer)?;
                ::core::result::Result::Ok(Self(value.into_iter().map(::core::convert::Into::into).collect()))
            }
        }
    };
    ($name:ident $kind:ident $stored:ty) => {
        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                <$stored as $crate::__private::serde::Serialize>::serialize(&self.0, serializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                <$stored as $crate::__private::serde::Deserialize>::deserialize(deserializer)
                    .map(Self)
            }
        }
    };
}

/// Implements the conversion from plain Rust values of a kind.
#[doc(hidden)]
#[macro_export]
macro_rules! __from_plain {
    ($name:ident $kind:ident $stored:ty, |$value:ident| $into:expr) => {
        impl $crate::__private::FromPlain for $name {
            type Kind = $crate::__private::kind::$kind;

            fn from_stored($value: $stored) -> Self {
                $into
            }
        }
    };
}

/// Implements `Attribute`. The last argument is the code of a value, for attributes whose values have codes.
#[doc(hidden)]
#[macro_export]
macro_rules! __attribute {
    (
        $name:ident $key:literal,
        $values:ident $(($($data:tt)*))?,
        |$value:ident| $into:block
        $(, clear $is_clear:literal)?
        $(, capped |$capped:ident| $capped_text:expr)?
        $(, |$coded:ident| $code:expr)?
    ) => {
        impl $crate::Attribute for $name {
            const KEY: &'static str = $key;
            const VALUES: $crate::__private::Values =
                $crate::__private::Values::$values $(($($data)*))?;

            fn into_value(self) -> $crate::__private::Value {
                let $value = self;
                $into
            }

            $(const IS_CLEAR_TEXT: bool = $is_clear;)?

            $(
                #[inline]
                fn capped(&self) -> ::core::option::Option<&$crate::__private::CappedText> {
                    let $capped = self;
                    ::core::option::Option::Some(&$capped_text)
                }

                #[inline]
                fn record(self) -> $crate::__private::InputValue<'static> {
                    let $capped = self;
                    $crate::__private::InputValue::Capped($capped_text)
                }
            )?

            $(
                #[inline]
                fn code(&self) -> ::core::option::Option<u64> {
                    let $coded = *self;
                    ::core::option::Option::Some($code)
                }
            )?
        }
    };
}

/// Expands to the recorded value of the variant `Other`.
#[doc(hidden)]
#[macro_export]
macro_rules! __other {
    ($variant:ident) => {
        "_OTHER"
    };
}
