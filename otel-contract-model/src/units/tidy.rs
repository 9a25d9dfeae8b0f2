//! Corrects the grammar of units.

/// Rewrites operators, exponents and braces as in UCUM: `requests per second` becomes `requests/second`, `m^2` becomes
/// `m2`, and `60s` becomes `60.s`.
pub(super) fn tidied(unit: &str) -> String {
    let mut tidy = String::new();
    let mut rest = unit.trim();
    while !rest.is_empty() {
        let (outside, braces) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
        outer(outside, &mut tidy);
        let end = braces.find('}').map_or(braces.len(), |end| end + 1);
        let (inside, after) = braces.split_at(end);
        // A number cannot have an annotation: `1{request}`.
        if !inside.is_empty() && (tidy == "1" || tidy.ends_with("/1") || tidy.ends_with(".1")) {
            tidy.pop();
        }
        tidy += &inside.split_whitespace().collect::<Vec<_>>().join("_");
        rest = after;
    }
    if !tidy.contains('{') && tidy.matches('}').count() == 1 {
        tidy.insert(0, '{');
        return tidy;
    }
    for (open, close) in [('{', "}"), ('(', ")")] {
        let closed = tidy.matches(close).count();
        let missing = tidy.matches(open).count().saturating_sub(closed);
        tidy += &close.repeat(missing);
    }
    tidy
}

/// Rewrites the text outside of braces.
fn outer(text: &str, tidy: &mut String) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut text = words.join(" ");
    for per in [" per ", "_per_", "-per-"] {
        text = text.replace(per, "/");
    }
    for operator in [".", "/", "*"] {
        text = text.replace(&format!(" {operator}"), operator);
        text = text.replace(&format!("{operator} "), operator);
    }
    let text = text.replace(' ', "_");
    let base = |last: char| last.is_ascii_alphabetic() || last == ']';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        let exponent = next.is_some_and(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '*'));
        let ten = tidy == "10" || [".10", "/10", "(10"].iter().any(|ten| tidy.ends_with(ten));
        match character {
            '*' | '^' if ten => tidy.push(character),
            '*' | '^' if exponent && tidy.ends_with(base) => {}
            '*' | '·' | '⋅' | '×' => tidy.push('.'),
            '÷' | '∕' => tidy.push('/'),
            '²' => tidy.push('2'),
            '³' => tidy.push('3'),
            '⁻' => tidy.push('-'),
            '¹' => tidy.push('1'),
            digit if digit.is_ascii_digit() => {
                tidy.push(digit);
                let before = tidy.trim_end_matches(|c: char| c.is_ascii_digit());
                let number = before.is_empty() || before.ends_with(['.', '/', '(']);
                if number && next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '%' | '['))
                {
                    tidy.push('.');
                }
            }
            other => tidy.push(other),
        }
    }
}
