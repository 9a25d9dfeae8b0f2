//! Implementations of text attributes: unbounded, bounded and personal.

/// Implements an unbounded text attribute.
#[doc(hidden)]
#[macro_export]
macro_rules! __text {
    ($name:ident $key:literal newtype) => {
        impl $name {
            /// Converts a text. The type has no other conversion, so every value is created explicitly.
            #[must_use]
            pub fn new(value: impl ::core::convert::Into<::std::sync::Arc<str>>) -> Self {
                Self(value.into())
            }
        }

        $crate::__text!(@shared $name);
        $crate::__text!(@attribute $name $key);
    };
    ($name:ident $key:literal) => {
        $crate::__text!(@plain $name);
        $crate::__text!(@shared $name);
        $crate::__text!(@attribute $name $key);
    };
    (@attribute $name:ident $key:literal) => {
        $crate::__attribute!($name $key, Unbounded, |value| {
            $crate::__private::Value::String(value.0.into())
        }, clear true);
    };
    // Plain strings become a value of the attribute.
    (@plain $name:ident) => {
        impl ::core::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.into())
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                Self(value.into())
            }
        }

        impl ::core::convert::From<::std::sync::Arc<str>> for $name {
            fn from(value: ::std::sync::Arc<str>) -> Self {
                Self(value.into())
            }
        }

        $crate::__from_plain!($name Text ::std::sync::Arc<str>, |stored| Self(stored.into()));
    };
    (@shared $name:ident) => {
        impl $name {
            /// Returns the recorded text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(&self.0)
            }
        }

        $crate::__if_serde! {
            impl $crate::__private::serde::Serialize for $name {
                fn serialize<S: $crate::__private::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    serializer.serialize_str(&self.0)
                }
            }

            impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
                fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    let value = <::std::string::String as
                        $crate::__private::serde::Deserialize>::deserialize(deserializer)?;
                    ::core::result::Result::Ok(Self(value.into()))
                }
            }
        }
    };
}

/// Implements a bounded text attribute: values beyond the bound are recorded as `_OTHER`.
#[doc(hidden)]
#[macro_export]
macro_rules! __capped {
    ($name:ident $key:literal $limit:literal $($plain:ident)?) => {
        impl $name {
            #[doc = concat!("Converts a text to a value of `", $key, "`.")]
            ///
            #[doc = concat!(
                "The first ", $limit, " distinct values are recorded as they are, later values as `_OTHER`.",
            )]
            /// Short texts are stored without an allocation. Clones share long texts.
            #[doc(alias = "new")]
            #[inline]
            #[must_use]
            pub fn capped(text: impl ::core::convert::AsRef<str>) -> Self {
                Self($crate::__private::CappedText::new(text.as_ref()))
            }
        }

        impl $crate::__private::Capped for $name {
            fn from_text(text: &str) -> Self {
                Self::capped(text)
            }
        }

        $($crate::__text!(@$plain $name);)?
        $crate::__text!(@shared $name);
        $crate::__attribute!($name $key, Limited($limit), |value| {
            $crate::__private::Value::String(value.0.into())
        }, capped |value| value.0);
    };
}

/// Implements a personal text attribute. The type has no serde impls, because it does not store the original text.
#[doc(hidden)]
#[macro_export]
macro_rules! __personal {
    ($name:ident $key:literal $protected:expr) => {
        $crate::__personal!($name $key $protected, newtype);
        $crate::__from_plain!($name Text ::std::sync::Arc<str>, |stored| Self::new(stored));
    };
    ($name:ident $key:literal $protected:expr, newtype) => {
        impl $name {
            /// Protects a text as declared in the contract. The clear text is not stored.
            #[must_use]
            pub fn new(clear: impl ::core::convert::AsRef<str>) -> Self {
                const PROTECTED: $crate::__private::Protected = $protected;
                Self(PROTECTED.apply(clear.as_ref()))
            }

            /// Returns the recorded text.
            #[must_use]
            pub fn protected(&self) -> &str {
                self.0.as_str()
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(clear: &str) -> Self {
                Self::new(clear)
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(clear: ::std::string::String) -> Self {
                Self::new(clear)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.0.as_str())
            }
        }

        $crate::__attribute!($name $key, Unbounded, |value| {
            $crate::__private::Value::String(value.0.into_inner().into())
        });
    };
}
