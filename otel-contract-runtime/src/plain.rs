//! Plain Rust values that convert to attributes without a closed set or a range.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

/// Kinds of attribute values, and the Rust type that stores each kind.
pub mod kind {
    use std::sync::Arc;

    /// A kind of attribute values.
    pub trait Kind {
        /// Rust type that stores a value of the kind.
        type Stored;
    }

    macro_rules! kinds {
        ($($(#[$doc:meta])* $name:ident = $stored:ty;)*) => {$(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;
            impl Kind for $name {
                type Stored = $stored;
            }
        )*};
    }

    kinds! {
        /// UTF-8 text.
        Text = Arc<str>;
        /// 64-bit signed integer.
        Int = i64;
        /// 64-bit floating point number.
        Double = f64;
        /// Boolean.
        Boolean = bool;
        /// Array of texts.
        TextArray = Vec<opentelemetry::StringValue>;
        /// Array of integers.
        IntArray = Vec<i64>;
        /// Array of floating point numbers.
        DoubleArray = Vec<f64>;
        /// Array of booleans.
        BooleanArray = Vec<bool>;
    }
}

use kind::Kind;

/// A plain Rust value of kind `K`.
pub trait PlainValue<K: Kind> {
    /// Converts the value to the stored type.
    fn to_stored(&self) -> K::Stored;

    /// Returns the text, if it can be borrowed from the value without a conversion.
    #[inline]
    fn as_text(&self) -> Option<&str> {
        None
    }
}

impl PlainValue<kind::Text> for str {
    fn to_stored(&self) -> Arc<str> {
        Arc::from(self)
    }

    #[inline]
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }
}

impl PlainValue<kind::Text> for String {
    fn to_stored(&self) -> Arc<str> {
        Arc::from(self.as_str())
    }

    #[inline]
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }
}

impl PlainValue<kind::Text> for Cow<'_, str> {
    fn to_stored(&self) -> Arc<str> {
        Arc::from(&**self)
    }

    #[inline]
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }
}

impl PlainValue<kind::Text> for Box<str> {
    fn to_stored(&self) -> Arc<str> {
        Arc::from(&**self)
    }

    #[inline]
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }
}

impl PlainValue<kind::Text> for Arc<str> {
    fn to_stored(&self) -> Arc<str> {
        self.clone()
    }
}

impl PlainValue<kind::Text> for Rc<str> {
    fn to_stored(&self) -> Arc<str> {
        Arc::from(&**self)
    }
}

impl PlainValue<kind::Text> for char {
    fn to_stored(&self) -> Arc<str> {
        Arc::from(&*self.encode_utf8(&mut [0; 4]))
    }
}

/// Lossless conversions.
macro_rules! lossless {
    ($kind:ident, $stored:ty: $($from:ty),*) => {$(
        impl PlainValue<kind::$kind> for $from {
            fn to_stored(&self) -> $stored {
                <$stored>::from(*self)
            }
        }
    )*};
}

lossless!(Int, i64: i8, i16, i32, i64, u8, u16, u32);
lossless!(Double, f64: f32, f64, i8, i16, i32, u8, u16, u32);
lossless!(Boolean, bool: bool);

/// Conversions that saturate at `i64::MAX`. Counts and sizes do not reach this value in practice.
macro_rules! saturating {
    ($($from:ty),*) => {$(
        impl PlainValue<kind::Int> for $from {
            fn to_stored(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )*};
}

saturating!(u64, usize, isize);

/// An element of an array: a plain value, or a reference to one.
pub trait Element<K: Kind> {
    /// Converts the element to the stored type.
    fn to_stored_element(&self) -> K::Stored;
}

/// Implementations for each type, because a blanket implementation for references would conflict with one for values.
macro_rules! elements {
    ($kind:ident: $($element:ty),*) => {$(
        impl Element<kind::$kind> for $element {
            fn to_stored_element(&self) -> <kind::$kind as Kind>::Stored {
                PlainValue::<kind::$kind>::to_stored(self)
            }
        }

        impl Element<kind::$kind> for &$element {
            fn to_stored_element(&self) -> <kind::$kind as Kind>::Stored {
                PlainValue::<kind::$kind>::to_stored(*self)
            }
        }
    )*};
}

elements!(Text: String, Cow<'_, str>, Box<str>, Arc<str>);
elements!(Int: i8, i16, i32, i64, u8, u16, u32, u64, usize, isize);
elements!(Double: f32, f64);
elements!(Boolean: bool);

impl Element<kind::Text> for &str {
    fn to_stored_element(&self) -> Arc<str> {
        self.to_stored()
    }
}

macro_rules! arrays {
    ($($array:ident of $element:ident),*) => {$(
        impl<T: Element<kind::$element>> PlainValue<kind::$array> for [T] {
            fn to_stored(&self) -> <kind::$array as Kind>::Stored {
                self.iter().map(|element| element.to_stored_element().into()).collect()
            }
        }

        impl<T: Element<kind::$element>, const N: usize> PlainValue<kind::$array> for [T; N] {
            fn to_stored(&self) -> <kind::$array as Kind>::Stored {
                self.as_slice().to_stored()
            }
        }

        impl<T: Element<kind::$element>> PlainValue<kind::$array> for Vec<T> {
            fn to_stored(&self) -> <kind::$array as Kind>::Stored {
                self.as_slice().to_stored()
            }
        }
    )*};
}

arrays!(TextArray of Text, IntArray of Int, DoubleArray of Double, BooleanArray of Boolean);
