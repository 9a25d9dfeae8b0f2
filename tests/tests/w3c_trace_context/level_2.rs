//! `TraceContext2Test`.

use super::*;

#[test]
fn propagates_random_flag() {
    let random = SAMPLED.replace("-01", "-02");
    call(&[("traceparent", &random)], |parent, _| {
        assert_eq!(parent.trace, TRACE);
        assert_ne!(parent.span, SPAN);
        assert_eq!(parent.flags & 2, 2);
    });
    call(
        &[("traceparent", &SAMPLED.replace("-01", "-03"))],
        |parent, _| {
            assert_eq!(parent.flags, 3);
        },
    );
}

/// Not in the suite: "If the flag is unset in the incoming `traceparent` header, it MUST also be unset in any
/// outgoing".
#[test]
fn the_random_flag_is_not_added() {
    call(&[("traceparent", SAMPLED)], |parent, _| {
        assert_eq!(parent.flags, 1);
    });
}

/// Not in the suite: "Vendors MUST set those to zero", of all other flags.
#[test]
fn flags_that_are_not_defined_are_set_to_zero() {
    for version in ["00-", "cc-"] {
        let header = SAMPLED.replace("-01", "-ff").replacen("00-", version, 1);
        call(&[("traceparent", &header)], |parent, _| {
            assert_eq!(parent.flags, 3);
        });
    }
}
