//! Untrusted input: valid contexts are read unchanged, and any other input gives an empty context. The cases come from a
//! generator with fixed seeds.

use super::*;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::trace::{SpanContext, TraceContextExt as _, TraceState};
use opentelemetry::{Context, KeyValue};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

type Carried = TraceContext<TextBaggage>;

/// Baggage of two keys with any text.
struct TextBaggage;

impl ContractBaggage for TextBaggage {
    fn keys() -> Cow<'static, [&'static str]> {
        Cow::Borrowed(&["account.tier", "note"])
    }

    fn admit(_: &str, value: &str) -> Option<String> {
        Some(value.to_owned())
    }
}

/// Marsaglia's xorshift, which generates the same cases on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).expect("below a usize")
    }

    fn text(&mut self, alphabet: &str, longest: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        let length = self.below(longest + 1);
        (0..length)
            .map(|_| alphabet[self.below(alphabet.len())])
            .collect()
    }

    fn context(&mut self) -> Context {
        let state: Vec<(String, String)> = (0..self.below(4))
            .map(|n| {
                let key = format!("k{n}{}", self.text("abz09_-*/", 8));
                (key, format!("v{}~", self.text("aZ9 ;:%/\\\"!", 20)))
            })
            .collect();
        let trace = (u128::from(self.next()) << 64) | u128::from(self.next());
        let span = SpanContext::new(
            trace.into(),
            self.next().into(),
            opentelemetry::TraceFlags::new(u8::try_from(self.below(4)).expect("two bits")),
            false,
            TraceState::from_key_value(state).expect("a valid state"),
        );
        let context = Context::new().with_remote_span_context(span);
        match self.below(3) {
            0 => context,
            _ => context.with_baggage([
                KeyValue::new("account.tier", self.text("abc", 5)),
                KeyValue::new("note", self.text("aZ9 ,;=%\"\\ä\u{1F980}\n", 30)),
                KeyValue::new("user.email", "ada@example.org"),
            ]),
        }
    }
}

fn contexts() -> impl Iterator<Item = Carried> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    (0..2_000).map(move |_| Carried::from(random.context()))
}

/// Returns text that is similar enough to a context to reach every branch of the parsers.
fn garbage() -> impl Iterator<Item = String> {
    const PIECES: &str = "0123456789abcdefABC-;=,% \t\n\"\\@ä\u{0}\u{1F980}";
    let mut random = Random(0xD1B5_4A32_D192_ED03);
    let valid: Vec<String> = contexts()
        .take(50)
        .map(|context| context.to_string())
        .collect();
    (0..20_000).map(move |_| {
        if random.below(4) == 0 {
            return random.text(PIECES, 80);
        }
        let mut text: Vec<char> = valid[random.below(valid.len())].chars().collect();
        for _ in 0..=random.below(3) {
            let at = random.below(text.len());
            let with = random.text(PIECES, 2);
            text.splice(at..(at + random.below(3)).min(text.len()), with.chars());
            if text.is_empty() {
                text.push('0');
            }
        }
        text.into_iter().collect()
    })
}

#[test]
fn a_context_survives_every_way_of_writing_and_reading() {
    let mut with_all = 0;
    for context in contexts() {
        with_all += usize::from(context.state.is_some() && context.baggage.is_some());
        assert_eq!(context.to_string().parse().as_ref(), Ok(&context));
        let (mut sorted, mut hashed, mut injected) =
            (BTreeMap::new(), HashMap::new(), HashMap::new());
        context.inject(&mut sorted);
        context.inject(&mut hashed);
        context.inject_into(&mut injected);
        assert_eq!(Carried::extract(&sorted), context);
        assert_eq!(Carried::extract(&hashed), context);
        assert_eq!(Carried::from_extractor(&injected), context);
        let continued = context.to_context().expect("a valid context");
        assert_eq!(Carried::from(continued), context);
        #[cfg(feature = "http")]
        {
            let mut headers = http::HeaderMap::new();
            context.inject(&mut headers);
            assert_eq!(Carried::extract(&headers), context);
        }
        #[cfg(feature = "serde")]
        {
            let json = serde_json::to_string(&context).expect("text");
            assert_eq!(
                serde_json::from_str::<Carried>(&json).expect("text"),
                context
            );
        }
    }
    assert!(
        with_all > 500,
        "the cases have state and baggage: {with_all}"
    );
}

#[test]
fn no_text_makes_a_parser_panic_and_accepted_text_is_a_valid_context() {
    let (mut accepted, mut rejected) = (0, 0);
    for text in garbage() {
        match text.parse::<Carried>() {
            Ok(context) => {
                accepted += 1;
                assert_eq!(context.to_string().parse(), Ok(context.clone()), "{text:?}");
                assert!(context.is_valid() || context.parent == traceparent::Parent::NONE);
            }
            Err(problem) => {
                rejected += 1;
                let context = Carried::from_lossy(&text);
                assert_eq!(context, Carried::default());
                assert_eq!(context.problem(), Some(&problem));
            }
        }
        let headers = ["traceparent", "tracestate", "baggage"];
        let headers = headers.map(|name| (name.to_owned(), text.clone()));
        let context = Carried::extract(&BTreeMap::from(headers));
        assert!(
            context.is_valid() || context.problem().is_some(),
            "{text:?}"
        );
        let _ = (context.span_context(), context.to_context());
    }
    assert!(
        accepted > 500 && rejected > 5_000,
        "{accepted} accepted, {rejected} rejected"
    );
}

#[test]
fn only_baggage_of_the_contract_is_propagated() {
    let context = Context::new().with_baggage([
        KeyValue::new("account.tier", "pro"),
        KeyValue::new("user.email", "ada@example.org"),
    ]);
    let carried = Carried::from(&context);
    assert_eq!(carried.to_string(), ";baggage=account.tier=pro");
    assert_eq!(crate::TraceContext::from(&context).to_string(), "");
    let read = ";baggage=user.email=ada,account.tier=pro".parse::<Carried>();
    assert_eq!(read, Ok(carried));
}

#[test]
fn a_duplicate_trace_is_malformed_and_a_malformed_state_does_not_affect_the_trace() {
    struct Headers<'a>(&'a [(&'a str, &'a str)]);
    impl Carrier for Headers<'_> {
        fn each(&self, name: &str, take: &mut dyn FnMut(&str)) {
            let named = self.0.iter().filter(|(key, _)| *key == name);
            named.for_each(|(_, value)| take(value));
        }
        fn set(&mut self, _: &'static str, _: Option<&str>) {}
    }
    let parent = (
        "traceparent",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    );
    let twice = Carried::extract(&Headers(&[parent, parent, ("baggage", "note=x")]));
    assert!(!twice.is_valid());
    assert!(
        twice
            .problem()
            .is_some_and(|problem| problem.to_string().contains("more than once"))
    );
    assert_eq!(twice.to_string(), ";baggage=note=x");

    let lists = [parent, ("tracestate", "a=1"), ("tracestate", "b=2")];
    assert_eq!(
        Carried::extract(&Headers(&lists)).tracestate(),
        Some("a=1,b=2")
    );

    let context = Carried::extract(&Headers(&[parent, ("tracestate", "A=1")]));
    assert!(context.is_valid() && context.tracestate().is_none());
    assert!(
        context
            .problem()
            .is_some_and(|problem| problem.to_string().contains("tracestate"))
    );
}

#[cfg(feature = "http")]
#[test]
fn headers_that_are_not_text_or_occur_twice_are_malformed() {
    let traceparent =
        http::HeaderValue::from_static("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    let bytes =
        http::HeaderValue::from_bytes(&[0xff, 0xfe]).expect("a header may contain any byte");
    let mut headers = http::HeaderMap::new();
    headers.insert("traceparent", bytes);
    assert!(Carried::extract(&headers).problem().is_some());
    headers.insert("Traceparent", traceparent.clone());
    assert!(Carried::extract(&headers).is_valid());
    headers.append("traceparent", traceparent);
    assert!(Carried::extract(&headers).problem().is_some());
}

#[test]
fn the_longest_keys_of_a_state_are_in_the_span_context_too() {
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let tenant = format!("9{}@v{}", "a".repeat(240), "b".repeat(12));
    for state in [
        format!("{}=1", "k".repeat(256)),
        format!("{tenant}=v"),
        "a=b~ ~".to_owned(),
    ] {
        let context = format!("{parent};tracestate={state}").parse::<Carried>();
        let context = context.expect("within the limits of the specification");
        assert_eq!(context.span_context().trace_state().header(), state);
    }
    // OpenTelemetry's `TraceState` rejects two of these keys, which level 2 allows. The `TraceState` contains only the
    // other keys; `TraceContext::tracestate` contains all of them.
    let state = "a=1,tenant@vendor_of_14ch=2,x@y@z=3,b=4";
    let context = format!("{parent};tracestate={state}").parse::<Carried>();
    let context = context.expect("within the limits of the specification");
    assert_eq!(context.span_context().trace_state().header(), "a=1,b=4");
    assert_eq!(context.tracestate(), Some(state));
    let continued = context.to_context().expect("a valid context");
    assert_eq!(Carried::from(&continued), context);
    // A different trace in the same context has none of these keys.
    let other = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let other = other.parse::<Carried>().expect("well formed");
    let _guard = continued.attach();
    let continued = other.to_context().expect("a valid context");
    assert_eq!(Carried::from(&continued), other);
}

#[test]
fn a_b3_sampling_state_survives_text_and_context() {
    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
    for text in [
        format!("{PARENT}-00;b3=deferred"),
        format!("{PARENT}-01;b3=debug"),
        format!("{PARENT}-03;tracestate=a@b@c=1;b3=debug;baggage=note=x"),
        ";b3=debug".to_owned(),
        ";b3=deny".to_owned(),
        ";b3=accept;baggage=note=x".to_owned(),
    ] {
        let context: Carried = text.parse().expect(&text);
        assert_eq!(context.to_string(), text);
        let continued = context.to_context().expect("a sampling state");
        assert_eq!(Carried::from(continued), context, "{text}");
    }
    for (text, read) in [
        // The last part is used, and the flag is set by it.
        (";b3=accept;b3=deny".to_owned(), ";b3=deny".to_owned()),
        (
            format!("{PARENT}-01;b3=deferred"),
            format!("{PARENT}-00;b3=deferred"),
        ),
    ] {
        let context: Carried = text.parse().expect(&text);
        assert_eq!(context.to_string(), read);
        assert_eq!(read.parse(), Ok(context));
    }
    for text in [
        ";b3=deferred".to_owned(),
        ";b3=1".to_owned(),
        format!("{PARENT}-01;b3=accept"),
    ] {
        assert!(text.parse::<Carried>().is_err(), "{text}");
    }
}

#[cfg(feature = "b3")]
#[test]
fn no_header_makes_b3_panic_and_accepted_headers_are_written_back() {
    use super::format::{Format, Formats};
    let (mut accepted, mut rejected) = (0, 0);
    let single = Formats::from_iter([Format::B3]);
    let multi = Formats::from_iter([Format::B3Multi]);
    let read = |text: &str, names: &[&str]| {
        single.read(&|name| {
            let value = names.contains(&name).then(|| text.to_owned());
            value.into_iter().collect()
        })
    };
    for text in garbage() {
        // Similar to the header: without the version, and with a sampling state of one digit.
        let near = format!("{}-1", text.get(3..52).unwrap_or(&text));
        let cases = [near, text];
        for text in &cases {
            let trace = read(text, &["b3"]);
            if !trace.parent.is_valid() {
                rejected += 1;
                continue;
            }
            accepted += 1;
            for formats in [single, multi] {
                let mut headers = HashMap::new();
                formats.write(&trace, &mut |name, value| {
                    headers.remove(name);
                    headers.extend(value.map(|value| (name, value)));
                });
                let again = formats.read(&|name| headers.get(name).cloned().into_iter().collect());
                assert_eq!(again.parent, trace.parent, "{text}");
            }
        }
        let names = ["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"];
        let _ = read(&cases[1], &names);
    }
    assert!(accepted > 500 && rejected > 5_000, "{accepted}, {rejected}");
}

#[test]
fn a_context_is_small() {
    assert!(size_of::<Carried>() <= 80);
}

#[test]
fn an_empty_context_removes_headers_of_an_earlier_context() {
    let stale = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned();
    let mut headers = BTreeMap::from([("Traceparent".to_owned(), stale)]);
    assert!(
        Carried::extract(&headers).is_valid(),
        "the name may have capital letters"
    );
    Carried::default().inject(&mut headers);
    assert_eq!(headers, BTreeMap::new());
    assert!(
        Carried::extract(&headers).problem().is_none(),
        "missing headers are not a problem"
    );
}

#[test]
fn a_name_in_two_spellings_is_a_duplicate_header() {
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned();
    let twice = ["traceparent", "Traceparent"].map(|name| (name.to_owned(), traceparent.clone()));
    for context in [
        Carried::extract(&BTreeMap::from(twice.clone())),
        Carried::extract(&HashMap::from(twice)),
    ] {
        assert!(!context.is_valid());
        assert!(context.problem().is_some());
    }
    let states = [
        ("tracestate", "a=1"),
        ("TraceState", "b=2"),
        ("traceparent", &traceparent),
    ];
    let states = states.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let context = Carried::extract(&BTreeMap::from(states));
    assert_eq!(context.tracestate(), Some("a=1,b=2"));
}

#[cfg(feature = "serde")]
#[test]
fn no_payload_makes_a_job_fail() {
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for (json, valid, problem) in [
        (format!("\"{traceparent}\""), true, false),
        (
            format!("{{\"traceparent\":\"{traceparent}\",\"x\":[1],\"y\":{{\"z\":null}}}}"),
            true,
            false,
        ),
        ("null".to_owned(), false, false),
        ("\"\"".to_owned(), false, false),
        ("{}".to_owned(), false, false),
        ("\"garbage\"".to_owned(), false, true),
        ("{\"traceparent\":7}".to_owned(), false, true),
        ("{\"traceparent\":null}".to_owned(), false, false),
        ("{\"traceparent\":\"x\"}".to_owned(), false, true),
        (
            format!("{{\"traceparent\":\"{traceparent}\",\"traceparent\":\"{traceparent}\"}}"),
            false,
            true,
        ),
        (format!("\"{traceparent};b3=debug\""), true, false),
        (format!("\"{traceparent};b3=deny\""), false, true),
        ("\";b3=deny\"".to_owned(), false, false),
        ("[1,[2]]".to_owned(), false, true),
        ("true".to_owned(), false, true),
        ("-1".to_owned(), false, true),
        ("1".to_owned(), false, true),
        ("1.5".to_owned(), false, true),
    ] {
        let context: Carried = serde_json::from_str(&json).expect(&json);
        assert_eq!(context.is_valid(), valid, "{json}");
        assert_eq!(context.problem().is_some(), problem, "{json}");
    }
}
