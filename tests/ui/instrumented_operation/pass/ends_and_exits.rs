//! Operations that end at return, attributes with macros, references that `ok(…)` reads after the body, and a crate
//! that forbids lints.

#![forbid(
    unreachable_code,
    unused_imports,
    unused_variables,
    unused_mut,
    dead_code,
    unused_must_use,
    deprecated,
    non_camel_case_types,
    missing_docs,
    unused_qualifications,
    unused_braces,
    unused_parens,
    let_underscore_drop
)]

use otel_contract_tests::{block_on, assert_failed, record, assert_succeeded};
use test_vocabulary::forms::{self, AttributeValue, Attributes, ErrorClass, instrumented_operation};
use tokio::sync::oneshot;

#[derive(Clone, Copy, Debug, PartialEq, ErrorClass)]
#[error_class(forms)]
enum Failure {
    #[error_class(broken)]
    Broken,
}

#[derive(Clone, Copy, AttributeValue)]
#[attribute_value(forms::WorkKind)]
enum Size {
    Small,
    Large,
}

#[derive(Attributes)]
#[attributes(forms::Work)]
struct Work {
    #[attribute(work.name)]
    name: String,
    #[attribute(work.count)]
    count: u32,
}

#[instrumented_operation(forms::FormRun, work.name = "asked", ends_at_return)]
fn ask(sender: &mut Option<oneshot::Sender<u8>>) -> oneshot::Receiver<u8> {
    let (give, take) = oneshot::channel();
    *sender = Some(give);
    take
}

#[instrumented_operation(forms::PlainRun, ends_at_return)]
fn ask_and_fail(fails: bool) -> Result<std::future::Ready<u8>, Failure> {
    if fails { Err(Failure::Broken) } else { Ok(std::future::ready(1)) }
}

#[instrumented_operation(forms::FormRun, work.name = format!("{}", parse(text).unwrap_or_default()), work.kind = if matches!(text, "1") { Size::Small } else { Size::Large })]
fn formatted(text: &str) -> usize {
    text.len()
}

#[instrumented_operation(forms::FormRun, work.name = format!("{}", ready(text).await))]
async fn awaited(text: &str) -> usize {
    text.len()
}

async fn ready(text: &str) -> String {
    tokio::task::yield_now().await;
    text.to_owned()
}

fn parse(text: &str) -> Option<u8> {
    text.parse().ok()
}

struct Counter {
    n: u32,
}

impl Counter {
    #[instrumented_operation(forms::FormRun, ok(|_| work.count = self.n))]
    fn add(&mut self, by: u32) -> bool {
        self.n += by;
        true
    }

    #[instrumented_operation(forms::FormRun, work.name = &text, ok(|_| work.count = self.n))]
    async fn add_async(&mut self, text: String) -> Result<usize, Failure> {
        tokio::task::yield_now().await;
        self.n += 1;
        Ok(text.into_bytes().len())
    }

    #[instrumented_operation(forms::FormRun, ok(|_| work.count = self.n))]
    fn pinned(mut self: std::pin::Pin<&mut Self>) -> bool {
        self.as_mut().n += 1;
        true
    }
}

#[instrumented_operation(forms::FormRun, ok(|_| work.count = buffer.len()))]
fn fill(buffer: &mut Vec<u8>, with: &[u8]) -> usize {
    buffer.extend(with);
    with.len()
}

#[instrumented_operation(forms::GroupedRun, ..work = &work)]
fn grouped(work: Work) -> usize {
    work.name.len() + usize::try_from(work.count).unwrap_or_default()
}

#[instrumented_operation(forms::PlainRun, err(|_error| forms::ErrorType::Late))]
fn mapped() -> Result<(), String> {
    Err(String::new())
}

#[instrumented_operation(forms::PlainRun, err(|code| (*code != 0).then_some(forms::ErrorType::Broken)))]
fn numbered(code: u8) -> u8 {
    code
}

pub(crate) fn main() {
    let mut sender = None;
    let (receiver, spans) = record(|| ask(&mut sender));
    assert_succeeded(&spans, "form.run", &[("work.name", "asked")]);
    sender.expect("the sender").send(1).expect("the receiver is there");
    assert_eq!(block_on(receiver), Ok(1));
    let (_, spans) = record(|| ask_and_fail(false).map(drop));
    assert_succeeded(&spans, "plain.run", &[]);
    let (_, spans) = record(|| ask_and_fail(true).map(drop));
    assert_failed(&spans, "plain.run", "broken", &[]);
    let (_, spans) = record(|| formatted("1"));
    assert_succeeded(&spans, "form.run", &[("work.name", "1"), ("work.kind", "small")]);
    let (_, spans) = record(|| block_on(awaited("w")));
    assert_succeeded(&spans, "form.run", &[("work.name", "w")]);
    let mut counter = Counter { n: 1 };
    let (_, spans) = record(|| counter.add(2));
    assert_succeeded(&spans, "form.run", &[("work.count", "3")]);
    let (_, spans) = record(|| block_on(counter.add_async("ab".to_owned())));
    assert_succeeded(&spans, "form.run", &[("work.name", "ab"), ("work.count", "4")]);
    let (_, spans) = record(|| std::pin::Pin::new(&mut counter).pinned());
    assert_succeeded(&spans, "form.run", &[("work.count", "5")]);
    let mut buffer = vec![1];
    let (_, spans) = record(|| fill(&mut buffer, &[2, 3]));
    assert_succeeded(&spans, "form.run", &[("work.count", "3")]);
    let (_, spans) = record(|| grouped(Work { name: "n".to_owned(), count: 2 }));
    assert_eq!(spans.len(), 1);
    let (_, spans) = record(mapped);
    assert_failed(&spans, "plain.run", "late", &[]);
    let (_, spans) = record(|| numbered(0));
    assert_succeeded(&spans, "plain.run", &[]);
    let (_, spans) = record(|| numbered(1));
    assert_failed(&spans, "plain.run", "broken", &[]);
}
