//! Arguments are dropped inside their operation, in the order in which the function without the attribute drops them.

use otel_contract_tests::{block_on, record, twins};
use std::cell::RefCell;

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Logs its drop, and records the drop as a span.
pub struct Noisy(pub &'static str);

#[test_vocabulary::forms::instrumented_operation(test_vocabulary::forms::FormRun, work.name = name)]
fn dropped(name: &'static str) {}

impl Drop for Noisy {
    fn drop(&mut self) {
        dropped(self.0);
        DROPPED.with_borrow_mut(|list| list.push(self.0));
    }
}

pub struct Pair {
    pub first: Noisy,
    pub second: Noisy,
}

twins! {
    #[instrumented_operation(forms::PlainRun)]
    pub fn unnamed(a: Noisy, _: Noisy, c: Noisy) -> usize {
        let _local = Noisy("local");
        a.0.len() + c.0.len()
    }

    #[instrumented_operation(forms::PlainRun)]
    #[allow(unused_variables)]
    pub fn unused(a: Noisy, b: Noisy, _c: Noisy) -> usize {
        let _local = Noisy("local");
        b.0.len()
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn destructured(Pair { first, .. }: Pair, (_, b): (Noisy, Noisy), c: Noisy) -> usize {
        let _local = Noisy("local");
        first.0.len() + b.0.len() + c.0.len()
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn partly_moved(pair: Pair, mut c: Noisy) -> Noisy {
        let _local = Noisy("local");
        c.0 = "changed";
        pair.first
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn early(a: Noisy, _b: Noisy, leave: bool) -> usize {
        let _local = Noisy("local");
        if leave {
            return a.0.len();
        }
        0
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn panics(a: Noisy, _: Noisy) -> usize {
        let _local = Noisy("local");
        if !a.0.is_empty() {
            panic!("on purpose");
        }
        0
    }

    #[instrumented_operation(forms::PlainRun)]
    pub async fn asynchronous(a: Noisy, _: Noisy, (_, b): (Noisy, Noisy), c: Noisy) -> usize {
        let _local = Noisy("local");
        tokio::task::yield_now().await;
        a.0.len() + b.0.len() + c.0.len()
    }

    #[instrumented_operation(forms::PlainRun)]
    #[allow(unused_variables)]
    pub async fn unused_and_asynchronous(a: Noisy, b: Noisy, c: Noisy) -> usize {
        let _local = Noisy("local");
        tokio::task::yield_now().await;
        b.0.len()
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn closure(a: Noisy, b: Noisy) -> impl Fn(&str) -> usize {
        let _local = Noisy("local");
        let length = a.0.len() + b.0.len();
        move |text| text.len() + length
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn future(a: Noisy, _: Noisy, c: Noisy) -> impl Future<Output = usize> {
        let _local = Noisy("local");
        let length = a.0.len();
        async move { length + c.0.len() }
    }

    #[instrumented_operation(forms::PlainRun)]
    pub fn temporary(cell: RefCell<Vec<Noisy>>, _b: Noisy) -> usize {
        cell.borrow().len()
    }

    pub struct Owner(pub Pair, pub u8);

    impl Owner {
        #[instrumented_operation(forms::PlainRun)]
        pub fn by_value(self, a: Noisy) -> Noisy {
            let _local = Noisy("local");
            drop(a);
            self.0.second
        }

        #[instrumented_operation(forms::PlainRun)]
        pub fn unused(self, a: Noisy) -> usize {
            let _local = Noisy("local");
            a.0.len()
        }

        #[instrumented_operation(forms::PlainRun)]
        pub async fn boxed(self: Box<Self>, _: Noisy) -> u8 {
            let _local = Noisy("local");
            tokio::task::yield_now().await;
            self.1
        }
    }
}

fn pair() -> Pair {
    Pair { first: Noisy("first"), second: Noisy("second") }
}

/// Drops the value and returns the log of drops.
fn journal<R>(body: impl FnOnce() -> R) -> Vec<&'static str> {
    drop(body());
    DROPPED.take()
}

pub(crate) fn main() {
    let (a, b, c) = (|| Noisy("a"), || Noisy("b"), || Noisy("c"));
    macro_rules! same {
        ($($call:tt)*) => {{
            let (left, spans) = record(|| journal(|| { use ours as form; form::$($call)* }));
            let (right, _) = record(|| journal(|| { use twin as form; form::$($call)* }));
            assert_eq!(left, right, stringify!($($call)*));
            let operation = spans.iter().find(|span| span.name == "plain.run").expect("the operation");
            let inside = |span: &&opentelemetry_sdk::trace::SpanData| span.parent_span_id == operation.span_context.span_id();
            spans.iter().filter(inside).count()
        }};
    }
    assert_eq!(same!(unnamed(a(), b(), c())), 4);
    assert_eq!(same!(unused(a(), b(), c())), 4);
    assert_eq!(same!(destructured(pair(), (a(), b()), c())), 6);
    assert_eq!(same!(partly_moved(pair(), c())), 3);
    assert_eq!(same!(early(a(), b(), true)), 3);
    assert_eq!(same!(early(a(), b(), false)), 3);
    std::panic::set_hook(Box::new(|_| {}));
    let panics = || {
        let caught = |form: fn(Noisy, Noisy) -> usize| {
            let caught = std::panic::catch_unwind(move || form(Noisy("a"), Noisy("b")));
            caught.unwrap_err().downcast_ref::<&str>().map(|text| (*text).to_owned())
        };
        let (left, _) = record(|| (caught(ours::panics), DROPPED.take()));
        let (right, _) = record(|| (caught(twin::panics), DROPPED.take()));
        assert_eq!(left, right);
    };
    panics();
    assert_eq!(same!(temporary(RefCell::new(vec![a()]), b())), 2);
    assert_eq!(same!(closure(a(), b())("x")), 3);
    macro_rules! awaited {
        ($($call:tt)*) => {{
            let (left, spans) = record(|| journal(|| { use ours as form; block_on(form::$($call)*) }));
            let (right, _) = record(|| journal(|| { use twin as form; block_on(form::$($call)*) }));
            assert_eq!(left, right, stringify!($($call)*));
            // Futures that are dropped before the first poll, and between polls.
            for polls in [0, 1] {
                let (left, _) = record(|| journal(|| { use ours as form; poll(form::$($call)*, polls) }));
                let (right, _) = record(|| journal(|| { use twin as form; poll(form::$($call)*, polls) }));
                assert_eq!(left, right, "{} after {polls} polls", stringify!($($call)*));
            }
            spans.iter().filter(|span| span.name == "form.run").count()
        }};
    }
    awaited!(asynchronous(a(), b(), (Noisy("d"), Noisy("e")), c()));
    awaited!(unused_and_asynchronous(a(), b(), c()));
    awaited!(future(a(), b(), c()));
    {
        use {ours::Owner as Ours, twin::Owner as Twin};
        let (left, _) = record(|| journal(|| Ours(pair(), 1).by_value(a())));
        assert_eq!(left, record(|| journal(|| Twin(pair(), 1).by_value(a()))).0);
        let (left, _) = record(|| journal(|| Ours(pair(), 1).unused(a())));
        assert_eq!(left, record(|| journal(|| Twin(pair(), 1).unused(a()))).0);
        let (left, _) = record(|| journal(|| block_on(Box::new(Ours(pair(), 1)).boxed(a()))));
        assert_eq!(left, record(|| journal(|| block_on(Box::new(Twin(pair(), 1)).boxed(a())))).0);
    }
}

/// Polls a future this many times and drops it.
fn poll<F: Future>(future: F, polls: usize) {
    let mut future = Box::pin(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for _ in 0..polls {
        let _ = future.as_mut().poll(&mut context);
    }
}
