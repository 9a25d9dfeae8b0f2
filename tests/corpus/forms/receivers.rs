//! Methods with every receiver, sync and async.

use super::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

const SEVEN: &[(&str, &str)] = &[("work.count", "7")];

pub(crate) const FORMS: &[Form] = &[
    form(
        "associated",
        || show(Work::associated(7)),
        &[Success(SEVEN)],
    ),
    form("by_value", || show(work().by_value()), &[Success(SEVEN)]),
    form(
        "by_mut_value",
        || show(work().by_mut_value()),
        &[Success(SEVEN)],
    ),
    form(
        "by_reference",
        || show(work().by_reference()),
        &[Success(SEVEN)],
    ),
    form(
        "by_mut_reference",
        || show(work().by_mut_reference()),
        &[Success(SEVEN)],
    ),
    form(
        "with_named_lifetime",
        || show(work().with_named_lifetime("text")),
        &[Success(SEVEN)],
    ),
    form(
        "field_of_self",
        || show(work().field_of_self()),
        &[Success(SEVEN)],
    ),
    form(
        "mutable_field_of_self",
        || {
            let mut work = work();
            *work.mutable_field_of_self() += 1;
            show(work)
        },
        &[Success(&[])],
    ),
    form(
        "typed_self",
        || show(work().typed_self()),
        &[Success(SEVEN)],
    ),
    form(
        "typed_reference",
        || show(work().typed_reference()),
        &[Success(SEVEN)],
    ),
    form(
        "by_box",
        || show(Box::new(work()).by_box()),
        &[Success(SEVEN)],
    ),
    form(
        "by_mut_box",
        || show(Box::new(work()).by_mut_box()),
        &[Success(SEVEN)],
    ),
    form("by_rc", || show(Rc::new(work()).by_rc()), &[Success(SEVEN)]),
    form(
        "by_arc",
        || show(Arc::new(work()).by_arc()),
        &[Success(SEVEN)],
    ),
    form(
        "by_pin",
        || show(std::pin::pin!(work()).by_pin()),
        &[Success(SEVEN)],
    ),
    form(
        "by_pinned_reference",
        || show(Pin::new(&work()).by_pinned_reference()),
        &[Success(SEVEN)],
    ),
    form(
        "by_pinned_box",
        || show(Box::pin(work()).by_pinned_box()),
        &[Success(SEVEN)],
    ),
    form(
        "by_reference_to_box",
        || show(Box::new(work()).by_reference_to_box()),
        &[Success(SEVEN)],
    ),
    form(
        "by_reference_to_arc",
        || show(Arc::new(work()).by_reference_to_arc()),
        &[Success(SEVEN)],
    ),
    form(
        "builder",
        || show(work().builder(1).builder(2)),
        &[Success(SEVEN), Success(&[("work.count", "8")])],
    ),
    form(
        "consumes_a_field",
        || show(work().consumes_a_field()),
        &[Success(SEVEN)],
    ),
    form(
        "destructured",
        || show(work().destructured()),
        &[Success(SEVEN)],
    ),
    form(
        "replaced",
        || {
            let mut work = work();
            show((work.replaced(), work))
        },
        &[Success(SEVEN)],
    ),
    form(
        "constant_of_self",
        || show(work().constant_of_self()),
        &[Success(&[("work.count", "3")])],
    ),
    form(
        "self_in_a_closure",
        || show(work().self_in_a_closure()),
        &[Success(SEVEN)],
    ),
    form(
        "async_associated",
        || drive!(Work::async_associated(7)),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_by_value",
        || drive!(work().async_by_value()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_by_mut_value",
        || drive!(work().async_by_mut_value()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_by_reference",
        || drive!(work().async_by_reference()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_by_mut_reference",
        || drive!(work().async_by_mut_reference()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_by_box",
        || drive!(Box::new(work()).async_by_box()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_by_rc",
        || drive!(Rc::new(work()).async_by_rc()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_by_arc",
        || drive!(Arc::new(work()).async_by_arc()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_by_pin",
        || drive!(Pin::new(&mut work()).async_by_pin()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_by_reference_to_box",
        || drive!(Box::new(work()).async_by_reference_to_box()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
    form(
        "async_mutable_field",
        || drive!(work().async_mutable_field()),
        &[Success(SEVEN), Cancelled(SEVEN)],
    ),
];

#[derive(Debug)]
struct Work {
    count: i64,
    held: Noisy,
}

fn work() -> Work {
    Work {
        count: 7,
        held: Noisy("held"),
    }
}

impl Work {
    const THREE: i64 = 3;

    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn associated(count: i64) -> Self {
        Self {
            count,
            held: Noisy("made"),
        }
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_value(self) -> i64 {
        self.held.touch();
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_mut_value(mut self) -> i64 {
        self.count *= 2;
        self.held.touch();
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_reference(&self) -> i64 {
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_mut_reference(&mut self) -> i64 {
        self.count += 1;
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn with_named_lifetime<'a>(&self, text: &'a str) -> &'a str {
        &text[..1]
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn field_of_self(&self) -> &Noisy {
        &self.held
    }

    #[instrumented_operation(forms::FormRun)]
    fn mutable_field_of_self(&mut self) -> &mut i64 {
        &mut self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn typed_self(self: Self) -> Noisy {
        self.held
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn typed_reference(self: &Work) -> i64 {
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_box(self: Box<Self>) -> Noisy {
        self.held
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_mut_box(mut self: Box<Self>) -> Box<Self> {
        self.count += 1;
        self
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_rc(self: Rc<Self>) -> usize {
        Rc::strong_count(&self)
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_arc(self: Arc<Self>) -> Arc<Self> {
        Arc::clone(&self)
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_pin(mut self: Pin<&mut Self>) -> i64 {
        self.as_mut().count += 1;
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_pinned_reference(self: Pin<&Self>) -> i64 {
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_pinned_box(self: Pin<Box<Self>>) -> i64 {
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_reference_to_box(self: &Box<Self>) -> i64 {
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_reference_to_arc(self: &Arc<Self>) -> Arc<Self> {
        Arc::clone(self)
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn builder(mut self, more: i64) -> Self {
        self.count += more;
        self
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn consumes_a_field(self) -> usize {
        drop(self.held);
        note("after the field");
        1
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn destructured(self) -> Noisy {
        let Self { count, held } = self;
        note(show(count));
        held
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn replaced(&mut self) -> Self {
        std::mem::replace(self, Self::from(Noisy("new")))
    }

    #[instrumented_operation(forms::FormRun, work.count = Self::THREE)]
    fn constant_of_self(&self) -> i64 {
        Self::THREE
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn self_in_a_closure(&mut self) -> i64 {
        let mut add = |more: i64| self.count += more;
        add(1);
        add(2);
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = count)]
    async fn async_associated(count: i64) -> Self {
        pause().await;
        Self {
            count,
            held: Noisy("made"),
        }
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_by_value(self) -> i64 {
        pause().await;
        self.held.touch();
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_by_mut_value(mut self) -> i64 {
        self.count += 1;
        pause().await;
        self.held.touch();
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_by_reference(&self) -> &Noisy {
        pause().await;
        &self.held
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_by_mut_reference(&mut self) -> i64 {
        pause().await;
        self.count += 1;
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_by_box(self: Box<Self>) -> Noisy {
        pause().await;
        self.held
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_by_rc(self: Rc<Self>) -> usize {
        pause().await;
        Rc::strong_count(&self)
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_by_arc(self: Arc<Self>) -> i64 {
        pause().await;
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_by_pin(mut self: Pin<&mut Self>) -> i64 {
        pause().await;
        self.as_mut().count += 1;
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_by_reference_to_box(self: &Box<Self>) -> i64 {
        pause().await;
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn async_mutable_field(&mut self) -> Option<&mut i64> {
        pause().await;
        Some(&mut self.count)
    }
}

impl From<Noisy> for Work {
    fn from(held: Noisy) -> Self {
        Self { count: 0, held }
    }
}
