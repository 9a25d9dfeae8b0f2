use super::*;
use std::sync::mpsc::channel;

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn pauses_grow_up_to_a_limit_and_differ() {
    let mut pause_limit = FIRST_PAUSE;
    for _ in 0..10 {
        let pause = next_pause(Retry::Backoff, pause_limit, HOUR).expect("time is left");
        assert!(
            pause >= pause_limit / 2 && pause <= pause_limit,
            "{pause:?} of {pause_limit:?}"
        );
        pause_limit = (pause_limit * 2).min(MAX_PAUSE);
    }
    assert_eq!(pause_limit, MAX_PAUSE);
    let pauses = (0..20).map(|_| jittered(MAX_PAUSE));
    assert!(pauses.collect::<std::collections::BTreeSet<_>>().len() > 1);
}

#[test]
fn a_pause_leaves_time_for_the_attempt() {
    let left = Duration::from_millis(100);
    let pause = |retry| next_pause(retry, MAX_PAUSE, left);
    assert_eq!(pause(Retry::Backoff), Some(left / 2));
    assert_eq!(pause(Retry::Never), None);
    // No attempt follows if the collector requests a longer delay than the time that is left.
    assert_eq!(pause(Retry::After(HOUR)), None);
    let requested = Duration::from_millis(1);
    assert!(pause(Retry::After(requested)).is_none_or(|pause| pause > requested));
    assert_eq!(next_pause(Retry::Backoff, MAX_PAUSE, Duration::ZERO), None);
}

#[test]
fn attempts_end_with_success_or_a_failure_that_must_not_be_retried() {
    let shutdown = Shutdown::default();
    let mut failures = 3;
    let result = until(HOUR, &shutdown, |left| {
        assert!(left <= HOUR);
        failures -= 1;
        match failures {
            0 => Ok("delivered"),
            _ => Err(Failure::connection("refused")),
        }
    });
    assert_eq!((result, failures), (Ok("delivered"), 0));
    let mut attempts = 0;
    let result: Result<(), _> = until(HOUR, &shutdown, |_| {
        attempts += 1;
        Err(Failure::never("400 Bad Request"))
    });
    assert_eq!(result, Err("400 Bad Request".to_owned()));
    assert_eq!(attempts, 1);
}

#[test]
fn attempts_end_with_the_timeout() {
    let timeout = Duration::from_millis(300);
    let mut attempts = 0;
    let result: Result<(), _> = until(timeout, &Shutdown::default(), |left| {
        assert!(left <= timeout);
        attempts += 1;
        Err(Failure::connection("refused"))
    });
    assert!(attempts > 1);
    assert_eq!(result, Err(format!("refused, after {attempts} attempts")));
}

#[test]
fn shutting_down_wakes_an_exporter_that_waits() {
    let shutdown = Shutdown::default();
    let (attempted, attempts) = channel();
    std::thread::scope(|scope| {
        let exporter = scope.spawn(|| {
            until(HOUR, &shutdown, |_| -> Result<(), _> {
                let _ = attempted.send(());
                let retry = Retry::After(HOUR / 2);
                let message = "429 Too Many Requests".to_owned();
                Err(Failure { message, retry })
            })
        });
        attempts.recv().expect("a first attempt");
        // Only the shutdown ends a pause of half an hour.
        shutdown.begin(Duration::from_millis(100));
        let result = exporter.join().expect("no panic");
        assert!(result.is_err(), "{result:?}");
    });
    // Later exports have no time left.
    std::thread::sleep(shutdown.left(instant_after(HOUR)));
    let result: Result<(), _> = until(HOUR, &shutdown, |_| unreachable!("no time is left"));
    assert_eq!(result, Err("no time was left for the export".to_owned()));
}

#[test]
fn a_time_limit_beyond_the_range_of_the_clock_does_not_panic() {
    let shutdown = Shutdown::default();
    shutdown.begin(Duration::MAX);
    let delivered = until(Duration::MAX, &shutdown, |_| Ok::<_, Failure>(1));
    assert_eq!(delivered, Ok(1));
}

#[test]
fn a_shutdown_that_begins_before_a_pause_ends_the_pause_too() {
    let shutdown = Shutdown::default();
    let mut attempts = 0;
    let result: Result<(), _> = until(HOUR, &shutdown, |_| {
        attempts += 1;
        if attempts == 1 {
            shutdown.begin(Duration::from_millis(100));
        }
        let retry = Retry::After(HOUR / 2);
        let message = "429 Too Many Requests".to_owned();
        Err(Failure { message, retry })
    });
    assert!(result.is_err(), "{result:?}");
    // The shutdown begins after `has_begun` and before `wait`.
    let shutdown = Shutdown::default();
    let had_begun = shutdown.has_begun();
    shutdown.begin(HOUR);
    shutdown.wait(HOUR, had_begun);
}
