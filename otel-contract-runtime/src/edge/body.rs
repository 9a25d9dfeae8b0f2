//! The body of a response, which ends the operation with its last byte.

use super::message::grpc_status;
use super::request::{ActiveRequest, Interruption};
use bytes::Buf as _;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// Body of a response of a [`ServerService`](super::ServerService). The operation of the request ends when the body
    /// has returned its last byte, fails or is dropped.
    #[derive(Debug)]
    pub struct ServerBody<B> {
        #[pin]
        inner: B,
        // `None`: nothing is recorded, or the operation has ended.
        request: Option<ActiveRequest>,
        // Length that the response has announced. A server may stop there, without asking for the end of the body.
        expected: Option<u64>,
        sent: u64,
    }
}

impl<B: Body> ServerBody<B> {
    pub(super) fn unrecorded(inner: B) -> Self {
        Self {
            inner,
            request: None,
            expected: None,
            sent: 0,
        }
    }

    /// `has_body`: whether the server sends the body.
    pub(super) fn new(
        inner: B,
        mut request: ActiveRequest,
        has_body: bool,
        expected: Option<u64>,
    ) -> Self {
        let expected = expected.or_else(|| inner.size_hint().exact());
        if !has_body || inner.is_end_stream() || expected == Some(0) {
            request.response.body_size = Some(0);
            request.end(None);
            return Self::unrecorded(inner);
        }
        Self {
            inner,
            request: Some(request),
            expected,
            sent: 0,
        }
    }
}

impl<B: Body> Body for ServerBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let mut this = self.project();
        let Some(active) = this.request else {
            return this.inner.poll_frame(cx);
        };
        let Poll::Ready(frame) = active.run(|| this.inner.as_mut().poll_frame(cx)) else {
            return Poll::Pending;
        };
        let end = match &frame {
            None => Some(None),
            Some(Err(_)) => Some(Some(Interruption::Failed)),
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    *this.sent += data.remaining() as u64;
                }
                if let Some(trailers) = frame.trailers_ref() {
                    active.response.grpc = grpc_status(trailers).or(active.response.grpc);
                }
                let is_complete = this.inner.is_end_stream()
                    || this.expected.is_some_and(|expected| *this.sent >= expected);
                is_complete.then_some(None)
            }
        };
        if let Some(interruption) = end {
            active.response.body_size = Some(*this.sent);
            active.end(interruption);
            *this.request = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
