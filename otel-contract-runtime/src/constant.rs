//! Values written as constants: what `constant!` of a contract expands to.
//!
//! The value is an argument of a type ([`Written`]), so rustc knows it when it checks types: a wrong one fails on
//! `cargo check`, in a constant, in a function and in a generic function alike. The functions report at their caller, so
//! that a message shows the value the user wrote and no line from here.

/// One value of one attribute. `VALUE` is an integer as recorded, or the place of a value in its closed set.
#[derive(Debug)]
pub struct Written<const ATTRIBUTE: u64, const VALUE: i64>;

/// The value as the type of its attribute, of which there is one for each `ATTRIBUTE`: rustc infers `T`.
pub trait Constant<T> {
    /// The value.
    const VALUE: T;
}

/// An integer between the two, both included.
#[track_caller]
#[must_use]
pub const fn range(value: i64, min: i64, max: i64, refusal: &str) -> i64 {
    assert!(min <= value && value <= max, "{}", refusal);
    value
}

/// The place of an integer among the values of a closed set.
#[track_caller]
#[must_use]
pub const fn place(value: i64, values: &[i64], refusal: &str) -> i64 {
    let mut place = 0;
    while place < values.len() {
        if values[place] == value {
            #[allow(clippy::cast_possible_wrap)]
            return place as i64;
        }
        place += 1;
    }
    panic!("{}", refusal);
}

/// The place of a string among the values of a closed set.
#[track_caller]
#[must_use]
pub const fn place_of_text(value: &str, values: &[&str], refusal: &str) -> i64 {
    let mut place = 0;
    while place < values.len() {
        if same(value.as_bytes(), values[place].as_bytes()) {
            #[allow(clippy::cast_possible_wrap)]
            return place as i64;
        }
        place += 1;
    }
    panic!("{}", refusal);
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// A boolean.
#[must_use]
pub const fn boolean(value: bool) -> i64 {
    value as i64
}

/// Any integer.
#[must_use]
pub const fn integer(value: i64) -> i64 {
    value
}
