//! Inherent methods with `self` in every form.

use otel_contract_tests::{block_on, record, succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Clone, Debug, PartialEq)]
struct Work {
    count: i64,
}

impl Work {
    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn associated(count: i64) -> Self {
        Self { count }
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_reference(&self) -> i64 {
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_mutable_reference(&mut self) -> i64 {
        self.count += 1;
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_value(self) -> i64 {
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_mutable_value(mut self) -> Self {
        self.count *= 2;
        self
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_box(self: Box<Self>) -> i64 {
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_arc(self: &std::sync::Arc<Self>) -> i64 {
        std::sync::Arc::strong_count(self) as i64 + self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    fn by_pin(self: std::pin::Pin<&mut Self>) -> i64 {
        self.count
    }

    #[instrumented_operation(forms::FormRun, work.count = self.count)]
    async fn asynchronous(&mut self) -> i64 {
        std::future::ready(()).await;
        self.count += 1;
        self.count
    }
}

fn main() {
    let expect = [("work.count", "7")];
    let work = || Work { count: 7 };
    let (made, spans) = record(|| Work::associated(7));
    assert_eq!(made, work());
    succeeded(&spans, "form.run", &expect);
    let (result, spans) = record(|| work().by_reference());
    assert_eq!(result, 7);
    succeeded(&spans, "form.run", &expect);
    let mut one = work();
    let (result, spans) = record(|| one.by_mutable_reference());
    assert_eq!((result, one.count), (8, 8));
    succeeded(&spans, "form.run", &expect);
    let (result, spans) = record(|| work().by_value());
    assert_eq!(result, 7);
    succeeded(&spans, "form.run", &expect);
    let (result, spans) = record(|| work().by_mutable_value());
    assert_eq!(result, Work { count: 14 });
    succeeded(&spans, "form.run", &expect);
    let (result, spans) = record(|| Box::new(work()).by_box());
    assert_eq!(result, 7);
    succeeded(&spans, "form.run", &expect);
    let (result, spans) = record(|| std::sync::Arc::new(work()).by_arc());
    assert_eq!(result, 8);
    succeeded(&spans, "form.run", &expect);
    let (result, spans) = record(|| std::pin::pin!(work()).by_pin());
    assert_eq!(result, 7);
    succeeded(&spans, "form.run", &expect);
    let (result, spans) = record(|| block_on(work().asynchronous()));
    assert_eq!(result, 8);
    succeeded(&spans, "form.run", &expect);
}
