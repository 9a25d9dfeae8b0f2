//! Functions of a trait implementation, and a default function of a trait.

use otel_contract_tests::{record, assert_succeeded, twins};

twins! {
    pub trait Job {
        fn name(&self) -> String;

        fn run(&self, count: u8) -> String;

        #[instrumented_operation(forms::FormRun, work.name = self.name())]
        fn twice(&self) -> String {
            format!("{0}{0}", self.name())
        }
    }

    pub struct Batch;

    impl Job for Batch {
        fn name(&self) -> String {
            "batch".to_owned()
        }

        #[instrumented_operation(forms::FormRun, work.count = count)]
        fn run(&self, count: u8) -> String {
            self.name().repeat(count.into())
        }
    }
}

pub(crate) fn main() {
    use {ours::Job as _, twin::Job as _};
    let (result, spans) = record(|| ours::Batch.run(2));
    assert_eq!(result, twin::Batch.run(2));
    assert_succeeded(&spans, "form.run", &[("work.count", "2")]);
    let (result, spans) = record(|| ours::Batch.twice());
    assert_eq!(result, twin::Batch.twice());
    assert_succeeded(&spans, "form.run", &[("work.name", "batch")]);
    let job: &dyn ours::Job = &ours::Batch;
    assert_eq!(record(|| job.twice()).0, twin::Batch.twice());
}
