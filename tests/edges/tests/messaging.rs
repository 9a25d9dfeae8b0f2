//! Producer and consumer operations whose context travels in the headers of brokers.

#[path = "messaging/amqp.rs"]
mod amqp;
#[path = "messaging/kafka.rs"]
mod kafka;
#[path = "messaging/nats.rs"]
mod nats;
#[path = "messaging/stand_ins.rs"]
mod stand_ins;

use opentelemetry::trace::SpanKind;
use stand_ins::lapin::{AMQPValue, FieldTable};
use stand_ins::rdkafka::OwnedHeaders;
use test_edges::stock::{
    self, ArticleId, Attributes, MessagingBatchMessageCount, MessagingDestinationName,
    MessagingOperationName, MessagingOperationType, MessagingSystem, TraceContext,
    instrumented_operation,
};

/// What is done with the messages of a topic.
#[derive(Attributes)]
#[attributes(stock::Messaging)]
struct Messaging {
    #[attribute(messaging.system)]
    system: MessagingSystem,
    #[attribute(messaging.destination.name, capped)]
    topic: &'static str,
    #[attribute(messaging.operation.name, capped)]
    name: &'static str,
    #[attribute(messaging.operation.type)]
    kind: MessagingOperationType,
}

const SEND: Messaging = Messaging {
    system: MessagingSystem::Kafka,
    topic: "stock",
    name: "send",
    kind: MessagingOperationType::Send,
};

const PROCESS: Messaging = Messaging {
    name: "process",
    kind: MessagingOperationType::Process,
    ..SEND
};

struct Message {
    article: String,
    headers: OwnedHeaders,
}

#[instrumented_operation(stock::StockPublish, ..messaging = &SEND, article.id = article)]
fn publish(article: &str, topic: &mut Vec<Message>) {
    topic.push(Message {
        article: article.to_owned(),
        // The operation is current here, so the consumer continues its trace.
        headers: kafka::headers(),
    });
}

#[instrumented_operation(
    stock::StockUpdate,
    parent = kafka::context(&message.headers),
    ..messaging = &PROCESS,
    article.id = &message.article,
)]
fn update(message: &Message) -> usize {
    message.article.len()
}

#[instrumented_operation(
    stock::StockUpdateAll,
    link = contexts(batch),
    ..messaging = &PROCESS,
    messaging.batch.message_count = batch.len(),
)]
fn update_all(batch: &[Message]) -> usize {
    batch.iter().map(|message| message.article.len()).sum()
}

fn contexts(batch: &[Message]) -> Vec<TraceContext> {
    let headers = batch.iter().map(|message| &message.headers);
    headers.map(kafka::context).collect()
}

#[test]
fn a_consumer_continues_the_trace_of_the_producer() {
    let scope = stock::testing::scope();
    scope.run(|| {
        let mut topic = Vec::new();
        publish("art_17", &mut topic);
        assert_eq!(update(&topic[0]), 6);
    });
    let recorded = scope.recorded();
    let published = recorded.operation::<stock::StockPublish>().once();
    let updated = recorded.operation::<stock::StockUpdate>().once();
    let (sent, received) = (published.span(), updated.span());
    assert_eq!(sent.kind, SpanKind::Producer);
    assert_eq!(received.kind, SpanKind::Consumer);
    assert_eq!(received.trace_id, sent.trace_id);
    assert_eq!(received.parent_span_id, sent.span_id);
    published
        .succeeded()
        .with(MessagingSystem::Kafka)
        .with(MessagingDestinationName::capped("stock"))
        .with(MessagingOperationName::capped("send"))
        .with(MessagingOperationType::Send);
    updated
        .succeeded()
        .with(MessagingOperationType::Process)
        .with(ArticleId::from("art_17"));
    recorded.assert_contract(&stock::CONTRACT);
}

#[test]
fn a_batch_links_the_producers_of_its_messages() {
    let scope = stock::testing::scope();
    scope.run(|| {
        let mut topic = Vec::new();
        publish("art_17", &mut topic);
        publish("art_18", &mut topic);
        topic.push(Message {
            article: "art_19".to_owned(),
            headers: OwnedHeaders::new(),
        });
        assert_eq!(update_all(&topic), 18);
    });
    let recorded = scope.recorded();
    let sent = recorded.operation::<stock::StockPublish>().times(2);
    let mut producers = Vec::new();
    sent.each(|publish| producers.push(publish.span().span_id));
    let updated = recorded.operation::<stock::StockUpdateAll>().once();
    let links = updated.span().links.iter();
    let linked: Vec<_> = links.map(|link| link.span_id).collect();
    assert_eq!(linked, producers);
    assert!(!producers.contains(&updated.span().parent_span_id));
    updated.with(MessagingBatchMessageCount::from(3));
    recorded.assert_contract(&stock::CONTRACT);
}

/// Returns the current context, and the context that each kind of headers carries.
#[instrumented_operation(stock::StockPublish, ..messaging = &SEND, article.id = "art_17")]
fn carried() -> [TraceContext; 4] {
    [
        TraceContext::current(),
        kafka::context(&kafka::headers()),
        amqp::context(&amqp::headers()),
        nats::context(&nats::headers()),
    ]
}

#[test]
fn the_headers_of_every_broker_carry_the_context() {
    let scope = stock::testing::scope();
    let [current, kafka, amqp, nats] = scope.run(carried);
    let published = scope.recorded().operation::<stock::StockPublish>().once();
    assert_eq!(current.span_id(), published.span().span_id);
    assert_eq!(kafka, current);
    assert_eq!(amqp, current);
    assert_eq!(nats, current);
    assert!(!kafka::context(&OwnedHeaders::new()).is_valid());
    let mut wrong = FieldTable::default();
    wrong.insert("traceparent".into(), AMQPValue::Void);
    assert!(!amqp::context(&wrong).is_valid());
}
