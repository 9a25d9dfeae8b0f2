//! Run-time part of `constant!`, which checks constant attribute values at compile time.
//!
//! The value is a const argument of a type ([`ConstantValue`]), so rustc evaluates the value during type checking: an
//! invalid value fails `cargo check` in constants, in functions and in generic functions. The functions of this module
//! are `#[track_caller]`, so the error shows the value in the user's code.

/// A constant value of an attribute. `VALUE` is an integer as recorded, or the index of a value in its closed set.
#[derive(Debug)]
pub struct ConstantValue<const ATTRIBUTE: u64, const VALUE: i64>;

/// Conversion of a constant to the type of its attribute. Each `ATTRIBUTE` has one implementation, so rustc infers `T`.
pub trait Constant<T> {
    /// The value in the type of the attribute.
    const VALUE: T;
}

/// Checks that an integer is in the range from `min` to `max`, both included, and returns it.
#[track_caller]
#[must_use]
pub const fn range(value: i64, min: i64, max: i64, message: &str) -> i64 {
    assert!(min <= value && value <= max, "{}", message);
    value
}

/// Returns the index of an integer among the values of a closed set.
#[track_caller]
#[must_use]
pub const fn index_of(value: i64, values: &[i64], message: &str) -> i64 {
    let mut index = 0;
    while index < values.len() {
        if values[index] == value {
            #[allow(clippy::cast_possible_wrap)]
            return index as i64;
        }
        index += 1;
    }
    panic!("{}", message);
}

/// Returns the index of a string among the values of a closed set.
#[track_caller]
#[must_use]
pub const fn index_of_text(value: &str, values: &[&str], message: &str) -> i64 {
    let mut index = 0;
    while index < values.len() {
        if is_equal(value.as_bytes(), values[index].as_bytes()) {
            #[allow(clippy::cast_possible_wrap)]
            return index as i64;
        }
        index += 1;
    }
    panic!("{}", message);
}

/// Compares bytes. `==` on slices is not `const`.
const fn is_equal(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// Returns a boolean as an integer.
#[must_use]
pub const fn boolean(value: bool) -> i64 {
    value as i64
}

/// Returns an unchecked integer.
#[must_use]
pub const fn integer(value: i64) -> i64 {
    value
}
