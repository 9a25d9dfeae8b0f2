//! A histogram records, a counter adds, and an observable instrument only has callbacks.

use test_vocabulary::measures::{AnswerCode, QueueName, metrics};

fn count() {
    metrics::wait().add(0.5, metrics::Wait { answer_code: AnswerCode::V200 });
    metrics::waiting().record(1, metrics::Waiting { queue_name: QueueName::capped("mail") });
    metrics::workers().record(1, ());
}

fn main() {}
