//! An async function with `?`, early return and borrowed arguments.

use otel_contract_tests::{block_on, assert_failed, record, assert_succeeded};
use test_vocabulary::forms::{self, instrumented_operation};

#[derive(Debug, PartialEq, forms::ErrorClass)]
#[error_class(forms, late)]
struct Late;

async fn twin(name: &str, fail: bool) -> Result<String, Late> {
    if name.is_empty() {
        return Ok(String::new());
    }
    let checked = if fail { Err(Late) } else { Ok(name) };
    std::future::ready(()).await;
    Ok(checked?.to_uppercase())
}

#[instrumented_operation(forms::FormRun, work.name = name)]
async fn form(name: &str, fail: bool) -> Result<String, Late> {
    if name.is_empty() {
        return Ok(String::new());
    }
    let checked = if fail { Err(Late) } else { Ok(name) };
    std::future::ready(()).await;
    Ok(checked?.to_uppercase())
}

pub(crate) fn main() {
    for (name, fail) in [("a", false), ("a", true), ("", false)] {
        let (result, spans) = record(|| block_on(form(name, fail)));
        assert_eq!(result, block_on(twin(name, fail)));
        if fail {
            assert_failed(&spans, "form.run", "late", &[("work.name", name)]);
        } else {
            assert_succeeded(&spans, "form.run", &[("work.name", name)]);
        }
    }
    // The operation starts at the first poll, not when the future is made.
    let ((), spans) = record(|| drop(form("never", false)));
    assert!(spans.is_empty());
}
