//! Routes of operations.

use std::fmt;

/// A route: the requests that are an operation. Displays as written in a contract: `POST /orders/{order_id}/pay`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// Requests whose path matches a template.
    Path {
        /// The method of the requests, one of [`Route::METHODS`]; `None` for every method.
        method: Option<&'static str>,
        /// The template: literal segments, `{name}` for a segment or the end of a segment, and `{*name}` for the rest of the
        /// path.
        template: String,
    },
    /// Requests that match no other route of the contract.
    Other,
}

impl Route {
    /// The methods of HTTP requests.
    pub const METHODS: [&'static str; 10] = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY",
    ];

    /// The attributes of the request that a server layer sets, so that the handler need not.
    pub const SET_BY_LAYERS: [&'static str; 14] = [
        "http.request.body.size",
        "http.request.method",
        "http.route",
        "network.protocol.name",
        "network.protocol.version",
        "rpc.method",
        "rpc.service",
        "rpc.system",
        "rpc.system.name",
        "server.address",
        "server.port",
        "url.path",
        "url.scheme",
        "user_agent.original",
    ];

    /// The word for [`Route::Other`], and its value of `http.route`.
    pub const OTHER: &'static str = "_OTHER";

    /// Returns the method; `None` for every method.
    #[must_use]
    pub fn method(&self) -> Option<&'static str> {
        match self {
            Route::Path { method, .. } => *method,
            Route::Other => None,
        }
    }

    /// Returns the template of the path, or `_OTHER`.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Route::Path { template, .. } => template,
            Route::Other => Self::OTHER,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.method() {
            Some(method) => write!(f, "{method} {}", self.path()),
            None => f.write_str(self.path()),
        }
    }
}
