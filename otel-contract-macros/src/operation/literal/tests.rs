//! Literals of every kind against every class of attribute.

use super::*;

/// How an attribute records a literal; in error, the fix.
fn judged(values: &Values, text: &str) -> Result<String, Option<String>> {
    let expression: Expr = syn::parse_str(text).expect("an expression");
    let constant = match read(&expression) {
        Some(Ok(constant)) => constant,
        Some(Err(why)) => return Err(Some(why)),
        None => return Ok("an expression".to_owned()),
    };
    match judge(values, &constant) {
        Judged::Recorded(tokens) => Ok(tokens.to_string().replace(' ', "")),
        Judged::ByType => Ok("by type".to_owned()),
        Judged::Refused(why) => Err(why),
    }
}

fn taken(values: &Values, cases: &[(&str, &str)]) {
    for (text, recorded) in cases {
        assert_eq!(judged(values, text).as_deref(), Ok(*recorded), "{text}");
    }
}

/// Refused, with a fix that says this; with no other fix where this is empty.
fn refused(values: &Values, cases: &[(&str, &str)]) {
    for (text, fix) in cases {
        match judged(values, text) {
            Err(Some(why)) if !fix.is_empty() => assert!(why.contains(fix), "{text}: {why}"),
            Err(None) if fix.is_empty() => {}
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn an_integer_attribute_takes_the_integers_a_variable_could_hold() {
    taken(
        &Values::Int,
        &[
            ("5", "Recorded::int(5i64)"),
            ("(5)", "Recorded::int(5i64)"),
            ("&5", "Recorded::int(5i64)"),
            ("&&(5)", "Recorded::int(5i64)"),
            ("--5", "Recorded::int(5i64)"),
            ("-(-5)", "Recorded::int(5i64)"),
            ("-(&5)", "Recorded::int(-5i64)"),
            ("-128i8", "Recorded::int(-128i64)"),
            ("-(128i8)", "Recorded::int(-128i64)"),
            ("255u8", "Recorded::int(255i64)"),
            ("1usize", "Recorded::int(1i64)"),
            ("-1isize", "Recorded::int(-1i64)"),
            ("b'a'", "Recorded::int(97i64)"),
            ("1_000", "Recorded::int(1000i64)"),
            ("0x1F", "Recorded::int(31i64)"),
            ("0xFF_u8", "Recorded::int(255i64)"),
            ("0o17", "Recorded::int(15i64)"),
            ("0b1010_u64", "Recorded::int(10i64)"),
            ("0x1f32", "Recorded::int(7986i64)"),
            ("-0", "Recorded::int(0i64)"),
            (
                "9223372036854775807",
                "Recorded::int(9223372036854775807i64)",
            ),
            (
                "-9223372036854775808",
                "Recorded::int(-9223372036854775808i64)",
            ),
            // As the runtime does with a count.
            (
                "18446744073709551615u64",
                "Recorded::int(9223372036854775807i64)",
            ),
        ],
    );
}

#[test]
fn an_integer_attribute_refuses_what_no_variable_could_be() {
    refused(
        &Values::Int,
        &[
            ("300u8", "`u8` takes 0 to 255"),
            ("-129i8", "`i8` takes -128 to 127"),
            ("128i8", "`i8` takes -128 to 127"),
            ("--128i8", "`i8` takes -128 to 127"),
            ("-5u8", "`u8` has no negative values"),
            ("-0u8", "`u8` has no negative values"),
            ("-b'a'", "`u8` has no negative values"),
            ("-(5usize)", "`usize` has no negative values"),
            ("--5u8", "`u8` has no negative values"),
            ("2i128", "write `i64`"),
            ("2u128", "write `i64`"),
            ("5foo", "`foo` is not a number type"),
            ("9223372036854775808", "`i64` takes"),
            ("-9223372036854775809", "`i64` takes"),
            ("999999999999999999999999999999999999999999", "`i64` takes"),
            ("18446744073709551616u64", "`u64` takes"),
            ("1f64", ""),
            ("1f32", ""),
            ("5.", ""),
            ("1.5", ""),
            ("1e3", ""),
            ("1e3u8", "not a floating point type"),
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
fn sets_and_ranges_of_integers_take_their_values_however_they_are_written() {
    let range = Values::Range(-2, 5);
    taken(
        &range,
        &[
            ("-2", "Recorded::Code(0u64)"),
            ("-(2)", "Recorded::Code(0u64)"),
            ("5i8", "Recorded::Code(7u64)"),
            ("0x2", "Recorded::Code(4u64)"),
            ("--1", "Recorded::Code(3u64)"),
            ("b'\\x01'", "Recorded::Code(3u64)"),
        ],
    );
    refused(
        &range,
        &[
            ("6", ""),
            ("-3", ""),
            ("300u8", "`u8` takes"),
            ("-1u8", "no negative values"),
            ("2i128", "write `i64`"),
            ("2f64", ""),
            ("2.0", ""),
            ("true", ""),
            ("'2'", ""),
        ],
    );
    let set = Values::Ints(vec![(200, "Ok".into()), (404, "NotFound".into())]);
    taken(
        &set,
        &[
            ("404", "Recorded::Code(1u64)"),
            ("0xC8u8", "Recorded::Code(0u64)"),
            ("&200i64", "Recorded::Code(0u64)"),
        ],
    );
    refused(
        &set,
        &[
            ("500", ""),
            ("404u8", "`u8` takes"),
            ("-404", ""),
            ("404f32", ""),
            ("404u128", "write `i64`"),
        ],
    );
}

#[test]
fn a_floating_point_attribute_takes_what_is_converted_without_loss() {
    taken(
        &Values::Double,
        &[
            ("0.5", "Recorded::double(0.5f64)"),
            ("5.", "Recorded::double(5f64)"),
            ("1e3", "Recorded::double(1000f64)"),
            ("1f64", "Recorded::double(1f64)"),
            ("-0.0", "Recorded::double(-0f64)"),
            ("-0", "Recorded::double(0f64)"),
            ("-(-0.5)", "Recorded::double(0.5f64)"),
            // As a variable of this type.
            ("0.1f32", "Recorded::double(0.10000000149011612f64)"),
            ("1", "Recorded::double(1f64)"),
            ("1u8", "Recorded::double(1f64)"),
            ("4294967295u32", "Recorded::double(4294967295f64)"),
            ("4294967295", "Recorded::double(4294967295f64)"),
            ("b'a'", "Recorded::double(97f64)"),
        ],
    );
    refused(
        &Values::Double,
        &[
            ("1u64", "write `f64`"),
            ("1i64", "write `f64`"),
            ("1usize", "write `f64`"),
            ("1i128", "write `f64`"),
            ("4294967296", "decimal point"),
            ("300u8", "`u8` takes"),
            ("1.5u8", "not a floating point type"),
            ("1.5f16", "write `f64`"),
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
fn a_text_attribute_takes_strings_and_characters() {
    taken(
        &Values::Text,
        &[
            ("\"a\"", "Recorded::text(\"a\")"),
            ("&\"a\"", "Recorded::text(\"a\")"),
            ("r\"a\\b\"", "Recorded::text(\"a\\\\b\")"),
            ("r#\"a\"b\"#", "Recorded::text(\"a\\\"b\")"),
            ("\"\\u{e4}\\n\"", "Recorded::text(\"ä\\n\")"),
            ("'c'", "Recorded::text(\"c\")"),
            ("'\\''", "Recorded::text(\"'\")"),
            ("&'ä'", "Recorded::text(\"ä\")"),
        ],
    );
    let text = [
        ("-\"a\"", "only a number has a sign"),
        ("-'a'", "only a number has a sign"),
        ("\"a\"u8", "only numbers have a suffix"),
        ("'a'u8", "only numbers have a suffix"),
        ("b\"a\"", "without a letter before its quotes"),
        ("br\"a\"", "without a letter before its quotes"),
        ("c\"a\"", "without a letter before its quotes"),
        ("b'a'", ""),
        ("5", ""),
        ("0.5", ""),
        ("true", ""),
    ];
    refused(&Values::Text, &text);
    refused(&Values::Personal, &text);
    refused(&Values::Capped, &text);
    taken(
        &Values::Personal,
        &[("\"a\"", "by type"), ("'a'", "by type")],
    );
    for capped in [false, true] {
        refused(
            &Values::Newtype { capped },
            &[("\"a\"", ""), ("'a'", ""), ("5", "")],
        );
    }
}

#[test]
fn a_bounded_attribute_takes_strings_and_no_characters() {
    taken(
        &Values::Capped,
        &[
            ("\"a\"", "Recorded::text(\"a\")"),
            ("&(r\"a\")", "Recorded::text(\"a\")"),
        ],
    );
    refused(&Values::Capped, &[("'a'", "a string is written \"a\"")]);
}

#[test]
fn a_closed_set_of_strings_takes_its_values_as_strings() {
    let set = Values::Strings {
        values: vec![("a".into(), "A".into()), ("5".into(), "N5".into())],
        other: false,
    };
    taken(
        &set,
        &[
            ("\"a\"", "Recorded::Code(0u64)"),
            ("r\"5\"", "Recorded::Code(1u64)"),
        ],
    );
    refused(
        &set,
        &[
            ("'a'", "a string is written \"a\""),
            ("-\"5\"", "only a number has a sign"),
            ("\"b\"", ""),
            ("5", ""),
            ("b\"a\"", ""),
            ("b'a'", ""),
        ],
    );
}

#[test]
fn a_boolean_takes_true_and_false() {
    taken(
        &Values::Boolean,
        &[
            ("true", "Recorded::Code(1u64)"),
            ("&false", "Recorded::Code(0u64)"),
        ],
    );
    refused(
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
fn an_array_takes_no_single_literal_and_bytes_by_their_type() {
    let array = Values::Array("integers".into());
    taken(&array, &[("b\"ab\"", "by type")]);
    refused(
        &array,
        &[("5", ""), ("\"a\"", ""), ("'a'", ""), ("c\"a\"", "")],
    );
}

#[test]
fn anything_else_is_an_expression_whose_type_decides() {
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
