//! The body of a response, which ends the operation with its last byte.

use super::server::Delivery;
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
        delivery: Delivery,
    }
}

impl<B> ServerBody<B> {
    pub(super) fn new(inner: B, delivery: Delivery) -> Self {
        Self { inner, delivery }
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
        let Poll::Ready(frame) = this.delivery.run(|| this.inner.as_mut().poll_frame(cx)) else {
            return Poll::Pending;
        };
        match &frame {
            None => this.delivery.end(),
            Some(Err(_)) => this.delivery.fail(),
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    this.delivery.add(data.remaining());
                }
                if let Some(trailers) = frame.trailers_ref() {
                    this.delivery.note_trailers(trailers);
                }
                if this.inner.is_end_stream() {
                    this.delivery.end();
                }
            }
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
