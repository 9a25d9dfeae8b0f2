//! Lists of `key=value` in a variable, comma-separated and percent-encoded as in W3C Baggage.

/// The valid items of a list, and the problems of the invalid items.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) valid: Vec<(String, String)>,
    /// Problems that name the position of an item, counted from 1. They do not contain the item, because it may be a secret.
    pub(super) problems: Vec<String>,
}

/// Help text for an invalid list.
pub(super) const HELP: &str = "write `key=value,key=value`; percent-encode a comma, a space or a percent sign in a value: `%2C`, `%20`, `%25`";

impl Pairs {
    /// Parses a list. Empty items, for example after a trailing comma, are skipped.
    pub(super) fn read(written: &str) -> Self {
        let mut pairs = Self::default();
        for (position, item) in written.split(',').enumerate() {
            let item = item.trim();
            if item.is_empty() {
                continue;
            }
            let split = item
                .split_once('=')
                .filter(|(key, _)| !key.trim().is_empty());
            let pair = split.map(|(key, value)| (decoded(key.trim()), decoded(value.trim())));
            if let Some((Some(key), Some(value))) = pair {
                pairs.valid.push((key, value));
            } else {
                let what = match pair {
                    None => "not `key=value`",
                    Some(_) => "not percent-encoded UTF-8",
                };
                let position = position + 1;
                pairs.problems.push(format!(
                    "has an invalid item at position {position}: it is {what}"
                ));
            }
        }
        pairs
    }
}

/// Percent-decodes text; `None` if an escape or the decoded UTF-8 is invalid.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let value = digit()? * 16 + digit()?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_errors_name_the_position() {
        let written = "a=1, b=x%2Cy%20z,, c, d=%zz,=secret,e=p=q,f=%ff,";
        let pairs = Pairs::read(written);
        let pair = |(key, value): &(String, String)| format!("{key}: {value}");
        let valid: Vec<String> = pairs.valid.iter().map(pair).collect();
        assert_eq!(valid, ["a: 1", "b: x,y z", "e: p=q"]);
        assert_eq!(
            pairs.problems,
            [
                "has an invalid item at position 4: it is not `key=value`",
                "has an invalid item at position 5: it is not percent-encoded UTF-8",
                "has an invalid item at position 6: it is not `key=value`",
                "has an invalid item at position 8: it is not percent-encoded UTF-8",
            ]
        );
    }
}
