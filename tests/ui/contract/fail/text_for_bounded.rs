//! Text for a bounded attribute in structs and their setters.

use test_vocabulary::caps::{self, CarryPlace, QueueName, ShardKey, metrics};

fn structs(text: &str) {
    let _ = caps::Spot { queue_name: text.into() };
    let _ = caps::Spot { queue_name: text.to_owned() };
    let _ = caps::Spot { queue_name: "text" };
    let _ = caps::CarryDone { queue_name: String::from(text).into() };
}

fn setters(text: &str) {
    let place = caps::Spot { queue_name: QueueName::capped(text) };
    let _ = CarryPlace { spot: place.clone(), shard_key: ShardKey::new(text) };
    let _ = caps::CarryRun {}.queue_name(text);
    let _ = caps::CarryRunBuilder::from(caps::CarryRun {}).tenant_name(text.to_owned());
    caps::CarryDone { queue_name: QueueName::capped(text) }.tenant_name(text);
    metrics::carry_tally().add(1, metrics::CarryTally { queue_name: QueueName::capped(text) }.tenant_name(text));
    let _ = metrics::carry_delay().observe(|lag| lag.observe(1.0, metrics::CarryDelay {}.queue_name("text")));
    let _ = caps::Baggage::new().tenant_name(text);
    let resource = caps::Resource { zone_name: text.into() };
    let _ = resource.into_attributes().rack_name(text);
}

fn main() {}
