//! The types of plain scalars follow the core schema of YAML 1.2.2 (section 10.3.2), with three differences. First,
//! a zero followed by digits is a string, because `007` is usually an identifier. Second, integers may be binary, and a
//! sign is allowed in any base. Third, a number that does not fit in a double is a string.

use super::Value;

/// Returns the value of a scalar without quotes.
pub(super) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Value::Float(f64::NAN),
        _ => {}
    }
    let (sign, digits) = match text.split_at_checked(1) {
        Some(("-", rest)) => (-1, rest),
        Some(("+", rest)) => (1, rest),
        _ => (1, text),
    };
    let number = if is_zero_padded(digits) {
        None
    } else {
        integer(sign, digits).or_else(|| float(sign, digits).map(Value::Float))
    };
    number.unwrap_or_else(|| Value::Text(text.to_owned()))
}

/// Returns whether a plain scalar is written as an integer of any size.
pub(crate) fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, radix) = radix(digits);
    !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix))
}

/// Splits the digits of an integer from the prefix of their base.
fn radix(digits: &str) -> (&str, u32) {
    let prefixes = [("0x", 16), ("0o", 8), ("0b", 2)];
    let prefixed = prefixes
        .into_iter()
        .find_map(|(prefix, radix)| Some((digits.strip_prefix(prefix)?, radix)));
    prefixed.unwrap_or((digits, 10))
}

/// Returns whether the digits are a zero followed by digits, such as `007`.
fn is_zero_padded(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "an integer beyond 64 bits becomes a float, which may be inexact"
)]
fn integer(sign: i128, digits: &str) -> Option<Value> {
    let (digits, radix) = radix(digits);
    // `from_str_radix` accepts a sign, but the sign is already parsed.
    if !digits.starts_with(|first: char| first.is_digit(radix)) {
        return None;
    }
    let Ok(number) = i128::from_str_radix(digits, radix) else {
        // The number does not fit in 128 bits, but is still a number.
        let values = digits.chars().map(|digit| digit.to_digit(radix));
        let values: Option<Vec<u32>> = values.collect();
        let value = |number: f64, digit: u32| number * f64::from(radix) + f64::from(digit);
        let number = values?.into_iter().fold(0.0, value);
        return number
            .is_finite()
            .then_some(Value::Float(sign as f64 * number));
    };
    Some(match i64::try_from(sign * number) {
        Ok(number) => Value::Int(number),
        Err(_) => Value::Float((sign * number) as f64),
    })
}

fn float(sign: i128, digits: &str) -> Option<f64> {
    let magnitude = match digits {
        ".inf" | ".Inf" | ".INF" => f64::INFINITY,
        // `inf` and `nan` are strings.
        _ if digits.starts_with(|first: char| first == '.' || first.is_ascii_digit()) => digits
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())?,
        _ => return None,
    };
    Some(if sign < 0 { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match plain(text) {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => format!("bool {value}"),
            Value::Int(value) => format!("int {value}"),
            Value::Float(value) => format!("float {value:?}"),
            Value::Text(value) => format!("text {value}"),
            Value::List(_) | Value::Map(_) => "no scalar".to_owned(),
        }
    }

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for (text, value) in [
            ("", "null"),
            ("~", "null"),
            ("NULL", "null"),
            ("nULL", "text nULL"),
            ("True", "bool true"),
            ("yes", "text yes"),
            ("0", "int 0"),
            ("-0", "int 0"),
            ("+12", "int 12"),
            ("-12", "int -12"),
            ("+-12", "text +-12"),
            ("--1", "text --1"),
            ("-", "text -"),
            ("007", "text 007"),
            ("-007", "text -007"),
            ("0x1F", "int 31"),
            ("-0x1f", "int -31"),
            ("0o17", "int 15"),
            ("0b101", "int 5"),
            ("0x", "text 0x"),
            ("0x-1", "text 0x-1"),
            ("0xg", "text 0xg"),
            ("9223372036854775807", "int 9223372036854775807"),
            ("-9223372036854775808", "int -9223372036854775808"),
            ("9223372036854775808", "float 9.223372036854776e18"),
            (
                "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
                "float 3.402823669209385e38",
            ),
            ("1e3", "float 1000.0"),
            (".5", "float 0.5"),
            ("5.", "float 5.0"),
            ("-1.5E-2", "float -0.015"),
            ("00.5", "float 0.5"),
            (".", "text ."),
            ("1e", "text 1e"),
            ("1e999", "text 1e999"),
            ("1_000", "text 1_000"),
            ("1.2.3", "text 1.2.3"),
            (".inf", "float inf"),
            ("-.INF", "float -inf"),
            ("inf", "text inf"),
            (".NaN", "float NaN"),
            ("-.nan", "text -.nan"),
            ("nan", "text nan"),
            ("ä1", "text ä1"),
            ("2024-01-02", "text 2024-01-02"),
        ] {
            assert_eq!(shown(text), value, "{text}");
        }
    }

    #[test]
    fn integers_are_recognized_by_their_digits() {
        for text in [
            "0",
            "+1",
            "-12",
            "0x1F",
            "0o17",
            "0b1",
            "9223372036854775808",
        ] {
            assert!(is_integer(text), "{text}");
        }
        for text in ["", "-", "0x", "1.0", "1e3", ".5", "1_000", "~"] {
            assert!(!is_integer(text), "{text}");
        }
    }

    #[test]
    fn numbers_match_another_parser() {
        // Compare all short texts of characters that occur in numbers.
        const CHARACTERS: &[u8] = b"+-.0179eExobfn_";
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer = texts.iter().flat_map(|text| {
                CHARACTERS
                    .iter()
                    .map(move |character| format!("{text}{}", char::from(*character)))
            });
            texts = longer.collect();
            for text in &texts {
                let other = match serde_yaml::from_str(text) {
                    Ok(serde_yaml::Value::Number(number)) => match number.as_i64() {
                        Some(int) => format!("int {int}"),
                        None => format!("float {:?}", number.as_f64().unwrap_or(f64::NAN)),
                    },
                    Ok(serde_yaml::Value::String(text)) => format!("text {text}"),
                    // A list, or no YAML.
                    _ => continue,
                };
                assert_eq!(shown(text), other, "{text}");
            }
        }
    }
}
