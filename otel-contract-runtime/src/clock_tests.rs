use super::test_clock::TestClock;
use super::*;
use opentelemetry::trace::{TraceFlags, TraceId, TraceState};

const HOUR: Duration = Duration::from_secs(3_600);

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

fn span(id: u64, is_remote: bool) -> SpanContext {
    let (trace, span) = (TraceId::from(1), SpanId::from(id));
    SpanContext::new(
        trace,
        span,
        TraceFlags::SAMPLED,
        is_remote,
        TraceState::NONE,
    )
}

/// Places a span that starts now.
fn placed(parent: &SpanContext) -> (Reading, SystemTime) {
    let start = Reading::start(parent);
    (start.reading, start.wall)
}

#[test]
fn a_span_without_a_parent_here_follows_the_wall_clock_a_millisecond_after_it_was_set() {
    let clock = TestClock::start(noon());
    // A parent in another process has read another clock.
    for parent in [SpanContext::NONE, span(7, true)] {
        for step in [noon() + HOUR, noon() - HOUR] {
            let (reading, start) = placed(&parent);
            assert_eq!(start, clock.wall());
            reading.share(SpanId::from(7));
            clock.set_wall(step);
            clock.pass(FRESH);
            assert_eq!(placed(&parent).1, clock.wall());
            clock.pass(FRESH);
        }
    }
}

#[test]
fn a_thread_reads_the_wall_clock_once_for_the_spans_of_a_millisecond() {
    let clock = TestClock::start(noon());
    let (first, _) = placed(&SpanContext::NONE);
    clock.set_wall(noon() + HOUR);
    let little = Duration::from_nanos(1);
    let most = FRESH.saturating_sub(little);
    clock.pass(most);
    let start = Reading::start(&SpanContext::NONE);
    assert_eq!(start.wall, noon() + most);
    assert_eq!(start.reading.moment, first.moment);
    // The second span has not made the reading younger.
    clock.pass(little);
    assert_eq!(placed(&SpanContext::NONE).1, clock.wall());
}

#[test]
fn a_child_lies_within_its_parent_also_across_a_step() {
    let clock = TestClock::start(noon());
    let (parent, start) = placed(&SpanContext::NONE);
    parent.share(SpanId::from(7));
    clock.pass(Duration::from_millis(10));
    for step in [noon() + HOUR, noon() - HOUR] {
        clock.set_wall(step);
        let (child, child_start) = placed(&span(7, false));
        assert_eq!(child_start, start + Duration::from_millis(10));
        child.share(SpanId::from(8));
        // Its own child as well.
        assert_eq!(placed(&span(8, false)).1, child_start);
    }
}

#[test]
fn a_reading_is_shared_for_a_bounded_time_however_deep_spans_are_nested() {
    let clock = TestClock::start(noon());
    let (mut reading, _) = placed(&SpanContext::NONE);
    clock.set_wall(noon() + HOUR);
    for depth in 1..=4 {
        reading.share(SpanId::from(depth));
        clock.pass(SHARED / 4);
        let (next, start) = placed(&span(depth, false));
        if depth < 4 {
            assert_eq!(start, clock.wall() - HOUR, "depth {depth}");
        } else {
            assert_eq!(start, clock.wall());
        }
        reading = next;
    }
}

#[test]
fn the_reading_of_a_span_that_was_overwritten_is_not_mistaken_for_another() {
    let clock = TestClock::start(noon());
    let (reading, _) = placed(&SpanContext::NONE);
    reading.share(SpanId::from(3));
    clock.set_wall(noon() + HOUR);
    clock.pass(FRESH);
    let same_slot = 3 + MOST_RECENT as u64;
    assert_eq!(placed(&span(same_slot, false)).1, clock.wall());
}

#[test]
fn a_start_that_is_a_while_ago_is_placed_by_how_long_ago_it_is() {
    let clock = TestClock::start(noon());
    let start = Moment::now();
    clock.pass(Duration::from_secs(2));
    let placed = Reading::start_at(&SpanContext::NONE, start);
    assert_eq!(placed.wall, noon());
    let now = placed.reading.place(Moment::now(), HOUR);
    assert_eq!(now.map(|now| now.wall), Some(clock.wall()));
}

#[test]
fn a_moment_is_as_long_ago_as_the_system_says() {
    let (outer, moment) = (Instant::now(), Moment::now());
    let inner = Instant::now();
    std::thread::sleep(Duration::from_millis(50));
    // Read inside of the one and around the other: no bound on how long the machine takes.
    let least = inner.elapsed();
    let by_moment = moment.elapsed().as_duration();
    let most = outer.elapsed();
    // The rate of the counter is known to some parts in ten thousand.
    let tolerance = most / 1_000;
    assert!(
        least <= by_moment + tolerance && by_moment <= most + tolerance,
        "{least:?} ≤ {by_moment:?} ≤ {most:?}"
    );
}
