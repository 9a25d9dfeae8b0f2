//! Observable metrics: which callbacks are called, under which provider, and until when.

use opentelemetry::Context;
use otel_contract_tests::foreign::HandWritten;
use otel_contract_tests::points::Meters;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use test_vocabulary::measures::{self, AccountTier, Providers, metrics};

/// Providers and callbacks belong to the process: tests of one binary take turns.
fn take_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn install() -> Meters {
    let meters = Meters::with_view(measures::view);
    Providers::new()
        .with_meter_provider(meters.provider.clone())
        .install();
    meters
}

#[test]
fn every_observable_instrument_exports_the_observed_values() {
    let _turn = take_turn();
    let meters = install();
    let _observing = [
        metrics::lag().observe(|lag| {
            lag.observe(
                1.5,
                metrics::Lag {
                    queue_name: measures::QueueName::capped("mail"),
                },
            );
            lag.observe(
                2.5,
                metrics::Lag {
                    queue_name: measures::QueueName::capped("post"),
                },
            );
        }),
        metrics::workers().observe(|workers| workers.observe(-3, ())),
        metrics::read().observe(|read| {
            read.observe(7, metrics::Read {});
            read.observe(
                8,
                metrics::Read {}.topic_name(measures::TopicName::capped("orders")),
            );
        }),
        metrics::worked().observe(|worked| worked.observe(0.5, metrics::Worked)),
        metrics::in_flight().observe(|jobs| {
            jobs.observe(
                -4,
                metrics::InFlight {
                    account_tier: AccountTier::Other,
                },
            );
        }),
        metrics::balance().observe(|balance| balance.observe(-0.25, ())),
    ];
    assert_eq!(
        meters.text(),
        [
            "balance{} -0.25",
            "in_flight{account.tier=_OTHER} -4",
            "lag{queue.name=mail} 1.5",
            "lag{queue.name=post} 2.5",
            "read{topic.name=orders} 8",
            "read{} 7",
            "worked{} 0.5",
            "workers{} -3",
        ]
    );
}

#[test]
fn a_panic_of_a_callback_does_not_stop_the_others() {
    let _turn = take_turn();
    let meters = install();
    let _observing = [
        metrics::workers().observe(|_| panic!("the queue is gone")),
        metrics::workers().observe(|workers| workers.observe(2, ())),
        metrics::balance().observe(|balance| balance.observe(0.5, ())),
    ];
    for _ in 0..2 {
        assert_eq!(meters.text(), ["balance{} 0.5", "workers{} 2"]);
    }
}

#[test]
fn a_callback_is_called_under_every_provider_until_it_is_dropped() {
    let _turn = take_turn();
    let calls = Arc::new(AtomicI64::new(0));
    let counting = calls.clone();
    let observing = metrics::workers().observe(move |workers| {
        workers.observe(counting.fetch_add(1, Ordering::Relaxed), ());
    });
    for n in 0..3 {
        let meters = install();
        assert_eq!(
            meters.text(),
            [format!("workers{{}} {n}")],
            "only the callback records"
        );
    }
    let foreign = HandWritten::default();
    Providers::new()
        .with_meter_provider(foreign.clone())
        .install();
    foreign.collect();
    assert_eq!(foreign.take(), ["workers{} 3"]);
    let last = install();
    drop(observing);
    foreign.collect();
    assert_eq!(foreign.take(), [""; 0]);
    assert_eq!(last.text(), [""; 0]);
    assert_eq!(install().text(), [""; 0]);
    assert_eq!(calls.load(Ordering::Relaxed), 4);
    assert_eq!(
        Arc::strong_count(&calls),
        1,
        "the callback and its captured values are dropped"
    );
}

#[test]
fn all_callbacks_of_a_metric_are_called() {
    let _turn = take_turn();
    let queue = |name: &'static str, lag: f64| {
        metrics::lag().observe(move |observer| {
            observer.observe(
                lag,
                metrics::Lag {
                    queue_name: measures::QueueName::capped(name),
                },
            );
        })
    };
    let (mail, post) = (queue("mail", 1.0), queue("post", 2.0));
    let of_lag = |meters: &Meters| {
        let mut lines = meters.text();
        lines.retain(|line| line.starts_with("lag"));
        lines
    };
    let meters = install();
    assert_eq!(
        of_lag(&meters),
        ["lag{queue.name=mail} 1", "lag{queue.name=post} 2"]
    );
    drop(mail);
    assert_eq!(of_lag(&meters), ["lag{queue.name=post} 2"]);
    drop(post);
    assert_eq!(of_lag(&meters), [""; 0]);
}

#[test]
fn a_callback_may_drop_others_and_itself() {
    let _turn = take_turn();
    let meters = install();
    let kept = Arc::new(Mutex::new(Vec::new()));
    let (first, second) = (kept.clone(), kept.clone());
    let dropping = metrics::in_flight().observe(move |jobs| {
        jobs.observe(
            1,
            metrics::InFlight {
                account_tier: AccountTier::Free,
            },
        );
        first.lock().unwrap_or_else(PoisonError::into_inner).clear();
    });
    let dropped = metrics::in_flight().observe(move |jobs| {
        let _ = &second;
        jobs.observe(
            2,
            metrics::InFlight {
                account_tier: AccountTier::Pro,
            },
        );
    });
    kept.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .extend([dropping, dropped]);
    let of_jobs = |meters: &Meters| {
        let mut lines = meters.text();
        lines.retain(|line| line.starts_with("in_flight"));
        lines
    };
    assert_eq!(of_jobs(&meters), ["in_flight{account.tier=free} 1"]);
    assert_eq!(of_jobs(&meters), [""; 0]);
    assert_eq!(Arc::strong_count(&kept), 1);
}

#[test]
fn dropping_a_callback_drops_the_callback_that_it_owns() {
    let _turn = take_turn();
    let meters = install();
    let inner = metrics::workers().observe(|workers| workers.observe(1, ()));
    let outer = metrics::workers().observe(move |_| {
        let _ = &inner;
    });
    assert!(meters.text().contains(&"workers{} 1".to_owned()));
    drop(outer);
    assert!(!meters.text().iter().any(|line| line.starts_with("workers")));
}

#[test]
fn bounded_dimensions_of_callbacks_share_the_limit_of_the_attribute() {
    let _turn = take_turn();
    let meters = install();
    for n in 0..18 {
        let queue_name = measures::QueueName::capped(format!("queue {n}"));
        metrics::waiting().add(1, metrics::Waiting { queue_name });
    }
    let _observing = metrics::lag().observe(|lag| {
        for name in ["queue 3", "one", "two", "three", "four", "_OTHER"] {
            lag.observe(
                1.0,
                metrics::Lag {
                    queue_name: measures::QueueName::capped(name),
                },
            );
        }
    });
    let mut lines = meters.text();
    lines.retain(|line| line.starts_with("lag"));
    assert_eq!(
        lines,
        [
            "lag{queue.name=_OTHER} 1",
            "lag{queue.name=one} 1",
            "lag{queue.name=queue 3} 1",
            "lag{queue.name=two} 1",
        ]
    );
}

#[test]
fn a_callback_may_call_instrumented_code() {
    let _turn = take_turn();
    let meters = install();
    let _observing = metrics::lag().observe(|lag| {
        // These instruments were not used before, and the SDK cannot make an instrument while it collects.
        metrics::load().record(1.0, ());
        let job = measures::JobRun {
            queue_name: measures::QueueName::capped("mail"),
        };
        job.start().succeed();
        assert!(Context::is_current_telemetry_suppressed());
        lag.observe(
            1.0,
            metrics::Lag {
                queue_name: measures::QueueName::capped("mail"),
            },
        );
    });
    let text = meters.text();
    assert!(text.contains(&"lag{queue.name=mail} 1".to_owned()));
    assert!(
        !text
            .iter()
            .any(|line| line.starts_with("load") || line.starts_with("job.run"))
    );
    assert!(!Context::is_current_telemetry_suppressed());
}

#[test]
fn a_provider_installed_twice_collects_each_callback_once() {
    let _turn = take_turn();
    let meters = install();
    let _observing = [
        metrics::workers().observe(|workers| workers.observe(3, ())),
        metrics::read().observe(|read| read.observe(5, metrics::Read {})),
    ];
    Providers::new()
        .with_meter_provider(meters.provider.clone())
        .install();
    assert_eq!(meters.text(), ["read{} 5", "workers{} 3"]);
}
