//! Futures of a type that cannot be wrapped: the duration would not include the future.

use test_vocabulary::forms::{self, instrumented_operation};
use tokio::sync::oneshot::Receiver;

#[instrumented_operation(forms::PlainRun)]
fn actor() -> Receiver<u8> { tokio::sync::oneshot::channel().1 }

#[instrumented_operation(forms::PlainRun)]
async fn asynchronous() -> Receiver<u8> { tokio::sync::oneshot::channel().1 }

fn main() {}
