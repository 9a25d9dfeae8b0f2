//! Plain Rust values that attributes without a set of values take.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

/// What kinds of values there are on the wire, and how attributes hold them.
pub mod kind {
    use std::sync::Arc;

    /// A kind of value.
    pub trait Kind {
        /// How an attribute holds it.
        type Held;
    }

    macro_rules! kinds {
        ($($(#[$doc:meta])* $name:ident = $held:ty;)*) => {$(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;
            impl Kind for $name {
                type Held = $held;
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
        /// Truth value.
        Boolean = bool;
        /// Array of text.
        TextArray = Vec<opentelemetry::StringValue>;
        /// Array of integers.
        IntArray = Vec<i64>;
        /// Array of floating point numbers.
        DoubleArray = Vec<f64>;
        /// Array of truth values.
        BooleanArray = Vec<bool>;
    }
}

use kind::Kind;

/// A plain Rust value of kind `K`.
pub trait Source<K: Kind> {
    /// The value as an attribute holds it.
    fn hold(&self) -> K::Held;

    /// The text, if it is there to be looked at without being held.
    #[inline]
    fn text(&self) -> Option<&str> {
        None
    }
}

impl Source<kind::Text> for str {
    fn hold(&self) -> Arc<str> {
        Arc::from(self)
    }

    #[inline]
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Source<kind::Text> for String {
    fn hold(&self) -> Arc<str> {
        Arc::from(self.as_str())
    }

    #[inline]
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Source<kind::Text> for Cow<'_, str> {
    fn hold(&self) -> Arc<str> {
        Arc::from(&**self)
    }

    #[inline]
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Source<kind::Text> for Box<str> {
    fn hold(&self) -> Arc<str> {
        Arc::from(&**self)
    }

    #[inline]
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Source<kind::Text> for Arc<str> {
    fn hold(&self) -> Arc<str> {
        self.clone()
    }
}

impl Source<kind::Text> for Rc<str> {
    fn hold(&self) -> Arc<str> {
        Arc::from(&**self)
    }
}

impl Source<kind::Text> for char {
    fn hold(&self) -> Arc<str> {
        Arc::from(&*self.encode_utf8(&mut [0; 4]))
    }
}

macro_rules! fits {
    ($kind:ident, $held:ty: $($from:ty),*) => {$(
        impl Source<kind::$kind> for $from {
            fn hold(&self) -> $held {
                <$held>::from(*self)
            }
        }
    )*};
}

fits!(Int, i64: i8, i16, i32, i64, u8, u16, u32);
fits!(Double, f64: f32, f64, i8, i16, i32, u8, u16, u32);
fits!(Boolean, bool: bool);

/// Counts and sizes do not reach the limit; where one does, the greatest value says so.
macro_rules! saturates {
    ($($from:ty),*) => {$(
        impl Source<kind::Int> for $from {
            fn hold(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )*};
}

saturates!(u64, usize, isize);

/// An element of an array: a plain value, or a reference to one.
pub trait Element<K: Kind> {
    /// The element as an attribute holds it.
    fn hold_element(&self) -> K::Held;
}

/// Type by type: a blanket implementation for references would stand in the way of one for values.
macro_rules! elements {
    ($kind:ident: $($element:ty),*) => {$(
        impl Element<kind::$kind> for $element {
            fn hold_element(&self) -> <kind::$kind as Kind>::Held {
                Source::<kind::$kind>::hold(self)
            }
        }

        impl Element<kind::$kind> for &$element {
            fn hold_element(&self) -> <kind::$kind as Kind>::Held {
                Source::<kind::$kind>::hold(*self)
            }
        }
    )*};
}

elements!(Text: String, Cow<'_, str>, Box<str>, Arc<str>);
elements!(Int: i8, i16, i32, i64, u8, u16, u32, u64, usize, isize);
elements!(Double: f32, f64);
elements!(Boolean: bool);

impl Element<kind::Text> for &str {
    fn hold_element(&self) -> Arc<str> {
        self.hold()
    }
}

macro_rules! arrays {
    ($($array:ident of $element:ident),*) => {$(
        impl<T: Element<kind::$element>> Source<kind::$array> for [T] {
            fn hold(&self) -> <kind::$array as Kind>::Held {
                self.iter().map(|element| element.hold_element().into()).collect()
            }
        }

        impl<T: Element<kind::$element>, const N: usize> Source<kind::$array> for [T; N] {
            fn hold(&self) -> <kind::$array as Kind>::Held {
                self.as_slice().hold()
            }
        }

        impl<T: Element<kind::$element>> Source<kind::$array> for Vec<T> {
            fn hold(&self) -> <kind::$array as Kind>::Held {
                self.as_slice().hold()
            }
        }
    )*};
}

arrays!(TextArray of Text, IntArray of Int, DoubleArray of Double, BooleanArray of Boolean);
