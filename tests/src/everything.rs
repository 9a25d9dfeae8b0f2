//! One measurement of every kind, and the points that every provider must collect afterwards.

use crate::measures::{
    self, AccountTier, AnswerCode, ErrorType, QueueName, ShardNumber, TopicName, metrics,
};

/// Records with every synchronous instrument and with operations; no operation stays active.
pub fn record() {
    for amount in [1, 2] {
        let jobs = metrics::Jobs {
            account_tier: AccountTier::Pro,
            queue_name: QueueName::capped("mail"),
        };
        metrics::jobs().add(amount, jobs.clone());
        metrics::jobs().add(amount, jobs.topic_name(TopicName::capped("orders")));
        metrics::traffic().add(
            0.5,
            metrics::Traffic {
                cache_hit: true.into(),
            },
        );
        metrics::credit().add(-1.5, metrics::Credit {}.account_tier(AccountTier::Other));
        metrics::credit().add(1.0, metrics::Credit {});
        let size = metrics::BatchSize {
            shard_number: ShardNumber::MIN,
            topic_name: TopicName::capped("orders"),
        };
        metrics::batch_size().record(amount * 10, size);
        let wait = metrics::Wait {
            answer_code: AnswerCode::V404,
        };
        metrics::wait().record(0.25, wait.error_type(ErrorType::Late));
        metrics::pool_size().record(7 - i64::from(amount == 2), metrics::PoolSize {});
        metrics::load().record(0.75, ());
        let job = measures::JobRun {
            queue_name: QueueName::capped("mail"),
        };
        let active = job.account_tier(AccountTier::Free).start();
        active.topic_name(TopicName::capped("orders"));
        active.succeed();
    }
    let job = measures::JobRun {
        queue_name: QueueName::capped("mail"),
    };
    job.start().fail(ErrorType::Broken);
    for n in 0..30 {
        let queue_name = format!("queue {n}");
        metrics::waiting().add(
            1,
            metrics::Waiting {
                queue_name: QueueName::capped(queue_name),
            },
        );
    }
}

/// Points after one call of [`record`]. Providers without observable instruments lack `otel_contract.limited`.
#[must_use]
pub fn expected() -> Vec<String> {
    let mut lines: Vec<String> = EXPECTED.iter().map(|line| (*line).to_owned()).collect();
    // `mail` was the first value, so nineteen of the twenty values remained.
    lines.extend((0..19).map(|n| format!("waiting{{queue.name=queue {n}}} 1")));
    lines.sort();
    lines
}

const EXPECTED: [&str; 15] = [
    "batch.size{shard.number=-1,topic.name=orders} 30 in 2",
    "credit{account.tier=_OTHER} -3",
    "credit{} 2",
    "job.run.active{account.tier=free,queue.name=mail} 0",
    "job.run.active{queue.name=mail} 0",
    "job.run.duration{account.tier=free,queue.name=mail,topic.name=orders} ×2",
    "job.run.duration{error.type=broken,queue.name=mail} ×1",
    "jobs{account.tier=pro,queue.name=mail,topic.name=orders} 3",
    "jobs{account.tier=pro,queue.name=mail} 3",
    "load{} 0.75",
    "otel_contract.limited{otel_contract.attribute=queue.name} 11",
    "pool.size{} 6",
    "traffic{cache.hit=true} 1",
    "wait{answer.code=404,error.type=late} 0.5 in 2",
    "waiting{queue.name=_OTHER} 11",
];
