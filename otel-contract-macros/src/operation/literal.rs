//! Literals as rustc reads them: the value, and the type that a suffix gives it.
//!
//! The macro checks literals itself, so it has to reject whatever the compiler would reject: `300u8`, `-5u8`, `-"a"`.

use otel_contract_definition::Values;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Expr, Lit, UnOp};

/// The value of a literal expression.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Integer {
    name: &'static str,
    min: i128,
    max: i128,
    /// Whether an integer attribute takes it (`Source<kind::Int>` of the runtime).
    fits_int: bool,
    /// Whether a floating point attribute takes it (`Source<kind::Double>` of the runtime).
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
    // No attribute takes it, so that its upper half needs no representation here.
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

/// What becomes of a literal that is given for an attribute.
#[derive(Debug)]
pub(crate) enum Judged {
    /// A value of the attribute: how it is recorded.
    Recorded(TokenStream),
    /// The attribute's trait decides, as it does for a variable of the same type.
    ByType,
    /// Not a value of the attribute, with the fix, where that is not just another value.
    Refused(Option<String>),
}

/// The literal an expression consists of, or why the compiler would reject the literal. `None` for any other
/// expression.
pub(crate) fn read(expression: &Expr) -> Option<Result<Constant, String>> {
    match expression {
        Expr::Lit(literal) => Some(of_literal(&literal.lit, false)),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => match plain(&unary.expr) {
            // Together: `-128i8` is an `i8`, and 128 is not.
            Expr::Lit(literal) => Some(of_literal(&literal.lit, true)),
            inner => Some(read(inner)?.and_then(negated)),
        },
        Expr::Paren(_) | Expr::Group(_) | Expr::Reference(_) => {
            let inner = plain(expression);
            // A mutable reference is not a literal: its type decides.
            (!matches!(inner, Expr::Reference(_))).then(|| read(inner))?
        }
        _ => None,
    }
}

/// The expression without parentheses and shared references around it.
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
        suffix => Err(format!("only numbers have a suffix: remove `{suffix}`")),
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
        // To syn `1f64` is an integer.
        Lit::Int(number) if ["f16", "f32", "f64", "f128"].contains(&number.suffix()) => {
            let written = number.to_string();
            if ["0b", "0o"].iter().any(|base| written.starts_with(base)) {
                return Err("a floating point number has decimal digits only".to_owned());
            }
            float(number.base10_digits(), number.suffix(), negative)
        }
        Lit::Int(number) => of_integer(number.base10_digits(), number.suffix(), negative),
        Lit::Float(number) => float(number.base10_digits(), number.suffix(), negative),
        _ => Err("it is not a Rust literal".to_owned()),
    }
}

fn of_integer(digits: &str, suffix: &str, negative: bool) -> Result<Constant, String> {
    // More digits than any type has are as wrong as the greatest value of the greatest type.
    let value: i128 = digits.parse().unwrap_or(i128::MAX);
    let value = if negative {
        value.saturating_neg()
    } else {
        value
    };
    if suffix.is_empty() {
        return Ok(Constant::Integer(value, None));
    }
    let integers = INTEGERS.into_iter();
    let Some(integer) = integers.into_iter().find(|one| one.name == suffix) else {
        return Err(format!("`{suffix}` is not a number type: remove it"));
    };
    if negative && integer.min == 0 {
        return Err(no_negative(integer));
    }
    in_range(value, integer)
}

fn no_negative(integer: Integer) -> String {
    format!("`{}` has no negative values", integer.name)
}

fn in_range(value: i128, integer: Integer) -> Result<Constant, String> {
    let Integer { name, min, max, .. } = integer;
    if value < min || value > max {
        return Err(format!("`{name}` takes {min} to {max}"));
    }
    Ok(Constant::Integer(value, Some(integer)))
}

fn float(digits: &str, suffix: &str, negative: bool) -> Result<Constant, String> {
    let value = match suffix {
        "" | "f64" => digits.parse().ok(),
        // As a variable of this type: rounded to it first.
        "f32" => digits.parse::<f32>().ok().map(f64::from),
        "f16" | "f128" => return Err(format!("`{suffix}` is not taken: write `f64`")),
        suffix => {
            return Err(format!(
                "`{suffix}` is not a floating point type: remove it"
            ));
        }
    };
    match value {
        Some(value) if value.is_finite() => {
            Ok(Constant::Float(if negative { -value } else { value }))
        }
        _ => {
            let name = if suffix.is_empty() { "f64" } else { suffix };
            Err(format!("it is out of range for `{name}`"))
        }
    }
}

fn negated(constant: Constant) -> Result<Constant, String> {
    match constant {
        Constant::Integer(value, None) => Ok(Constant::Integer(value.saturating_neg(), None)),
        Constant::Integer(value, Some(integer)) if integer.min < 0 => {
            in_range(value.saturating_neg(), integer)
        }
        Constant::Integer(_, Some(integer)) => Err(no_negative(integer)),
        Constant::Float(value) => Ok(Constant::Float(-value)),
        Constant::Text(_)
        | Constant::Char(_)
        | Constant::Boolean(_)
        | Constant::Bytes
        | Constant::CText => Err("only a number has a sign: remove the `-`".to_owned()),
    }
}

/// Whether an attribute takes a literal. Literals of a closed set are values of it; elsewhere a variable of the
/// literal's type decides.
pub(crate) fn judge(values: &Values, constant: &Constant) -> Judged {
    use Judged::{ByType, Recorded, Refused};
    match (values, constant) {
        (_, Constant::Integer(given, integer)) => judge_integer(values, *given, *integer),
        (Values::Strings { values, .. }, Constant::Text(given)) => {
            let position = values.iter().position(|(value, _)| value == given);
            position.map_or(Refused(None), |position| Recorded(code(position)))
        }
        (Values::Boolean, Constant::Boolean(given)) => Recorded(code(u64::from(*given))),
        (Values::Text | Values::Capped, Constant::Text(given)) => Recorded(text_value(given)),
        (Values::Text, Constant::Char(given)) => Recorded(text_value(&given.to_string())),
        (Values::Double, Constant::Float(given)) => Recorded(double_value(*given)),
        // Personal text is protected where it is recorded; what holds bytes depends on the array.
        (Values::Personal, Constant::Text(_) | Constant::Char(_))
        | (Values::Array(_), Constant::Bytes) => ByType,
        (Values::Strings { .. } | Values::Capped, Constant::Char(given)) => {
            Refused(Some(format!("a string is written {:?}", given.to_string())))
        }
        (Values::Text | Values::Capped | Values::Personal, Constant::Bytes | Constant::CText) => {
            let fix = "write a string without a letter before its quotes";
            Refused(Some(fix.to_owned()))
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
        ) => Refused(None),
    }
}

/// Whether an attribute takes an integer; `integer` is the type that a suffix gives it.
fn judge_integer(values: &Values, given: i128, integer: Option<Integer>) -> Judged {
    use Judged::{Recorded, Refused};
    let recorded = |value: Option<TokenStream>| value.map_or(Refused(None), Recorded);
    let wide = integer.filter(|integer| !integer.fits_int);
    match (values, wide) {
        (Values::Ints(_) | Values::Range(..) | Values::Int, Some(Integer { name, .. })) => {
            Refused(Some(format!("`{name}` is not taken: write `i64`")))
        }
        (Values::Ints(values), None) => {
            let mut values = values.iter();
            recorded(
                values
                    .position(|(value, _)| i128::from(*value) == given)
                    .map(code),
            )
        }
        (Values::Range(min, max), None) => {
            let given = i64::try_from(given).ok();
            let given = given.filter(|given| min <= given && given <= max);
            recorded(given.map(|given| code(given.abs_diff(*min))))
        }
        (Values::Int, None) => match i64::try_from(given) {
            Ok(given) => Recorded(int_value(given)),
            // As the runtime does with a count of such a type.
            Err(_) if integer.is_some() => Recorded(int_value(i64::MAX)),
            Err(_) => Refused(Some(format!("`i64` takes {} to {}", i64::MIN, i64::MAX))),
        },
        (Values::Double, _) => double(given, integer),
        (
            Values::Strings { .. }
            | Values::Boolean
            | Values::Text
            | Values::Array(_)
            | Values::Capped
            | Values::Newtype { .. }
            | Values::Personal,
            _,
        ) => Refused(None),
    }
}

/// An integer for a floating point attribute: of a type that is converted without loss.
fn double(given: i128, integer: Option<Integer>) -> Judged {
    let fits = match integer {
        Some(integer) => integer.fits_double,
        None => i32::try_from(given).is_ok() || u32::try_from(given).is_ok(),
    };
    let exact = || {
        i32::try_from(given)
            .map(f64::from)
            .or_else(|_| u32::try_from(given).map(f64::from))
    };
    match exact() {
        Ok(value) if fits => Judged::Recorded(double_value(value)),
        _ => Judged::Refused(Some(match integer {
            Some(integer) => format!(
                "`{}` is not converted without loss: write `f64`",
                integer.name
            ),
            None => "write it with a decimal point".to_owned(),
        })),
    }
}

/// The code of a value: its position among the values of its attribute.
fn code(code: impl TryInto<u64>) -> TokenStream {
    let code = Literal::u64_suffixed(code.try_into().unwrap_or_default());
    quote! { Recorded::Code(#code) }
}

fn text_value(text: &str) -> TokenStream {
    quote! { Recorded::text(#text) }
}

fn int_value(value: i64) -> TokenStream {
    let value = Literal::i64_suffixed(value);
    quote! { Recorded::int(#value) }
}

fn double_value(value: f64) -> TokenStream {
    let value = Literal::f64_suffixed(value);
    quote! { Recorded::double(#value) }
}

#[cfg(test)]
mod tests;
