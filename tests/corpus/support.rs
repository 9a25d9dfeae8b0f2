//! Types and functions that the forms use. They do not need the SDK, so `warnings.rs` compiles them quickly.

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt as _;
use std::cell::RefCell;
use std::fmt::{self, Debug};
use std::future::Future;
use std::panic::{self, Location};
use std::pin::pin;
use std::task::{Poll, Waker};
use test_vocabulary::forms::ErrorClass;

/// A row of `FORMS`: a name, a call, and the operations that the call records.
pub(crate) struct Form {
    pub(crate) name: &'static str,
    /// Calls the form and returns its result as text.
    pub(crate) call: fn() -> String,
    /// Operations that the call records, in the order in which they end.
    pub(crate) operations: &'static [Operation],
}

/// Builds a row of `FORMS`.
pub(crate) const fn form(
    name: &'static str,
    call: fn() -> String,
    operations: &'static [Operation],
) -> Form {
    Form {
        name,
        call,
        operations,
    }
}

/// Outcome and attributes of an operation `form.run`.
#[derive(Debug)]
pub(crate) enum Operation {
    Success(&'static [(&'static str, &'static str)]),
    Failure(&'static str, &'static [(&'static str, &'static str)]),
    Cancelled(&'static [(&'static str, &'static str)]),
}

thread_local! {
    static JOURNAL: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static OUTSIDE: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Adds a line to the journal.
pub(crate) fn note(line: impl Into<String>) {
    JOURNAL.with_borrow_mut(|journal| journal.push(line.into()));
}

/// Adds the location of the caller to the journal.
#[track_caller]
pub(crate) fn note_caller() {
    note(location_text(Location::caller()));
}

/// Text of a location: file, line and column, which are the same with and without the attribute.
pub(crate) fn location_text(location: &Location<'_>) -> String {
    let (line, column) = (location.line(), location.column());
    format!("{}:{line}:{column}", location.file())
}

/// Takes the lines since the last call.
pub(crate) fn take_journal() -> Vec<String> {
    JOURNAL.take()
}

/// Takes the names of the [`Inside`] values that were dropped while no operation was active.
pub(crate) fn take_dropped_outside() -> Vec<&'static str> {
    OUTSIDE.take()
}

/// Returns the text of a value and drops the value.
pub(crate) fn show(value: impl Debug) -> String {
    format!("{value:?}")
}

/// Value that logs its uses and its drop in the journal.
#[derive(Debug, PartialEq)]
pub(crate) struct Noisy(pub(crate) &'static str);

impl Noisy {
    pub(crate) fn touch(&self) -> &'static str {
        note(format!("touch {}", self.0));
        self.0
    }

    pub(crate) fn guard(&self) -> Guard<'_> {
        note(format!("lock {}", self.0));
        Guard(self)
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        note(format!("drop {}", self.0));
    }
}

/// Value with drop glue that borrows another value, like the guard of a lock.
#[derive(Debug)]
pub(crate) struct Guard<'a>(&'a Noisy);

impl Guard<'_> {
    pub(crate) fn len(&self) -> usize {
        self.0.0.len()
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        note(format!("unlock {}", self.0.0));
    }
}

/// Value like [`Noisy`] that must be dropped while the operation is active.
#[derive(Debug)]
pub(crate) struct Inside(pub(crate) &'static str);

impl Drop for Inside {
    fn drop(&mut self) {
        note(format!("drop {}", self.0));
        if !Context::current().has_active_span() {
            OUTSIDE.with_borrow_mut(|outside| outside.push(self.0));
        }
    }
}

/// Error of the forms that fail.
#[derive(Debug, PartialEq, ErrorClass)]
#[error_class(test_vocabulary::forms, broken)]
pub(crate) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("broken")
    }
}

impl std::error::Error for Broken {}

/// Future that is pending at its first poll.
pub(crate) fn pause() -> impl Future<Output = ()> + Send + Sync + Unpin {
    let mut first = true;
    std::future::poll_fn(move |context| {
        if std::mem::take(&mut first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
}

/// Polls a future until it is ready. The forms only wait for [`pause`], which needs no runtime.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut context = std::task::Context::from_waker(Waker::noop());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Polls a future once and drops it.
pub(crate) fn first_poll<F: Future>(future: F) -> Poll<F::Output> {
    let mut context = std::task::Context::from_waker(Waker::noop());
    pin!(future).poll(&mut context)
}

/// Detects auto traits of the type of a value by method lookup: an inherent method, which exists only if the bound holds, is
/// preferred to the method of the trait `Otherwise`.
pub(crate) struct AutoTraits<T>(std::marker::PhantomData<T>);

pub(crate) fn auto_traits_of<T>(_: &T) -> AutoTraits<T> {
    AutoTraits(std::marker::PhantomData)
}

macro_rules! probes {
    ($($probe:ident: $bound:path),*) => {
        $(impl<T: $bound> AutoTraits<T> {
            pub(crate) fn $probe(&self) -> bool {
                true
            }
        })*

        /// Fallback methods, used if the bound does not hold.
        pub(crate) trait Otherwise {$(
            fn $probe(&self) -> bool {
                false
            }
        )*}

        impl<T> Otherwise for AutoTraits<T> {}
    };
}

probes! {
    send: Send,
    sync: Sync,
    unpin: Unpin,
    unwind_safe: panic::UnwindSafe,
    ref_unwind_safe: panic::RefUnwindSafe
}

/// Whether the type of a value is `Send`, `Sync` and `Unpin`.
macro_rules! auto_traits {
    ($value:expr) => {{
        #[allow(unused_imports)]
        use $crate::support::Otherwise as _;
        match $crate::support::auto_traits_of(&$value) {
            probe => format!("{:?}", [probe.send(), probe.sync(), probe.unpin()]),
        }
    }};
}

/// Whether the type of a value is `UnwindSafe` and `RefUnwindSafe`.
macro_rules! unwind_traits {
    ($value:expr) => {{
        #[allow(unused_imports)]
        use $crate::support::Otherwise as _;
        match $crate::support::auto_traits_of(&$value) {
            probe => format!("{:?}", [probe.unwind_safe(), probe.ref_unwind_safe()]),
        }
    }};
}

/// Makes a future three times: one runs to its end, one is dropped after its first poll, and one is dropped without a
/// poll after its auto traits are read.
macro_rules! drive {
    ($future:expr) => {{
        use $crate::support::{auto_traits, block_on, first_poll, note, show};
        note("to the end");
        let ended = show(block_on($future));
        note("one poll");
        let polled = show(first_poll($future));
        note("no poll");
        let traits = auto_traits!($future);
        format!("{ended} {polled} {traits}")
    }};
}

pub(crate) use {auto_traits, drive, unwind_traits};
