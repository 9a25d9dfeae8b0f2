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

/// Starts a span now.
fn start_now(parent: &SpanContext) -> (Reading, SystemTime) {
    let start = Reading::start(parent);
    (start.reading, start.wall)
}

#[test]
fn a_span_without_a_local_parent_uses_a_changed_wall_clock_after_a_millisecond() {
    let clock = TestClock::start(noon());
    // A remote parent has read another clock.
    for parent in [SpanContext::NONE, span(7, true)] {
        for step in [noon() + HOUR, noon() - HOUR] {
            let (reading, start) = start_now(&parent);
            assert_eq!(start, clock.wall());
            reading.share(SpanId::from(7));
            clock.set_wall(step);
            clock.advance(FRESH_FOR);
            assert_eq!(start_now(&parent).1, clock.wall());
            clock.advance(FRESH_FOR);
        }
    }
}

#[test]
fn a_thread_reads_the_wall_clock_once_for_the_spans_of_a_millisecond() {
    let clock = TestClock::start(noon());
    let (first, _) = start_now(&SpanContext::NONE);
    clock.set_wall(noon() + HOUR);
    let little = Duration::from_nanos(1);
    let max_age = FRESH_FOR.saturating_sub(little);
    clock.advance(max_age);
    let start = Reading::start(&SpanContext::NONE);
    assert_eq!(start.wall, noon() + max_age);
    assert_eq!(start.reading.moment, first.moment);
    // The second span did not renew the reading.
    clock.advance(little);
    assert_eq!(start_now(&SpanContext::NONE).1, clock.wall());
}

#[test]
fn a_child_lies_within_its_parent_even_across_a_clock_step() {
    let clock = TestClock::start(noon());
    let (parent, start) = start_now(&SpanContext::NONE);
    parent.share(SpanId::from(7));
    clock.advance(Duration::from_millis(10));
    for step in [noon() + HOUR, noon() - HOUR] {
        clock.set_wall(step);
        let (child, child_start) = start_now(&span(7, false));
        assert_eq!(child_start, start + Duration::from_millis(10));
        child.share(SpanId::from(8));
        // The grandchild, too.
        assert_eq!(start_now(&span(8, false)).1, child_start);
    }
}

#[test]
fn a_reading_is_shared_for_a_bounded_time_however_deep_spans_are_nested() {
    let clock = TestClock::start(noon());
    let (mut reading, _) = start_now(&SpanContext::NONE);
    clock.set_wall(noon() + HOUR);
    for depth in 1..=4 {
        reading.share(SpanId::from(depth));
        clock.advance(SHARED_FOR / 4);
        let (next, start) = start_now(&span(depth, false));
        if depth < 4 {
            assert_eq!(start, clock.wall() - HOUR, "depth {depth}");
        } else {
            assert_eq!(start, clock.wall());
        }
        reading = next;
    }
}

#[test]
fn an_overwritten_reading_is_not_used_for_another_span() {
    let clock = TestClock::start(noon());
    let (reading, _) = start_now(&SpanContext::NONE);
    reading.share(SpanId::from(3));
    clock.set_wall(noon() + HOUR);
    clock.advance(FRESH_FOR);
    let same_slot = 3 + RECENT_COUNT as u64;
    assert_eq!(start_now(&span(same_slot, false)).1, clock.wall());
}

#[test]
fn an_earlier_start_is_the_current_time_less_its_age() {
    let clock = TestClock::start(noon());
    let start = Moment::now();
    clock.advance(Duration::from_secs(2));
    let placed = Reading::start_at(&SpanContext::NONE, start);
    assert_eq!(placed.wall, noon());
    let now = placed.reading.start_of(Moment::now(), HOUR);
    assert_eq!(now.map(|now| now.wall), Some(clock.wall()));
}

#[test]
fn a_moment_measures_the_same_time_as_the_system_clock() {
    let (outer, moment) = (Instant::now(), Moment::now());
    let inner = Instant::now();
    std::thread::sleep(Duration::from_millis(50));
    // The moment is read between two system readings, so the test holds however long the machine takes.
    let lower = inner.elapsed();
    let by_moment = moment.elapsed().as_duration();
    let upper = outer.elapsed();
    // The rate of the counter is accurate to a few parts in ten thousand.
    let tolerance = upper / 1_000;
    assert!(
        lower <= by_moment + tolerance && by_moment <= upper + tolerance,
        "{lower:?} ≤ {by_moment:?} ≤ {upper:?}"
    );
}
