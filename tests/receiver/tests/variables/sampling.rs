//! Precedence of samplers.

use super::{remote, sent_by, shop, take_turn};

#[test]
fn the_sampler_of_a_variable_overrides_the_contract() {
    const TIMES: usize = 200;
    const ALL: (usize, usize) = (TIMES, TIMES);
    const NONE: (usize, usize) = (0, 0);
    // Six standard deviations around a ratio of 0.3.
    const RATIO: (usize, usize) = (20, 100);
    let _turn = take_turn();
    for (sampler, argument, placed, shipped, under_a_parent) in [
        ("", "", RATIO, ALL, true),
        ("bogus", "", RATIO, ALL, true),
        ("always_off", "", NONE, NONE, false),
        ("traceidratio", "0", NONE, NONE, false),
        ("parentbased_always_off", "", NONE, NONE, true),
        ("parentbased_traceidratio", "0.3", RATIO, RATIO, true),
        ("traceidratio", "", ALL, ALL, true),
        ("always_on", "", ALL, ALL, true),
        ("PARENTBASED_ALWAYS_ON", "", ALL, ALL, true),
    ] {
        let variables = [
            ("OTEL_TRACES_SAMPLER", sampler),
            ("OTEL_TRACES_SAMPLER_ARG", argument),
        ];
        let received = sent_by(&variables, |_| {
            for _ in 0..TIMES {
                shop::OrderPlace {}.start().succeed();
                // This operation keeps errors. Its outcome is unknown at the start, so the contract samples every run.
                shop::OrderShip {}.start().succeed();
            }
        });
        for (name, (least, most)) in [("order.place", placed), ("order.ship", shipped)] {
            let count = received.spans().filter(|span| span.name == name).count();
            assert!((least..=most).contains(&count), "{sampler} {name}: {count}");
        }
        let received = sent_by(&variables, |_| {
            let attached = remote(true).attach();
            shop::OrderPlace {}.start().succeed();
            drop(attached);
        });
        let count = received.spans().count();
        assert_eq!(count, usize::from(under_a_parent), "{sampler}");
    }
}
