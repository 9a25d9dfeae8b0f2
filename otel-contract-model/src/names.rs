//! Names: suggestions for misspelled names, and the Rust names of keys.

mod rules;

use std::collections::HashMap;

use crate::contract::RustName;

pub use otel_contract_definition::names::nearest;
use otel_contract_definition::names::{distance, squeeze};
pub(crate) use rules::{ERROR_TYPE, is_reserved_namespace, is_well_formed};
pub use rules::{is_name, is_reserved, is_template_key};

/// Returns the part of a template before its placeholder: `http.request.header.` for `http.request.header.<key>`.
/// Returns `None` if the name is not a template.
pub(crate) fn template_prefix(name: &str) -> Option<&str> {
    let (prefix, placeholder) = name.split_once('<')?;
    let word = placeholder.strip_suffix('>')?;
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    (is_word && prefix.ends_with('.')).then_some(prefix)
}

/// Synonyms that users write instead of the words of the format.
const SYNONYMS: &[(&str, &str)] = &[
    ("bool", "boolean"),
    ("desc", "brief"),
    ("description", "brief"),
    ("enum", "values"),
    ("float", "double"),
    ("integer", "int"),
    ("long", "int"),
    ("mandatory", "required"),
    ("number", "double"),
    ("optional", "recommended"),
    ("pii", "personal"),
    ("str", "string"),
    ("text", "string"),
    ("up_down_counter", "updowncounter"),
    ("warning", "warn"),
];

/// Returns the field or word of the file format that `did you mean` suggests.
pub(crate) fn suggestion<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let synonym = SYNONYMS.iter().find(|(written, _)| *written == lower);
    let synonym =
        synonym.and_then(|(_, meant)| known.clone().into_iter().find(|word| word == meant));
    // `external` is the opposite of `internal`, not a misspelling.
    synonym.or_else(|| nearest(word, known).filter(|_| lower != "external"))
}

/// Returns whether the nearest candidate is the only plausible one. A known synonym always is. Any other candidate must
/// differ only in separators and case, and no other candidate may do so; or it must differ by one edit, and every other
/// candidate by more than two. One edit is enough only if the word has at least four letters and the edit changes no
/// digit.
pub(crate) fn is_unambiguous(
    written: &str,
    nearest: &str,
    candidates: &mut dyn Iterator<Item = &str>,
) -> bool {
    let lower = written.to_lowercase();
    if SYNONYMS.contains(&(lower.as_str(), nearest)) {
        return true;
    }
    let characters: Vec<char> = lower.chars().collect();
    let squeezed = squeeze(written);
    let same = !squeezed.is_empty() && squeeze(nearest) == squeezed;
    let edits = |candidate: &str| {
        let candidate: Vec<char> = candidate.to_lowercase().chars().collect();
        distance(&characters, &candidate)
    };
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let slip = characters.len() >= 4 && edits(nearest) == 1 && digits(written) == digits(nearest);
    let as_near = |candidate: &str| {
        let close = candidate.len().abs_diff(written.len()) <= 2;
        squeeze(candidate) == squeezed || !same && close && edits(candidate) <= 2
    };
    let mut others = candidates.filter(|other| *other != nearest);
    (same || slip) && !others.any(as_near)
}

/// Returns the nearest attribute key in the same namespace, which may be misspelled by one letter or joined to the key
/// (`orderId`). Keys of other namespaces have other meanings.
pub(crate) fn nearest_key<'a>(
    key: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let namespace = |key: &str| key.split('.').next().unwrap_or_default().to_lowercase();
    let (squeezed, first) = (squeeze(key), namespace(key));
    let first: Vec<char> = first.chars().collect();
    let near = candidates.into_iter().filter(|candidate| {
        let other: Vec<char> = namespace(candidate).chars().collect();
        let slip = first.len() > 4 && distance(&first, &other) == 1;
        first == other || slip || squeeze(candidate) == squeezed
    });
    nearest(key, near)
}

/// Returns a name corrected to the naming rules, if possible: `orderId` becomes `order_id`.
pub(crate) fn corrected(name: &str) -> Option<String> {
    let mut corrected = String::new();
    let mut previous = '.';
    for character in name.chars() {
        if character.is_ascii_uppercase() && previous.is_ascii_lowercase() {
            corrected.push('_');
        }
        corrected.push(match character {
            '-' | ' ' => '_',
            '/' | ':' => '.',
            character => character.to_ascii_lowercase(),
        });
        previous = character;
    }
    is_well_formed(&corrected).then_some(corrected)
}

/// Lists names for a message: `` `a`, `b`, `c` ``, at most twenty.
#[must_use]
pub fn list(names: &[&str]) -> String {
    const MOST: usize = 20;
    let mut listed: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.len() > MOST {
        listed.push(format!("… ({} in all)", names.len()));
    }
    listed.join(", ")
}

/// Returns the Rust names of a key: `order_id` and `OrderId` for `order.id`. Returns `None` if the key has no letter
/// or digit.
///
/// ```
/// use otel_contract_model::names::rust_name;
/// let name = rust_name("job.type").expect("a key with letters");
/// assert_eq!((name.snake.as_str(), name.camel.as_str()), ("job_type", "JobType"));
/// assert_eq!(rust_name("type").expect("a key with letters").snake, "r#type");
/// ```
#[must_use]
pub fn rust_name(key: &str) -> Option<RustName> {
    let words: Vec<String> = key
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    from_words(&words)
}

/// Returns the Rust names of a `rust_name`, written as `OrderId` or `order_id`. Returns `None` if it is not a Rust
/// name.
#[must_use]
pub fn parse_rust_name(written: &str) -> Option<RustName> {
    let starts_well = written.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_name = written
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !starts_well || !is_name {
        return None;
    }
    let mut words = vec![String::new()];
    let mut previous = '_';
    for character in written.chars() {
        let hump = character.is_ascii_uppercase() && !previous.is_ascii_uppercase();
        if (hump || character == '_') && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let (Some(word), true) = (words.last_mut(), character != '_') {
            word.push(character.to_ascii_lowercase());
        }
        previous = character;
    }
    words.retain(|word| !word.is_empty());
    from_words(&words)
}

/// Returns the Rust variant of a value: `PaymentFailed` for `payment_failed`, `V404` for `404`, `Minus1` for `-1`.
#[must_use]
pub fn variant(value: &str) -> Option<String> {
    match value.strip_prefix('-') {
        Some(rest) if rest.starts_with(|first: char| first.is_ascii_digit()) => {
            rust_name(rest).map(|name| format!("Minus{}", name.camel.trim_start_matches('V')))
        }
        _ => {
            // Only a value with lowercase letters is split at capitals: `inProgress` becomes `InProgress`, but `GET`
            // becomes `Get`.
            let mixed = value.contains(|c: char| c.is_ascii_lowercase());
            let words = value.split(|c: char| !c.is_ascii_alphanumeric());
            let words: Vec<String> = words
                .filter(|word| !word.is_empty())
                .flat_map(|word| {
                    if mixed {
                        humps(word)
                    } else {
                        vec![word.to_ascii_lowercase()]
                    }
                })
                .collect();
            from_words(&words).map(|name| name.camel)
        }
    }
}

fn humps(word: &str) -> Vec<String> {
    let mut humps = vec![String::new()];
    let mut after_lowercase = false;
    for character in word.chars() {
        if character.is_ascii_uppercase() && after_lowercase {
            humps.push(String::new());
        }
        after_lowercase = character.is_ascii_lowercase();
        if let Some(hump) = humps.last_mut() {
            hump.push(character.to_ascii_lowercase());
        }
    }
    humps
}

fn from_words(words: &[String]) -> Option<RustName> {
    let first = words.first()?.chars().next()?;
    let plain = words.join("_");
    let snake = if first.is_ascii_digit() {
        format!("v{plain}")
    } else {
        plain
    };
    let snake = match snake.as_str() {
        // These words cannot be raw identifiers.
        "self" | "super" | "crate" | "_" => format!("{snake}_"),
        _ if is_keyword(&snake) => format!("r#{snake}"),
        _ => snake,
    };
    let mut camel = String::from(if first.is_ascii_digit() { "V" } else { "" });
    for word in words {
        let mut characters = word.chars();
        camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(characters.as_str());
    }
    if camel == "Self" {
        camel.push('_');
    }
    Some(RustName { snake, camel })
}

/// Returns whether a word is a keyword of Rust 2024, including reserved keywords.
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
        "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
        "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
        "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type",
        "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.binary_search(&word).is_ok()
}

/// Returns a free name: the name itself, or the name with a number.
pub(crate) fn free<T>(taken: &HashMap<String, T>, camel: &str) -> String {
    // After 2 to 9, continue at `taken.len()`: names with higher numbers are probably free.
    let numbers = (2..10).chain(taken.len().max(10)..);
    let numbered = numbers.map(|number| format!("{camel}{number}"));
    let mut candidates = std::iter::once(camel.to_owned()).chain(numbered);
    candidates
        .find(|name| !taken.contains_key(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: Option<RustName>) -> (String, String) {
        name.map(|name| (name.snake, name.camel))
            .unwrap_or_default()
    }

    fn pair(snake: &str, camel: &str) -> (String, String) {
        (snake.to_owned(), camel.to_owned())
    }

    #[test]
    fn a_key_becomes_a_field_and_a_type() {
        assert_eq!(names(rust_name("order.id")), pair("order_id", "OrderId"));
        assert_eq!(
            names(rust_name("http.request.header.x-request-id")),
            pair(
                "http_request_header_x_request_id",
                "HttpRequestHeaderXRequestId"
            )
        );
        assert_eq!(names(rust_name("type")), pair("r#type", "Type"));
        assert_eq!(names(rust_name("self")), pair("self_", "Self_"));
        assert_eq!(names(rust_name("gen")), pair("r#gen", "Gen"));
        assert_eq!(rust_name("..."), None);
    }

    #[test]
    fn a_rust_name_can_be_snake_or_camel_case() {
        assert_eq!(
            names(parse_rust_name("OrderId")),
            pair("order_id", "OrderId")
        );
        assert_eq!(
            names(parse_rust_name("order_id")),
            pair("order_id", "OrderId")
        );
        assert_eq!(
            names(parse_rust_name("HTTPRoute")),
            pair("httproute", "Httproute")
        );
        for bad in ["", "1st", "order-id", "größe", "_", "a b"] {
            assert_eq!(parse_rust_name(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_value_becomes_a_variant() {
        let variant = |value| variant(value).unwrap_or_default();
        assert_eq!(variant("enterprise"), "Enterprise");
        assert_eq!(variant("GET"), "Get");
        assert_eq!(variant("inProgress"), "InProgress");
        assert_eq!(variant("text/plain"), "TextPlain");
        assert_eq!(variant("404"), "V404");
        assert_eq!(variant("-1"), "Minus1");
        assert_eq!(variant("_OTHER"), "Other");
        assert_eq!(variant("self"), "Self_");
        assert_eq!(variant("+"), "");
    }

    #[test]
    fn the_keywords_are_sorted() {
        for word in ["abstract", "yield", "type", "gen", "self"] {
            assert!(is_keyword(word), "{word}");
        }
        assert!(!is_keyword("order"));
    }

    #[test]
    fn a_misspelled_name_has_a_nearest_name() {
        assert_eq!(nearest("customer.id", ["account.id", "order.id"]), None);
        assert_eq!(nearest("breif", ["brief", "note"]), Some("brief"));
        assert_eq!(
            nearest("accountTier", ["account.id", "account.tier"]),
            Some("account.tier")
        );
        assert_eq!(
            nearest("recomended", ["required", "recommended"]),
            Some("recommended")
        );
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("kind", ["keys"]), None);
        assert_eq!(nearest("limt", ["limit"]), Some("limit"));
    }

    #[test]
    fn the_only_plausible_candidate_is_unambiguous() {
        let keys = ["account.id", "order.id", "order.ids", "region.1", "plan"];
        let certain = |written, nearest| is_unambiguous(written, nearest, &mut keys.into_iter());
        assert!(certain("acount.id", "account.id"));
        assert!(certain("accountId", "account.id"));
        assert!(is_unambiguous(
            "mandatory",
            "required",
            &mut ["required"].into_iter()
        ));
        assert!(
            !certain("order.idd", "order.id"),
            "`order.ids` is near, too"
        );
        assert!(!certain("region.2", "region.1"), "only a digit differs");
        assert!(!certain("pan", "plan"), "the word is short");
        assert!(!certain("acnt.id", "account.id"), "two letters are missing");
    }

    #[test]
    fn keys_of_other_namespaces_are_not_suggested() {
        assert_eq!(nearest_key("user.id", ["order.id"]), None);
        assert_eq!(nearest_key("order.idd", ["order.id"]), Some("order.id"));
        assert_eq!(nearest_key("acount.id", ["account.id"]), Some("account.id"));
        assert_eq!(nearest_key("orderId", ["order.id"]), Some("order.id"));
    }

    #[test]
    fn synonyms_of_other_formats_are_known() {
        let levels = ["required", "recommended", "opt_in"];
        assert_eq!(suggestion("mandatory", levels), Some("required"));
        assert_eq!(suggestion("optional", levels), Some("recommended"));
        assert_eq!(suggestion("integer", ["int", "string"]), Some("int"));
        assert_eq!(suggestion("external", ["internal", "public"]), None);
    }
}
