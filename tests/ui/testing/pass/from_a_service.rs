//! A service tests with the testing kit of its vocabulary crate.

use test_vocabulary::billing::testing;
use test_vocabulary::forms::{self, WorkName, instrumented_operation};

#[instrumented_operation(forms::FormRun, work.name = name)]
async fn run(name: &str) {
    std::future::ready(()).await;
    inner();
}

#[instrumented_operation(forms::PlainRun)]
fn inner() {}

pub(crate) fn main() {
    let scope = testing::scope();
    otel_contract_tests::block_on(scope.run_async(run("a")));
    let one = scope.operation::<forms::FormRun>().once();
    one.succeeded().root().exactly(WorkName::from("a"));
    scope.operation::<forms::PlainRun>().once().child_of::<forms::FormRun>();
    scope.assert_contract(&forms::CONTRACT);
}
