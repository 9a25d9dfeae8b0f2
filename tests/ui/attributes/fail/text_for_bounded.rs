//! A text field for a bounded attribute.

use test_vocabulary::caps::{self, Attributes};

#[derive(Attributes)]
#[attributes(caps::Spot)]
struct Here {
    #[attribute(queue.name)]
    queue: String,
    #[attribute(tenant.name)]
    tenant: Option<&'static str>,
}

fn main() {}
