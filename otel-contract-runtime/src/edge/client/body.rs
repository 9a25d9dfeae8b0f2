//! The body of a response, whose trailers contain the status of a gRPC call.

use super::call::Call;
use super::facts::ReplyFacts;
use crate::edge::message::grpc_status;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// Body of a response of a [`ClientService`](super::ClientService). A gRPC call ends with its trailers, other requests
    /// end with the head of their response.
    #[derive(Debug)]
    pub struct ClientBody<B> {
        #[pin]
        inner: B,
        // A gRPC call that waits for its status.
        call: Option<(Call, ReplyFacts)>,
    }
}

impl<B> ClientBody<B> {
    pub(super) fn unrecorded(inner: B) -> Self {
        Self { inner, call: None }
    }

    pub(super) fn of_grpc(inner: B, call: Call, reply: ReplyFacts) -> Self {
        Self {
            inner,
            call: Some((call, reply)),
        }
    }
}

impl<B: Body> Body for ClientBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let mut this = self.project();
        let Some((call, _)) = this.call else {
            return this.inner.poll_frame(cx);
        };
        let guard = call.attach();
        let frame = std::task::ready!(this.inner.as_mut().poll_frame(cx));
        drop(guard);
        let status = match &frame {
            Some(Ok(frame)) => frame.trailers_ref().map(grpc_status),
            // A body that ends without trailers, or with an error, has no status.
            Some(Err(_)) | None => Some(None),
        };
        if let Some(status) = status
            && let Some((call, mut reply)) = this.call.take()
        {
            reply.grpc = status;
            match status {
                Some(_) => call.respond(&reply),
                None => call.fail(&reply),
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
