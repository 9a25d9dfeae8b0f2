//! Async functions of traits: those of the language, and those of the crate `async_trait`.

use super::prelude::*;
use async_trait::async_trait;

const SUCCESS_AND_CANCELLED: &[crate::support::Operation] = &[Success(&[]), Cancelled(&[])];

pub(crate) const FORMS: &[Form] = &[
    form(
        "native_trait_required",
        || drive!(Job::required(&Batch(2), "a")),
        &[
            Success(&[("work.name", "a")]),
            Cancelled(&[("work.name", "a")]),
        ],
    ),
    form(
        "native_trait_default",
        || drive!(Job::by_default(&mut Batch(2))),
        &[
            Success(&[("work.count", "2")]),
            Cancelled(&[("work.count", "2")]),
        ],
    ),
    form(
        "native_trait_associated",
        || drive!(<Batch as Job>::associated(3)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "native_trait_generic",
        || drive!(run_generic(&Batch(2))),
        &[
            Success(&[("work.name", "g")]),
            Cancelled(&[("work.name", "g")]),
        ],
    ),
    form(
        "native_trait_consumed",
        || drive!(Batch(2).consumed(Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "native_trait_error",
        || drive!(Batch(0).checked()),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "native_trait_impl_future",
        || drive!(Batch(0).returned(1)),
        &[
            Success(&[("work.count", "1")]),
            Cancelled(&[("work.count", "1")]),
        ],
    ),
    form(
        "native_trait_async_fn_for_impl_future",
        || drive!(Batch(0).mixed(1)),
        &[
            Success(&[("work.count", "1")]),
            Cancelled(&[("work.count", "1")]),
        ],
    ),
    form(
        "async_trait_required",
        || drive!(Boxed::required(&Batch(2), "a")),
        &[
            Success(&[("work.name", "a")]),
            Cancelled(&[("work.name", "a")]),
        ],
    ),
    form(
        "async_trait_default",
        || drive!(Boxed::by_default(&mut Batch(2))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_trait_through_dyn",
        || drive!((&Batch(2) as &dyn Boxed).required("d")),
        &[
            Success(&[("work.name", "d")]),
            Cancelled(&[("work.name", "d")]),
        ],
    ),
    form(
        "async_trait_by_value",
        || drive!(Boxed::by_value(Batch(2), Noisy("argument"))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_trait_by_box",
        || drive!(Box::new(Batch(2)).by_box()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_trait_by_arc",
        || drive!(std::sync::Arc::new(Batch(2)).by_arc()),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_trait_without_self",
        || drive!(<Batch as Boxed>::without_self(1)),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_trait_fallible_ok",
        || drive!(Boxed::fallible(&Batch(2), 1)),
        &[Success(&[("work.count", "2")]), Cancelled(&[])],
    ),
    form(
        "async_trait_fallible_error",
        || drive!(Boxed::fallible(&Batch(2), 0)),
        &[Failure("broken", &[]), Cancelled(&[])],
    ),
    form(
        "async_trait_not_send",
        || drive!(Batch(2).not_send(std::rc::Rc::new(1))),
        SUCCESS_AND_CANCELLED,
    ),
    form(
        "async_trait_patterns",
        || drive!(Batch(2).patterns((1, Noisy("b")), &[3])),
        &[
            Success(&[("work.count", "1")]),
            Cancelled(&[("work.count", "1")]),
        ],
    ),
    form(
        "async_trait_generic",
        || drive!(Batch(2).generic("g", 1_u8)),
        &[
            Success(&[("work.name", "g")]),
            Cancelled(&[("work.name", "g")]),
        ],
    ),
];

trait Job {
    async fn required(&self, name: &str) -> usize;

    #[instrumented_operation(forms::FormRun, work.count = self.size())]
    async fn by_default(&mut self) -> usize {
        pause().await;
        self.size() * 2
    }

    fn size(&self) -> usize;

    async fn associated(count: u8) -> Self;

    async fn consumed(self, argument: Noisy) -> &'static str;

    async fn checked(&self) -> Result<(), Broken>;

    fn returned(&self, count: u8) -> impl Future<Output = u8> + Send;

    fn mixed(&self, count: u8) -> impl Future<Output = u8> + Send;
}

#[derive(Debug)]
struct Batch(usize);

impl Job for Batch {
    #[instrumented_operation(forms::FormRun, work.name = name)]
    async fn required(&self, name: &str) -> usize {
        pause().await;
        self.0 + name.len()
    }

    fn size(&self) -> usize {
        self.0
    }

    #[instrumented_operation(forms::FormRun)]
    async fn associated(count: u8) -> Self {
        pause().await;
        Self(count.into())
    }

    #[instrumented_operation(forms::FormRun)]
    async fn consumed(self, argument: Noisy) -> &'static str {
        pause().await;
        argument.touch()
    }

    #[instrumented_operation(forms::FormRun)]
    async fn checked(&self) -> Result<(), Broken> {
        pause().await;
        if self.0 == 0 {
            return Err(Broken);
        }
        Ok(())
    }

    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn returned(&self, count: u8) -> impl Future<Output = u8> + Send {
        async move {
            pause().await;
            count + 1
        }
    }

    #[instrumented_operation(forms::FormRun, work.count = count)]
    async fn mixed(&self, count: u8) -> u8 {
        pause().await;
        count + 2
    }
}

async fn run_generic(job: &impl Job) -> usize {
    job.required("g").await
}

#[async_trait]
trait Boxed: Send + Sync {
    async fn required(&self, name: &str) -> usize;

    #[instrumented_operation(forms::FormRun)]
    async fn by_default(&mut self) -> &'static str {
        pause().await;
        "default"
    }

    async fn by_value(self, argument: Noisy) -> &'static str
    where
        Self: Sized;

    async fn by_box(self: Box<Self>) -> usize;

    async fn by_arc(self: std::sync::Arc<Self>) -> usize;

    async fn without_self(count: u8) -> u8
    where
        Self: Sized;

    async fn fallible(&self, count: u32) -> Result<u32, Broken>;
}

#[async_trait]
impl Boxed for Batch {
    #[instrumented_operation(forms::FormRun, work.name = name)]
    async fn required(&self, name: &str) -> usize {
        pause().await;
        self.0 + name.len()
    }

    #[instrumented_operation(forms::FormRun)]
    async fn by_value(self, argument: Noisy) -> &'static str {
        pause().await;
        argument.touch()
    }

    #[instrumented_operation(forms::FormRun)]
    async fn by_box(self: Box<Self>) -> usize {
        pause().await;
        self.0
    }

    #[instrumented_operation(forms::FormRun)]
    async fn by_arc(self: std::sync::Arc<Self>) -> usize {
        pause().await;
        std::sync::Arc::strong_count(&self)
    }

    #[instrumented_operation(forms::FormRun)]
    async fn without_self(count: u8) -> u8 {
        pause().await;
        count
    }

    #[instrumented_operation(forms::FormRun, ok(|count| work.count = count))]
    async fn fallible(&self, count: u32) -> Result<u32, Broken> {
        pause().await;
        let rest = count.checked_sub(1).ok_or(Broken)?;
        Ok(rest + 2)
    }
}

#[async_trait(?Send)]
trait Local {
    async fn not_send(&self, count: std::rc::Rc<u8>) -> u8;

    async fn patterns(&self, pair: (u8, Noisy), more: &[u8; 1]) -> u8;

    async fn generic<T: Into<u64>>(&self, name: &str, value: T) -> u64;
}

#[async_trait(?Send)]
impl Local for Batch {
    #[instrumented_operation(forms::FormRun)]
    async fn not_send(&self, count: std::rc::Rc<u8>) -> u8 {
        pause().await;
        *count
    }

    #[instrumented_operation(forms::FormRun, work.count = count)]
    async fn patterns(&self, (count, held): (u8, Noisy), &[more]: &[u8; 1]) -> u8 {
        pause().await;
        held.touch();
        count + more
    }

    #[instrumented_operation(forms::FormRun, work.name = name)]
    async fn generic<T: Into<u64>>(&self, name: &str, value: T) -> u64 {
        pause().await;
        value.into() + name.len() as u64
    }
}
