//! Attributes that the client layers set: the keys of the semantic conventions for HTTP and RPC client spans.
//!
//! <https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span>,
//! <https://opentelemetry.io/docs/specs/semconv/rpc/grpc/>
//!
//! `contract!` has the same list, in `client.rs` of the compiler. The path and the query of a URL are never recorded: they
//! often contain identifiers of persons, and secrets.

use crate::definition::{ContractDefinition, OperationDefinition};
use crate::edge::facts::{self, Fact, Facts};
use crate::grpc::GrpcStatus;
use std::sync::{Mutex, PoisonError};

/// Template of the URL of a request, as an extension of the request. A client layer records it as `url.template`.
///
/// ```
/// # use otel_contract::edge::client::UrlTemplate;
/// let mut request = http::Request::get("http://shop.example/orders/17").body(()).unwrap();
/// request.extensions_mut().insert(UrlTemplate("/orders/{id}"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlTemplate(pub &'static str);

/// A request that is about to be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallFacts<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: Option<&'a str>,
    /// Host name or address of the server.
    pub(crate) address: Option<&'a str>,
    /// Port of the server, if the URL contains it.
    pub(crate) port: Option<u16>,
    pub(crate) template: Option<UrlTemplate>,
    /// Number of earlier tries of the request, if they are counted.
    pub(crate) earlier_tries: Option<u32>,
    pub(crate) body_size: Option<u64>,
    /// Path of a gRPC request; `None` for other requests.
    pub(crate) grpc_path: Option<&'a str>,
}

impl<'a> CallFacts<'a> {
    fn port(&self) -> Option<u16> {
        self.port.or(match self.scheme? {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        })
    }

    /// Returns the method of a gRPC request, `service/method`.
    fn rpc_method(&self) -> Option<&'a str> {
        self.grpc_path?.strip_prefix('/')
    }
}

fn size(size: Option<u64>) -> Option<Fact<'static>> {
    i64::try_from(size?).ok().map(Fact::Int)
}

facts! {
    /// The facts of a request.
    CallFacts<'_>, CallFact:
    Method: "http.request.method" => |this| Some(Fact::Text(this.method));
    Scheme: "url.scheme" => |this| this.scheme.map(Fact::Text);
    Template: "url.template" => |this| this.template.map(|template| Fact::Static(template.0));
    // IPv6 addresses are recorded without the brackets of URLs.
    Address: "server.address" => |this| this.address.map(|address| Fact::Text(address.trim_matches(['[', ']'])));
    Port: "server.port" => |this| this.port().map(|port| Fact::Int(port.into()));
    Protocol: "network.protocol.name" => |_this| Some(Fact::Static("http"));
    // The conventions leave the count out of the first try.
    ResendCount: "http.request.resend_count" => |this| {
        this.earlier_tries.filter(|count| *count > 0).map(|count| Fact::Int(count.into()))
    };
    Attempt: "retry.attempt" => |this| this.earlier_tries.map(|count| Fact::Int(count.into()));
    BodySize: "http.request.body.size" => |this| size(this.body_size);
    RpcSystem: "rpc.system" | "rpc.system.name" => |this| this.grpc_path.map(|_| Fact::Static("grpc"));
    RpcService: "rpc.service" => |this| Some(Fact::Text(this.rpc_method()?.split_once('/')?.0));
    RpcMethod: "rpc.method" => |this| this.rpc_method().map(Fact::Text);
}

/// A response, without its body.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReplyFacts {
    /// Status code; `None`: there is no response.
    pub(crate) status: Option<u16>,
    /// Version of the protocol: `1.1`, `2`.
    pub(crate) version: Option<&'static str>,
    /// Bytes of the body, if they are known before it is read.
    pub(crate) body_size: Option<u64>,
    /// Status of a gRPC call.
    pub(crate) grpc: Option<GrpcStatus>,
}

impl ReplyFacts {
    /// Whether the conventions count the response as an error of a client.
    pub(crate) fn is_error(&self) -> bool {
        self.status.is_some_and(|status| status >= 400)
            || self.grpc.is_some_and(|status| status.0 != 0)
    }
}

facts! {
    /// The facts of a response.
    ReplyFacts, ReplyFact:
    Status: "http.response.status_code" => |this| this.status.map(|status| Fact::Int(status.into()));
    Version: "network.protocol.version" => |this| this.version.map(Fact::Static);
    BodySize: "http.response.body.size" => |this| size(this.body_size);
    GrpcCode: "rpc.grpc.status_code" => |this| this.grpc.map(|status| Fact::Int(status.0.into()));
    GrpcName: "rpc.status_code" | "rpc.response.status_code" => |this| this.grpc.map(|status| Fact::Static(status.name()));
}

/// The attributes of an operation that a client layer sets.
#[derive(Debug)]
pub(crate) struct CallAttributes {
    pub(crate) of_request: Box<[(usize, CallFact)]>,
    pub(crate) of_reply: Box<[(usize, ReplyFact)]>,
}

impl CallAttributes {
    fn of(definition: &OperationDefinition) -> Self {
        let of_request = [true, false].map(|sampling_relevant| {
            facts::attributes::<CallFacts<'_>>(definition, sampling_relevant)
        });
        Self {
            of_request: of_request.into_iter().flatten().collect(),
            of_reply: facts::attributes::<ReplyFacts>(definition, false),
        }
    }
}

/// The operations of a contract, with the attributes that a client layer sets.
#[derive(Debug)]
pub(crate) struct ClientTable {
    pub(crate) contract: &'static ContractDefinition,
    operations: Box<[CallAttributes]>,
}

impl ClientTable {
    /// Returns the table of a contract, which is created once.
    pub(crate) fn of_contract(contract: &'static ContractDefinition) -> &'static Self {
        static TABLES: Mutex<Vec<&ClientTable>> = Mutex::new(Vec::new());
        let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
        let is_present = |table: &&&Self| std::ptr::eq(table.contract, contract);
        if let Some(present) = tables.iter().find(is_present) {
            return present;
        }
        let operations = contract.operations.iter();
        let table: &'static Self = Box::leak(Box::new(Self {
            contract,
            operations: operations.map(CallAttributes::of).collect(),
        }));
        tables.push(table);
        table
    }

    /// Returns the attributes of an operation of the contract.
    pub(crate) fn of_operation(&self, definition: &OperationDefinition) -> &CallAttributes {
        &self.operations[definition.index]
    }
}
