//! Panics: payload, location, and drops during unwinding.

use super::prelude::*;

pub(crate) const FORMS: &[Form] = &[
    form("panics_with_text", || show(panics_with_text()), PANIC),
    form(
        "panics_with_arguments",
        || show(panics_with_arguments(3)),
        &[Failure("panic", &[("work.count", "3")])],
    ),
    form("panics_with_a_value", || show(panics_with_a_value()), PANIC),
    form("resumes_a_panic", || show(resumes_a_panic()), PANIC),
    form(
        "panics_with_locals",
        || show(panics_with_locals(Noisy("argument"))),
        PANIC,
    ),
    form("panics_in_a_loop", || show(panics_in_a_loop()), PANIC),
    form("panics_by_index", || show(panics_by_index(&[1])), PANIC),
    form(
        "panics_by_overflow",
        || show(panics_by_overflow(u8::MAX)),
        PANIC,
    ),
    form("panics_by_division", || show(panics_by_division(0)), PANIC),
    form("panics_by_unwrap", || show(panics_by_unwrap(None)), PANIC),
    form(
        "panics_by_expect",
        || show(panics_by_expect(Err(Broken))),
        PANIC,
    ),
    form("panics_by_assert", || show(panics_by_assert(1)), PANIC),
    form("panics_unreachable", || show(panics_unreachable()), PANIC),
    form(
        "panics_unimplemented",
        || show(panics_unimplemented()),
        PANIC,
    ),
    form("panics_todo", || show(panics_todo()), PANIC),
    form(
        "panics_by_borrow",
        || show(panics_by_borrow(&std::cell::RefCell::new(1))),
        PANIC,
    ),
    form("panics_in_a_closure", || show(panics_in_a_closure()), PANIC),
    form(
        "panics_in_a_callback",
        || show(panics_in_a_callback(|| panic!("from outside"))),
        PANIC,
    ),
    form(
        "panics_in_a_method",
        || show(Panics(Noisy("own")).panics_in_a_method()),
        PANIC,
    ),
    form("panics_in_a_drop", || show(panics_in_a_drop()), PANIC),
    form(
        "catches_a_panic",
        || show(catches_a_panic()),
        &[Success(&[])],
    ),
    form(
        "catches_a_panic_of_an_inner_operation",
        || show(catches_a_panic_of_an_inner_operation()),
        &[Failure("panic", &[]), Success(&[])],
    ),
    form(
        "runs_while_unwinding",
        || show(runs_while_unwinding()),
        &[Success(&[("work.name", "clean up")]), Failure("panic", &[])],
    ),
    form(
        "async_panics_before_a_pause",
        || show(block_on(async_panics(true))),
        PANIC,
    ),
    form(
        "async_panics_after_a_pause",
        || show(block_on(async_panics(false))),
        PANIC,
    ),
    form(
        "async_panics_with_arguments",
        || show(block_on(async_panics_with_arguments(Noisy("a")))),
        PANIC,
    ),
    form(
        "async_panic_dropped_without_a_poll",
        || {
            drop(async_panics(true));
            show(())
        },
        &[],
    ),
    form(
        "boxed_panics_at_the_call",
        || drive!(boxed_panics_at_the_call(true)),
        &[],
    ),
    form("result_panics", || show(result_panics()), PANIC),
];

#[instrumented_operation(forms::FormRun)]
fn panics_with_text() {
    panic!("text")
}

#[instrumented_operation(forms::FormRun, work.count = count)]
fn panics_with_arguments(count: u8) -> u8 {
    panic!("{count} of {}", 4);
}

#[instrumented_operation(forms::FormRun)]
fn panics_with_a_value() -> u8 {
    std::panic::panic_any(7_u32)
}

#[instrumented_operation(forms::FormRun)]
fn resumes_a_panic() {
    std::panic::resume_unwind(Box::new("resumed"));
}

#[instrumented_operation(forms::FormRun)]
fn panics_with_locals(argument: Noisy) {
    let _first = Noisy("first");
    let second = Noisy("second");
    argument.touch();
    drop(second);
    panic!("with locals");
}

#[instrumented_operation(forms::FormRun)]
fn panics_in_a_loop() {
    for name in ["a", "b"] {
        let _held = Noisy(name);
        assert!(name != "b", "it is {name}");
    }
}

#[instrumented_operation(forms::FormRun)]
fn panics_by_index(items: &[u8]) -> u8 {
    items[3]
}

#[instrumented_operation(forms::FormRun)]
#[allow(arithmetic_overflow)]
fn panics_by_overflow(count: u8) -> u8 {
    count + 1
}

#[instrumented_operation(forms::FormRun)]
fn panics_by_division(count: u8) -> u8 {
    7 / count
}

#[instrumented_operation(forms::FormRun)]
fn panics_by_unwrap(value: Option<u8>) -> u8 {
    value.unwrap()
}

#[instrumented_operation(forms::FormRun)]
fn panics_by_expect(value: Result<u8, Broken>) -> u8 {
    value.expect("a value")
}

#[instrumented_operation(forms::FormRun)]
fn panics_by_assert(count: u8) {
    let held = Noisy("held");
    assert_eq!(count, 2, "{} counts", held.touch());
}

#[instrumented_operation(forms::FormRun)]
fn panics_unreachable() -> Result<u8, Broken> {
    unreachable!("so far")
}

#[instrumented_operation(forms::FormRun)]
fn panics_unimplemented() -> Option<u8> {
    unimplemented!()
}

#[instrumented_operation(forms::FormRun)]
fn panics_todo() -> Vec<String> {
    todo!()
}

#[instrumented_operation(forms::FormRun)]
fn panics_by_borrow(cell: &std::cell::RefCell<u8>) -> u8 {
    let _held = cell.borrow_mut();
    *cell.borrow()
}

#[instrumented_operation(forms::FormRun)]
fn panics_in_a_closure() -> u8 {
    let fails = |count: u8| {
        let _inner = Noisy("inner");
        if count > 0 {
            panic!("in a closure")
        } else {
            count
        }
    };
    let _outer = Noisy("outer");
    fails(1)
}

#[instrumented_operation(forms::FormRun)]
fn panics_in_a_callback(callback: impl FnOnce()) {
    let _held = Noisy("held");
    callback();
}

struct Panics(Noisy);

impl Panics {
    #[instrumented_operation(forms::FormRun)]
    fn panics_in_a_method(self) -> Noisy {
        let _local = Noisy("local");
        if self.0.touch().is_empty() {
            return self.0;
        }
        panic!("in a method")
    }
}

#[instrumented_operation(forms::FormRun)]
fn panics_in_a_drop() {
    struct Fails;
    impl Drop for Fails {
        fn drop(&mut self) {
            panic!("in a drop");
        }
    }
    let _outer = Noisy("outer");
    let _fails = Fails;
    note("end");
}

#[instrumented_operation(forms::FormRun)]
fn catches_a_panic() -> bool {
    std::panic::catch_unwind(|| panic!("caught")).is_err()
}

#[instrumented_operation(forms::FormRun)]
fn catches_a_panic_of_an_inner_operation() -> bool {
    std::panic::catch_unwind(panics_with_text).is_err()
}

#[instrumented_operation(forms::FormRun)]
fn runs_while_unwinding() {
    struct CleanUp;
    impl Drop for CleanUp {
        #[instrumented_operation(forms::FormRun, work.name = "clean up")]
        fn drop(&mut self) {
            note("clean up");
        }
    }
    let _clean_up = CleanUp;
    panic!("unwinds");
}

#[instrumented_operation(forms::FormRun)]
async fn async_panics(early: bool) {
    let _held = Noisy("held");
    assert!(!early, "early");
    pause().await;
    panic!("late");
}

#[instrumented_operation(forms::FormRun)]
async fn async_panics_with_arguments(argument: Noisy) -> Result<u8, Broken> {
    let _local = Noisy("local");
    pause().await;
    argument.touch();
    panic!("with arguments")
}

#[instrumented_operation(forms::FormRun)]
fn boxed_panics_at_the_call(now: bool) -> Pin<Box<dyn Future<Output = ()>>> {
    let _held = Noisy("held");
    assert!(!now, "at the call");
    Box::pin(async move {
        pause().await;
    })
}

#[instrumented_operation(forms::FormRun)]
fn result_panics() -> Result<u8, Broken> {
    let value: Result<u8, Broken> = Err(Broken);
    let _held = Noisy("held");
    Ok(value.unwrap())
}
