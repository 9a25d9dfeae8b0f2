use super::*;
use std::sync::mpsc::channel;

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn pauses_grow_up_to_a_limit_and_differ() {
    let mut longest = FIRST_PAUSE;
    for _ in 0..10 {
        let pause = pause(Retry::Backoff, longest, HOUR).expect("time is left");
        assert!(
            pause >= longest / 2 && pause <= longest,
            "{pause:?} of {longest:?}"
        );
        longest = (longest * 2).min(LONGEST_PAUSE);
    }
    assert_eq!(longest, LONGEST_PAUSE);
    let pauses = (0..20).map(|_| jittered(LONGEST_PAUSE));
    assert!(pauses.collect::<std::collections::BTreeSet<_>>().len() > 1);
}

#[test]
fn a_pause_leaves_time_for_the_attempt() {
    let left = Duration::from_millis(100);
    let pause = |retry| pause(retry, LONGEST_PAUSE, left);
    assert_eq!(pause(Retry::Backoff), Some(left / 2));
    assert_eq!(pause(Retry::Never), None);
    // A collector that asks for more than there is gets no further attempt.
    assert_eq!(pause(Retry::After(HOUR)), None);
    let asked = Duration::from_millis(1);
    assert!(pause(Retry::After(asked)).is_none_or(|pause| pause > asked));
    assert_eq!(
        super::pause(Retry::Backoff, LONGEST_PAUSE, Duration::ZERO),
        None
    );
}

#[test]
fn attempts_end_with_success_or_where_the_specification_forbids_more() {
    let closing = Closing::default();
    let mut failures = 3;
    let result = until(HOUR, &closing, |left| {
        assert!(left <= HOUR);
        failures -= 1;
        match failures {
            0 => Ok("delivered"),
            _ => Err(Failure::connection("refused")),
        }
    });
    assert_eq!((result, failures), (Ok("delivered"), 0));
    let mut attempts = 0;
    let result: Result<(), _> = until(HOUR, &closing, |_| {
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
    let result: Result<(), _> = until(timeout, &Closing::default(), |left| {
        assert!(left <= timeout);
        attempts += 1;
        Err(Failure::connection("refused"))
    });
    assert!(attempts > 1);
    assert_eq!(result, Err(format!("refused, after {attempts} attempts")));
}

#[test]
fn shutting_down_wakes_an_exporter_that_waits() {
    let closing = Closing::default();
    let (attempted, attempts) = channel();
    std::thread::scope(|scope| {
        let exporter = scope.spawn(|| {
            until(HOUR, &closing, |_| -> Result<(), _> {
                let _ = attempted.send(());
                let retry = Retry::After(HOUR / 2);
                let message = "429 Too Many Requests".to_owned();
                Err(Failure { message, retry })
            })
        });
        attempts.recv().expect("a first attempt");
        // Nothing but this ends a pause of half an hour.
        closing.begin(Duration::from_millis(100));
        let result = exporter.join().expect("no panic");
        assert!(result.is_err(), "{result:?}");
    });
    // What is exported from then on has no time left.
    std::thread::sleep(closing.left(after(HOUR)));
    let result: Result<(), _> = until(HOUR, &closing, |_| unreachable!("there is no time"));
    assert_eq!(result, Err("no time was left for the export".to_owned()));
}

#[test]
fn a_bound_beyond_the_clock_is_no_panic() {
    let closing = Closing::default();
    closing.begin(Duration::MAX);
    let delivered = until(Duration::MAX, &closing, |_| Ok::<_, Failure>(1));
    assert_eq!(delivered, Ok(1));
}

#[test]
fn a_shutdown_that_begins_before_the_pause_ends_it_too() {
    let closing = Closing::default();
    let mut attempts = 0;
    let result: Result<(), _> = until(HOUR, &closing, |_| {
        attempts += 1;
        if attempts == 1 {
            closing.begin(Duration::from_millis(100));
        }
        let retry = Retry::After(HOUR / 2);
        let message = "429 Too Many Requests".to_owned();
        Err(Failure { message, retry })
    });
    assert!(result.is_err(), "{result:?}");
    // Between the question and the pause.
    let closing = Closing::default();
    let had_begun = closing.has_begun();
    closing.begin(HOUR);
    closing.wait(HOUR, had_begun);
}
