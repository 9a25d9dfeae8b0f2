//! Reads literals as rustc does: the value, and the type of the suffix.
//!
//! The macro checks literals itself, so it has to reject every literal that rustc would reject: `300u8`, `-5u8`, `-"a"`.

use crate::messages::literals as messages;
use otel_contract_definition::Values;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Expr, Lit, UnOp};

/// The value of a literal expression.
#[derive(Clone, PartialEq)]
pub(crate) enum Constant {
    Text(String),
    Char(char),
    Boolean(bool),
    Integer(i128, Option<Integer>),
    Float(f64),
    Bytes,
    CText,
}

/// The type of an integer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Integer {
    name: &'static str,
    min: i128,
    max: i128,
    /// Whether an integer attribute accepts the type (`PlainValue<kind::Int>` of the runtime).
    fits_int: bool,
    /// Whether a floating-point attribute accepts the type (`PlainValue<kind::Double>` of the runtime).
    fits_double: bool,
}

const U8: Integer = integer("u8", 0, u8::MAX as i128, true, true);

const INTEGERS: [Integer; 12] = [
    integer("i8", i8::MIN as i128, i8::MAX as i128, true, true),
    integer("i16", i16::MIN as i128, i16::MAX as i128, true, true),
    integer("i32", i32::MIN as i128, i32::MAX as i128, true, true),
    integer("i64", i64::MIN as i128, i64::MAX as i128, true, false),
    integer("i128", i128::MIN, i128::MAX, false, false),
    integer("isize", i64::MIN as i128, i64::MAX as i128, true, false),
    U8,
    integer("u16", 0, u16::MAX as i128, true, true),
    integer("u32", 0, u32::MAX as i128, true, true),
    integer("u64", 0, u64::MAX as i128, true, false),
    // No attribute accepts `u128`, so values above the maximum of `i128` need not be represented.
    integer("u128", 0, i128::MAX, false, false),
    integer("usize", 0, u64::MAX as i128, true, false),
];

const fn integer(
    name: &'static str,
    min: i128,
    max: i128,
    fits_int: bool,
    fits_double: bool,
) -> Integer {
    Integer {
        name,
        min,
        max,
        fits_int,
        fits_double,
    }
}

/// Whether an attribute accepts a literal.
pub(crate) enum Judgement {
    /// The literal is a value of the attribute. Contains the tokens of an `InputValue`.
    Recorded(TokenStream),
    /// rustc checks the type of the literal, as for a variable.
    ByType,
    /// The literal is not a value of the attribute. Contains the fix, unless the fix is only to use another value.
    Rejected(Option<String>),
}

/// Returns the literal of an expression that is a literal. Returns `Err` with the fix for a literal that rustc would
/// reject, and `None` for any other expression.
pub(crate) fn read(expression: &Expr) -> Option<Result<Constant, String>> {
    match expression {
        Expr::Lit(literal) => Some(of_literal(&literal.lit, false)),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match plain(&unary.expr) {
            // The number is read with its sign: `-128i8` is an `i8`, but 128 is not.
            Expr::Lit(literal) => Some(of_literal(&literal.lit, true)),
            inner => Some(read(inner)?.and_then(negated)),
        },
        Expr::Paren(_) | Expr::Group(_) | Expr::Reference(_) => {
            let inner = plain(expression);
            // A mutable reference is not a literal, so rustc checks its type.
            (!matches!(inner, Expr::Reference(_))).then(|| read(inner))?
        }
        _ => None,
    }
}

/// Returns the expression inside parentheses and shared references.
fn plain(expression: &Expr) -> &Expr {
    match expression {
        Expr::Paren(inner) => plain(&inner.expr),
        Expr::Group(inner) => plain(&inner.expr),
        Expr::Reference(inner) if inner.mutability.is_none() => plain(&inner.expr),
        other => other,
    }
}

pub(crate) fn of_literal(literal: &Lit, negative: bool) -> Result<Constant, String> {
    let unsuffixed = |constant, suffix: &str| match suffix {
        "" if negative => negated(constant),
        "" => Ok(constant),
        suffix => Err(messages::suffix(suffix)),
    };
    match literal {
        Lit::Str(text) => unsuffixed(Constant::Text(text.value()), text.suffix()),
        Lit::Char(char) => unsuffixed(Constant::Char(char.value()), char.suffix()),
        Lit::Bool(boolean) => unsuffixed(Constant::Boolean(boolean.value), ""),
        Lit::ByteStr(bytes) => unsuffixed(Constant::Bytes, bytes.suffix()),
        Lit::CStr(text) => unsuffixed(Constant::CText, text.suffix()),
        Lit::Byte(byte) => {
            let constant = Constant::Integer(i128::from(byte.value()), Some(U8));
            unsuffixed(constant, byte.suffix())
        }
        // syn reads `1f64` as an integer.
        Lit::Int(number) if ["f16", "f32", "f64", "f128"].contains(&number.suffix()) => {
            let written = number.to_string();
            if ["0b", "0o"].iter().any(|base| written.starts_with(base)) {
                return Err(messages::not_decimal());
            }
            float(number.base10_digits(), number.suffix(), negative)
        }
        Lit::Int(number) => of_integer(number.base10_digits(), number.suffix(), negative),
        Lit::Float(number) => float(number.base10_digits(), number.suffix(), negative),
        _ => Err(messages::not_a_literal()),
    }
}

fn of_integer(digits: &str, suffix: &str, negative: bool) -> Result<Constant, String> {
    // A literal with more digits than any type becomes the maximum of `i128`, which is out of range too.
    let magnitude: i128 = digits.parse().unwrap_or(i128::MAX);
    let value = if negative {
        magnitude.saturating_neg()
    } else {
        magnitude
    };
    if suffix.is_empty() {
        return Ok(Constant::Integer(value, None));
    }
    let integers = INTEGERS.into_iter();
    let Some(integer) = integers.into_iter().find(|known| known.name == suffix) else {
        return Err(messages::integer_suffix(suffix));
    };
    if negative && integer.min == 0 {
        return Err(messages::no_negative_values(integer.name));
    }
    in_range(value, integer)
}

fn in_range(value: i128, integer: Integer) -> Result<Constant, String> {
    let Integer { name, min, max, .. } = integer;
    if value < min || value > max {
        return Err(messages::out_of_range(name, min, max));
    }
    Ok(Constant::Integer(value, Some(integer)))
}

fn float(digits: &str, suffix: &str, negative: bool) -> Result<Constant, String> {
    let value = match suffix {
        "" | "f64" => digits.parse().ok(),
        // Round to `f32` first, as rustc does for a variable of type `f32`.
        "f32" => digits.parse::<f32>().ok().map(f64::from),
        "f16" | "f128" => return Err(messages::number_type(suffix, "f64")),
        suffix => {
            return Err(messages::float_suffix(suffix));
        }
    };
    match value {
        Some(value) if value.is_finite() => {
            Ok(Constant::Float(if negative { -value } else { value }))
        }
        _ => {
            let name = if suffix.is_empty() { "f64" } else { suffix };
            Err(messages::float_out_of_range(name))
        }
    }
}

fn negated(constant: Constant) -> Result<Constant, String> {
    match constant {
        Constant::Integer(value, None) => Ok(Constant::Integer(value.saturating_neg(), None)),
        Constant::Integer(value, Some(integer)) if integer.min < 0 => {
            in_range(value.saturating_neg(), integer)
        }
        Constant::Integer(_, Some(integer)) => Err(messages::no_negative_values(integer.name)),
        Constant::Float(value) => Ok(Constant::Float(-value)),
        Constant::Text(_)
        | Constant::Char(_)
        | Constant::Boolean(_)
        | Constant::Bytes
        | Constant::CText => Err(messages::sign_without_number()),
    }
}

/// Decides whether an attribute accepts a literal.
pub(crate) fn judge(values: &Values, constant: &Constant) -> Judgement {
    use Judgement::{ByType, Recorded, Rejected};
    match (values, constant) {
        (_, Constant::Integer(value, integer)) => judge_integer(values, *value, *integer),
        (Values::Strings { values, .. }, Constant::Text(value)) => {
            let position = values.iter().position(|(listed, _)| listed == value);
            position.map_or(Rejected(None), |position| Recorded(code(position)))
        }
        (Values::Boolean, Constant::Boolean(value)) => Recorded(code(u64::from(*value))),
        (Values::Text | Values::Capped, Constant::Text(value)) => Recorded(text_value(value)),
        (Values::Text, Constant::Char(value)) => Recorded(text_value(&value.to_string())),
        (Values::Double, Constant::Float(value)) => Recorded(double_value(*value)),
        // Personal text is protected at run time, and bytes may be an array value. rustc checks the types.
        (Values::Personal, Constant::Text(_) | Constant::Char(_))
        | (Values::Array(_), Constant::Bytes) => ByType,
        (Values::Strings { .. } | Values::Capped, Constant::Char(value)) => {
            Rejected(Some(messages::character(*value)))
        }
        (Values::Text | Values::Capped | Values::Personal, Constant::Bytes | Constant::CText) => {
            Rejected(Some(messages::prefix()))
        }
        (
            Values::Strings { .. }
            | Values::Ints(_)
            | Values::Range(..)
            | Values::Boolean
            | Values::Text
            | Values::Int
            | Values::Double
            | Values::Array(_)
            | Values::Capped
            | Values::Newtype { .. }
            | Values::Personal,
            _,
        ) => Rejected(None),
    }
}

/// Decides whether an attribute accepts an integer. `integer` is the type of its suffix.
fn judge_integer(values: &Values, value: i128, integer: Option<Integer>) -> Judgement {
    use Judgement::{Recorded, Rejected};
    let recorded = |value: Option<TokenStream>| value.map_or(Rejected(None), Recorded);
    let wide = integer.filter(|integer| !integer.fits_int);
    match (values, wide) {
        (Values::Ints(_) | Values::Range(..) | Values::Int, Some(Integer { name, .. })) => {
            Rejected(Some(messages::number_type(name, "i64")))
        }
        (Values::Ints(values), None) => {
            let mut values = values.iter();
            recorded(
                values
                    .position(|(listed, _)| i128::from(*listed) == value)
                    .map(code),
            )
        }
        (Values::Range(min, max), None) => {
            let converted = i64::try_from(value).ok();
            let in_range = converted.filter(|value| min <= value && value <= max);
            recorded(in_range.map(|value| code(value.abs_diff(*min))))
        }
        (Values::Int, None) => match i64::try_from(value) {
            Ok(value) => Recorded(int_value(value)),
            // The value saturates at the maximum of `i64`, as the runtime does with a value of this integer type.
            Err(_) if integer.is_some() => Recorded(int_value(i64::MAX)),
            Err(_) => Rejected(Some(messages::out_of_range(
                "i64",
                i64::MIN.into(),
                i64::MAX.into(),
            ))),
        },
        (Values::Double, _) => judge_double(value, integer),
        (
            Values::Strings { .. }
            | Values::Boolean
            | Values::Text
            | Values::Array(_)
            | Values::Capped
            | Values::Newtype { .. }
            | Values::Personal,
            _,
        ) => Rejected(None),
    }
}

/// Decides whether a floating-point attribute accepts an integer. The conversion must be without loss.
fn judge_double(value: i128, integer: Option<Integer>) -> Judgement {
    let fits = match integer {
        Some(integer) => integer.fits_double,
        None => i32::try_from(value).is_ok() || u32::try_from(value).is_ok(),
    };
    let exact = || {
        i32::try_from(value)
            .map(f64::from)
            .or_else(|_| u32::try_from(value).map(f64::from))
    };
    match exact() {
        Ok(value) if fits => Judgement::Recorded(double_value(value)),
        _ => Judgement::Rejected(Some(match integer {
            Some(integer) => messages::lossy_integer(integer.name),
            None => messages::no_decimal_point(),
        })),
    }
}

/// Returns the code of a value: its index among the values of the attribute.
fn code(code: impl TryInto<u64>) -> TokenStream {
    let code = Literal::u64_suffixed(code.try_into().unwrap_or_default());
    quote! { InputValue::Code(#code) }
}

fn text_value(text: &str) -> TokenStream {
    quote! { InputValue::text(#text) }
}

fn int_value(value: i64) -> TokenStream {
    let value = Literal::i64_suffixed(value);
    quote! { InputValue::int(#value) }
}

fn double_value(value: f64) -> TokenStream {
    let value = Literal::f64_suffixed(value);
    quote! { InputValue::double(#value) }
}

#[cfg(test)]
mod tests;
