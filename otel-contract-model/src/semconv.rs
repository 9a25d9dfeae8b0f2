//! The bundled semantic conventions: the names a backend service meets first.
//!
//! Key, type, values and stability are the conventions' facts; cardinality, privacy and brief are ours.
//! What the conventions list is open there, so `other` is always allowed.

use Kind::{Bounded, Range, Values};
use Seen::{Internal, Personal, Public};

use crate::contract::Protect::{self, Hash, Mask};
use crate::contract::Stability::{self, Development, ReleaseCandidate, Stable};
use crate::contract::Type;
use crate::read::{Field, Located};
use crate::source::Span;
use crate::spec::{
    Attribute, CardinalityClass, PrivacyClass, Protection, Scalar, Value, Values as Listed,
};

/// One name of the semantic conventions.
pub(crate) struct Bundled {
    pub(crate) key: &'static str,
    kind: Kind,
    seen: Seen,
    stability: Stability,
    brief: &'static str,
}

/// Which values it takes.
enum Kind {
    /// These and others.
    Values(&'static [&'static str]),
    Range(i64, i64),
    /// Any string, capped at so many.
    Bounded(i64),
    Unbounded(Type),
}

/// Who may see it.
enum Seen {
    Public,
    Internal,
    Personal(Protect),
}

const fn row(
    key: &'static str,
    kind: Kind,
    seen: Seen,
    stability: Stability,
    brief: &'static str,
) -> Bundled {
    Bundled {
        key,
        kind,
        seen,
        stability,
        brief,
    }
}

#[rustfmt::skip]
const TABLE: &[Bundled] = &[
    row("service.name", STRING, Internal, Stable, "Name of the service, the same for all its instances."),
    row("service.version", STRING, Internal, Stable, "Version of the service that runs."),
    row("service.namespace", STRING, Internal, Stable, "Group of services this one belongs to."),
    row("service.instance.id", STRING, Internal, Stable, "Which instance of the service this is."),
    row("service.peer.name", Bounded(100), Internal, Development, "Name of the service at the other end."),
    row("deployment.environment.name", Values(&["production", "staging", "test", "development"]), Internal, Stable, "Environment the service is deployed to."),
    row("deployment.id", STRING, Internal, Development, "Which deployment this is."),
    row("deployment.name", STRING, Internal, Development, "Name of the deployment."),
    row("http.request.method", Values(&["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "QUERY"]), Public, Stable, "Method of the request."),
    row("http.request.method_original", STRING, Internal, Stable, "Method as the client sent it, when it is none of the known ones."),
    row("http.request.body.size", INT, Internal, Development, "Bytes of the request body."),
    row("http.request.resend_count", INT, Internal, Stable, "How many times the request was sent again."),
    row("http.response.body.size", INT, Internal, Development, "Bytes of the response body."),
    row("http.response.status_code", Range(100, 599), Public, Stable, "Status code of the response."),
    row("http.route", Bounded(200), Internal, Stable, "Route that matched, with placeholders."),
    row("url.full", STRING, Personal(Mask), Stable, "URL with everything in it, so also what identifies a person."),
    row("url.path", STRING, Internal, Stable, "Path of the URL."),
    row("url.query", STRING, Personal(Mask), Stable, "Query of the URL, so also what identifies a person."),
    row("url.scheme", Bounded(10), Public, Stable, "Scheme of the URL."),
    row("url.template", Bounded(200), Internal, Development, "Path of the URL with placeholders."),
    row("server.address", Bounded(100), Internal, Stable, "Host name or address of the server."),
    row("server.port", Range(0, 65535), Internal, Stable, "Port of the server."),
    row("client.address", STRING, Personal(Hash), Stable, "Address of the client; it identifies a person."),
    row("client.port", INT, Internal, Stable, "Port of the client."),
    row("db.system.name", Values(&["other_sql", "softwareag.adabas", "actian.ingres", "aws.dynamodb", "aws.redshift", "azure.cosmosdb", "intersystems.cache", "cassandra", "clickhouse", "cockroachdb", "couchbase", "couchdb", "derby", "elasticsearch", "firebirdsql", "gcp.spanner", "geode", "h2database", "hbase", "hive", "hsqldb", "ibm.db2", "ibm.informix", "ibm.netezza", "influxdb", "instantdb", "mariadb", "memcached", "mongodb", "microsoft.sql_server", "mysql", "neo4j", "opensearch", "oracle.db", "postgresql", "redis", "sap.hana", "sap.maxdb", "sqlite", "teradata", "trino"]), Internal, Stable, "Database product."),
    row("db.namespace", Bounded(50), Internal, Stable, "Database or schema the operation works in."),
    row("db.collection.name", Bounded(200), Internal, Stable, "Table or collection the operation works on."),
    row("db.operation.name", Bounded(50), Internal, Stable, "Operation the database is asked for."),
    row("db.operation.batch.size", INT, Internal, Stable, "How many operations the batch has."),
    row("db.query.summary", Bounded(200), Internal, Stable, "What the query does, without values."),
    row("db.query.text", STRING, Personal(Mask), Stable, "Query as sent, so also the values in it."),
    row("db.response.status_code", Bounded(50), Internal, Stable, "Code the database answered with."),
    row("db.client.connection.pool.name", Bounded(20), Internal, Development, "Name of the connection pool."),
    row("messaging.system", Values(&["activemq", "aws.sns", "aws_sqs", "eventgrid", "eventhubs", "servicebus", "gcp_pubsub", "jms", "kafka", "rabbitmq", "rocketmq", "pulsar"]), Internal, Development, "Messaging product."),
    row("messaging.operation.name", Bounded(20), Internal, Development, "Operation in the product's own word."),
    row("messaging.operation.type", Values(&["create", "send", "receive", "process", "settle"]), Internal, Development, "What is done with the message."),
    row("messaging.destination.name", Bounded(100), Internal, Development, "Queue or topic."),
    row("messaging.destination.partition.id", Bounded(200), Internal, Development, "Partition of the topic."),
    row("messaging.consumer.group.name", Bounded(50), Internal, Development, "Group of consumers that share the messages."),
    row("messaging.client.id", STRING, Internal, Development, "Which client of the broker this is."),
    row("messaging.message.id", STRING, Internal, Development, "Identifier of the message."),
    row("messaging.batch.message_count", INT, Internal, Development, "How many messages the batch has."),
    row("rpc.system.name", Values(&["grpc", "dubbo", "connectrpc", "jsonrpc"]), Internal, ReleaseCandidate, "System of the remote call."),
    row("rpc.method", Bounded(200), Internal, ReleaseCandidate, "Method that is called."),
    row("rpc.status_code", Bounded(50), Internal, ReleaseCandidate, "Code the call ended with."),
    row("exception.type", Bounded(100), Internal, Stable, "Type of the exception."),
    row("exception.message", STRING, Personal(Mask), Stable, "Text of the exception, so also the values in it."),
    row("exception.stacktrace", STRING, Personal(Mask), Stable, "Where the exception came from, so also the values in it."),
    row("user_agent.original", STRING, Internal, Stable, "Program that made the request, in its own words."),
    row("network.protocol.name", Bounded(20), Public, Stable, "Protocol above the transport."),
    row("network.protocol.version", Bounded(20), Public, Stable, "Version of the protocol."),
    row("network.transport", Values(&["tcp", "udp", "pipe", "unix", "quic"]), Public, Stable, "Transport protocol."),
    row("network.type", Values(&["ipv4", "ipv6"]), Public, Stable, "Version of the internet protocol."),
    row("network.peer.address", STRING, Internal, Stable, "Address at the other end of the connection."),
    row("network.peer.port", INT, Internal, Stable, "Port at the other end of the connection."),
];

const STRING: Kind = Kind::Unbounded(Type::String);
const INT: Kind = Kind::Unbounded(Type::Int);

/// The name's row, if it is bundled.
pub(crate) fn get(key: &str) -> Option<&'static Bundled> {
    TABLE.iter().find(|bundled| bundled.key == key)
}

/// Every bundled key.
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|bundled| bundled.key)
}

impl Bundled {
    /// The attribute as a contract would write it, all of it at the place that names it.
    pub(crate) fn written(&self, at: Span) -> Attribute {
        let mut attribute = Attribute {
            brief: Field::implied(at, self.brief.to_owned()),
            stability: Field::implied(at, self.stability),
            ..Attribute::default()
        };
        match self.kind {
            Kind::Values(values) => {
                let values = values.iter().map(|value| Value {
                    value: Field::implied(at, Scalar::Text((*value).to_owned())),
                    ..Value::default()
                });
                attribute.values = Field::implied(at, Listed(values.collect()));
                attribute.other = Field::implied(at, true);
            }
            Kind::Range(min, max) => {
                let bounds = [min, max].map(|value| Located { span: at, value });
                attribute.range = Field::implied(at, bounds.to_vec());
            }
            Kind::Bounded(limit) => {
                attribute.cardinality = Field::implied(at, CardinalityClass::Bounded);
                attribute.limit = Field::implied(at, limit);
                attribute.value_type = Field::implied(at, Type::String);
            }
            Kind::Unbounded(value_type) => {
                attribute.cardinality = Field::implied(at, CardinalityClass::Unbounded);
                attribute.value_type = Field::implied(at, value_type);
            }
        }
        let class = match self.seen {
            Seen::Public => PrivacyClass::Public,
            Seen::Internal => PrivacyClass::Internal,
            Seen::Personal(protect) => {
                attribute.protect = Field::implied(at, Protection(protect));
                PrivacyClass::Personal
            }
        };
        attribute.privacy = Field::implied(at, class);
        attribute
    }
}
