//! The testing kit: series of every instrument, selected by typed dimensions.

#![allow(missing_docs)]

use otel_contract::testing::{self, TestScope};
use otel_contract_tests::kit::{message, together_and_alone};
use test_vocabulary::measures::metrics::{self, *};
use test_vocabulary::measures::{
    self, AccountTier, AnswerCode, CacheHit, ErrorType, QueueName, ShardNumber, TopicName,
};

fn mail() -> QueueName {
    QueueName::capped("mail")
}

fn post() -> QueueName {
    QueueName::capped("post")
}

#[test]
fn series_of_recorded_instruments_are_selected_by_dimension() {
    let scope = testing::scope();
    scope.run(|| {
        let of = |account_tier, queue_name| Jobs {
            account_tier,
            queue_name,
        };
        metrics::jobs().add(1, of(AccountTier::Pro, mail()));
        metrics::jobs().add(2, of(AccountTier::Pro, post()));
        let topic = TopicName::capped("orders");
        metrics::jobs().add(4, of(AccountTier::Free, mail()).topic_name(topic));
        for (hit, bytes) in [(true, 0.5), (false, 1.5)] {
            let cache_hit = CacheHit::from(hit);
            metrics::traffic().add(bytes, Traffic { cache_hit });
        }
        metrics::waiting().add(-3, Waiting { queue_name: mail() });
        metrics::credit().add(-0.5, Credit {});
        metrics::credit().add(2.5, Credit {}.account_tier(AccountTier::Other));
        let shard_number = ShardNumber::MIN;
        let topic_name = TopicName::capped("orders");
        metrics::batch_size().record(
            7,
            BatchSize {
                shard_number,
                topic_name,
            },
        );
        let ok = || Wait {
            answer_code: AnswerCode::V200,
        };
        metrics::wait().record(0.25, ok());
        metrics::wait().record(0.5, ok().error_type(ErrorType::Late));
        metrics::pool_size().record(9, PoolSize {}.queue_name(mail()));
        metrics::load().record(0.75, ());
    });
    counters(&scope);
    let waiting = || scope.metric::<Waiting>();
    waiting().having(mail()).sum(-3);
    waiting().having(post()).never();
    let credit = || scope.metric::<Credit>();
    credit().having(AccountTier::Other).series(1).sum(2.5);
    credit().having(AccountTier::Pro).never();
    let sizes = || scope.metric::<BatchSize>();
    sizes().having(ShardNumber::MIN).count(1).sum(7);
    sizes().having(ShardNumber::MAX).never();
    let waits = || scope.metric::<Wait>();
    waits().having(AnswerCode::V200).count(2).sum(0.75);
    waits().having(AnswerCode::V404).never();
    waits().having(ErrorType::Late).count(1).sum(0.5);
    waits().having(ErrorType::Broken).never();
    let pool = || scope.metric::<PoolSize>();
    pool().having(mail()).value(9);
    pool().having(post()).never();
    scope.metric::<Load>().having(()).value(0.75);
}

fn counters(scope: &TestScope) {
    let jobs = || scope.metric::<Jobs>();
    jobs().having(AccountTier::Pro).series(2).sum(3);
    jobs().having((AccountTier::Pro, mail())).series(1).sum(1);
    jobs().having(mail()).having(AccountTier::Free).sum(4);
    jobs().having(TopicName::capped("orders")).sum(4);
    jobs().having(TopicName::capped("bills")).never();
    let traffic = || scope.metric::<Traffic>();
    traffic().having(CacheHit::from(true)).sum(0.5);
    traffic().having(CacheHit::from(false)).sum(1.5);
}

#[test]
fn series_of_observable_instruments_are_selected_by_dimension() {
    let scope = testing::scope();
    let _observing = scope.run(|| {
        [
            metrics::lag().observe(|lag| {
                lag.observe(1.5, Lag { queue_name: mail() });
                lag.observe(2.5, Lag { queue_name: post() });
            }),
            metrics::workers().observe(|workers| workers.observe(-3, ())),
            metrics::read().observe(|read| {
                read.observe(7, Read {});
                let topic = TopicName::capped("orders");
                read.observe(8, Read {}.topic_name(topic));
            }),
            metrics::in_flight().observe(|jobs| {
                let account_tier = AccountTier::Free;
                jobs.observe(-4, InFlight { account_tier });
            }),
        ]
    });
    scope.metric::<Lag>().having(post()).value(2.5);
    scope.metric::<Workers>().having(()).value(-3);
    let topic = TopicName::capped("orders");
    scope.metric::<Read>().having(topic).sum(8);
    let in_flight = || scope.metric::<InFlight>();
    in_flight().having(AccountTier::Free).sum(-4);
    in_flight().having(AccountTier::Pro).never();
}

/// A job with all dimensions of its duration.
fn job(queue: QueueName) -> measures::JobRunBuilder {
    measures::JobRunBuilder::from(measures::JobRun { queue_name: queue })
        .account_tier(AccountTier::Pro)
        .order_id("ord_1")
}

#[test]
fn series_of_operation_metrics_are_selected_by_dimension() {
    let scope = testing::scope();
    let _active = scope.run(|| {
        job(mail()).start().succeed();
        job(post()).start().fail(ErrorType::Broken);
        job(mail()).start()
    });
    let duration = || scope.duration::<measures::JobRun>();
    duration().having(AccountTier::Pro).count(2);
    duration().having((AccountTier::Pro, mail())).count(1);
    let failed = duration().having(post()).failed(ErrorType::Broken);
    failed.count(1);
    let active = || scope.active::<measures::JobRun>();
    active().having(mail()).sum(1);
    active().having(post()).sum(0);
}

#[test]
fn messages_about_selected_series() {
    let scope = testing::scope();
    scope.run(|| {
        job(mail()).start().succeed();
        metrics::waiting().add(3, Waiting { queue_name: mail() });
        metrics::waiting().add(1, Waiting { queue_name: post() });
    });
    let waiting = || scope.metric::<Waiting>();
    let differs = message(|| waiting().having(post()).sum(2));
    insta::assert_snapshot!("selected_sum_differs", differs);
    let duration = || scope.duration::<measures::JobRun>();
    let no_dimension = message(|| duration().having((mail(), measures::OrderId::from("ord_1"))));
    insta::assert_snapshot!("not_a_dimension", no_dimension);
}

#[test]
fn every_test_passes_on_sixteen_threads_and_in_its_own_process() {
    together_and_alone("every_test_passes_on_sixteen_threads_and_in_its_own_process");
}
