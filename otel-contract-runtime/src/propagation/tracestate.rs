//! The `tracestate` of W3C Trace Context, a list of entries of vendors.

use super::TRACESTATE;
use super::malformed::MalformedTraceContext;
use opentelemetry::trace::TraceState;

/// Maximum number of members of a list.
const MAX_MEMBERS: usize = 32;
/// Maximum length of a propagated list in bytes. The specification requires at least 512.
const MAX_LENGTH: usize = 1_024;
/// Members longer than this are removed first from a list that is too long.
const LONG_MEMBER: usize = 128;

/// Parses the list, and returns the list to send: without spaces, empty members and duplicate keys.
///
/// The first value of a duplicate key is used. Vendors add members on the left, so the first value is the latest, and the
/// specification allows discarding duplicates.
pub(crate) fn parse(text: &str) -> Result<Option<Box<str>>, MalformedTraceContext> {
    let malformed = |why| Err(MalformedTraceContext::new(TRACESTATE, why));
    let mut members: Vec<(&str, &str)> = Vec::new();
    for member in text
        .split(',')
        .map(|member| member.trim_matches([' ', '\t']))
    {
        if member.is_empty() {
            continue;
        }
        let Some((key, value)) = member.split_once('=') else {
            return malformed("a member has no `=`");
        };
        if !is_key(key) {
            return malformed(
                "a key is not 1 to 256 lowercase letters, digits and `_-*/@` that begin with a letter or a digit",
            );
        }
        if !is_value(value) {
            return malformed("a value is not 1 to 256 printable characters without `,` and `=`");
        }
        if members.iter().any(|(known, _)| *known == key) {
            continue;
        }
        if members.len() == MAX_MEMBERS {
            return malformed("it has more than 32 members");
        }
        members.push((key, value));
    }
    Ok(shorten_list(members))
}

/// Returns the list as OpenTelemetry's `TraceState`. That type accepts fewer keys than level 2 defines; other members are
/// omitted.
pub(crate) fn to_opentelemetry(list: &str) -> TraceState {
    list.parse().unwrap_or_else(|_| {
        let accepted = members(list).filter(|member| is_accepted(*member));
        TraceState::from_key_value(accepted).unwrap_or_default()
    })
}

/// Returns the list to send for a span: its current members, and the received members that OpenTelemetry's `TraceState`
/// cannot contain. New and changed members come first; the others keep their order.
pub(crate) fn restore(received: &str, current: &str) -> String {
    if current == to_opentelemetry(received).header() {
        return received.to_owned();
    }
    let before: Vec<_> = members(received).collect();
    let after: Vec<_> = members(current).collect();
    let changed = after.iter().filter(|member| !before.contains(member));
    let kept = before
        .iter()
        .filter(|member| after.contains(member) || !is_accepted(**member));
    let all: Vec<String> = changed
        .chain(kept)
        .take(MAX_MEMBERS)
        .map(member_text)
        .collect();
    all.join(",")
}

fn members(list: &str) -> impl Iterator<Item = (&str, &str)> {
    list.split(',').filter_map(|member| member.split_once('='))
}

fn is_accepted(member: (&str, &str)) -> bool {
    TraceState::from_key_value([member]).is_ok()
}

fn member_text((key, value): &(&str, &str)) -> String {
    format!("{key}={value}")
}

/// Removes members from a list that is too long, no more than necessary: first long members, then any member, in both cases
/// from the end, where the oldest members are.
fn shorten_list(mut members: Vec<(&str, &str)>) -> Option<Box<str>> {
    let length = |(key, value): &(&str, &str)| key.len() + value.len() + 1;
    let total = |members: &[(&str, &str)]| {
        let commas = members.len().saturating_sub(1);
        members.iter().map(length).sum::<usize>() + commas
    };
    while total(&members) > MAX_LENGTH {
        let long = members
            .iter()
            .rposition(|member| length(member) > LONG_MEMBER);
        members.remove(long.unwrap_or(members.len() - 1));
    }
    let members: Vec<String> = members.iter().map(member_text).collect();
    (!members.is_empty()).then(|| members.join(",").into())
}

/// Whether a key is valid in level 2. Level 2 allows all keys of level 1, so keys of peers with either level are
/// propagated.
fn is_key(key: &str) -> bool {
    let is_word = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9');
    let is_rest = |c: u8| is_word(c) || matches!(c, b'_' | b'-' | b'*' | b'/' | b'@');
    key.len() <= 256 && key.bytes().next().is_some_and(is_word) && key.bytes().all(is_rest)
}

fn is_value(value: &str) -> bool {
    (1..=256).contains(&value.len())
        && !value.ends_with(' ')
        && value
            .bytes()
            .all(|c| matches!(c, b' '..=b'~') && c != b',' && c != b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse(text).expect("well formed").map(String::from)
    }

    #[test]
    fn a_list_is_propagated_in_its_order() {
        for (text, expected) in [
            (
                "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
                "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
            ),
            (" rojo=1 ,\t, congo=a b;c ", "rojo=1,congo=a b;c"),
            ("rojo=1,congo=2,rojo=3", "rojo=1,congo=2"),
            ("rojo= 1", "rojo= 1"),
            ("fw529a3039@dt=x", "fw529a3039@dt=x"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected));
        }
        assert_eq!(read(" , "), None);
    }

    #[test]
    fn malformed_lists_are_rejected_with_the_reason() {
        let many: Vec<String> = (0..33).map(|n| format!("k{n}=v")).collect();
        for (text, why) in [
            ("rojo", "no `=`"),
            ("Rojo=1", "a key"),
            ("_a=1", "a key"),
            ("=1", "a key"),
            ("rojo=", "a value"),
            ("rojo=a=b", "a value"),
            ("rojo=ä", "a value"),
            (&many.join(","), "more than 32"),
        ] {
            let message = parse(text).expect_err("malformed").to_string();
            assert!(message.contains(why), "{text}: {message}");
        }
    }

    #[test]
    fn long_members_are_removed_first_and_then_the_last_members() {
        let long = "x".repeat(200);
        let short = "y".repeat(100);
        let list: Vec<String> = (0..12)
            .map(|n| format!("k{n}={}", if n == 0 { &long } else { &short }))
            .collect();
        let sent = read(&list.join(",")).expect("some fit");
        assert!(sent.len() <= MAX_LENGTH);
        assert!(sent.starts_with("k1=") && sent.contains("k9=") && !sent.contains("k10="));
    }

    #[test]
    fn no_more_members_are_removed_than_necessary() {
        let value = "x".repeat(250);
        let list = |keys: &[&str]| {
            let members: Vec<String> = keys.iter().map(|key| format!("{key}={value}")).collect();
            members.join(",")
        };
        // With the short member at the end, the list has 1,024 characters, the maximum.
        let four = list(&["aa", "bb", "cc", "dd"]);
        let most = format!("{four},ee={}", "x".repeat(1_024 - four.len() - 4));
        assert_eq!(most.len(), MAX_LENGTH);
        assert_eq!(read(&most), Some(most.clone()));
        let more = format!("{most}x");
        let sent = read(&more).expect("some fit");
        assert_eq!(sent, format!("{},ee=xxxxxx", list(&["aa", "bb", "cc"])));
    }

    #[test]
    fn members_that_opentelemetry_rejects_are_restored_at_their_position() {
        let received = "a=1,b@c@d=2,e=3";
        for (current, expected) in [
            ("a=1,e=3", "a=1,b@c@d=2,e=3"),
            ("ot=th:8,a=1,e=3", "ot=th:8,a=1,b@c@d=2,e=3"),
            ("e=4,a=1", "e=4,a=1,b@c@d=2"),
            ("a=1", "a=1,b@c@d=2"),
            ("", "b@c@d=2"),
        ] {
            assert_eq!(restore(received, current), expected);
        }
    }
}
