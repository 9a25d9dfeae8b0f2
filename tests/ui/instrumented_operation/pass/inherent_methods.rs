//! Inherent methods with `self` in every form.

use otel_contract_tests::{block_on, record, assert_succeeded, twins};
use std::pin::{Pin, pin};
use std::sync::Arc;

twins! {
    #[derive(Clone, Debug, PartialEq)]
    pub struct Work {
        pub count: i64,
    }

    impl Work {
        #[instrumented_operation(forms::FormRun, work.count = count)]
        pub fn associated(count: i64) -> Self {
            Self { count }
        }

        #[instrumented_operation(forms::FormRun, work.count = self.count)]
        pub fn by_reference(&self) -> i64 {
            self.count
        }

        #[instrumented_operation(forms::FormRun, work.count = self.count)]
        pub fn by_mutable_reference(&mut self) -> i64 {
            self.count += 1;
            self.count
        }

        #[instrumented_operation(forms::FormRun, work.count = self.count)]
        pub fn by_value(self) -> i64 {
            self.count
        }

        #[instrumented_operation(forms::FormRun, work.count = self.count)]
        pub fn by_mutable_value(mut self) -> i64 {
            self.count *= 2;
            self.count
        }

        #[instrumented_operation(forms::FormRun, work.count = self.count)]
        pub fn by_box(self: Box<Self>) -> i64 {
            self.count
        }

        #[instrumented_operation(forms::FormRun, work.count = self.count)]
        pub fn by_arc(self: &Arc<Self>) -> i64 {
            self.count + i64::try_from(Arc::strong_count(self)).unwrap()
        }

        #[instrumented_operation(forms::FormRun, work.count = self.count)]
        pub fn by_pin(self: Pin<&mut Self>) -> i64 {
            self.count
        }

        #[instrumented_operation(forms::FormRun, work.count = self.count)]
        pub async fn asynchronous(&mut self) -> i64 {
            std::future::ready(()).await;
            self.count += 1;
            self.count
        }
    }
}

macro_rules! compare {
    ($work:ident => $($form:expr),* $(,)?) => {$(
        let (result, spans) = record(|| {
            #[allow(unused_mut)]
            let mut $work = ours::Work { count: 7 };
            $form
        });
        #[allow(unused_mut)]
        let mut $work = twin::Work { count: 7 };
        assert_eq!(result, $form);
        assert_succeeded(&spans, "form.run", &[("work.count", "7")]);
    )*};
}

pub(crate) fn main() {
    compare! { work =>
        work.by_reference(),
        work.by_mutable_reference() + work.count,
        work.by_value(),
        work.by_mutable_value(),
        Box::new(work).by_box(),
        Arc::new(work).by_arc(),
        pin!(work).by_pin(),
        block_on(work.asynchronous()),
    }
    let (made, spans) = record(|| ours::Work::associated(7));
    assert_eq!(made.count, twin::Work::associated(7).count);
    assert_succeeded(&spans, "form.run", &[("work.count", "7")]);
}
