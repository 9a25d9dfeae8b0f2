//! Literals of every kind against every class of attribute.

use super::*;

/// Returns how an attribute records a literal, or `Err` with the fix.
fn judged(values: &Values, text: &str) -> Result<String, Option<String>> {
    let expression: Expr = syn::parse_str(text).expect("an expression");
    let constant = match read(&expression) {
        Some(Ok(constant)) => constant,
        Some(Err(fix)) => return Err(Some(fix)),
        None => return Ok("an expression".to_owned()),
    };
    match judge(values, &constant) {
        Judgement::Recorded(tokens) => Ok(tokens.to_string().replace(' ', "")),
        Judgement::ByType => Ok("by type".to_owned()),
        Judgement::Rejected(fix) => Err(fix),
    }
}

fn accepted(values: &Values, cases: &[(&str, &str)]) {
    for (text, recorded) in cases {
        assert_eq!(judged(values, text).as_deref(), Ok(*recorded), "{text}");
    }
}

/// Asserts that every literal is rejected. The fix contains the text; an empty text means no fix.
fn rejected(values: &Values, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        match judged(values, text) {
            Err(Some(fix)) if !expected.is_empty() => {
                assert!(fix.contains(expected), "{text}: {fix}");
            }
            Err(None) if expected.is_empty() => {}
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn an_integer_attribute_accepts_integers_of_every_supported_type() {
    accepted(
        &Values::Int,
        &[
            ("5", "InputValue::int(5i64)"),
            ("(5)", "InputValue::int(5i64)"),
            ("&5", "InputValue::int(5i64)"),
            ("&&(5)", "InputValue::int(5i64)"),
            ("--5", "InputValue::int(5i64)"),
            ("-(-5)", "InputValue::int(5i64)"),
            ("-(&5)", "InputValue::int(-5i64)"),
            ("-128i8", "InputValue::int(-128i64)"),
            ("-(128i8)", "InputValue::int(-128i64)"),
            ("255u8", "InputValue::int(255i64)"),
            ("1usize", "InputValue::int(1i64)"),
            ("-1isize", "InputValue::int(-1i64)"),
            ("b'a'", "InputValue::int(97i64)"),
            ("1_000", "InputValue::int(1000i64)"),
            ("0x1F", "InputValue::int(31i64)"),
            ("0xFF_u8", "InputValue::int(255i64)"),
            ("0o17", "InputValue::int(15i64)"),
            ("0b1010_u64", "InputValue::int(10i64)"),
            ("0x1f32", "InputValue::int(7986i64)"),
            ("-0", "InputValue::int(0i64)"),
            (
                "9223372036854775807",
                "InputValue::int(9223372036854775807i64)",
            ),
            (
                "-9223372036854775808",
                "InputValue::int(-9223372036854775808i64)",
            ),
            // The value saturates, as in the runtime.
            (
                "18446744073709551615u64",
                "InputValue::int(9223372036854775807i64)",
            ),
        ],
    );
}

#[test]
fn an_integer_attribute_rejects_invalid_and_unsupported_literals() {
    rejected(
        &Values::Int,
        &[
            ("300u8", "the range of `u8` is 0 to 255"),
            ("-129i8", "the range of `i8` is -128 to 127"),
            ("128i8", "the range of `i8` is -128 to 127"),
            ("--128i8", "the range of `i8` is -128 to 127"),
            ("-5u8", "`u8` has no negative values"),
            ("-0u8", "`u8` has no negative values"),
            ("-b'a'", "`u8` has no negative values"),
            ("-(5usize)", "`usize` has no negative values"),
            ("--5u8", "`u8` has no negative values"),
            ("2i128", "use `i64`"),
            ("2u128", "use `i64`"),
            ("5foo", "`foo` is not a number type"),
            ("9223372036854775808", "the range of `i64` is"),
            ("-9223372036854775809", "the range of `i64` is"),
            (
                "999999999999999999999999999999999999999999",
                "the range of `i64` is",
            ),
            ("18446744073709551616u64", "the range of `u64` is"),
            ("1f64", ""),
            ("1f32", ""),
            ("5.", ""),
            ("1.5", ""),
            ("1e3", ""),
            ("1e3u8", "not a floating-point type"),
            ("true", ""),
            ("-true", "only a number has a sign"),
            ("'5'", ""),
            ("\"5\"", ""),
            ("-\"5\"", "only a number has a sign"),
            ("b\"5\"", ""),
            ("c\"5\"", ""),
            ("b'5'u8", "only numbers have a suffix"),
        ],
    );
}

#[test]
fn sets_and_ranges_of_integers_accept_their_values_in_every_notation() {
    let range = Values::Range(-2, 5);
    accepted(
        &range,
        &[
            ("-2", "InputValue::Code(0u64)"),
            ("-(2)", "InputValue::Code(0u64)"),
            ("5i8", "InputValue::Code(7u64)"),
            ("0x2", "InputValue::Code(4u64)"),
            ("--1", "InputValue::Code(3u64)"),
            ("b'\\x01'", "InputValue::Code(3u64)"),
        ],
    );
    rejected(
        &range,
        &[
            ("6", ""),
            ("-3", ""),
            ("300u8", "the range of `u8` is"),
            ("-1u8", "no negative values"),
            ("2i128", "use `i64`"),
            ("2f64", ""),
            ("2.0", ""),
            ("true", ""),
            ("'2'", ""),
        ],
    );
    let set = Values::Ints(vec![(200, "Ok".into()), (404, "NotFound".into())]);
    accepted(
        &set,
        &[
            ("404", "InputValue::Code(1u64)"),
            ("0xC8u8", "InputValue::Code(0u64)"),
            ("&200i64", "InputValue::Code(0u64)"),
        ],
    );
    rejected(
        &set,
        &[
            ("500", ""),
            ("404u8", "the range of `u8` is"),
            ("-404", ""),
            ("404f32", ""),
            ("404u128", "use `i64`"),
        ],
    );
}

#[test]
fn a_floating_point_attribute_accepts_numbers_that_convert_without_loss() {
    accepted(
        &Values::Double,
        &[
            ("0.5", "InputValue::double(0.5f64)"),
            ("5.", "InputValue::double(5f64)"),
            ("1e3", "InputValue::double(1000f64)"),
            ("1f64", "InputValue::double(1f64)"),
            ("-0.0", "InputValue::double(-0f64)"),
            ("-0", "InputValue::double(0f64)"),
            ("-(-0.5)", "InputValue::double(0.5f64)"),
            // Rounded to `f32`, as a variable of this type is.
            ("0.1f32", "InputValue::double(0.10000000149011612f64)"),
            ("1", "InputValue::double(1f64)"),
            ("1u8", "InputValue::double(1f64)"),
            ("4294967295u32", "InputValue::double(4294967295f64)"),
            ("4294967295", "InputValue::double(4294967295f64)"),
            ("b'a'", "InputValue::double(97f64)"),
        ],
    );
    rejected(
        &Values::Double,
        &[
            ("1u64", "use `f64`"),
            ("1i64", "use `f64`"),
            ("1usize", "use `f64`"),
            ("1i128", "use `f64`"),
            ("4294967296", "decimal point"),
            ("300u8", "the range of `u8` is"),
            ("1.5u8", "not a floating-point type"),
            ("1.5f16", "use `f64`"),
            ("0b1f32", "decimal digits only"),
            ("1e999", "out of range for `f64`"),
            ("1e39f32", "out of range for `f32`"),
            ("true", ""),
            ("'1'", ""),
            ("\"0.5\"", ""),
            ("-\"0.5\"", "only a number has a sign"),
        ],
    );
}

#[test]
fn a_text_attribute_accepts_strings_and_characters() {
    accepted(
        &Values::Text,
        &[
            ("\"a\"", "InputValue::text(\"a\")"),
            ("&\"a\"", "InputValue::text(\"a\")"),
            ("r\"a\\b\"", "InputValue::text(\"a\\\\b\")"),
            ("r#\"a\"b\"#", "InputValue::text(\"a\\\"b\")"),
            ("\"\\u{e4}\\n\"", "InputValue::text(\"ä\\n\")"),
            ("'c'", "InputValue::text(\"c\")"),
            ("'\\''", "InputValue::text(\"'\")"),
            ("&'ä'", "InputValue::text(\"ä\")"),
        ],
    );
    let text = [
        ("-\"a\"", "only a number has a sign"),
        ("-'a'", "only a number has a sign"),
        ("\"a\"u8", "only numbers have a suffix"),
        ("'a'u8", "only numbers have a suffix"),
        ("b\"a\"", "remove the prefix before the quotes"),
        ("br\"a\"", "remove the prefix before the quotes"),
        ("c\"a\"", "remove the prefix before the quotes"),
        ("b'a'", ""),
        ("5", ""),
        ("0.5", ""),
        ("true", ""),
    ];
    rejected(&Values::Text, &text);
    rejected(&Values::Personal, &text);
    rejected(&Values::Capped, &text);
    accepted(
        &Values::Personal,
        &[("\"a\"", "by type"), ("'a'", "by type")],
    );
    for capped in [false, true] {
        rejected(
            &Values::Newtype { capped },
            &[("\"a\"", ""), ("'a'", ""), ("5", "")],
        );
    }
}

#[test]
fn a_bounded_attribute_accepts_strings_and_rejects_characters() {
    accepted(
        &Values::Capped,
        &[
            ("\"a\"", "InputValue::text(\"a\")"),
            ("&(r\"a\")", "InputValue::text(\"a\")"),
        ],
    );
    rejected(&Values::Capped, &[("'a'", "write a string: \"a\"")]);
}

#[test]
fn a_closed_set_of_strings_accepts_its_values_as_strings() {
    let set = Values::Strings {
        values: vec![("a".into(), "A".into()), ("5".into(), "N5".into())],
        other: false,
    };
    accepted(
        &set,
        &[
            ("\"a\"", "InputValue::Code(0u64)"),
            ("r\"5\"", "InputValue::Code(1u64)"),
        ],
    );
    rejected(
        &set,
        &[
            ("'a'", "write a string: \"a\""),
            ("-\"5\"", "only a number has a sign"),
            ("\"b\"", ""),
            ("5", ""),
            ("b\"a\"", ""),
            ("b'a'", ""),
        ],
    );
}

#[test]
fn a_boolean_attribute_accepts_true_and_false() {
    accepted(
        &Values::Boolean,
        &[
            ("true", "InputValue::Code(1u64)"),
            ("&false", "InputValue::Code(0u64)"),
        ],
    );
    rejected(
        &Values::Boolean,
        &[
            ("1", ""),
            ("0u8", ""),
            ("\"true\"", ""),
            ("-true", "only a number has a sign"),
        ],
    );
}

#[test]
fn an_array_rejects_single_literals_and_rustc_checks_byte_strings() {
    let array = Values::Array("integers".into());
    accepted(&array, &[("b\"ab\"", "by type")]);
    rejected(
        &array,
        &[("5", ""), ("\"a\"", ""), ("'a'", ""), ("c\"a\"", "")],
    );
}

#[test]
fn rustc_checks_other_expressions() {
    let expressions = [
        "!true",
        "!5",
        "5 + 5",
        "5 as u8",
        "{ 5 }",
        "&mut 5",
        "&&mut 5",
        "[5]",
        "&[1, 2]",
        "name",
        "concat!(\"a\")",
        "- name",
        "*&5",
    ];
    for text in expressions {
        assert_eq!(
            judged(&Values::Int, text).as_deref(),
            Ok("an expression"),
            "{text}"
        );
    }
}
