//! Accepted values of bounded attributes; the limit applies to all of them.

use otel_contract_tests::{record, assert_succeeded};
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;
use test_vocabulary::caps::{
    self, AttributeValue as _, CarryPlace, QueueName, RackName, ServerAddress, ShardKey, Spot,
    TenantName, ZoneName, instrumented_operation, metrics,
};

/// Text that is too long to be stored inline.
const LONG: &str = "a queue with a name that is rather long";

/// The derived conversion calls `QueueName::capped`.
#[derive(caps::AttributeValue)]
#[attribute_value(caps::QueueName, capped)]
struct Queue(String);

#[derive(caps::AttributeValue)]
#[attribute_value(caps::ShardKey, capped)]
struct Shard<'a> {
    key: &'a str,
}

/// Uses a field of the attribute's type.
#[derive(caps::AttributeValue)]
#[attribute_value(caps::TenantName)]
struct Tenant(TenantName);

/// Implements the conversion by hand.
struct Server {
    host: String,
}

impl caps::AttributeValue<ServerAddress> for Server {
    fn to_attribute(&self) -> ServerAddress {
        ServerAddress::capped(&self.host)
    }
}

#[derive(caps::Attributes)]
#[attributes(caps::Spot)]
struct Here {
    #[attribute(queue.name)]
    queue: QueueName,
    #[attribute(tenant.name)]
    tenant: Option<Tenant>,
}

#[instrumented_operation(
    caps::CarryRun as op,
    queue.name = "invoices",
    tenant.name = &tenant,
    shard.key = Some(shard),
    server.address = &server,
    rack.name = RackName::capped(&server.host),
)]
fn every_form(tenant: Tenant, shard: Shard<'_>, server: &Server) {
    op.queue_name(QueueName::capped(LONG));
    op.rack_name(None::<RackName>);
}

#[instrumented_operation(caps::CarryRun, queue.name = Queue(text.to_owned()), ok(|queue| tenant.name = TenantName::capped(queue)))]
fn from_a_type(text: &str) -> String {
    text.to_uppercase()
}

#[instrumented_operation(caps::CarryPlace, ..spot = context, shard.key = ShardKey::capped("s"))]
fn grouped(context: &Here) {}

#[instrumented_operation(caps::CarryRun, rack.name = RackName::capped(rack))]
fn limited(rack: &str) {}

pub(crate) fn main() {
    let server = Server { host: "db.internal".to_owned() };
    let ((), spans) = record(|| {
        every_form(Tenant(TenantName::capped("acme")), Shard { key: "s1" }, &server);
    });
    let expected = [
        ("queue.name", LONG),
        ("tenant.name", "acme"),
        ("shard.key", "s1"),
        ("server.address", "db.internal"),
        ("rack.name", "db.internal"),
    ];
    assert_succeeded(&spans, "carry.run", &expected);
    let (_, spans) = record(|| from_a_type("mail"));
    assert_succeeded(&spans, "carry.run", &[("queue.name", "mail"), ("tenant.name", "MAIL")]);
    let context = Here { queue: Queue("mail".to_owned()).to_attribute(), tenant: None };
    let ((), spans) = record(|| grouped(&context));
    assert_succeeded(&spans, "carry.place", &[("queue.name", "mail"), ("shard.key", "s")]);
    assert!(context.tenant.is_none());

    // Borrowed or owned text.
    let text = String::from("mail");
    let mail = [
        QueueName::capped("mail"),
        QueueName::capped(&text),
        QueueName::capped(&&*text),
        QueueName::capped(Cow::Borrowed("mail")),
        QueueName::capped(&Cow::<str>::Owned(text.clone())),
        QueueName::capped(Box::<str>::from("mail")),
        QueueName::capped(Arc::<str>::from("mail")),
        QueueName::capped(Rc::<str>::from("mail")),
        QueueName::capped(QueueName::capped("mail")),
        QueueName::capped(text),
    ];
    assert!(mail.iter().all(|one| *one == QueueName::capped("mail") && one.as_str() == "mail"));
    assert_eq!(format!("{:?} {}", QueueName::capped(LONG), QueueName::capped("é")), format!("QueueName({LONG:?}) é"));

    // In structs and setters.
    let place = Spot { queue_name: QueueName::capped("mail") };
    let ((), spans) = record(|| {
        CarryPlace { spot: place.clone(), shard_key: ShardKey::capped("s") }
            .tenant_name(TenantName::capped("acme"))
            .start()
            .succeed();
    });
    let expected = [("shard.key", "s"), ("queue.name", "mail"), ("tenant.name", "acme")];
    assert_succeeded(&spans, "carry.place", &expected);
    metrics::carry_tally().add(1, metrics::CarryTally { queue_name: place.queue_name }.tenant_name(Tenant(TenantName::capped("acme"))));

    // Received baggage counts against the limit too.
    let baggage = caps::Baggage::new().tenant_name(TenantName::capped("acme"));
    let carried = caps::TraceContext::from(&baggage.to_context());
    let read: caps::TraceContext = carried.to_string().parse().expect("what was written");
    let admitted = caps::Baggage::of(&read.to_context().expect("a context"));
    assert_eq!(admitted.tenant_name, Some(TenantName::capped("acme")));

    // The resource is set once, so an attribute that only the resource uses accepts text.
    let resource = caps::Resource { zone_name: "eu-1a".into() };
    assert_eq!(resource.zone_name, ZoneName::capped("eu-1a"));
    let attributes = resource.into_attributes().rack_name(RackName::capped("r1"));
    let values: Vec<String> = attributes.into_iter().map(|one| one.value.to_string()).collect();
    assert_eq!(values, ["eu-1a", "r1"]);

    // The limit of this attribute is four, and `db.internal` was recorded first.
    let ((), spans) = record(|| ["a", "b", "c", "d", LONG, "a"].into_iter().for_each(limited));
    let racks = spans.iter().map(|span| span.attributes[0].value.to_string());
    assert_eq!(racks.collect::<Vec<_>>(), ["a", "b", "c", "_OTHER", "_OTHER", "a"]);
}
