//! The type of a value, not its name, decides whether it is a `Result`, a future or a closure.

use otel_contract_tests::{block_on, assert_failed, record, assert_succeeded, twins};
use std::pin::Pin;
use std::task::Poll;
use test_vocabulary::forms::ErrorClass;

#[derive(Clone, Copy, Debug, PartialEq, ErrorClass)]
#[error_class(test_vocabulary::forms, broken)]
pub struct Broken;

#[derive(Clone, Copy, Debug, PartialEq, ErrorClass)]
#[error_class(test_vocabulary::forms, late)]
pub struct Late;

/// A domain type with the name of a trait.
#[derive(Debug, PartialEq)]
pub struct Future(pub u8);
#[derive(Debug, PartialEq)]
pub struct P(pub u8);
pub type R<T> = Result<T, Broken>;
pub type Answer = R<u8>;
pub type Reply<T> = Pin<Box<dyn std::future::Future<Output = T> + Send>>;
pub type Factory = Box<dyn Fn(&str) -> Reply<usize>>;

macro_rules! function {
    ($name:ident($argument:ident: $type:ty), $ret:ty, $body:block) => {
        #[instrumented_operation(forms::PlainRun)]
        pub fn $name($argument: $type) -> $ret $body
    };
}

twins! {
    #[instrumented_operation(forms::PlainRun)]
    pub fn domain_type() -> Future {
        Future(1)
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn one_letter() -> P {
        P(1)
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn alias_of_result(fails: bool) -> R<u8> {
        if fails { Err(Broken) } else { Ok(1) }
    }

    #[instrumented_operation(forms::PlainRun)]
    pub async fn alias_of_alias(fails: bool) -> Answer {
        if fails { Err(Broken) } else { Ok(1) }
    }

    function!(through_fragment(fails: bool), Result<u8, Broken>, { if fails { Err(Broken) } else { Ok(1) } });

    #[instrumented_operation(forms::PlainRun)]
    pub fn result_in_result(inner: bool, outer: bool) -> Result<Result<u8, Broken>, Late> {
        if outer {
            Err(Late)
        } else if inner {
            Ok(Err(Broken))
        } else {
            Ok(Ok(1))
        }
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn result_in_option(fails: bool) -> Option<R<u8>> {
        Some(if fails { Err(Broken) } else { Ok(1) })
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn option_in_result(fails: bool) -> Result<Option<R<u8>>, Late> {
        Ok(Some(if fails { Err(Broken) } else { Ok(1) }))
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn result_in_poll(fails: bool) -> Poll<R<u8>> {
        Poll::Ready(if fails { Err(Broken) } else { Ok(1) })
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn control_flow() -> std::ops::ControlFlow<u8, u8> {
        std::ops::ControlFlow::Break(1)
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn output_of_signature() -> impl std::future::Future<Output = Vec<u8>> {
        async move { (0..3).collect() }
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn output_of_box(text: &'static str) -> Reply<String> {
        Box::pin(async move { text.into() })
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn output_of_box_after_statements(text: &'static str) -> Reply<String> {
        let text = text.trim();
        Box::pin(async move { text.into() })
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn built_elsewhere(inner: Reply<u8>) -> Reply<u8> {
        inner
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn built_elsewhere_and_hidden() -> impl std::future::Future<Output = R<u8>> {
        std::future::ready(Err(Broken))
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn exits_of_a_closure(text: &'static str) -> Reply<Option<u8>> {
        let first = |text: &str| text.bytes().next()?.checked_sub(1);
        fn last(text: &str) -> Option<u8> {
            return text.bytes().last()?.checked_sub(1);
        }
        let ends = (first(text), last(text));
        Box::pin(async move { ends.0.max(ends.1) })
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn factory() -> Factory {
        Box::new(|text| {
            let length = text.len();
            Box::pin(async move { length })
        })
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn measure() -> impl Fn(&str) -> usize {
        |text| text.len()
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn comparator(descending: bool) -> impl Fn(&String, &String) -> std::cmp::Ordering + Clone {
        if descending {
            return move |a, b| b.len().cmp(&a.len()).then(if descending { b.cmp(a) } else { a.cmp(b) });
        }
        panic!("called only with `descending`")
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn factory_of_futures(base: usize) -> impl Fn(&str) -> Reply<usize> + Send {
        move |text| {
            let length = text.len() + base;
            Box::pin(async move { length })
        }
    }

    #[instrumented_operation(forms::PlainRun)]
    pub async fn std_names_in_the_body() -> Result<usize, Broken> {
        use std::io::{Read, Result};
        fn read() -> Result<usize> {
            let mut text = String::new();
            "abc".as_bytes().read_to_string(&mut text)
        }
        Ok(read().unwrap_or_default())
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn items_in_the_body() -> Option<u8> {
        #[derive(Debug)]
        #[allow(dead_code)]
        enum Option {
            None,
            Some,
        }
        #[allow(dead_code)]
        struct Result;
        let _ = Option::Some;
        core::option::Option::Some(1)
    }
}

pub(crate) fn main() {
    macro_rules! same {
        ($($class:literal)? $name:ident($($argument:expr),*)) => {
            let (result, spans) = record(|| ours::$name($($argument),*));
            assert_eq!(result, twin::$name($($argument),*), stringify!($name));
            same!(@ $($class)? &spans);
        };
        ($($class:literal)? $name:ident($($argument:expr),*).await) => {
            let (result, spans) = record(|| block_on(ours::$name($($argument),*)));
            assert_eq!(result, block_on(twin::$name($($argument),*)), stringify!($name));
            same!(@ $($class)? &spans);
        };
        (@ $class:literal $spans:expr) => { assert_failed($spans, "plain.run", $class, &[]) };
        (@ $spans:expr) => { assert_succeeded($spans, "plain.run", &[]) };
    }
    same!(domain_type());
    same!(one_letter());
    same!(alias_of_result(false));
    same!("broken" alias_of_result(true));
    same!(alias_of_alias(false).await);
    same!("broken" alias_of_alias(true).await);
    same!(through_fragment(false));
    same!("broken" through_fragment(true));
    same!(result_in_result(false, false));
    same!("broken" result_in_result(true, false));
    same!("late" result_in_result(true, true));
    same!(result_in_option(false));
    same!("broken" result_in_option(true));
    same!(option_in_result(false));
    same!("broken" option_in_result(true));
    same!(result_in_poll(false));
    same!("broken" result_in_poll(true));
    same!(control_flow());
    same!(output_of_signature().await);
    same!(output_of_box("text").await);
    same!(output_of_box_after_statements("text").await);
    same!(built_elsewhere(Box::pin(std::future::ready(1))).await);
    same!("broken" built_elsewhere_and_hidden().await);
    same!(exits_of_a_closure("text").await);
    same!(std_names_in_the_body().await);
    same!(items_in_the_body());
    let (factory, spans) = record(ours::factory);
    assert_eq!(block_on(factory("abc")), block_on(twin::factory()("abc")));
    assert_succeeded(&spans, "plain.run", &[]);
    let (measure, spans) = record(ours::measure);
    assert_eq!(measure("abc"), twin::measure()("abc"));
    assert_succeeded(&spans, "plain.run", &[]);
    let (compare, spans) = record(|| ours::comparator(true));
    let (a, b) = ("a".to_owned(), "bc".to_owned());
    assert_eq!(compare(&a, &b), twin::comparator(true)(&a, &b));
    assert_succeeded(&spans, "plain.run", &[]);
    let (factory, spans) = record(|| ours::factory_of_futures(2));
    assert_eq!(block_on(factory("abc")), block_on(twin::factory_of_futures(2)("abc")));
    assert_succeeded(&spans, "plain.run", &[]);
}
