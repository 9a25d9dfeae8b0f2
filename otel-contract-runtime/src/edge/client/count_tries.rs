//! The layer that counts the tries of each request.

use super::tries::Tries;
use http::Request;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Adds the extension [`Tries`] to each request that does not have it, for a layer that records each try.
///
/// The layer belongs outside of the retry layer, whose policy clones the request with its extensions. See
/// [`ClientLayer::each`](super::ClientLayer::each).
#[derive(Clone, Copy, Debug, Default)]
pub struct CountTries;

impl<S> Layer<S> for CountTries {
    type Service = CountedTries<S>;

    fn layer(&self, inner: S) -> CountedTries<S> {
        CountedTries(inner)
    }
}

/// Service of the layer [`CountTries`].
#[derive(Clone, Debug)]
pub struct CountedTries<S>(S);

impl<S: Service<Request<B>>, B> Service<Request<B>> for CountedTries<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        let extensions = request.extensions_mut();
        if extensions.get::<Tries>().is_none() {
            extensions.insert(Tries::new());
        }
        self.0.call(request)
    }
}
