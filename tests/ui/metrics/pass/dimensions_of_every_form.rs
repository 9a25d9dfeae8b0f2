//! Dimensions of the contract's types, of plain Rust types and of user-defined types, also optional.
#![deny(warnings)]

use otel_contract_tests::points::Meters;
use test_vocabulary::measures::{
    self, AccountTier, AnswerCode, AttributeValue, ErrorClass, ErrorType, QueueName, ShardNumber,
    TopicName, metrics,
};

#[derive(AttributeValue)]
#[attribute_value(measures::AccountTier)]
enum Tier {
    Free,
    Pro,
}

#[derive(Debug, ErrorClass)]
#[error_class(measures, late)]
struct TooLate;

/// Service that keeps the registration of a callback, and an instrument.
struct Service {
    _lag: metrics::CallbackRegistration,
    jobs: metrics::Counter<metrics::Jobs, u64>,
}

pub(crate) fn main() {
    let meters = Meters::with_view(measures::view);
    measures::Providers::new().with_meter_provider(meters.provider.clone()).install();

    let jobs = metrics::Jobs { account_tier: AccountTier::Free, queue_name: QueueName::capped("a") };
    let topic = TopicName::capped(String::from("orders"));
    for dimensions in [
        jobs.clone().topic_name(TopicName::capped("orders")),
        jobs.clone().topic_name(&topic),
        jobs.clone().topic_name(topic.clone()),
        jobs.clone().topic_name(Some(TopicName::capped("orders"))),
        jobs.clone().topic_name(TopicName::capped("orders".to_owned())),
        jobs.clone().topic_name(TopicName::capped("first")).topic_name(TopicName::capped("orders")),
    ] {
        metrics::jobs().add(1, dimensions);
    }
    metrics::jobs().add(1, jobs.clone().topic_name(None::<TopicName>));
    metrics::jobs().add(1, metrics::JobsBuilder::from(jobs.clone()));

    metrics::credit().add(1.0, metrics::Credit {}.account_tier(Tier::Free));
    metrics::credit().add(2.0, metrics::Credit {}.account_tier(&Tier::Pro));
    metrics::credit().add(4.0, metrics::Credit {}.account_tier(None::<Tier>));

    let wait = metrics::Wait { answer_code: AnswerCode::V200 };
    metrics::wait().record(0.5, wait.clone().error_type(ErrorType::Broken));
    metrics::wait().record(0.5, wait.clone().error_type(Some(ErrorType::Broken)));
    metrics::wait().record(0.5, wait.clone().error_type(TooLate.error_class()));
    metrics::wait().record(0.5, wait.clone().error_type(None::<ErrorType>));
    metrics::wait().record(0.5, wait);

    let size = |shard_number| metrics::BatchSize { shard_number, topic_name: TopicName::capped("orders") };
    metrics::batch_size().record(1, size(measures::constant!(ShardNumber, 2)));
    metrics::batch_size().record(1, size(ShardNumber::saturating(9)));

    // NaN, and values that would decrease a counter, are not counted.
    for amount in [f64::NAN, -1.0, 0.5] {
        metrics::traffic().add(amount, metrics::Traffic { cache_hit: true.into() });
    }

    let service = Service {
        _lag: metrics::lag().observe(|lag| lag.observe(3.0, metrics::Lag { queue_name: QueueName::capped("a") })),
        jobs: metrics::jobs(),
    };
    service.jobs.add(1, jobs);

    assert_eq!(
        meters.text(),
        [
            "batch.size{shard.number=2,topic.name=orders} 2 in 2",
            "credit{account.tier=free} 1",
            "credit{account.tier=pro} 2",
            "credit{} 4",
            "jobs{account.tier=free,queue.name=a,topic.name=orders} 6",
            "jobs{account.tier=free,queue.name=a} 3",
            "lag{queue.name=a} 3",
            "traffic{cache.hit=true} 0.5",
            "wait{answer.code=200,error.type=broken} 1 in 2",
            "wait{answer.code=200,error.type=late} 0.5",
            "wait{answer.code=200} 1 in 2",
        ]
    );
}
