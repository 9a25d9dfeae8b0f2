//! The span processors of a pipeline. They are code of the service: a panic of one neither reaches the operation that
//! ends nor keeps its span from the processors behind it.

use crate::panics;
use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use std::fmt;

/// Told of a panic, by its message.
type Note = Box<dyn Fn(String) + Send + Sync>;

/// All processors, in the order in which they are told.
pub(crate) struct Processors {
    all: Box<[Box<dyn SpanProcessor>]>,
    note: Note,
}

impl Processors {
    /// `note` is told of each panic, except for one of a flush or a shutdown, which is the error of that call.
    pub(crate) fn new(
        all: Vec<Box<dyn SpanProcessor>>,
        note: impl Fn(String) + Send + Sync + 'static,
    ) -> Self {
        Self {
            all: all.into_boxed_slice(),
            note: Box::new(note),
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn set_resource(&mut self, resource: &Resource) {
        for processor in &mut self.all {
            if let Err(message) = panics::catch(|| processor.set_resource(resource)) {
                (self.note)(message);
            }
        }
    }

    pub(super) fn on_start(&self, span: &mut Span, context: &Context) {
        for processor in &self.all {
            self.catch(|| processor.on_start(span, context));
        }
    }

    /// Hands a span that has ended to every processor. It is put together where the processor takes it: it is large, and
    /// every move copies it.
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
            (self.note)(message);
        }
    }

    /// Every processor is told, whatever the others answer.
    pub(super) fn tell(&self, what: impl Fn(&dyn SpanProcessor) -> OTelSdkResult) -> OTelSdkResult {
        let tell = |one: &dyn SpanProcessor| {
            let told = panics::catch(|| what(one));
            told.unwrap_or_else(|message| Err(OTelSdkError::InternalFailure(message)))
        };
        let told: Vec<OTelSdkResult> = self.all.iter().map(|one| tell(&**one)).collect();
        told.into_iter().collect()
    }
}

impl fmt::Debug for Processors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.all).finish()
    }
}
