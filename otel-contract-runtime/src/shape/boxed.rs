//! Boxed futures, which are boxed again in the same type.

// Method lookup selects by the type of the receiver, which holds no data.
#![allow(clippy::unused_self)]

use super::{Body, Frame, Shape};
use crate::active_operation::ActiveOperation;
use crate::future::{OperationFuture, PreparedFuture};
use crate::probe::Returned;
use std::future::Future;
use std::pin::Pin;

/// Implementations for boxed futures, pinned or not, for each combination of auto traits of the box.
macro_rules! boxed {
    ($($shape:ident $run:ident $unpinned:ident $unpinned_run:ident [$($auto:tt)*];)*) => {
        $(boxed! {@single $shape $run [$($auto)*] [Pin<Box<dyn Future<Output = O> $($auto)* + 'a>>] Box::pin})*
        $(boxed! {@single $unpinned $unpinned_run [$($auto)*] [Box<dyn Future<Output = O> $($auto)* + 'a>] Box::new})*
    };
    (@single $shape:ident $run:ident [$($auto:tt)*] [$boxed:ty] $make:expr) => {
        /// The operation covers the returned future, which is boxed again in the same type.
        #[derive(Clone, Copy, Debug)]
        pub struct $shape;

        /// A returned boxed future and its prepared operation.
        pub struct $run<'a, O> {
            prepared: PreparedFuture,
            future: $boxed,
        }

        impl<'a, O> Shape<$boxed> {
            /// Selects the operation of the future, which is boxed again in the same type.
            pub const fn __choose(self) -> $shape {
                $shape
            }
        }

        impl $shape {
            /// Runs the body, which returns the future.
            pub fn run<'a, F, O>(self, body: Body<'_, F, $boxed>) -> $run<'a, O>
            where
                F: FnOnce(&mut Frame<'_>) -> $boxed,
            {
                let (prepared, future) = body.prepare();
                $run { prepared, future }
            }
        }

        impl<'a, O: 'a> $run<'a, O> {
            /// Returns the return type of the annotated function.
            #[must_use]
            pub const fn return_type(&self) -> Returned<$boxed> {
                Returned::new()
            }

            /// Returns the boxed future with its operation. `end` inspects the output and ends the operation.
            pub fn finish<C>(self, end: C) -> $boxed
            where
                C: FnOnce(&mut ActiveOperation, &O) $($auto)* + 'a,
                // A bound on the caller, where rustc already knows the auto traits. Without the bound, rustc would walk
                // through all types that an operation contains, for each of these functions.
                OperationFuture<Pin<Box<dyn Future<Output = O> $($auto)* + 'a>>, C>: Sized $($auto)*,
            {
                $make(OperationFuture::new(self.prepared, Pin::from(self.future), end))
            }
        }
    };
}

boxed! {
    AsPinned PinnedRun AsBoxed BoxedRun [];
    AsPinnedSend PinnedSendRun AsBoxedSend BoxedSendRun [+ Send];
    AsPinnedSync PinnedSyncRun AsBoxedSync BoxedSyncRun [+ Send + Sync];
}
