//! A text field for a bounded attribute, and `capped` where it is not allowed.

use test_vocabulary::caps::{self, AttributeValue};
use test_vocabulary::forms;

#[derive(AttributeValue)]
#[attribute_value(caps::QueueName)]
struct Queue(String);

#[derive(AttributeValue)]
#[attribute_value(caps::ShardKey)]
struct Shard<'a> {
    key: &'a str,
}

#[derive(AttributeValue)]
#[attribute_value(forms::WorkName, capped)]
struct Name(String);

#[derive(AttributeValue)]
#[attribute_value(caps::QueueName, caped)]
struct Misspelt(String);

#[derive(AttributeValue)]
#[attribute_value(caps::QueueName, capped)]
struct Number(u8);

#[derive(forms::AttributeValue)]
#[attribute_value(forms::WorkKind, capped)]
enum Kind {
    Small,
    Large,
}

#[derive(caps::Attributes)]
#[attributes(caps::Spot, capped)]
struct Here {}

fn main() {}
