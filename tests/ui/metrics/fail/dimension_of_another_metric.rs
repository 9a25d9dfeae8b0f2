//! Setters of dimensions that only other metrics have, and a setter of a required dimension, which is a field.

use test_vocabulary::measures::{AccountTier, QueueName, TopicName, metrics};

fn count(hit: bool) {
    let queue_name = QueueName::capped("mail");
    metrics::waiting().add(1, metrics::Waiting { queue_name }.cache_hit(hit));
    let jobs = metrics::Jobs { account_tier: AccountTier::Pro, queue_name: QueueName::capped("mail") };
    metrics::jobs().add(1, jobs.clone().cache_hit(hit).topic_name(TopicName::capped("x")));
    metrics::jobs().add(1, jobs.clone().topic_name(TopicName::capped("x")).cache_hit(hit));
    metrics::jobs().add(1, jobs.account_tier(AccountTier::Free));
    metrics::load().record(1.0, metrics::Load.cache_hit(hit));
    metrics::traffic().add(1.0, metrics::Traffic { cache_hit: hit.into(), queue_name: QueueName::capped("mail") });
}

fn main() {}
