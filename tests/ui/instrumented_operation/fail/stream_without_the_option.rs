//! Streams without the option `stream`, and the option `stream` for values that are not streams.

use futures_core::Stream;
use std::pin::Pin;
use test_vocabulary::forms::{self, instrumented_operation};

struct Empty;

impl Stream for Empty {
    type Item = u8;

    fn poll_next(self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u8>> {
        std::task::Poll::Ready(None)
    }
}

#[instrumented_operation(forms::PlainRun)]
fn hidden() -> impl Stream<Item = u8> { Empty }

#[instrumented_operation(forms::PlainRun)]
fn boxed() -> Pin<Box<dyn Stream<Item = u8> + Send>> { Box::pin(Empty) }

#[instrumented_operation(forms::PlainRun)]
async fn asynchronous() -> Result<impl Stream<Item = u8>, std::convert::Infallible> { Ok(Empty) }

#[instrumented_operation(forms::PlainRun, stream)]
fn no_stream() -> Result<u8, std::convert::Infallible> { Ok(1) }

#[instrumented_operation(forms::PlainRun, stream)]
fn named() -> Empty { Empty }

#[instrumented_operation(forms::PlainRun, stream, ends_at_return)]
fn both() -> impl Stream<Item = u8> { Empty }

fn main() {}
