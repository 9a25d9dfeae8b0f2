//! Keys, groups, operations and errors with names that Rust uses: keywords, types and methods.

use otel_contract_tests::{assert_failed, assert_succeeded, record};
use test_odd::odd::{self, ErrorClass, instrumented_operation};

#[derive(Debug, ErrorClass)]
#[error_class(odd, type)]
struct Type;

#[instrumented_operation(
    odd::Fn as op,
    ..send = &odd::Send { option: "o".into() },
    string = "s",
    result.type = "type",
    vec = ["v"],
    i64 = i64::MIN,
    value = 1,
    self = odd::Self_::ALL[0],
    match.fn = -9223372036854775808,
    start,
    attribute = "a b",
)]
fn everything(start: String) {
    op.r#box(true);
    let _ = start;
}

#[instrumented_operation(odd::Clone)]
fn clone() -> Result<(), Type> {
    Err(Type)
}

#[test]
fn rust_keywords_are_valid_names_in_contracts() {
    let ((), spans) = record(|| everything("now".to_owned()));
    let expected = [
        ("option", "o"),
        ("string", "s"),
        ("result.type", "type"),
        ("vec", "[\"v\"]"),
        ("i64", "-9223372036854775808"),
        ("value", "1"),
        ("self", "-1"),
        ("match.fn", "-9223372036854775808"),
        ("start", "now"),
        ("attribute", "a b"),
        ("box", "true"),
    ];
    assert_succeeded(&spans, "fn", &expected);
    let (_, spans) = record(clone);
    assert_failed(&spans, "clone", "type", &[]);
    let ((), spans) = record(|| {
        let send = odd::Send { option: "o".into() };
        let active = odd::Sync {
            self_: odd::Self_::ALL[1],
            send,
        }
        .outcome("good")
        .start();
        active.context_("here");
        active.fail_("not");
        active.handle_(true);
        active.in_context_(false);
        active.succeed_(true);
        active.fill_send(true);
        active.succeed();
    });
    let expected = [
        ("self", "0"),
        ("option", "o"),
        ("outcome", "good"),
        ("context", "here"),
        ("fail", "not"),
        ("handle", "true"),
        ("in_context", "false"),
        ("succeed", "true"),
        ("fill.send", "true"),
    ];
    assert_succeeded(&spans, "sync", &expected);
    let ((), spans) = record(|| {
        odd::Fn {
            string: "s".into(),
            send: odd::Send { option: "o".into() },
        }
        .start_("x")
        .start()
        .succeed();
    });
    assert_succeeded(
        &spans,
        "fn",
        &[("string", "s"), ("option", "o"), ("start", "x")],
    );
}

#[test]
fn rust_keywords_are_valid_names_in_baggage_and_events() {
    let sent = odd::Baggage::new()
        .emit("e")
        .from(true)
        .new_(odd::New::ALL[1])
        .of_(0.5)
        .attach_(odd::Attach::None)
        .current_(odd::Current::MIN)
        .str(odd::Str::capped("s"))
        .match_to(odd::MatchTo::new("m"));
    let context = sent.to_context();
    assert_eq!(odd::Baggage::of(&context), sent);
    let text = ";baggage=emit=e,from=true,new=2,of=0.5,attach=none,current=-1,str=s,match.to=m";
    assert_eq!(odd::TraceContext::from(&context).to_string(), text);

    let event = odd::IntoString {
        self_: odd::Self_::ALL[2],
    }
    .emit_("e")
    .from_(false)
    .string("s")
    .error_type(odd::ErrorType::Self_);
    assert_eq!(event.clone(), event);
}

#[test]
fn setters_end_in_an_underscore_if_their_own_type_has_a_method_of_that_name() {
    let ((), spans) = record(|| {
        odd::Words {}
            .from_(true)
            .new(odd::New::ALL[0])
            .emit("e")
            .record(true)
            .required(false)
            .run_(true)
            .series(false)
            .definition(true)
            .start()
            .succeed();
    });
    let expected = [
        ("from", "true"),
        ("new", "1"),
        ("emit", "e"),
        ("record", "true"),
        ("required", "false"),
        ("run", "true"),
        ("series", "false"),
        ("definition", "true"),
    ];
    assert_succeeded(&spans, "words", &expected);

    let event = odd::Methods {
        required: true.into(),
    }
    .new(odd::New::ALL[0])
    .start("now")
    .record(true)
    .from_(true)
    .run(false)
    .definition(true);
    assert_eq!(event.clone(), event);

    let tries = odd::metrics::Tries {
        required: true.into(),
    }
    .from_(false)
    .new(odd::New::ALL[1])
    .record(false)
    .series(true);
    odd::metrics::tries().add(1, tries.clone());
    let needs = odd::metrics::Needs {
        from: true.into(),
        definition: false.into(),
    }
    .required(true);
    odd::metrics::needs().add(1, needs);
}
