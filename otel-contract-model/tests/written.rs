//! Messages quote scalars as written, and name invisible characters.

use otel_contract_model::{Diagnostic, Source};
use otel_contract_yaml::compile;

const HEAD: &str =
    "contract: shop\nversion: 1.0.0\nbrief: Words.\ndefaults: { privacy: internal }\n";

/// Returns the only error of a contract.
fn error(text: &str) -> Diagnostic {
    let compiled = compile(&Source::text("", "contract.yaml", text));
    let mut errors = compiled.diagnostics.into_iter();
    let error = errors.next().unwrap_or_else(|| panic!("no error: {text}"));
    let rest: Vec<String> = errors.map(|error| error.to_string()).collect();
    assert!(rest.is_empty(), "{text}\n{error}\n{}", rest.join("\n"));
    error
}

fn attribute(fields: &str) -> Diagnostic {
    error(&format!(
        "{HEAD}attributes:\n  a.b: {{ brief: B., {fields} }}\n"
    ))
}

/// Numbers in various notations. YAML reads each of them as a number.
const NUMBERS: &[&str] = &[
    "1.10",
    "1.0",
    "0x1F",
    "0b11",
    "0o17",
    "1e3",
    "+1",
    "-0",
    "1E-2",
    ".5",
    "5.",
    "+.5",
    "00.5",
    ".inf",
    "-.INF",
    ".nan",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "0xFFFFFFFFFFFFFFFFF",
    "123456789012345678901234567890123456789012345",
];

#[test]
fn the_help_quotes_a_value_as_needed() {
    for written in NUMBERS.iter().chain(&["true", "False", "TRUE"]) {
        let error = attribute(&format!("type: string, values: [{written}, text]"));
        assert_eq!(
            error.message,
            format!("value `{written}` of `a.b` is not a string")
        );
        let help = error.help.expect("a help");
        assert!(
            help.starts_with(&format!("write `\"{written}\"`")),
            "{help}"
        );
        let error = attribute(&format!(
            "type: string, cardinality: unbounded, examples: [{written}]"
        ));
        assert_eq!(
            error.message,
            format!("example `{written}` is not a value of `a.b`")
        );
        assert_eq!(error.help, Some(format!("write `\"{written}\"`")));
        let error = attribute(&format!(
            "type: \"boolean[]\", cardinality: unbounded, examples: [[{written}, x]]"
        ));
        assert_eq!(
            error.message,
            format!("example `[{written}, x]` is not a value of `a.b`")
        );
    }
}

#[test]
fn a_version_is_quoted_as_written() {
    for written in NUMBERS {
        let error = error(&HEAD.replace("1.0.0", written));
        assert_eq!(
            error.message,
            format!("`{written}` is not a SemVer version")
        );
        let error = attribute(&format!(
            "type: boolean, deprecated: {{ note: Old., since: {written} }}"
        ));
        assert_eq!(
            error.message,
            format!("`{written}` is not a SemVer version")
        );
    }
}

#[test]
fn numbers_out_of_range_are_quoted_as_written() {
    for written in ["0", "-0x1", "+0", "-1", "-0o7"] {
        let error = error(&format!("{HEAD}budget: {{ series: {written} }}\n"));
        assert_eq!(
            error.message,
            format!("the budget must be at least 1, got `{written}`")
        );
        let error = attribute(&format!(
            "type: string, cardinality: bounded, limit: {written}"
        ));
        assert_eq!(
            error.message,
            format!("`limit` must be at least 1, got `{written}`")
        );
        let error = attribute(&format!(
            "type: string, cardinality: unbounded, privacy: personal, protect: {{ keep_last: {written} }}"
        ));
        assert_eq!(
            error.message,
            format!("`keep_last` must be at least 1, got `{written}`")
        );
    }
    for written in ["1e3", "+1.10", "-.5", "0x1F", ".inf", ".nan"] {
        let text = format!(
            "{HEAD}operations:\n  a.b: {{ brief: B., sampling: {{ ratio: {written} }} }}\n"
        );
        let message = error(&text).message;
        assert_eq!(
            message,
            format!("sampling `ratio` must be between 0 and 1, got `{written}`")
        );
    }
    for written in ["1e3", "2.50", "0x1F", "-1"] {
        let keep = format!("keep: [{{ slower_than: {written} }}]");
        let text = format!(
            "{HEAD}operations:\n  a.b: {{ brief: B., sampling: {{ ratio: 0.1, {keep} }} }}\n"
        );
        assert_eq!(
            error(&text).message,
            format!("`{written}` is not a duration")
        );
    }
    for written in ["1.0", "0x1F"] {
        let metric = format!("{{ instrument: counter, unit: {written}, brief: B. }}");
        let error = error(&format!("{HEAD}metrics:\n  a.b: {metric}\n"));
        assert_eq!(
            error.help,
            Some(format!("put it in quotes: `\"{written}\"`"))
        );
    }
    let error = attribute("values: [31, 0x1F]");
    assert_eq!(error.message, "value `0x1F` is listed twice");
}

#[test]
fn an_integer_of_more_than_64_bits_has_its_own_error() {
    for written in [
        "9223372036854775808",
        "-9223372036854775809",
        "+18446744073709551616",
        "0x8000000000000000",
        "123456789012345678901234567890123456789012345",
        "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
    ] {
        let message = format!("`{written}` does not fit in a 64-bit integer");
        for fields in [
            format!("type: string, cardinality: bounded, limit: {written}"),
            format!("type: int, range: [{written}]").replace('[', "[0, "),
            format!("type: int, values: [{written}]"),
            format!("values: [1, {written}]"),
            format!("values: [{written}]"),
            format!("type: int, cardinality: unbounded, examples: [{written}]"),
        ] {
            let error = attribute(&fields);
            assert_eq!(
                (error.code.id, error.message.as_str()),
                ("OC0023", message.as_str()),
                "{fields}"
            );
        }
    }
}

#[test]
fn null_in_a_list_is_quoted_as_written() {
    for written in ["~", "null", "Null", "NULL"] {
        let error = attribute(&format!("values: [a, {written}]"));
        assert_eq!(error.message, "expected a value, found nothing");
        assert_eq!(
            error.help,
            Some(format!("put it in quotes: `\"{written}\"`"))
        );
    }
    // Booleans and numbers of other YAML versions are strings.
    let text = format!(
        "{HEAD}attributes:\n  a.b: {{ brief: B., values: [yes, no, on, off, 1_000, 0_1] }}\n"
    );
    let compiled = compile(&Source::text("", "contract.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
}

/// Invisible characters and their names.
const INVISIBLE: &[(char, &str)] = &[
    ('\u{a0}', "U+00A0 NO-BREAK SPACE"),
    ('\u{ad}', "U+00AD SOFT HYPHEN"),
    ('\u{2003}', "U+2003 EM SPACE"),
    ('\u{2009}', "U+2009 THIN SPACE"),
    ('\u{200b}', "U+200B ZERO WIDTH SPACE"),
    ('\u{200d}', "U+200D ZERO WIDTH JOINER"),
    ('\u{200e}', "U+200E LEFT-TO-RIGHT MARK"),
    ('\u{202e}', "U+202E RIGHT-TO-LEFT OVERRIDE"),
    ('\u{202f}', "U+202F NARROW NO-BREAK SPACE"),
    ('\u{2060}', "U+2060 WORD JOINER"),
    ('\u{2066}', "U+2066 LEFT-TO-RIGHT ISOLATE"),
    ('\u{3000}', "U+3000 IDEOGRAPHIC SPACE"),
    ('\u{feff}', "U+FEFF BYTE ORDER MARK"),
];

#[test]
fn an_invisible_character_in_a_word_is_named() {
    // A byte order mark ends the YAML text.
    let inner = INVISIBLE
        .iter()
        .filter(|(invisible, _)| *invisible != '\u{feff}');
    for (invisible, name) in inner {
        let shown = invisible.escape_default();
        for (text, quoted) in [
            (
                format!("attributes:\n  order{invisible}id: {{ type: boolean, brief: B. }}\n"),
                format!("`order{shown}id`"),
            ),
            (
                format!("attributes:\n  a.b: {{ type: boolean, bri{invisible}ef: B. }}\n"),
                format!("`bri{shown}ef`"),
            ),
            (
                format!("attributes:\n  a.b: {{ type: bool{invisible}ean, brief: B. }}\n"),
                format!("`bool{shown}ean`"),
            ),
            (
                format!(
                    "attributes:\n  a.b: {{ type: string, cardinality: bounded, limit: 5{invisible}0, brief: B. }}\n"
                ),
                String::new(),
            ),
            (
                format!(
                    "operations:\n  a.b: {{ brief: B., attributes: {{ order.{invisible}id: required }} }}\n"
                ),
                format!("`order.{shown}id`"),
            ),
            (
                format!("budget: {{ series: 10{invisible} }}\n"),
                String::new(),
            ),
        ] {
            let error = error(&format!("{HEAD}{text}"));
            let message = &error.message;
            assert!(
                message.contains(&quoted)
                    && message.ends_with(&format!("contains invisible {name}")),
                "{message}"
            );
            assert!(!message.contains(*invisible), "{message}");
            assert!(
                error
                    .help
                    .is_some_and(|help| help.starts_with(&format!("remove {name}"))),
                "{text}"
            );
        }
    }
}

#[test]
fn an_invisible_character_in_the_structure_is_named() {
    for (invisible, name) in INVISIBLE {
        for (text, line, column) in [
            (
                format!("{HEAD}attributes:\n  a.b:\n    type:{invisible}boolean\n    brief: B.\n"),
                7,
                10,
            ),
            (
                format!(
                    "{HEAD}attributes:\n  a.b:\n{invisible}{invisible}  type: boolean\n    brief: B.\n"
                ),
                7,
                1,
            ),
        ] {
            let error = error(&text);
            assert_eq!(
                error.message,
                format!("invalid YAML: invisible character {name}"),
                "{text}"
            );
            assert_eq!(
                (error.location.line, error.location.column),
                (line, column),
                "{text}"
            );
            let help = error.help.expect("a help");
            assert!(help.contains(name), "{help}");
        }
    }
    let error = error(&format!("---\n\u{feff}{HEAD}"));
    assert_eq!(
        error.message,
        "invalid YAML: invisible character U+FEFF BYTE ORDER MARK"
    );
    assert_eq!(error.help.as_deref(), Some("remove U+FEFF BYTE ORDER MARK"));
}

#[test]
fn invisible_characters_in_prose_are_accepted() {
    let brief = "Le prix\u{a0}: 5\u{202f}€, می\u{200c}خواهم, 👩\u{200d}💻, soft\u{ad}hyphen";
    let text = format!("{HEAD}attributes:\n  a.b: {{ type: boolean, brief: \"{brief}\" }}\n");
    let compiled = compile(&Source::text("", "contract.yaml", text));
    assert_eq!(compiled.diagnostics.to_string(), "");
    // A syntax error elsewhere is not attributed to the invisible character.
    let text = format!("{HEAD}attributes:\n  a.b:\n    brief: \"{brief}\"\n    type: [boolean\n");
    let error = error(&text);
    assert!(error.message.contains("closing `]`"), "{}", error.message);
}
