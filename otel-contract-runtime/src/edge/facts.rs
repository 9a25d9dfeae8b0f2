//! Attributes that a server layer sets: the keys of the semantic conventions for HTTP and RPC server spans.
//!
//! <https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span>,
//! <https://opentelemetry.io/docs/specs/semconv/rpc/grpc/>

use crate::definition::{InputValue, OTHER, OperationDefinition, Values};
use crate::grpc::GrpcStatus;

/// What is known about a request, or about its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact<'a> {
    Text(&'a str),
    Static(&'static str),
    Int(i64),
}

impl<'a> Fact<'a> {
    /// Converts the fact to a value that the attribute allows. `None`: the attribute does not allow it.
    pub(crate) fn allowed(self, values: Values) -> Option<InputValue<'a>> {
        match (values, self) {
            (Values::Strings(all), Self::Text(text) | Self::Static(text)) => {
                let position = |wanted| all.iter().position(|value| *value == wanted);
                let code = position(text).or_else(|| position(OTHER))?;
                Some(InputValue::Code(code as u64))
            }
            (Values::Ints(all), Self::Int(int)) => {
                let code = all.iter().position(|value| *value == int)?;
                Some(InputValue::Code(code as u64))
            }
            (Values::Range(least, greatest), Self::Int(int)) => (least..=greatest)
                .contains(&int)
                .then(|| InputValue::Code(int.abs_diff(least))),
            (Values::Limited(_) | Values::Unbounded, Self::Text(text)) => {
                Some(InputValue::Text(text))
            }
            (Values::Limited(_) | Values::Unbounded, Self::Static(text)) => {
                Some(InputValue::Static(text))
            }
            (Values::Unbounded, Self::Int(int)) => Some(InputValue::int(int)),
            _ => None,
        }
    }
}

/// Something that attributes can be set from.
pub(crate) trait Facts {
    /// One of the facts.
    type Key: Copy;

    /// Returns the fact that an attribute with this key records.
    fn key(attribute: &str) -> Option<Self::Key>;

    /// Returns the value of a fact, if it is known.
    fn get(&self, key: Self::Key) -> Option<Fact<'_>>;
}

/// The attributes of an operation that `F` sets, each with its index. Protected attributes are left to the typed setters:
/// a layer cannot protect a value. `sampling_relevant`: whether they are those that the sampler sees, or all others.
pub(crate) fn attributes<F: Facts>(
    definition: &OperationDefinition,
    sampling_relevant: bool,
) -> Box<[(usize, F::Key)]> {
    let attributes = definition.attributes.iter().enumerate();
    attributes
        .filter(|(_, attribute)| {
            !attribute.protected && attribute.sampling_relevant == sampling_relevant
        })
        .filter_map(|(index, attribute)| Some((index, F::key(attribute.key)?)))
        .collect()
}

/// Defines facts: a struct with the values, and an enum of their keys.
macro_rules! facts {
    (
        $(#[$doc:meta])* $facts:ty, $key:ident:
        $($fact:ident: $($attribute:literal)|+ => |$self:ident| $value:expr;)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $key { $($fact),* }

        impl Facts for $facts {
            type Key = $key;

            fn key(attribute: &str) -> Option<$key> {
                match attribute {
                    $($($attribute)|+ => Some($key::$fact),)*
                    _ => None,
                }
            }

            fn get(&self, key: $key) -> Option<Fact<'_>> {
                match key {
                    $($key::$fact => {
                        let $self = self;
                        $value
                    })*
                }
            }
        }
    };
}

/// A request. Neither its query nor its headers are recorded, which may contain secrets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestFacts<'a> {
    pub(crate) method: &'a str,
    /// Template of the route; `_OTHER` if no route matches.
    pub(crate) route: &'static str,
    pub(crate) path: &'a str,
    pub(crate) scheme: &'static str,
    /// Host and port of the authority, or of the header `Host`.
    pub(crate) host: Option<(&'a str, Option<u16>)>,
    /// Version of the protocol: `1.1`, `2`.
    pub(crate) version: Option<&'static str>,
    pub(crate) user_agent: Option<&'a str>,
    pub(crate) body_size: Option<u64>,
    pub(crate) is_grpc: bool,
}

impl<'a> RequestFacts<'a> {
    /// Returns the method of a gRPC request, `service/method`.
    fn rpc_method(&self) -> Option<Fact<'a>> {
        if !self.is_grpc {
            return None;
        }
        if self.route == OTHER {
            // A client may send any path, which is no method of the service.
            return Some(Fact::Static(OTHER));
        }
        self.path.strip_prefix('/').map(Fact::Text)
    }

    /// Returns the service of a gRPC request.
    fn rpc_service(&self) -> Option<Fact<'a>> {
        match self.rpc_method()? {
            Fact::Text(method) => Some(Fact::Text(method.split_once('/')?.0)),
            other => Some(other),
        }
    }
}

fn size(size: Option<u64>) -> Option<Fact<'static>> {
    i64::try_from(size?).ok().map(Fact::Int)
}

facts! {
    /// The facts of a request.
    RequestFacts<'_>, RequestFact:
    Method: "http.request.method" => |this| Some(Fact::Text(this.method));
    Route: "http.route" => |this| Some(Fact::Static(this.route));
    Path: "url.path" => |this| Some(Fact::Text(this.path));
    Scheme: "url.scheme" => |this| Some(Fact::Static(this.scheme));
    Address: "server.address" => |this| this.host.map(|(address, _)| Fact::Text(address));
    Port: "server.port" => |this| Some(Fact::Int(this.host?.1?.into()));
    Protocol: "network.protocol.name" => |this| this.version.map(|_| Fact::Static("http"));
    Version: "network.protocol.version" => |this| this.version.map(Fact::Static);
    UserAgent: "user_agent.original" => |this| this.user_agent.map(Fact::Text);
    BodySize: "http.request.body.size" => |this| size(this.body_size);
    RpcSystem: "rpc.system" | "rpc.system.name" => |this| this.is_grpc.then_some(Fact::Static("grpc"));
    RpcService: "rpc.service" => |this| this.rpc_service();
    RpcMethod: "rpc.method" => |this| this.rpc_method();
}

/// The part of a response that is known when its last byte was sent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ResponseFacts {
    /// Status code; `None`: there was no response.
    pub(crate) status: Option<u16>,
    /// Status of a gRPC call.
    pub(crate) grpc: Option<GrpcStatus>,
    /// Bytes of the body.
    pub(crate) body_size: Option<u64>,
}

facts! {
    /// The facts of a response.
    ResponseFacts, ResponseFact:
    Status: "http.response.status_code" => |this| this.status.map(|status| Fact::Int(status.into()));
    BodySize: "http.response.body.size" => |this| size(this.body_size);
    GrpcCode: "rpc.grpc.status_code" => |this| this.grpc.map(|status| Fact::Int(status.0.into()));
    GrpcName: "rpc.status_code" | "rpc.response.status_code" => |this| this.grpc.map(|status| Fact::Static(status.name()));
}
