//! `tracestate` of W3C Trace Context: what vendors pass along with a trace.

use super::TRACESTATE;
use super::malformed::MalformedTraceContext;
use opentelemetry::trace::TraceState;

/// Members of a list.
const MOST_MEMBERS: usize = 32;
/// Bytes that are passed on. The specification asks for 512 at least.
const LONGEST: usize = 1_024;
/// Of a list that is too long, members longer than this go first.
const LONG_MEMBER: usize = 128;

/// Reads the list, and gives it back in the form it is sent in: no spaces, no empty members.
pub(super) fn parse(text: &str) -> Result<Option<Box<str>>, MalformedTraceContext> {
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
            return wrong("a key occurs twice");
        }
        if members.len() == MOST_MEMBERS {
            return wrong("it has more than 32 members");
        }
        members.push((key, value));
    }
    Ok(shortened(members))
}

/// As OpenTelemetry has it. It knows fewer keys; a member it does not take is left out, not all.
pub(super) fn to_opentelemetry(list: &str) -> TraceState {
    list.parse().unwrap_or_else(|_| {
        let members = list.split(',').filter_map(|member| member.split_once('='));
        let taken = members.filter(|member| TraceState::from_key_value([*member]).is_ok());
        TraceState::from_key_value(taken).unwrap_or_default()
    })
}

fn shortened(mut members: Vec<(&str, &str)>) -> Option<Box<str>> {
    let length = |(key, value): &(&str, &str)| key.len() + value.len() + 2;
    let all = |members: &[(&str, &str)]| members.iter().map(length).sum::<usize>();
    if all(&members) > LONGEST {
        members.retain(|member| length(member) <= LONG_MEMBER);
    }
    // The last were put there first, and matter least.
    while all(&members) > LONGEST {
        members.pop();
    }
    let members: Vec<String> = members
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
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
            ("rojo=1,rojo=2", "twice"),
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
}
