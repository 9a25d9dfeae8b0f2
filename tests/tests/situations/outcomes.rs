//! Errors, successes and returned values.

use otel_contract_tests::{assert_failed, assert_succeeded, block_on, record};
use std::num::TryFromIntError;
use test_vocabulary::forms::{self, ErrorType, instrumented_operation};

#[test]
fn an_error_fails_the_operation() {
    #[instrumented_operation(forms::FormRun, err(|_| ErrorType::Broken))]
    fn form() -> Result<u8, TryFromIntError> {
        u8::try_from(1234)
    }
    let (result, spans) = record(form);
    assert!(result.is_err());
    assert_failed(&spans, "form.run", "broken", &[]);
}

#[test]
fn an_empty_block_before_a_call_triggers_no_lint() {
    #[deny(clippy::suspicious_else_formatting)]
    #[instrumented_operation(forms::FormRun, err(|_| ErrorType::Broken))]
    fn form() -> Result<u8, TryFromIntError> {
        {}
        u8::try_from(1234)
    }
    let (result, spans) = record(form);
    assert!(result.is_err());
    assert_failed(&spans, "form.run", "broken", &[]);
}

#[test]
fn a_question_mark_fails_the_operation() {
    #[instrumented_operation(forms::FormRun, err(|_| ErrorType::Broken))]
    fn form(count: i32) -> Result<u8, TryFromIntError> {
        u8::try_from(count)?;
        Ok(5)
    }
    let (result, spans) = record(|| form(1234));
    assert!(result.is_err());
    assert_failed(&spans, "form.run", "broken", &[]);
    let (result, spans) = record(|| form(1));
    assert_eq!(result, Ok(5));
    assert_succeeded(&spans, "form.run", &[]);
}

#[test]
fn an_error_after_an_await_fails_the_operation() {
    #[instrumented_operation(forms::FormRun, work.count = polls, err(|_| ErrorType::Broken))]
    async fn form(polls: usize) -> Result<u8, TryFromIntError> {
        for _ in 0..polls {
            tokio::task::yield_now().await;
        }
        u8::try_from(1234)
    }
    let (result, spans) = record(|| block_on(form(2)));
    assert!(result.is_err());
    assert_failed(&spans, "form.run", "broken", &[("work.count", "2")]);
}

#[test]
fn a_failing_body_may_use_a_mutable_argument() {
    #[instrumented_operation(forms::FormRun, work.count = *out, err(|_| ErrorType::Broken))]
    fn form(from: i32, out: &mut u8) -> Result<(), TryFromIntError> {
        *out += 1;
        *out = u8::try_from(from)?;
        Ok(())
    }
    let mut out = 7;
    let (result, spans) = record(|| form(1234, &mut out));
    assert!(result.is_err());
    assert_eq!(out, 8);
    assert_failed(&spans, "form.run", "broken", &[("work.count", "7")]);
    let (result, spans) = record(|| form(9, &mut out));
    assert_eq!((result, out), (Ok(()), 9));
    assert_succeeded(&spans, "form.run", &[("work.count", "8")]);
}

#[test]
fn a_failing_async_body_may_use_a_mutable_argument() {
    #[instrumented_operation(forms::FormRun, work.count = *out, err(|_| ErrorType::Broken))]
    async fn form(polls: usize, out: &mut u8) -> Result<(), TryFromIntError> {
        for _ in 0..polls {
            tokio::task::yield_now().await;
            *out += 1;
        }
        *out = u8::try_from(1234)?;
        Ok(())
    }
    let mut out = 0;
    let (result, spans) = record(|| block_on(form(2, &mut out)));
    assert!(result.is_err());
    assert_eq!(out, 2);
    assert_failed(&spans, "form.run", "broken", &[("work.count", "0")]);
}

#[test]
fn an_iterator_inside_a_result_is_returned_and_not_consumed() {
    #[instrumented_operation(forms::FormRun, work.count = count, err(|_| ErrorType::Broken))]
    fn form(count: usize) -> Result<impl Iterator<Item = usize>, String> {
        Ok(0..count)
    }
    let (sum, spans) = record(|| form(10).map(Iterator::sum::<usize>));
    assert_eq!(sum, Ok(45));
    assert_succeeded(&spans, "form.run", &[("work.count", "10")]);
}

#[test]
fn neither_display_nor_debug_text_of_an_error_is_recorded() {
    #[instrumented_operation(forms::FormRun, err(|error| {
        assert!(!error.to_string().is_empty() && !format!("{error:?}").is_empty());
        ErrorType::Other
    }))]
    fn form() -> Result<u8, TryFromIntError> {
        u8::try_from(1234)
    }
    let (_, spans) = record(form);
    assert_failed(&spans, "form.run", "_OTHER", &[]);
    assert!(spans[0].events.events.is_empty());
    let opentelemetry::trace::Status::Error { description } = &spans[0].status else {
        panic!("the operation failed")
    };
    assert_eq!(description, "");
}

#[test]
fn a_returned_value_is_recorded_with_the_option_ok() {
    #[instrumented_operation(forms::FormRun, ok(|answer| work.count = answer))]
    fn form() -> i32 {
        42
    }
    let (answer, spans) = record(form);
    assert_eq!(answer, 42);
    assert_succeeded(&spans, "form.run", &[("work.count", "42")]);
}

#[test]
fn a_returned_value_is_not_recorded_without_the_option_ok() {
    #[instrumented_operation(forms::FormRun)]
    fn form() -> i32 {
        42
    }
    let (answer, spans) = record(form);
    assert_eq!(answer, 42);
    assert_succeeded(&spans, "form.run", &[]);
}

#[test]
fn a_returned_value_is_recorded_after_a_mutable_argument_changed() {
    #[instrumented_operation(forms::FormRun, ok(|doubled| work.count = doubled))]
    fn form(count: &mut i32) -> i32 {
        *count *= 2;
        *count
    }
    let mut count = 1;
    let (doubled, spans) = record(|| form(&mut count));
    assert_eq!((doubled, count), (2, 2));
    assert_succeeded(&spans, "form.run", &[("work.count", "2")]);
}

#[test]
fn the_value_of_an_async_function_is_recorded() {
    #[instrumented_operation(forms::FormRun, ok(|answer| work.count = answer))]
    async fn form() -> i32 {
        42
    }
    let (answer, spans) = record(|| block_on(form()));
    assert_eq!(answer, 42);
    assert_succeeded(&spans, "form.run", &[("work.count", "42")]);
}

#[test]
fn an_opaque_value_is_recorded_through_its_trait_bounds() {
    #[instrumented_operation(forms::FormRun, ok(|value| work.name = value.to_string()))]
    fn form() -> impl Copy + std::fmt::Display {
        42
    }
    let (value, spans) = record(form);
    assert_eq!(value.to_string(), "42");
    assert_succeeded(&spans, "form.run", &[("work.name", "42")]);
}

#[test]
fn a_value_is_recorded_with_the_format_in_the_code() {
    #[instrumented_operation(forms::FormRun, ok(|value| work.name = format!("{value:?}")))]
    fn form() -> &'static str {
        "text"
    }
    let (value, spans) = record(form);
    assert_eq!(value, "text");
    assert_succeeded(&spans, "form.run", &[("work.name", "\"text\"")]);
}

#[test]
fn either_the_value_or_the_error_is_recorded() {
    #[instrumented_operation(
        forms::FormRun,
        ok(|value| work.count = value),
        err(|_| ErrorType::Broken),
    )]
    fn form(count: i32) -> Result<u8, TryFromIntError> {
        u8::try_from(count)
    }
    let (result, spans) = record(|| form(1234));
    assert!(result.is_err());
    assert_failed(&spans, "form.run", "broken", &[]);
    let (result, spans) = record(|| form(123));
    assert_eq!(result, Ok(123));
    assert_succeeded(&spans, "form.run", &[("work.count", "123")]);
}
