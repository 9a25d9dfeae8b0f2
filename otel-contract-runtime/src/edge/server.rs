//! The requests that a server receives, and their responses, in every framework.

use super::facts::{RequestFact, RequestFacts};
use super::message::{Headers, content_length, grpc_status, split_host};
use super::request::{ActiveRequest, Interruption};
use super::routes::Routes;
use crate::definition::ContractDefinition;
use crate::propagation::{Carrier, ContractBaggage, TraceContext};
use opentelemetry::Context;

/// The server side of a contract: starts the operation of each request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    routes: &'static Routes,
    extract: fn(&dyn Carrier) -> Option<Context>,
    /// `url.scheme`; `None`: the scheme of the request.
    pub(super) scheme: Option<&'static str>,
}

/// The head of a request.
pub(super) struct RequestHead<'a, H> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    /// Host and port of the URI; `None`: the header `Host` has them.
    pub(super) authority: Option<&'a str>,
    pub(super) is_https: bool,
    pub(super) version: Option<&'static str>,
    pub(super) headers: &'a H,
    /// Bytes of the body, if the type of the body knows them.
    pub(super) body_size: Option<u64>,
}

impl Server {
    /// Creates the table of routes at the first call for a contract.
    pub(super) fn of_contract<B: ContractBaggage>(contract: &'static ContractDefinition) -> Self {
        Self {
            routes: Routes::of_contract(contract),
            extract: |carrier| TraceContext::<B>::extract(carrier).to_context(),
            scheme: None,
        }
    }

    /// Starts the operation of a request, if the contract has one for it.
    pub(super) fn start<H: Headers>(&self, head: &RequestHead<'_, H>) -> Exchange {
        // A response to another method may have a body.
        let has_body = head.method != "HEAD" && head.method != "CONNECT";
        let Some((routed, route)) = self.routes.find(head.method, head.path) else {
            return Exchange {
                request: None,
                has_body,
                is_grpc: false,
            };
        };
        let headers = head.headers;
        let scheme = if head.is_https {
            "https"
        } else {
            self.scheme.unwrap_or("http")
        };
        let content_type = headers.text("content-type");
        let is_grpc = content_type.is_some_and(|content| content.starts_with("application/grpc"));
        // A header is looked up only if an attribute records it.
        let if_recorded = |facts: &[RequestFact]| routed.records(facts).then_some(headers);
        let host = head
            .authority
            .or_else(|| if_recorded(&[RequestFact::Address, RequestFact::Port])?.text("host"));
        let announced = if_recorded(&[RequestFact::BodySize]).and_then(content_length);
        let facts = RequestFacts {
            method: head.method,
            route,
            path: head.path,
            scheme,
            host: host.map(split_host),
            version: head.version,
            user_agent: if_recorded(&[RequestFact::UserAgent])
                .and_then(|headers| headers.text("user-agent")),
            body_size: announced.or(head.body_size),
            is_grpc,
        };
        let request = ActiveRequest::start(routed, (self.extract)(headers), &facts);
        Exchange {
            request: Some(request),
            has_body,
            is_grpc,
        }
    }
}

/// A request that the service is handling.
#[derive(Debug)]
pub(super) struct Exchange {
    /// `None`: nothing is recorded, or the operation has ended.
    request: Option<ActiveRequest>,
    /// Whether a response to the method of the request may have a body.
    has_body: bool,
    is_grpc: bool,
}

impl Exchange {
    /// Runs code of the service in the context of the request.
    pub(super) fn run<R>(&mut self, call: impl FnOnce() -> R) -> R {
        run(&mut self.request, call)
    }

    /// Notes the head of the response. `body_size`: bytes of the body, if its type knows them.
    pub(super) fn respond(
        &mut self,
        status: u16,
        headers: &impl Headers,
        body_size: Option<u64>,
    ) -> Delivery {
        let mut delivery = Delivery {
            request: self.request.take(),
            expected: None,
            sent: 0,
        };
        let Some(request) = &mut delivery.request else {
            return delivery;
        };
        request.response.status = Some(status);
        if self.is_grpc {
            request.response.grpc = grpc_status(headers);
        }
        let has_body = self.has_body && !matches!(status, 100..200 | 204 | 304);
        delivery.expected = body_size.or_else(|| content_length(headers));
        if !has_body || body_size == Some(0) || delivery.expected == Some(0) {
            delivery.end();
        }
        delivery
    }

    /// Ends the operation of a request whose service returned an error. `status`: of the response that the framework makes
    /// of the error, if it makes one.
    pub(super) fn fail(&mut self, status: Option<u16>) {
        if let Some(mut request) = self.request.take() {
            request.response.status = status;
            request.end(status.is_none().then_some(Interruption::Failed));
        }
    }
}

/// A response that is being sent. The operation ends with the last byte of the body, or when the body fails or is dropped.
#[derive(Debug)]
pub(super) struct Delivery {
    /// `None`: nothing is recorded, or the operation has ended.
    request: Option<ActiveRequest>,
    /// Length that the response has announced. A server may stop there, without asking for the end of the body.
    expected: Option<u64>,
    sent: u64,
}

impl Delivery {
    /// Runs code of the body in the context of the request.
    pub(super) fn run<R>(&mut self, call: impl FnOnce() -> R) -> R {
        run(&mut self.request, call)
    }

    /// Counts bytes that the body returned.
    pub(super) fn add(&mut self, bytes: usize) {
        self.sent += bytes as u64;
        if self.expected.is_some_and(|expected| self.sent >= expected) {
            self.end();
        }
    }

    /// Notes the status of a gRPC call in the trailers.
    #[cfg(feature = "tower")]
    pub(super) fn note_trailers(&mut self, trailers: &impl Headers) {
        if let Some(request) = &mut self.request {
            request.response.grpc = grpc_status(trailers).or(request.response.grpc);
        }
    }

    /// Ends the operation: the body is complete.
    pub(super) fn end(&mut self) {
        self.end_with(None);
    }

    /// Ends the operation: the body returned an error.
    pub(super) fn fail(&mut self) {
        self.end_with(Some(Interruption::Failed));
    }

    fn end_with(&mut self, interruption: Option<Interruption>) {
        if let Some(mut request) = self.request.take() {
            request.response.body_size = Some(self.sent);
            request.end(interruption);
        }
    }
}

fn run<R>(request: &mut Option<ActiveRequest>, call: impl FnOnce() -> R) -> R {
    match request {
        Some(request) => request.run(call),
        None => call(),
    }
}
