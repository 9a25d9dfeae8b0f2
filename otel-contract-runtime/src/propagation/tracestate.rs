//! `tracestate` of W3C Trace Context: what vendors pass along with a trace.

use super::TRACESTATE;
use super::malformed::MalformedTraceContext;
use opentelemetry::trace::TraceState;

/// Members of a list.
const MOST_MEMBERS: usize = 32;
/// Bytes that are passed on. The specification asks for at least 512.
const LONGEST: usize = 1_024;
/// Of a list that is too long, members longer than this go first.
const LONG_MEMBER: usize = 128;

/// Reads the list, and returns it in the form it is sent in: no spaces, no empty members, each key once.
///
/// Of a key that occurs twice the first value counts. Vendors write at the left, so it is the last one that was written,
/// and the specification allows others to discard duplicates.
pub(crate) fn parse(text: &str) -> Result<Option<Box<str>>, MalformedTraceContext> {
    let wrong = |why| Err(MalformedTraceContext::new(TRACESTATE, why));
    let mut members: Vec<(&str, &str)> = Vec::new();
    for member in text
        .split(',')
        .map(|member| member.trim_matches([' ', '\t']))
    {
        if member.is_empty() {
            continue;
        }
        let Some((key, value)) = member.split_once('=') else {
            return wrong("a member has no `=`");
        };
        if !is_key(key) {
            return wrong("a key is not 1 to 256 lowercase letters, digits and `_-*/@`");
        }
        if !is_value(value) {
            return wrong("a value is not 1 to 256 printable characters without `,` and `=`");
        }
        if members.iter().any(|(known, _)| *known == key) {
            continue;
        }
        if members.len() == MOST_MEMBERS {
            return wrong("it has more than 32 members");
        }
        members.push((key, value));
    }
    Ok(shortened(members))
}

/// The list as OpenTelemetry's type. That type accepts fewer keys than level 2 defines; a member it refuses is left out.
pub(crate) fn to_opentelemetry(list: &str) -> TraceState {
    list.parse().unwrap_or_else(|_| {
        let accepted = members(list).filter(|member| is_accepted(*member));
        TraceState::from_key_value(accepted).unwrap_or_default()
    })
}

/// The list to send for a span: what it holds now, and those members of the received list that OpenTelemetry's type
/// could not hold. New and changed members come first; the others keep their order.
pub(crate) fn restored(received: &str, now: &str) -> String {
    if now == to_opentelemetry(received).header() {
        return received.to_owned();
    }
    let before: Vec<_> = members(received).collect();
    let after: Vec<_> = members(now).collect();
    let changed = after.iter().filter(|member| !before.contains(member));
    let kept = before
        .iter()
        .filter(|member| after.contains(member) || !is_accepted(**member));
    let all: Vec<String> = changed
        .chain(kept)
        .take(MOST_MEMBERS)
        .map(written)
        .collect();
    all.join(",")
}

fn members(list: &str) -> impl Iterator<Item = (&str, &str)> {
    list.split(',').filter_map(|member| member.split_once('='))
}

fn is_accepted(member: (&str, &str)) -> bool {
    TraceState::from_key_value([member]).is_ok()
}

fn written((key, value): &(&str, &str)) -> String {
    format!("{key}={value}")
}

/// Removes whole members of a list that is too long: long ones first, then any, each from the end, where those are that
/// were written first. No more of them than needed.
fn shortened(mut members: Vec<(&str, &str)>) -> Option<Box<str>> {
    let length = |(key, value): &(&str, &str)| key.len() + value.len() + 1;
    let all = |members: &[(&str, &str)]| {
        let commas = members.len().saturating_sub(1);
        members.iter().map(length).sum::<usize>() + commas
    };
    while all(&members) > LONGEST {
        let long = members.iter().rposition(|it| length(it) > LONG_MEMBER);
        members.remove(long.unwrap_or(members.len() - 1));
    }
    let members: Vec<String> = members.iter().map(written).collect();
    (!members.is_empty()).then(|| members.join(",").into())
}

/// As level 2 has them, which takes all of level 1: what comes from a newer peer is passed on.
fn is_key(key: &str) -> bool {
    let word = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9');
    let rest = |c: u8| word(c) || matches!(c, b'_' | b'-' | b'*' | b'/' | b'@');
    key.len() <= 256 && key.bytes().next().is_some_and(word) && key.bytes().all(rest)
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
    fn a_list_is_passed_on_in_its_order() {
        for (text, sent) in [
            (
                "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
                "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
            ),
            (" rojo=1 ,\t, congo=a b;c ", "rojo=1,congo=a b;c"),
            ("rojo=1,congo=2,rojo=3", "rojo=1,congo=2"),
            ("rojo= 1", "rojo= 1"),
            ("fw529a3039@dt=x", "fw529a3039@dt=x"),
        ] {
            assert_eq!(read(text).as_deref(), Some(sent));
        }
        assert_eq!(read(" , "), None);
    }

    #[test]
    fn anything_else_is_refused_and_the_reason_given() {
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
            let said = parse(text).expect_err("refused").to_string();
            assert!(said.contains(why), "{text}: {said}");
        }
    }

    #[test]
    fn of_a_list_that_is_too_long_the_longest_members_go_first_then_the_last() {
        let long = "x".repeat(200);
        let short = "y".repeat(100);
        let list: Vec<String> = (0..12)
            .map(|n| format!("k{n}={}", if n == 0 { &long } else { &short }))
            .collect();
        let sent = read(&list.join(",")).expect("some fit");
        assert!(sent.len() <= LONGEST);
        assert!(sent.starts_with("k1=") && sent.contains("k9=") && !sent.contains("k10="));
    }

    #[test]
    fn no_more_members_go_than_needed() {
        let value = "x".repeat(250);
        let list = |keys: &[&str]| {
            let members: Vec<String> = keys.iter().map(|key| format!("{key}={value}")).collect();
            members.join(",")
        };
        // With the short member at the end it has 1,024 characters, the most that is passed on.
        let four = list(&["aa", "bb", "cc", "dd"]);
        let most = format!("{four},ee={}", "x".repeat(1_024 - four.len() - 4));
        assert_eq!(most.len(), LONGEST);
        assert_eq!(read(&most), Some(most.clone()));
        let more = format!("{most}x");
        let sent = read(&more).expect("some fit");
        assert_eq!(sent, format!("{},ee=xxxxxx", list(&["aa", "bb", "cc"])));
    }

    #[test]
    fn members_that_opentelemetry_refuses_are_restored_where_they_were() {
        let received = "a=1,b@c@d=2,e=3";
        for (now, sent) in [
            ("a=1,e=3", "a=1,b@c@d=2,e=3"),
            ("ot=th:8,a=1,e=3", "ot=th:8,a=1,b@c@d=2,e=3"),
            ("e=4,a=1", "e=4,a=1,b@c@d=2"),
            ("a=1", "a=1,b@c@d=2"),
            ("", "b@c@d=2"),
        ] {
            assert_eq!(restored(received, now), sent);
        }
    }
}
