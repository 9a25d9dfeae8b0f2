//! An error class of another contract.

use test_vocabulary::{billing, measures::{AnswerCode, metrics}};

fn count() {
    let wait = metrics::Wait { answer_code: AnswerCode::V200 };
    metrics::wait().record(0.5, wait.error_type(billing::ErrorType::OrderNotFound));
}

fn main() {}
