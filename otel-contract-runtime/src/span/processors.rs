//! The span processors of a pipeline. They may be code of the service, so a panic of a processor does not reach the
//! operation that ends, and the processors after it still get the span.

use crate::panics;
use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use std::fmt;

/// Callback for the message of a panic.
type OnPanic = Box<dyn Fn(String) + Send + Sync>;

/// All processors, in the order in which they are called.
pub(crate) struct Processors {
    all: Box<[Box<dyn SpanProcessor>]>,
    on_panic: OnPanic,
}

impl Processors {
    /// `on_panic` is called for each panic, except for a panic in a flush or a shutdown, which is returned as the error.
    pub(crate) fn new(
        all: Vec<Box<dyn SpanProcessor>>,
        on_panic: impl Fn(String) + Send + Sync + 'static,
    ) -> Self {
        Self {
            all: all.into_boxed_slice(),
            on_panic: Box::new(on_panic),
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn set_resource(&mut self, resource: &Resource) {
        for processor in &mut self.all {
            if let Err(message) = panics::catch(|| processor.set_resource(resource)) {
                (self.on_panic)(message);
            }
        }
    }

    pub(super) fn on_start(&self, span: &mut Span, context: &Context) {
        for processor in &self.all {
            self.catch(|| processor.on_start(span, context));
        }
    }

    /// Passes a span that has ended to every processor. `span` builds the span. For a single processor, it is called in the
    /// argument of [`SpanProcessor::on_end`]: a span is large, and a span that was built earlier would be copied once more.
    #[inline]
    pub(super) fn on_end(&self, span: impl FnOnce() -> SpanData) {
        match &*self.all {
            [] => {}
            [only] => self.catch(|| only.on_end(span())),
            [others @ .., last] => {
                let span = span();
                for processor in others {
                    self.catch(|| processor.on_end(span.clone()));
                }
                self.catch(|| last.on_end(span));
            }
        }
    }

    #[inline]
    fn catch(&self, call: impl FnOnce()) {
        if let Err(message) = panics::catch(call) {
            (self.on_panic)(message);
        }
    }

    /// Calls every processor, even if another one returns an error, and returns the first error.
    pub(super) fn call_all(
        &self,
        call: impl Fn(&dyn SpanProcessor) -> OTelSdkResult,
    ) -> OTelSdkResult {
        let call = |processor: &dyn SpanProcessor| {
            let result = panics::catch(|| call(processor));
            result.unwrap_or_else(|message| Err(OTelSdkError::InternalFailure(message)))
        };
        let processors = self.all.iter();
        let results: Vec<OTelSdkResult> = processors.map(|processor| call(&**processor)).collect();
        results.into_iter().collect()
    }
}

impl fmt::Debug for Processors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.all).finish()
    }
}
